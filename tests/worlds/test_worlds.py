"""The runtime in random worlds; see README.md here."""

import pytest

from tests.worlds.engine import Program, Worlds, program

# The number of worlds of each plan.
DEFAULT = {"days": 400, "locks": 200, "shared": 120}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", DEFAULT)
def test_no_rule_is_broken_in_any_world(worlds: Worlds, runtime: Program, kind: str) -> None:
    done = worlds.run(runtime, 1, DEFAULT[kind], kind=kind)
    told = "\n".join(worlds.story(runtime, done["broken"][0]["seed"], kind=kind)["lines"]) if done["broken"] else ""
    assert not done["broken"], f"{done['broken'][0]}\n{told}"
    assert done["figures"]["worlds"] == DEFAULT[kind]
    # Enough must happen in them.
    assert done["figures"]["starts"] > DEFAULT[kind]
    assert done["figures"]["calls"] > 5 * DEFAULT[kind]


@pytest.mark.parametrize("kind", DEFAULT)
def test_a_seed_gives_the_same_world_every_time(worlds: Worlds, runtime: Program, kind: str) -> None:
    first = worlds.story(runtime, 5, kind=kind, short=False)
    assert len(first["lines"]) > 10
    assert worlds.story(runtime, 5, kind=kind, short=False) == first


def length(told: tuple[dict[str, list[str]], int]) -> int:
    return len(told[0]["lines"])


def test_a_world_that_breaks_a_rule_is_told_at_its_shortest(worlds: Worlds) -> None:
    mutant = program("lost-after-one")
    broken = worlds.run(mutant, 1, 1000, most=20, rule="unknownHasAReason")["broken"]
    whole, seed = max(((worlds.story(mutant, one["seed"], short=False), one["seed"]) for one in broken), key=length)
    short = worlds.story(mutant, seed)
    assert short["broken"]["rule"] == whole["broken"]["rule"]
    assert len(short["lines"]) < len(whole["lines"])
    assert short["plan"]["actions"] < whole["plan"]["actions"]
    assert "a click on" in "\n".join(short["lines"])
    assert f"BROKEN: {short['broken']['rule']}" in "\n".join(short["lines"])
