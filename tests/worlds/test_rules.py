"""The simulation itself: a runtime with a mistake in it is found by the rule that the mistake breaks."""

import re
from pathlib import Path

import pytest

from tests.worlds.engine import Mutant, Program, Worlds, program

RULES = [
    name
    for path in sorted((Path(__file__).parent / "rules").glob("*.js"))
    for name in re.findall(r'^    name: "(\w+)",$', path.read_text(encoding="utf-8"), re.MULTILINE)
]
SOON = 1000


def mutants_of(worlds: Worlds, rule: str) -> list[dict[str, str]]:
    return next(one["mutants"] for one in worlds.rules() if one["name"] == rule)


def mutated(mutant: dict[str, str]) -> Program:
    return program(Mutant(mutant["module"], mutant["text"], mutant["instead"]))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_the_runtime_that_breaks_it(worlds: Worlds, rule: str) -> None:
    for mutant in mutants_of(worlds, rule):
        assert worlds.run(mutated(mutant), seed=1, count=SOON, rule=rule)["broken"], f"{mutant['module']} lives on"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_mutant_and_every_mutant_applies(worlds: Worlds, rule: str) -> None:
    mutants = mutants_of(worlds, rule)
    assert mutants
    for mutant in mutants:
        mutated(mutant)
