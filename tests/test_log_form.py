"""The log app's form, as kintone takes it."""

import pytest

from generator.log_form import FIELDS, KEY_LENGTH, STATES, properties
from tests.log_records import play
from tests.v8 import evaluate


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_property_has_the_code_that_it_stands_under_and_a_label_of_its_own(language: str) -> None:
    shown = properties(language)
    assert [each["code"] for each in shown.values()] == list(shown)
    labels = [each["label"] for each in shown.values()]
    assert len(set(labels)) == len(FIELDS)
    assert all(1 <= len(label) <= 128 for label in labels)


def test_the_two_keys_have_no_duplicates_and_no_room_for_more_than_kintone_compares() -> None:
    unique = {field.code: field for field in FIELDS if field.unique}
    assert set(unique) == {"run_key", "lock"}
    assert {field.settings["maxLength"] for field in unique.values()} == {str(KEY_LENGTH)}
    assert [field.code for field in FIELDS if field.settings.get("required")] == ["run_key"]


def test_an_option_is_stored_as_the_same_text_in_every_language() -> None:
    assert properties("ja")["state"]["options"] == properties("en")["state"]["options"]
    options = properties("en")["state"]["options"]
    assert [name for name, _ in sorted(options.items(), key=lambda each: int(each[1]["index"]))] == list(STATES)
    assert all(name == each["label"] for name, each in options.items())


def test_the_form_has_what_runs_write_and_every_state_that_they_reach() -> None:
    (written,) = play("const a = tab({ open }); await a.start(); await advance(3000); return records;", at_once="one")
    codes = {code for code in written if not code.startswith("$")} - {"作成者", "作成日時"}
    # Only runs with values of the user write those.
    assert {field.code for field in FIELDS} - {"values"} == codes
    reached = evaluate('import { STATES } from "./runtime/run/states.js";', "return STATES;")
    # The log makes no difference between a run that waits in the service and one that runs there.
    assert set(STATES) == set(reached) - {"queued"}
