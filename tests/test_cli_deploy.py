"""deploy, rollback and remove as a person at a terminal meets them."""

import re
from pathlib import Path
from typing import NoReturn

import click
import pytest

from tests.calling import Called, built, scripts, write_config
from tests.deploying import FOREIGN, Bench


def test_a_deploy_names_kintone_and_the_user_and_asks_and_ends_with_what_is_live(bench: Bench, called: Called) -> None:
    built(called)
    done = called("deploy", "project/units.yaml", answer="y\n")
    where = bench.loopback.address
    assert done.exit_code == 0, done.output
    assert f"kintone: {where}, signed in as admin\n" in done.output
    assert f"Deploy to {where}? [y/N]: y" in done.output
    assert re.fullmatch(
        r"✓ 1 app deployed in \d+ s\. To undo: runbutton rollback project/units\.yaml", done.output.splitlines()[-1]
    )
    assert "✓ orders (app 45): live" in done.output.splitlines()
    assert scripts(bench) == ["runbutton.js"]


def test_an_answer_of_no_changes_nothing(bench: Bench, called: Called) -> None:
    built(called)
    assert called("deploy", "project/units.yaml", answer="n\n").exit_code == 1
    assert bench.sent() == []


def test_without_a_terminal_yes_is_to_be_given(called: Called) -> None:
    built(called)
    refused = called("deploy", "project/units.yaml")
    assert refused.exit_code == 1
    assert refused.output.strip().endswith(
        "error: nothing was changed, because no terminal can answer; add --yes to go on without asking"
    )
    assert called("deploy", "project/units.yaml", "--yes").exit_code == 0


def ctrl_c(*_: object, **__: object) -> NoReturn:
    # Click's own prompt function turns it into click.Abort in this way.
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        raise click.Abort from None


def test_ctrl_c_at_the_question_is_not_taken_for_a_missing_terminal(
    bench: Bench, called: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(called)
    bench.sent()
    monkeypatch.setattr(click, "prompt", ctrl_c)
    stopped = called("deploy", "project/units.yaml")
    assert (stopped.exit_code, stopped.output.splitlines()[-1]) == (1, "error: interrupted; nothing was changed")
    assert bench.sent() == []


def test_doubts_stand_in_the_question(bench: Bench, called: Called) -> None:
    built(called)
    bench.rest.apps[45].live = None
    asked = called("deploy", "project/units.yaml", answer="n\n")
    assert (
        "! orders (app 45) has pending changes that may be another person's. They will go live too.\nDeploy to "
        in asked.output
    )


@pytest.mark.parametrize("command", ["deploy", "rollback", "remove"])
def test_a_dry_run_changes_nothing(bench: Bench, called: Called, command: str) -> None:
    built(called)
    if command != "deploy":
        called("deploy", "project/units.yaml", "--yes")
        bench.sent()
    shown = called(command, "project/units.yaml", "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert "runbutton.js will be" in shown.output
    assert bench.sent() == []


def test_the_build_is_found_beside_the_config_or_here_or_where_it_is_said_to_be(called: Called) -> None:
    built(called, "--out", "elsewhere")
    assert "error: dist is out of date; run `runbutton build`" in called("deploy", "project/units.yaml", "--yes").output
    assert called("deploy", "project/units.yaml", "--out", "elsewhere", "--dry-run").exit_code == 0
    built(called, "--out", "dist")
    assert called("deploy", "project/units.yaml", "--dry-run").exit_code == 0
    built(called)
    write_config(Path("project"), "orders", label="Again")
    assert "project/dist is out of date" in called("deploy", "project/units.yaml", "--yes").output


def test_a_rollback_needs_no_config_that_can_be_read(bench: Bench, called: Called) -> None:
    bench.set({("desktop", "js"): (FOREIGN,)})
    built(called)
    called("deploy", "project/units.yaml", "--yes")
    Path("project/units.yaml").write_text("version: ${GONE}", encoding="utf-8")
    assert called("rollback", "project/units.yaml", "--yes").exit_code == 0
    assert scripts(bench) == ["theirs.js"]


def test_a_second_rollback_by_mistake_is_not_done_for_a_yes(bench: Bench, called: Called) -> None:
    for label in ("Run", "Again"):
        write_config(bench.folder, "orders", label=label)
        built(called)
        called("deploy", "project/units.yaml", "--yes")
    assert called("rollback", "project/units.yaml", "--yes").exit_code == 0
    refused = called("rollback", "project/units.yaml", "--yes")
    assert refused.exit_code == 1
    assert "nothing was changed: a later deploy is already rolled back" in refused.output
    assert scripts(bench) == ["runbutton.js"]
    assert called("rollback", "project/units.yaml", "--yes", "--to", "0").exit_code == 0
    assert scripts(bench) == []


def test_an_app_that_left_the_config_is_named_with_the_command_that_cleans_it_up(bench: Bench, called: Called) -> None:
    write_config(bench.folder, "orders", "stock")
    built(called)
    called("deploy", "project/units.yaml", "--yes")
    write_config(bench.folder, "orders")
    built(called)
    done = called("deploy", "project/units.yaml", "--yes")
    assert "stock (app 46): no longer in units.yaml; its buttons stay." in done.output
    assert bench.live(46) != {}
    assert called("remove", "project/units.yaml", "--app", "46", "--yes").exit_code == 0
    assert bench.live(46) == {}


def test_everything_is_removed(bench: Bench, called: Called) -> None:
    built(called)
    called("deploy", "project/units.yaml", "--yes")
    done = called("remove", "project/units.yaml", answer="y\n")
    assert done.exit_code == 0, done.output
    assert f"Remove from {bench.loopback.address}? [y/N]" in done.output
    assert scripts(bench) == []
    again = called("remove", "project/units.yaml", "--yes")
    assert again.output.splitlines()[-2:] == ["orders (app 45): nothing to change", "✓ Nothing was changed."]


@pytest.mark.parametrize("command", ["deploy", "rollback", "remove"])
def test_an_unknown_app_is_told_with_those_that_there_are(called: Called, command: str) -> None:
    built(called)
    called("deploy", "project/units.yaml", "--yes")
    refused = called(command, "project/units.yaml", "--app", "oders", "--yes")
    assert refused.exit_code == 1
    assert "oders" in refused.output.splitlines()[-1]
