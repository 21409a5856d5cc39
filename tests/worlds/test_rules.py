"""The simulation itself: a runtime with a mistake in it is found by the rule that the mistake breaks."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.worlds.engine import Mutant, Worlds, program

RULES = [
    name
    for path in sorted((Path(__file__).parent / "rules").glob("*.js"))
    for name in re.findall(r'^    name: "(\w+)",$', path.read_text(encoding="utf-8"), re.MULTILINE)
]
# A mutant is looked for in a few worlds from a seed on that is known to find it; where that is no longer so, in many.
FEW, MANY = 250, 2000
# Worlds that no rule was written with, as far as a mutant may need them.
OTHERS, MOST = 1_000_001, 10_000


def mutants_of(worlds: Worlds, rule: str) -> list[dict[str, Any]]:
    mutants: list[dict[str, Any]] = next(one["mutants"] for one in worlds.rules() if one["name"] == rule)
    assert mutants
    return mutants


def finds(worlds: Worlds, rule: str, mutant: dict[str, Any], *parts: tuple[int, int]) -> bool:
    runtime = program(Mutant(mutant["module"], mutant["text"], mutant["instead"]))
    return any(worlds.run(runtime, seed, count, rule=rule)["broken"] for seed, count in parts)


# The default run has every fourth.
SAMPLE = [rule if at % 4 == 0 else pytest.param(rule, marks=pytest.mark.exhaustive) for at, rule in enumerate(RULES)]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("rule", SAMPLE)
def test_a_rule_finds_the_runtime_that_breaks_it(worlds: Worlds, rule: str) -> None:
    for mutant in mutants_of(worlds, rule):
        parts = [(mutant.get("from", 1), FEW), (1, MANY)]
        assert finds(worlds, rule, mutant, *parts), f"{mutant['module']} lives on"


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_it_in_worlds_that_were_not_chosen_for_it(worlds: Worlds, rule: str) -> None:
    for mutant in mutants_of(worlds, rule):
        parts = [(seed, 1000) for seed in range(OTHERS, OTHERS + MOST, 1000)]
        assert finds(worlds, rule, mutant, *parts), f"{mutant['module']} lives on"
