"""`runbutton log-app`, as a person at a terminal meets it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from generator.deploy.form import log_warnings
from generator.log_form import FIELDS, properties
from generator.stub.rest import Fault
from tests.calling import Called, built, command_line, project_bench, write_config
from tests.deploying import Bench

NEW = 47
FIELD_PATH, VIEW_PATH, DEPLOY_PATH = "preview/app/form/fields.json", "preview/app/views.json", "preview/app/deploy.json"
NO_RIGHT = '{"code": "CB_NO02", "id": "x", "message": "No privilege to proceed."}'
# What creating an app sends, in its order.
WRITES = [
    "POST preview/app.json",
    f"POST {FIELD_PATH}",
    f"PUT {VIEW_PATH}",
    "PUT preview/app/acl.json",
    "PUT preview/record/acl.json",
    "PUT preview/app/notifications/perRecord.json",
    f"POST {DEPLOY_PATH}",
]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with project_bench(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def called(bench: Bench) -> Called:
    return command_line(bench)


@pytest.fixture
def made(bench: Bench, called: Called) -> Bench:
    """A kintone with a complete log app."""
    assert called("log-app", "--yes").exit_code == 0
    bench.sent()
    return bench


def change(bench: Bench, code: str, **settings: Any) -> None:
    """Another person changes or, without settings, deletes a field of the log app, live."""
    app = bench.rest.current_app(NEW)
    fields = dict(app.preview.properties or {})
    if settings:
        fields[code] = {**fields[code], **settings}
    else:
        del fields[code]
    app.preview = app.live = replace(app.preview, properties=fields, revision=app.preview.revision + 1)


def live(bench: Bench, app: int = NEW) -> Any:
    return bench.rest.current_app(app).live


# --- a new app


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
    assert f"Run log: {len(FIELDS)} fields will be added: run_key, unit," in shown
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


@pytest.mark.usefixtures("made")
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
    assert f"✓ 実行ログ（アプリ{NEW}）: 反映済み\n" in done.output
    assert live(bench).properties["state"]["label"] == "状態"
    assert list(live(bench).views) == ["すべての実行", "実行中", "失敗、結果不明"]
    # What an app in one language has, is there for a person with another.
    assert "✓ Everything is up to date" in called("log-app", str(NEW), "--yes").output


# --- an existing app


def test_a_complete_app_is_left_alone_and_its_line_is_printed_again(made: Bench, called: Called) -> None:
    done = called("log-app", str(NEW))
    assert (done.exit_code, done.stdout) == (0, f"log: {{app: {NEW}}}\n")
    assert f"Run log (app {NEW}): nothing to change\n✓ Everything is up to date; nothing was changed.\n" in done.output
    assert made.sent() == []


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
    made: Bench, called: Called, code: str, settings: dict[str, Any], line: str
) -> None:
    change(made, code, **settings)
    done = called("log-app", str(NEW), "--yes")
    assert done.exit_code == 0, done.output
    assert f"Run log (app {NEW}): {line}\n" in done.output
    assert "✓ Everything is up to date" in called("log-app", str(NEW)).output
    assert code != "state" or "mine" in live(made).properties["state"]["options"]


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
    made: Bench, called: Called, code: str, settings: dict[str, Any], line: str
) -> None:
    change(made, code, **settings)
    change(made, "service")
    refused = called("log-app", str(NEW), "--yes")
    assert refused.exit_code == 1
    assert f"error: Run log (app {NEW}): {line}" in refused.output
    assert refused.output.endswith(f"Nothing was changed. Then run again: runbutton log-app {NEW}\n")
    assert made.sent() == []


def test_a_field_in_a_table_is_none_of_the_log(made: Bench, called: Called) -> None:
    fields = dict(live(made).properties)
    fields["Steps"] = {"type": "SUBTABLE", "code": "Steps", "label": "Steps", "fields": {"took": fields.pop("took")}}
    app = made.rest.current_app(NEW)
    app.preview = app.live = replace(app.preview, properties=fields)
    assert 'field "took" is in the table "Steps"; it must be outside of tables' in called("log-app", str(NEW)).output


def test_permissions_of_a_live_app_are_only_reported(made: Bench, called: Called) -> None:
    app = made.rest.current_app(NEW)
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
    assert made.sent() == []


def test_a_record_permission_that_keeps_creators_out_is_reported(made: Bench, called: Called) -> None:
    app = made.rest.current_app(NEW)
    everyone = {"entity": {"type": "GROUP", "code": "everyone"}, "viewable": True, "editable": False}
    app.preview = app.live = replace(app.preview, record_rights=({"filterCond": "", "entities": [everyone]},))
    assert "do not let people edit the records that they created" in called("log-app", str(NEW)).output


def test_pending_changes_of_others_stand_in_the_question(made: Bench, called: Called) -> None:
    change(made, "took")
    app = made.rest.current_app(NEW)
    app.preview = replace(app.preview, scope="NONE", revision=app.preview.revision + 1)
    asked = called("log-app", str(NEW), answer="n\n")
    assert (
        f"! Run log (app {NEW}) has pending changes that may be another person's. They will go live too."
        in asked.output
    )


def test_an_unknown_app_is_named(called: Called) -> None:
    refused = called("log-app", "99", "--yes")
    assert refused.exit_code == 1
    assert "error: app 99: does not exist in this kintone environment\n" in refused.output


# --- what goes wrong


def test_who_may_create_no_app_is_told_the_permission(bench: Bench, called: Called) -> None:
    bench.rest.faults.append(Fault("answer", "POST", "preview/app.json", status=403, body=NO_RIGHT))
    refused = called("log-app", "--yes")
    assert refused.exit_code == 1
    assert "POST preview/app.json: [403] [CB_NO02] No privilege to proceed." in refused.output
    assert refused.output.endswith("  the user needs the permission to create apps\n")
    assert NEW not in bench.rest.apps


def test_who_may_not_manage_the_app_is_told_which(made: Bench, called: Called) -> None:
    made.rest.faults.append(Fault("answer", "GET", FIELD_PATH, status=403, body=NO_RIGHT))
    refused = called("log-app", str(NEW), "--yes")
    assert refused.exit_code == 1
    assert f"error: app {NEW}: GET {FIELD_PATH}: [403]" in refused.output
    assert "the user needs the app management permission" in refused.output


def test_a_lost_answer_to_the_creation_is_not_repeated(bench: Bench, called: Called) -> None:
    bench.rest.faults.append(Fault("late-lost", "POST", "preview/app.json"))
    broken = called("log-app", "--yes")
    assert broken.exit_code == 1
    assert bench.sent() == ["POST preview/app.json"]
    assert '"Run log" may have been created. Check here before you try again:' in broken.output
    # As it says: by its ID the app is finished.
    assert called("log-app", str(NEW), "--yes").exit_code == 0
    assert "run_key" in live(bench).properties


def test_a_creation_that_kintone_was_too_busy_for_is_repeated(bench: Bench, called: Called) -> None:
    busy = '{"code": "GAIA_DA02", "id": "x", "message": "Try again later."}'
    bench.rest.faults.append(Fault("answer", "POST", "preview/app.json", status=400, body=busy, times=2))
    assert called("log-app", "--yes").exit_code == 0
    assert bench.sent() == [*WRITES[:1] * 3, *WRITES[1:]]


@pytest.mark.parametrize("write", WRITES[1:])
@pytest.mark.parametrize("kind", ["lost", "late-lost"])
def test_a_write_whose_answer_is_lost_once_is_done_once(bench: Bench, called: Called, write: str, kind: Any) -> None:
    method, path = write.split()
    bench.rest.faults.append(Fault(kind, method, path))
    done = called("log-app", "--yes")
    assert done.exit_code == 0, done.output
    assert live(bench).notifications
    assert live(bench).revision == len(WRITES) - 1


def cut_off(bench: Bench, called: Called, write: str, *arguments: str) -> Result:
    """Runs the command with a network that is gone from one write on."""
    method, path = write.split()
    bench.rest.faults += [Fault("lost", method, path, times=99)]
    result = called("log-app", *arguments, "--yes")
    bench.rest.faults.clear()
    return result


@pytest.mark.parametrize("write", WRITES[1:-1])
def test_a_creation_that_is_cut_off_names_the_app_and_the_command_that_finishes_it(
    bench: Bench, called: Called, write: str
) -> None:
    broken = cut_off(bench, called, write)
    assert broken.exit_code == 1
    assert (
        f"App {NEW} was created, but it is not finished and not live. To finish it: runbutton log-app {NEW}\n"
        in broken.output
    )
    assert f"to delete it: {bench.loopback.address}/k/admin/app/flow?app={NEW}\n" in broken.output
    assert live(bench) is None
    done = called("log-app", str(NEW), "--yes")
    assert done.exit_code == 0, done.output
    assert live(bench).views
    assert live(bench).record_rights
    assert live(bench).notifications
    assert "✓ Everything is up to date" in called("log-app", str(NEW)).output


@pytest.mark.parametrize("read", ["fields.json", "views.json", "record/acl.json"])
def test_a_creation_that_is_cut_off_between_its_writes_names_the_app_too(
    bench: Bench, called: Called, read: str
) -> None:
    broken = cut_off(bench, called, f"GET {read}")
    assert f"To finish it: runbutton log-app {NEW}\n" in broken.output


def test_while_it_is_published_it_may_be_live(bench: Bench, called: Called) -> None:
    bench.rest.faults.append(Fault("lost", "GET", DEPLOY_PATH, skip=1, times=99))
    broken = called("log-app", "--yes")
    assert broken.exit_code == 1
    assert broken.output.endswith(f"The settings may be live. To check: runbutton log-app {NEW}\n")


@pytest.mark.parametrize("write", [f"PUT {VIEW_PATH}", f"POST {DEPLOY_PATH}"])
def test_a_refusal_in_the_middle_is_undone_in_an_app_that_was_there(made: Bench, called: Called, write: str) -> None:
    change(made, "took")
    app = made.rest.current_app(NEW)
    app.preview = app.live = replace(app.preview, views={})
    before = app.live
    method, path = write.split()
    made.rest.faults.append(Fault("answer", method, path, status=403, body=NO_RIGHT))
    refused = called("log-app", str(NEW), "--yes")
    assert refused.exit_code == 1
    assert refused.output.endswith(
        f"Run log (app {NEW}): the settings that were sent were discarded; the app is as it was before\n"
    )
    assert live(made) == before
    assert replace(made.rest.current_app(NEW).preview, revision=0) == replace(before, revision=0)


def test_a_deploy_that_fails_is_undone(made: Bench, called: Called) -> None:
    change(made, "took")
    made.rest.deploy_end = "FAIL"
    failed = called("log-app", str(NEW), "--yes")
    assert failed.exit_code == 1
    assert f"Run log (app {NEW}): kintone could not update the app: FAIL (failed)\n" in failed.output
    assert "took" not in live(made).properties


def test_duplicates_that_are_there_already_are_refused_by_kintone_and_undone(made: Bench, called: Called) -> None:
    change(made, "lock", unique=False)
    for number in (1, 2):
        made.rest.forms[NEW].records[number] = {"lock": {"type": "SINGLE_LINE_TEXT", "value": "same"}}
    refused = called("log-app", str(NEW), "--yes")
    assert refused.exit_code == 1
    assert "Records have the same value in the field (code: lock)." in refused.output
    assert refused.output.endswith(f"Run log (app {NEW}): no known change\n")


@pytest.mark.parametrize("write", [f"POST {FIELD_PATH}", f"PUT {VIEW_PATH}", f"POST {DEPLOY_PATH}"])
def test_another_persons_change_in_between_is_not_overwritten_nor_published(
    made: Bench, called: Called, write: str
) -> None:
    change(made, "took")
    app = made.rest.current_app(NEW)
    app.preview = app.live = replace(app.preview, views={})

    def somebody() -> None:
        app.preview = replace(app.preview, scope="NONE", revision=app.preview.revision + 1)

    made.loopback.before(*write.split(), somebody)  # type: ignore[arg-type]
    stopped = called("log-app", str(NEW), "--yes")
    assert stopped.exit_code == 1
    assert "another person changed the settings of the app in the meantime" in stopped.output
    first = write.startswith(f"POST {FIELD_PATH}")
    assert ("no known change" if first else "they are pending, not live") in stopped.output
    assert app.preview.scope == "NONE"
    assert live(made).scope == "ALL"
    assert "took" not in live(made).properties


def test_success_without_the_settings_is_not_believed(bench: Bench, called: Called) -> None:
    def lose() -> None:
        bench.rest.deploys[0].settings[NEW] = replace(bench.rest.apps[NEW].preview, views={})

    bench.loopback.before("GET", DEPLOY_PATH, lose, skip=1)
    refused = called("log-app", "--yes")
    assert refused.exit_code == 1
    assert "kintone reports success, but the live revision" in refused.output


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
    made: Bench, code: str, settings: dict[str, Any], line: str
) -> None:
    with made.loopback.kintone() as kintone:
        assert log_warnings(kintone, NEW) == []
        change(made, code, **settings)
        (warning,) = map(str, log_warnings(kintone, NEW))
    assert warning.startswith(f"log app {NEW}: {line}")
    assert warning.endswith(f"To check and complete it: runbutton log-app {NEW}")


def test_deploy_says_it_before_the_question_once_for_all_apps_with_this_log(made: Bench, called: Called) -> None:
    write_config(made.folder, "orders", "stock")
    config = made.folder / "units.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("  name:", f"  log: {{app: {NEW}}}\n  name:"), encoding="utf-8")
    built(called)
    assert "log app" not in called("deploy", "project/units.yaml", answer="n\n").output
    change(made, "lock", unique=False)
    change(made, "took")
    change(made, "service")
    end = f"To check and complete it: runbutton log-app {NEW}"
    lines = [
        f"warning: log app {NEW}: has no fields took, service. {end}",
        f'warning: log app {NEW}: field "lock" allows duplicate values. {end}',
    ]
    for arguments in (["--dry-run"], ["--yes"], ["--dry-run"]):
        shown = called("deploy", "project/units.yaml", *arguments).output.splitlines()
        assert [line for line in shown if "log app" in line] == lines
    # Nothing changes, and nothing is read.
    assert "log app" not in called("deploy", "project/units.yaml").output


def test_deploy_says_so_if_it_cannot_see_the_log_app(bench: Bench) -> None:
    with bench.loopback.kintone() as kintone:
        (warning,) = map(str, log_warnings(kintone, 99))
    assert warning.startswith("log app 99 cannot be checked: GET app/form/fields.json: [404] [GAIA_AP01]")


def test_the_form_is_what_kintone_shows_afterwards(made: Bench) -> None:
    shown = live(made).properties
    for code, wanted in properties("en").items():
        assert {key: shown[code][key] for key in wanted} == wanted
