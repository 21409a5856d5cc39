"""Who sees a button, and the reasons beside one that cannot be used."""

from typing import Any

import pytest

from generator.customization import script
from tests.conftest import KREWDATA_UNIT, config_of
from tests.sample_units import WORKFLOW, problems, unit
from tests.v8 import evaluate

IMPORTS = 'import { createAudience } from "./runtime/page/audience.js";'

# A clock whose sleep ends when `wake` is called, and the user's codes as kintone gives them.
STORY = """
  let wake = () => {};
  const clock = { sleep: () => new Promise((resolve) => { wake = resolve; }) };
  const reads = { getGroups: 0, getOrganizations: 0 };
  const rows = { getGroups: [{ code: "leaders" }], getOrganizations: [{ organization: { code: "sales" } }] };
  const read = (name) => async () => {
    reads[name] += 1;
    return answers === "never" ? new Promise(() => {}) : answers === "fails" ? Promise.reject("no") : rows[name];
  };
  const user = answers === "missing" ? {}
    : { getGroups: read("getGroups"), getOrganizations: read("getOrganizations") };
  globalThis.kintone = answers === "no user" ? {} : { user };
  let changes = 0;
  const units = [showTo, showTo, undefined].map((showTo) => ({ showTo }));
  const isIn = createAudience(units, { code: "sato" }, clock, () => { changes += 1; });
  const before = isIn(showTo);
  for (let turn = 0; turn < 20; turn++) await null;
  const after = isIn(showTo);
  wake(null);
  for (let turn = 0; turn < 20; turn++) await null;
  return { before, after, late: isIn(showTo), reads, changes };
"""


def play(show_to: dict[str, Any], answers: str = "well") -> Any:
    return evaluate(IMPORTS, STORY, showTo=show_to, answers=answers)


def test_a_user_is_known_at_once_and_nothing_is_read() -> None:
    told = play({"users": ["kato", "sato"]})
    assert told == {**told, "before": True, "after": True, "changes": 0}
    assert told["reads"] == {"getGroups": 0, "getOrganizations": 0}
    assert play({"users": ["kato"]})["late"] is False


@pytest.mark.parametrize(
    ("show_to", "is_shown"),
    [
        ({"groups": ["leaders"]}, True),
        ({"groups": ["everyone"]}, False),
        ({"organizations": ["dev", "sales"]}, True),
        ({"organizations": ["leaders"]}, False),
        ({"users": ["kato"], "groups": ["none"], "organizations": ["sales"]}, True),
    ],
)
def test_groups_and_organizations_are_read_once_and_the_button_comes_then(
    show_to: dict[str, Any], is_shown: bool
) -> None:
    told = play(show_to)
    assert (told["before"], told["after"], told["changes"]) == (False, is_shown, int(is_shown))
    assert told["reads"] == {"getGroups": int("groups" in show_to), "getOrganizations": int("organizations" in show_to)}


@pytest.mark.parametrize("answers", ["fails", "missing", "no user"])
def test_a_kintone_that_cannot_tell_shows_the_button(answers: str) -> None:
    told = play({"groups": ["nobody"]}, answers)
    assert (told["before"], told["after"], told["changes"]) == (False, True, 1)


def test_a_kintone_that_never_answers_shows_it_after_a_while() -> None:
    told = play({"organizations": ["nobody"]}, "never")
    assert (told["after"], told["late"], told["changes"]) == (False, True, 1)


def test_both_keys_reach_the_page_and_the_fields_are_checked_at_deploy() -> None:
    given = unit(
        WORKFLOW,
        unless=[
            {"field": "a", "in": "x", "say": "No"},
            {"field": "b", "filled": False, "say": {"ja": "空", "en": "E"}},
        ],
        show_to={"groups": "leaders"},
    )
    page = given.common_for_page()
    assert page["unless"] == [
        {"field": "a", "in": ["x"], "say": {"ja": "No", "en": "No"}},
        {"field": "b", "filled": False, "say": {"ja": "空", "en": "E"}},
    ]
    assert page["showTo"] == {"groups": ["leaders"]}
    assert given.record_fields == ("a", "b")


def test_a_reason_is_one_line_and_the_list_has_no_record() -> None:
    assert problems(WORKFLOW, unless=[{"field": "a", "filled": True, "say": "One\nTwo"}]) == "must be one line"
    assert "unless" in problems(WORKFLOW, pages="index", unless=[{"field": "a", "filled": True, "say": "No"}])


def test_only_scripts_that_use_them_contain_their_parts() -> None:
    plain = script(config_of(KREWDATA_UNIT).apps[0])
    assert not any(part in plain for part in ("getGroups", "rb-reason", "aria-disabled"))
    limited = script(config_of({**KREWDATA_UNIT, "show_to": {"users": "sato"}}).apps[0])
    assert "getGroups" in limited
    assert "rb-reason" not in limited
    reasoned = {**KREWDATA_UNIT, "unless": [{"field": "入荷日", "filled": False, "say": "No date"}]}
    assert ".rb-reason{" in script(config_of(reasoned).apps[0])
