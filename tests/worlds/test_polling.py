"""The number of status requests, by the real module over many runs; a request takes 0.3 s."""

import pytest

from tests.worlds.engine import Program, Worlds

# By which runs: first runs of the units, four later runs of each, and all together (four in five of a unit that ran
# before). `share` is of what a fixed interval of 5 s would ask; `late…` is what passes until the end is known, in ms
# for runs of up to two minutes and in parts of the run for longer ones; the others are ms.
AT_MOST = {
    "all": {"share": 0.30, "lateShort": 1500, "lateLong": 0.03, "seldomest": 30_000},
    "first": {"share": 0.50, "lateShort": 2500, "lateLong": 0.03, "firstAsked": 2000},
    "later": {"share": 0.25, "lateShort": 1500, "firstAsked": 2000},
}


# Units, each with five runs.
@pytest.mark.parametrize("units", [60, pytest.param(200, marks=pytest.mark.exhaustive)])
def test_runs_are_asked_for_soon_and_seldom(worlds: Worlds, runtime: Program, units: int) -> None:
    found = worlds.polling(runtime, units)
    assert found["all"]["runs"] == 5 * units
    over = {
        (runs, what): found[runs][what]
        for runs, budget in AT_MOST.items()
        for what, most in budget.items()
        if not found[runs][what] <= most
    }
    assert over == {}
    assert found["all"]["soonest"] >= 1000
