"""The runtime in random worlds; see README.md here."""

import pytest

from tests.worlds.engine import Mutant, Program, Worlds, program

DEFAULT = 2000


@pytest.mark.timeout(600)
def test_no_rule_is_broken_in_two_thousand_worlds(worlds: Worlds, runtime: Program) -> None:
    done = worlds.run(runtime, seed=1, count=DEFAULT)
    told = "\n".join(worlds.story(runtime, done["broken"][0]["seed"])["lines"]) if done["broken"] else ""
    assert not done["broken"], f"{done['broken'][0]}\n{told}"
    assert done["figures"]["worlds"] == DEFAULT
    # That something happens in them.
    assert done["figures"]["starts"] > DEFAULT
    assert done["figures"]["calls"] > 5 * DEFAULT


def test_a_seed_gives_the_same_world_every_time(worlds: Worlds, runtime: Program) -> None:
    first = worlds.story(runtime, 5, short=False)
    assert len(first["lines"]) > 10
    assert worlds.story(runtime, 5, short=False) == first


def length(told: tuple[dict[str, list[str]], int]) -> int:
    return len(told[0]["lines"])


def test_a_world_that_breaks_a_rule_is_told_at_its_shortest(worlds: Worlds) -> None:
    mutant = program(Mutant("view.js", "doing: null, ...news", "...news"))
    broken = worlds.run(mutant, seed=1, count=DEFAULT, most=10)["broken"]
    whole, seed = max(((worlds.story(mutant, one["seed"], short=False), one["seed"]) for one in broken), key=length)
    short = worlds.story(mutant, seed)
    assert short["broken"]["rule"] == whole["broken"]["rule"] == "wordsFitTheState"
    assert len(short["lines"]) < len(whole["lines"])
    assert short["plan"]["actions"] < whole["plan"]["actions"]
    assert "a click on" in "\n".join(short["lines"])
    assert "BROKEN: wordsFitTheState" in short["lines"][-1]
