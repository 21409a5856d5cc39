"""`runbutton log-app`, as a person at a terminal meets it: a new app."""

from pathlib import Path

import pytest

from generator.log_form import FIELDS
from tests.calling import Called
from tests.deploying import Bench
from tests.log_apps import (
    NEW,
    WRITES,
    live,
)


def test_an_app_is_created_live_with_its_form_lists_permissions_and_notification(bench: Bench, called: Called) -> None:
    done = called("log-app", answer="y\n")
    assert done.exit_code == 0, done.output
    assert bench.sent() == WRITES
    app = live(bench)
    assert app.properties.keys() > {field.code for field in FIELDS}
    assert app.properties["run_key"]["unique"] is True
    assert [view["filterCond"] for view in app.views.values()] == [
        "",
        'state in ("starting", "running")',
        'state in ("failed", "unknown")',
    ]
    assert {view["sort"] for view in app.views.values()} == {"started_at desc"}
    everyone = next(row for row in app.rights if row["entity"]["code"] == "everyone")
    assert {key for key, allowed in everyone.items() if allowed is True} == {
        "recordViewable",
        "recordAddable",
        "recordEditable",
    }
    (rule,) = app.record_rights
    assert {(row["entity"]["code"], row["editable"], row["deletable"]) for row in rule["entities"]} == {
        ("admin", True, True),
        ("Administrators", True, True),
        ("作成者", True, False),
        ("everyone", False, False),
    }
    assert app.field_rights == ()
    assert [target["entity"]["code"] for target in app.notifications[0]["targets"]] == ["admin"]


def test_the_line_for_the_config_is_all_that_goes_to_stdout(bench: Bench, called: Called) -> None:
    done = called("log-app", "--yes")
    assert done.stdout == f"log: {{app: {NEW}}}\n"
    where = bench.loopback.address
    assert f"✓ Run log (app {NEW}): live\nThe log: {where}/k/{NEW}/\n" in done.output
    assert f"create an API token with View, Add and Edit records: {where}/k/admin/app/apitoken?app={NEW}" in done.output


def test_what_a_new_app_gets_is_shown_before_the_question(bench: Bench, called: Called) -> None:
    asked = called("log-app", answer="n\n")
    assert asked.exit_code == 1
    shown, _, end = asked.output.partition(f"Create it in {bench.loopback.address}? [y/N]")
    assert f"Run log: {len(FIELDS)} fields will be added: label, state, started_at," in shown
    assert "Run log: views will be added: All runs, Running, Failed or unknown" in shown
    assert "nothing was changed" in end
    assert bench.sent() == []


def test_without_a_terminal_yes_is_to_be_given(bench: Bench, called: Called) -> None:
    refused = called("log-app")
    assert refused.exit_code == 1
    assert "add --yes to go on without asking" in refused.output
    assert bench.sent() == []


def test_a_dry_run_writes_nothing(bench: Bench, called: Called) -> None:
    shown = called("log-app", "--dry-run")
    assert shown.exit_code == 0
    assert shown.output.endswith("Dry run: would create an app. Nothing was changed.\n")
    shown = called("log-app", "45", "--dry-run")
    assert "Dry run: would change app-45 (app 45). Nothing was changed." in shown.output
    assert bench.sent() == []
    assert not Path(".runbutton").exists()


@pytest.mark.usefixtures("log_bench")
def test_a_second_app_is_created_only_with_a_hint_to_the_first(called: Called) -> None:
    asked = called("log-app", answer="n\n")
    assert f"! Run log (app {NEW}) already exists. To check it instead: runbutton log-app {NEW}\n" in asked.output


def test_in_a_guest_space_the_app_and_the_pages_are_in_it(bench: Bench, called: Called) -> None:
    done = called("log-app", "--yes", "--guest-space-id", "3")
    assert done.exit_code == 0, done.output
    assert bench.rest.current_app(NEW).guest_space == 3
    assert f"The log: {bench.loopback.address}/k/guest/3/{NEW}/" in done.output
    again = called("log-app", str(NEW), "--yes", KINTONE_GUEST_SPACE_ID="3")
    assert "✓ Everything is up to date" in again.output
    assert "set KINTONE_GUEST_SPACE_ID" in called("log-app", str(NEW), "--yes").output


def test_an_oauth_token_names_no_user_so_that_kintones_administrators_are_told(bench: Bench, called: Called) -> None:
    bench.rest.oauth_tokens.add("not-a-token")
    signed_in = {"KINTONE_OAUTH_TOKEN": "not-a-token", "KINTONE_USERNAME": None, "KINTONE_PASSWORD": None}
    assert called("log-app", "--yes", **signed_in).exit_code == 0
    assert [target["entity"]["code"] for target in live(bench).notifications[0]["targets"]] == ["Administrators"]
    codes = [row["entity"]["code"] for row in live(bench).record_rights[0]["entities"]]
    assert codes == ["Administrators", "作成者", "everyone"]


def test_an_api_token_cannot_do_it(bench: Bench, called: Called) -> None:
    signed_in = {"KINTONE_API_TOKEN": "a-token", "KINTONE_USERNAME": None, "KINTONE_PASSWORD": None}
    refused = called("log-app", "--yes", **signed_in)
    assert refused.exit_code == 1
    assert "KINTONE_API_TOKEN: API tokens cannot" in refused.output
    assert bench.rest.requests == []


def test_in_japanese(bench: Bench, called: Called) -> None:
    done = called("log-app", "--yes", RUNBUTTON_LANG="ja")
    assert f"✓ 実行記録（アプリ{NEW}）: 反映済み\n" in done.output
    assert live(bench).properties["state"]["label"] == "状態"
    assert list(live(bench).views) == ["すべての実行", "実行中", "失敗または結果不明"]
    # A person with another language sees the app's only language.
    assert "✓ Everything is up to date" in called("log-app", str(NEW), "--yes").output
