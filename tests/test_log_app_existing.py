"""`runbutton log-app APP`, and what `deploy` says of a log app."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.deploy.form import log_warnings
from generator.log_form import properties
from tests.calling import Called, built, write_config
from tests.deploying import Bench
from tests.log_apps import (
    DEPLOY_PATH,
    FIELD_PATH,
    NEW,
    VIEW_PATH,
    change_app,
    change_field,
    change_pending,
    live,
)


def test_a_complete_app_is_left_alone_and_its_line_is_printed_again(log_bench: Bench, called: Called) -> None:
    done = called("log-app", str(NEW))
    assert (done.exit_code, done.stdout) == (0, f"log: {{app: {NEW}}}\n")
    assert f"Run log (app {NEW}): nothing to change\n✓ Everything is up to date; nothing was changed.\n" in done.output
    assert log_bench.sent() == []


def test_another_persons_app_keeps_its_fields_lists_and_permissions(bench: Bench, called: Called) -> None:
    theirs = {
        "Theirs": {
            "id": "1",
            "index": "0",
            "type": "LIST",
            "name": "Theirs",
            "fields": [],
            "filterCond": "x",
            "sort": "",
        }
    }
    app = bench.rest.apps[45]
    app.preview = app.live = replace(app.preview, views=theirs)
    done = called("log-app", "45", answer="y\n")
    assert done.exit_code == 0, done.output
    assert f"Change app-45 (app 45) in {bench.loopback.address}? [y/N]" in done.output
    assert bench.sent() == [f"POST {FIELD_PATH}", f"PUT {VIEW_PATH}", f"POST {DEPLOY_PATH}"]
    assert list(live(bench, 45).views) == ["Theirs", "All runs", "Running", "Failed or unknown"]
    assert live(bench, 45).views["Theirs"] == theirs["Theirs"]
    assert "件名" in live(bench, 45).properties
    assert live(bench, 45).record_rights == ()


@pytest.mark.parametrize(
    ("code", "settings", "line"),
    [
        ("took", {}, "1 field will be added: took"),
        ("lock", {"unique": False}, 'field "lock" allows duplicate values; will be changed'),
        ("run_key", {"maxLength": "20"}, 'field "run_key" is limited to 20 characters instead of 64; will be changed'),
        ("job", {"protocol": "MAIL"}, 'field "job" is not a link of the type URL; will be changed'),
        (
            "state",
            {"options": {"failed": {"label": "failed", "index": "0"}, "mine": {"label": "mine", "index": "1"}}},
            'field "state" lacks the options starting, running, succeeded, canceled, skipped, unknown; will be changed',
        ),
    ],
)
def test_a_field_that_is_missing_or_set_otherwise_is_mended(
    log_bench: Bench, called: Called, code: str, settings: dict[str, Any], line: str
) -> None:
    change_field(log_bench, code, **settings)
    done = called("log-app", str(NEW), "--yes")
    assert done.exit_code == 0, done.output
    assert f"Run log (app {NEW}): {line}\n" in done.output
    assert "✓ Everything is up to date" in called("log-app", str(NEW)).output
    assert code != "state" or "mine" in live(log_bench).properties["state"]["options"]


@pytest.mark.parametrize(
    ("code", "settings", "line"),
    [
        (
            "took",
            {"type": "SINGLE_LINE_TEXT"},
            'field "took" is of the type Text; it must be Number. Delete the field or',
        ),
        ("lock", {"expression": "unit"}, 'field "lock" is of the type Calculated; it must be Text.'),
        ("unit", {"lookup": {"relatedApp": {"app": "1"}}}, 'field "unit" is of the type Lookup; it must be Text.'),
        ("message", {"required": True}, 'field "message" is required, but runs may leave it empty; make it optional'),
    ],
)
def test_what_only_a_person_can_mend_is_said_and_nothing_is_changed(
    log_bench: Bench, called: Called, code: str, settings: dict[str, Any], line: str
) -> None:
    change_field(log_bench, code, **settings)
    change_field(log_bench, "service")
    refused = called("log-app", str(NEW), "--yes")
    assert refused.exit_code == 1
    assert f"error: Run log (app {NEW}): {line}" in refused.output
    assert refused.output.endswith(f"Nothing was changed. Then run again: runbutton log-app {NEW}\n")
    assert log_bench.sent() == []


def test_a_field_in_a_table_is_none_of_the_log(log_bench: Bench, called: Called) -> None:
    fields = dict(live(log_bench).properties)
    fields["Steps"] = {"type": "SUBTABLE", "code": "Steps", "label": "Steps", "fields": {"took": fields.pop("took")}}
    change_app(log_bench, properties=fields)
    assert 'field "took" is in the table "Steps"; it must be outside of tables' in called("log-app", str(NEW)).output


def test_permissions_of_a_live_app_are_only_reported(log_bench: Bench, called: Called) -> None:
    app = log_bench.rest.current_app(NEW)
    rights = tuple(row for row in app.preview.rights if row["entity"]["code"] != "everyone")
    closed = {"entity": {"type": "GROUP", "code": "everyone"}, "accessibility": "READ"}
    field_rights = ({"code": "run_key", "entities": [closed]},)
    app.preview = app.live = replace(app.preview, rights=rights, record_rights=(), field_rights=field_rights)
    shown = called("log-app", str(NEW), "--yes")
    assert shown.exit_code == 0
    warnings = [line.partition("warning: ")[2] for line in shown.output.splitlines() if "warning: " in line]
    assert [line.split(";")[0] for line in warnings] == [
        "the app permissions do not let Everyone view, add and edit records",
        "users may edit the records of other people's runs, because no record permission prevents it",
        "the field permissions do not let everyone edit run_key",
    ]
    assert log_bench.sent() == []


def test_a_record_permission_that_keeps_creators_out_is_reported(log_bench: Bench, called: Called) -> None:
    app = log_bench.rest.current_app(NEW)
    everyone = {"entity": {"type": "GROUP", "code": "everyone"}, "viewable": True, "editable": False}
    app.preview = app.live = replace(app.preview, record_rights=({"filterCond": "", "entities": [everyone]},))
    assert "do not let people edit the records that they created" in called("log-app", str(NEW)).output


def test_pending_changes_of_others_stand_in_the_question(log_bench: Bench, called: Called) -> None:
    change_field(log_bench, "took")
    change_pending(log_bench)
    asked = called("log-app", str(NEW), answer="n\n")
    assert (
        f"! Run log (app {NEW}) has pending changes that may be another person's. They will go live too."
        in asked.output
    )


def test_an_app_that_was_never_live_gets_all_settings_and_keeps_its_notifications(
    log_bench: Bench, called: Called
) -> None:
    note = {"filterCond": "", "title": "Theirs", "targets": []}
    app = log_bench.rest.current_app(NEW)
    app.preview = replace(app.preview, notifications=(note,), record_rights=())
    app.live = None
    done = called("log-app", str(NEW), "--yes")
    assert f"app {NEW}: warning: the app was never live; all of its settings go live\n" in done.output
    assert [each["title"] for each in live(log_bench).notifications] == [
        "Theirs",
        "A run failed, or its result is unknown",
    ]
    assert live(log_bench).record_rights


def test_an_unknown_app_is_named(called: Called) -> None:
    refused = called("log-app", "99", "--yes")
    assert refused.exit_code == 1
    assert "error: app 99: does not exist in this kintone environment\n" in refused.output


# --- what deploy says of it


@pytest.mark.parametrize(
    ("code", "settings", "line"),
    [
        ("took", {}, "has no fields took"),
        ("took", {"type": "DATE"}, 'field "took" is of the type DATE; it must be Number.'),
        ("lock", {"unique": False}, 'field "lock" allows duplicate values'),
    ],
)
def test_deploy_names_what_a_log_app_lacks_with_the_command_that_mends_it(
    log_bench: Bench, code: str, settings: dict[str, Any], line: str
) -> None:
    with log_bench.loopback.kintone() as kintone:
        assert log_warnings(kintone, NEW) == []
        change_field(log_bench, code, **settings)
        (warning,) = map(str, log_warnings(kintone, NEW))
    assert warning.startswith(f"log app {NEW}: {line}")
    assert warning.endswith(f"To check and complete it: runbutton log-app {NEW}")


def test_deploy_says_it_before_the_question_once_for_all_apps_with_this_log(log_bench: Bench, called: Called) -> None:
    write_config(log_bench.folder, "orders", "stock")
    config = log_bench.folder / "units.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("  name:", f"  log: {{app: {NEW}}}\n  name:"), encoding="utf-8")
    built(called)
    assert "log app" not in called("deploy", "project/units.yaml", answer="n\n").output
    change_field(log_bench, "lock", unique=False)
    change_field(log_bench, "took")
    change_field(log_bench, "service")
    end = f"To check and complete it: runbutton log-app {NEW}"
    lines = [
        f"warning: log app {NEW}: has no fields took, service. {end}",
        f'warning: log app {NEW}: field "lock" allows duplicate values. {end}',
    ]
    for arguments in (["--dry-run"], ["--yes"], ["--dry-run"]):
        shown = called("deploy", "project/units.yaml", *arguments).output.splitlines()
        assert [line for line in shown if "log app" in line] == lines
    # The command takes no config, whose folder had the variables.
    (log_bench.folder / ".env").write_text("", encoding="utf-8")
    shown = called("deploy", "project/units.yaml", "--dry-run").output
    assert f"runbutton log-app --env-file {Path('project', '.env')} {NEW}" in shown
    # Nothing changes, and nothing is read.
    assert "log app" not in called("deploy", "project/units.yaml").output


def test_deploy_says_so_if_it_cannot_see_the_log_app(bench: Bench) -> None:
    with bench.loopback.kintone() as kintone:
        (warning,) = map(str, log_warnings(kintone, 99))
    assert warning.startswith("log app 99 cannot be checked: GET app/form/fields.json: [404] [GAIA_AP01]")


def test_the_form_is_what_kintone_shows_afterwards(log_bench: Bench) -> None:
    shown = live(log_bench).properties
    for code, wanted in properties("en").items():
        assert {key: shown[code][key] for key in wanted} == wanted
