"""How often a run is asked for, by the real module over many runs; a question takes 0.3 s there and back."""

import pytest

from tests.worlds.engine import Program, Worlds


@pytest.fixture(scope="module")
def found(worlds: Worlds, runtime: Program) -> dict[str, dict[str, float]]:
    """First runs of 400 units, four later runs of each, and all together: four in five of a unit that ran before."""
    return worlds.polling(runtime, 400)


def test_all_runs_keep_to_the_budget(found: dict[str, dict[str, float]]) -> None:
    assert found["all"]["share"] <= 0.30
    assert found["all"]["lateShort"] <= 1500
    assert found["all"]["lateLong"] <= 0.03


def test_the_end_of_a_first_run_is_known_soon_too(found: dict[str, dict[str, float]]) -> None:
    assert found["first"]["share"] <= 0.50
    assert found["first"]["lateShort"] <= 2500
    assert found["first"]["lateLong"] <= 0.03


def test_later_runs_are_asked_for_less(found: dict[str, dict[str, float]]) -> None:
    assert found["later"]["share"] <= 0.25
    assert found["later"]["lateShort"] <= 1500


@pytest.mark.parametrize("runs", ["first", "later"])
def test_the_first_question_comes_within_two_seconds(found: dict[str, dict[str, float]], runs: str) -> None:
    assert found[runs]["firstAsked"] <= 2000


def test_it_is_asked_at_most_every_second_and_at_least_every_half_minute(found: dict[str, dict[str, float]]) -> None:
    assert found["all"]["soonest"] >= 1000
    assert found["all"]["seldomest"] <= 30_000
