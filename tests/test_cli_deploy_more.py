"""What the commands that deploy have for programs, for several people and for many apps."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.deploy.lock import locked
from generator.signing import new_key, write_key
from generator.stub.rest import RestApp
from tests.calling import Called, built, scripts, write_config
from tests.conftest import KREWDATA_UNIT
from tests.deploying import Bench

# --- one run at a time


def test_a_second_run_in_the_folder_is_refused_and_says_who_holds_it(bench: Bench, called: Called) -> None:
    """They would take each other for interrupted, and mix up their deploy records."""
    built(called)
    with locked(bench.folder / ".runbutton", print):
        for command in ("deploy", "rollback", "remove"):
            refused = called(command, "project/units.yaml", "--yes")
            assert refused.exit_code == 1
            assert f"another deploy from this folder is running: process {os.getpid()} on " in refused.output
        assert called("deploy", "project/units.yaml", "--dry-run").exit_code == 0
    assert bench.sent() == []
    assert called("deploy", "project/units.yaml", "--yes").exit_code == 0
    assert not (bench.folder / ".runbutton" / "lock").exists()


# --- for programs


def test_a_dry_run_has_an_exit_code_for_something_would_change(called: Called) -> None:
    built(called)
    would = called("deploy", "project/units.yaml", "--dry-run", "--exit-code")
    assert would.exit_code == 2
    assert called("deploy", "project/units.yaml", "--dry-run").exit_code == 0
    called("deploy", "project/units.yaml", "--yes")
    assert called("deploy", "project/units.yaml", "--dry-run", "--exit-code").exit_code == 0
    assert "--exit-code needs --dry-run" in called("deploy", "project/units.yaml", "--exit-code").output


def test_the_plan_and_the_result_are_there_as_json(bench: Bench, called: Called) -> None:
    built(called)

    def report(*arguments: str, code: int = 0) -> dict[str, Any]:
        done = called("deploy", "project/units.yaml", "--json", *arguments)
        assert done.exit_code == code, done.output
        (line,) = done.stdout.splitlines()
        content: dict[str, Any] = json.loads(line)
        return content

    planned = report("--dry-run")
    assert planned["result"] == "planned"
    assert planned["kintone"] == f"{bench.loopback.address}/k"
    assert planned["changes"] is True
    assert [(app["app"], app["name"], app["changes"]) for app in planned["apps"]] == [(45, "orders", True)]
    assert planned["apps"][0]["lines"][0].startswith("runbutton.js will be added for desktop")
    refused = report(code=1)
    assert refused["result"] == "failed"
    assert refused["error"] == "nothing was changed, because no terminal can answer; add --yes to go on without asking"
    assert report("--yes")["result"] == "done"
    assert report("--yes")["result"] == "unchanged"
    Path("project/units.yaml").write_text("version: 1", encoding="utf-8")
    assert "units.yaml:1:1" in report("--yes", code=1)["error"]


# --- the commands


@pytest.mark.parametrize("command", ["deploy", "rollback", "remove"])
def test_options_win_over_the_variables(bench: Bench, called: Called, command: str) -> None:
    built(called)
    called("deploy", "project/units.yaml", "--yes")
    bench.rest.users["tanaka"] = "admin"
    where = ("--base-url", bench.loopback.address, "--username", "tanaka")
    done = called(command, "project/units.yaml", "--dry-run", *where, KINTONE_BASE_URL="https://nowhere.example.com")
    assert done.exit_code == 0, done.output
    assert f"kintone: {bench.loopback.address}, signed in as tanaka" in done.output
    there = called(command, "project/units.yaml", "--dry-run", "--guest-space-id", "3")
    assert f"kintone: {bench.loopback.address}, guest space 3, signed in as admin" in there.output
    wrong = called(command, "project/units.yaml", "--base-url", "https://a.example.com", "--proxy", "socks5://b")
    assert wrong.exit_code == 1
    assert "HTTPS_PROXY" in wrong.output


@pytest.mark.parametrize("command", ["deploy", "rollback", "remove", "build"])
def test_help_has_a_short_option(called: Called, command: str) -> None:
    assert called(command, "-h").output == called(command, "--help").output != ""


def test_deploys_are_listed_and_one_can_be_gone_back_to(bench: Bench, called: Called) -> None:
    for label in ("One", "Two", "Three"):
        write_config(bench.folder, "orders", label=label)
        built(called)
        assert called("deploy", "project/units.yaml", "--yes").exit_code == 0
        scripts_then = bench.live()
        if label == "One":
            first = scripts_then
    listed = called("rollback", "project/units.yaml", "--list")
    assert [line.split(", ")[0] for line in listed.stdout.splitlines()] == ["deploy 3", "deploy 2", "deploy 1"]
    assert re.fullmatch(r"deploy 3, \d{4}-\d\d-\d\d \d\d:\d\d: orders \(app 45\)", listed.stdout.splitlines()[0])
    bench.sent()
    assert called("rollback", "project/units.yaml", "--to", "1", "--yes").exit_code == 0
    assert bench.live() == bench.preview() == first
    assert bench.sent().count("POST preview/app/deploy.json") == 1
    listed = called("rollback", "project/units.yaml", "--list")
    assert [line.endswith("(rolled back)") for line in listed.stdout.splitlines()] == [True, True, False]
    wrong = called("rollback", "project/units.yaml", "--to", "7", "--yes")
    assert "--to 7: no such deploy; --list shows them" in wrong.output
    assert called("rollback", "project/units.yaml", "--to", "0", "--yes").exit_code == 0
    assert bench.live() == {}


def listed_ends(called: Called) -> list[str]:
    return [line.partition(" (")[2] for line in called("rollback", "project/units.yaml", "--list").stdout.splitlines()]


def test_a_rollback_of_one_app_does_not_make_the_whole_deploy_rolled_back(bench: Bench, called: Called) -> None:
    write_config(bench.folder, "orders", "stock")
    built(called)
    called("deploy", "project/units.yaml", "--yes")
    assert called("rollback", "project/units.yaml", "--app", "orders", "--yes").exit_code == 0
    assert listed_ends(called) == ["app 45), stock (app 46) (not rolled back completely)"]
    assert called("rollback", "project/units.yaml", "--to", "0", "--yes").exit_code == 0
    assert listed_ends(called) == ["app 45), stock (app 46) (rolled back)"]


def test_a_first_plugin_that_stays_is_not_called_rolled_back(bench: Bench, called: Called) -> None:
    """Nothing else was to change either: "everything else was" would be untrue."""
    plugin = {"name": {"en": "Run"}, "version": 1, "key": "private.ppk"}
    write_key(new_key(), bench.folder / "private.ppk")
    unit = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"}
    config = {"version": 1, "plugin": plugin, "apps": [{"app": 45, "name": "orders", "units": [unit]}]}
    (bench.folder / "units.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    built(called)
    assert called("deploy", "project/units.yaml", "--yes").exit_code == 0
    back = called("rollback", "project/units.yaml", "--yes")
    assert back.exit_code == 1
    assert back.output.splitlines()[-1] == "error: the plug-in was not rolled back, and nothing else was changed"
    assert listed_ends(called) == ["app 45), plug-in version 1 (not rolled back completely)"]


def test_an_app_that_does_not_exist_is_an_error_after_the_others_are_deployed(bench: Bench, called: Called) -> None:
    write_config(bench.folder, "orders", "stock")
    built(called)
    del bench.rest.apps[46]
    done = called("deploy", "project/units.yaml", "--yes")
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == (
        "error: stock (app 46): does not exist; remove it from project/units.yaml, or check KINTONE_BASE_URL"
    )
    assert scripts(bench) == ["runbutton.js"]


def test_a_key_that_is_not_here_is_told_and_the_plugin_is_found_by_its_name(bench: Bench, called: Called) -> None:
    unit = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"}
    config = {
        "version": 1,
        "plugin": {"name": {"en": "Run", "ja": "実行"}, "key": "private.ppk"},
        "apps": [{"app": 45, "name": "orders", "units": [unit]}],
    }
    (bench.folder / "units.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    assert called("keygen", "project/private.ppk").exit_code == 0
    built(called)
    deployed = called("deploy", "project/units.yaml", "--yes")
    assert deployed.exit_code == 0, deployed.output
    shutil.rmtree(bench.folder / ".runbutton")
    (bench.folder / "private.ppk").unlink()
    done = called("remove", "project/units.yaml", "--yes")
    assert "private.ppk" in done.output
    assert "without it, only plug-ins of the same name are found" in done.output
    assert "and its credentials stay, because kintone has no REST API that deletes them" in done.output


def test_many_apps_are_counted(bench: Bench, called: Called) -> None:
    names = [f"app{number}" for number in range(12)]
    for number in range(12):
        bench.rest.forms.setdefault(45 + number, bench.rest.forms[45])
        bench.rest.apps.setdefault(45 + number, RestApp())
    write_config(bench.folder, *names)
    built(called)
    done = called("deploy", "project/units.yaml", "--yes")
    assert done.exit_code == 0, done.output
    assert "12 apps: runbutton.js will be added for desktop" in done.output
    assert "sending the settings of 12 apps" in done.output
    assert done.output.splitlines()[-2] == "✓ 12 apps: live"
    again = called("deploy", "project/units.yaml", "--yes")
    assert again.output.splitlines()[-2] == "12 apps: nothing to change"
