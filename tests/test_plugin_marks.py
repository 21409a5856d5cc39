"""The plug-in config's list of stored entries, as the buttons read it. The settings page: test_plugin_interruptions."""

from typing import Any

import pytest

from tests.v8 import evaluate

START, STATUS = "POST https://trocco.io/api/jobs?job_definition_id=12&", "GET https://trocco.io/api/jobs/"
STORED = {START: "m1", STATUS: "m2"}

BUTTON = """
  globalThis.kintone = { $PLUGIN_ID: "plugin", plugin: { app: { getConfig: () => config } } };
  const told = [];
  const set = openPlugin().refuse({ stored }, (what) => told.push(what)) === null;
  return [set, ...told];
"""


def button(config: Any, stored: Any = STORED) -> Any:
    """Whether a button counts as set up, and the message on the console."""
    return evaluate('import { openPlugin } from "./runtime/page/plugin.js";', BUTTON, config=config, stored=stored)


@pytest.mark.parametrize(
    ("saved", "reason"),
    [
        ('{"%s": "m1", "%s": "m2", "GET https://example.com/left": "m3"}', None),
        ('{"%s": "m1", "GET https://example.com/%s": "m2"}', f"no credentials for {STATUS}"),
        ('{"GET https://example.com/%s%s": "m1"}', f"no credentials for {START}"),
        ('{"%s": "m1", "%s": ""}', f"no credentials for {STATUS}"),
        ('{"%s": "m1", "%s": "m0"}', f"credentials of an older version of this unit for {STATUS}"),
    ],
    ids=["all", "a part", "others", "an unfinished save", "other credentials"],
)
def test_a_button_says_what_the_settings_lack(saved: str, reason: str | None) -> None:
    expected = [True] if reason is None else [False, f"the plug-in settings have {reason}"]
    assert button({"version": "1", "stored": saved % (START, STATUS)}) == expected


def test_a_unit_that_needs_no_credentials_is_set_up_without_a_save() -> None:
    assert button(None, stored={}) == button({"version": "1", "stored": "junk"}, stored={}) == [True]


GOOD = f'{{"{START}": "m1", "{STATUS}": "m2"}}'


@pytest.mark.parametrize("version", ["", "0", "2", None])
def test_a_config_of_another_version_counts_as_none(version: str | None) -> None:
    assert button({"version": "1", "stored": GOOD}) == [True]
    config = {"stored": GOOD} | ({} if version is None else {"version": version})
    assert button(config) == [False, f"the plug-in settings have no credentials for {START}"]


@pytest.mark.parametrize(
    "stored", ["", "junk", "null", "5", "[]", '"text"', '["a b"]', '{"a": "b"}', f'{{"{START}": 5, "{STATUS}": null}}']
)
def test_a_config_of_the_wrong_shape_counts_as_none(stored: str) -> None:
    config = {"version": "1", "stored": stored}
    assert button(config) == [False, f"the plug-in settings have no credentials for {START}"]


def test_before_the_first_save_nothing_is_stored_and_nothing_has_to_be() -> None:
    assert button(None) == button({}) == [False, f"the plug-in settings have no credentials for {START}"]
