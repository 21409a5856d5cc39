"""Whole stories of the commands in both languages: nothing that a person reads is in the other one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.stub.rest import Fault
from generator.stub.tenant import Script, Stub
from tests.calling import Called, built, write_config
from tests.conftest import JAPANESE
from tests.deploying import Bench
from tests.host import Host
from tests.log_apps import change_app, change_field, change_pending
from tests.running import Hurrying, make_project, make_time_fly
from tests.running import run as run_unit
from tests.test_languages import LANGUAGES, foreign, prose


def assert_spoken(done: Result, language: str, code: int = 0) -> None:
    """Everything on stderr is in the language, and the command ended with the code."""
    assert done.exit_code == code, done.output
    assert foreign(done.stderr, language) == []
    assert bool(JAPANESE.search(prose(done.stderr))) == (language == "ja")


@LANGUAGES
def test_a_deploy_its_rollback_and_a_removal(bench: Bench, called: Called, language: str) -> None:
    lang = ("--lang", language)
    project = "project/units.yaml"
    assert_spoken(called("build", project, "--out", "project/dist", *lang), language)
    assert_spoken(called("build", project, "--out", "project/dist", "--check", *lang), language)
    assert_spoken(called("deploy", project, "--dry-run", *lang), language)
    assert_spoken(called("deploy", project, *lang), language, 1)
    assert_spoken(called("deploy", project, *lang, answer="maybe\nn\n"), language, 1)
    bench.rest.apps[45].live = None
    assert_spoken(called("deploy", project, *lang, answer="y\n"), language)
    assert_spoken(called("deploy", project, "--yes", *lang), language)
    write_config(bench.folder, "orders", "stock", label="Again")
    assert_spoken(called("deploy", project, "--yes", *lang), language, 1)
    built(called)
    del bench.rest.apps[46]
    assert_spoken(called("deploy", project, "--yes", *lang), language, 1)
    listed = called("rollback", project, "--list", *lang)
    assert foreign(listed.stdout, language) == []
    assert_spoken(called("rollback", project, "--yes", *lang), language)
    assert_spoken(called("rollback", project, "--yes", *lang), language, 1)
    assert_spoken(called("rollback", project, "--to", "7", "--yes", *lang), language, 1)
    assert_spoken(called("remove", project, "--app", "nobody", *lang), language, 1)
    assert_spoken(called("remove", project, "--yes", *lang), language)


@LANGUAGES
def test_a_log_app_created_completed_and_refused(bench: Bench, called: Called, language: str) -> None:
    lang = ("--lang", language)
    assert_spoken(called("log-app", "--dry-run", *lang), language)
    assert_spoken(called("log-app", *lang, answer="n\n"), language, 1)
    assert_spoken(called("log-app", "--yes", *lang), language)
    assert_spoken(called("log-app", *lang), language, 1)
    assert_spoken(called("log-app", "47", *lang), language)
    settings = {code: {"unique": False, "maxLength": "9"} for code in ("run_key", "lock")}
    settings |= {"job": {"protocol": "MAIL"}, "state": {"options": {}}}
    change_app(bench, rights=(), record_rights=(), field_rights=({"code": "lock", "entities": []},), views={})
    for code, changed in settings.items():
        change_field(bench, code, **changed)
    change_field(bench, "took")
    change_pending(bench)
    assert_spoken(called("log-app", "47", *lang, "--dry-run"), language)
    assert_spoken(called("log-app", "47", *lang, "--yes"), language)
    change_field(bench, "took", type="DATETIME", required=True)
    change_field(bench, "lock", lookup={"relatedApp": {"app": "1"}})
    assert_spoken(called("log-app", "47", *lang, "--yes"), language, 1)
    bench.rest.faults.append(Fault("late-lost", "POST", "preview/app.json"))
    assert_spoken(called("log-app", "--yes", *lang), language, 1)


@LANGUAGES
def test_what_kintone_and_the_network_refuse(bench: Bench, called: Called, language: str) -> None:
    built(called)
    project = "project/units.yaml"
    for settings in (
        {"KINTONE_BASE_URL": ""},
        {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": ""},
        {"KINTONE_BASE_URL": "https://[::1"},
        {"KINTONE_BASE_URL": "http://kintone.example.com", "HTTPS_PROXY": "socks5://x"},
        {"KINTONE_GUEST_SPACE_ID": "x", "KINTONE_PFX_FILE_PATH": "none.pfx"},
    ):
        assert_spoken(called("deploy", project, "--dry-run", "--lang", language, **settings), language, 1)
    bench.rest.basic = "kato:basic"
    assert_spoken(called("deploy", project, "--dry-run", "--lang", language), language, 1)


@LANGUAGES
def test_the_plan_as_json_is_english(bench: Bench, called: Called, language: str) -> None:
    built(called)
    report = json.loads(called("deploy", "project/units.yaml", "--dry-run", "--json", "--lang", language).stdout)
    assert report["apps"][0]["lines"][0].startswith("runbutton.js will be added for desktop (")
    refused = json.loads(called("deploy", "project/units.yaml", "--json", "--lang", language).stdout)
    assert refused["error"].startswith("nothing was changed, because no terminal can answer; ")
    assert bench.live() == {}


@LANGUAGES
def test_keys_and_the_probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "--lang", language])

    assert_spoken(call("keygen"), language)
    assert_spoken(call("keygen"), language, 1)
    assert_spoken(call("probe"), language)
    assert_spoken(call("probe"), language, 1)
    assert_spoken(call("probe", "--compare", "none.json"), language, 1)
    assert_spoken(call("probe", "--direct", "krewdata"), language, 1)
    assert_spoken(call("preview", "--like", "none.json"), language, 1)
    assert_spoken(call("preview", "none.yaml"), language, 1)


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: Host) -> Iterator[str]:
    from generator.config import read_config
    from generator.stub.configured import configure, stub_for, with_stand_ins

    make_project(tmp_path, monkeypatch)
    make_time_fly(monkeypatch)
    stub: Stub = stub_for(None, lambda _: Script(), Hurrying())
    configure(stub, with_stand_ins(read_config(tmp_path / "units.yaml", {}), stub.services))
    with host.serve(stub) as address:
        yield address


@LANGUAGES
def test_runs(preview: str, language: str) -> None:
    where = ("--preview", preview, "--lang", language)
    assert_spoken(run_unit("orders/load", *where), language)
    assert_spoken(run_unit("orders/none", *where), language, 1)
    assert_spoken(run_unit("orders/recalculate", *where), language, 4)
    assert_spoken(run_unit("orders/load", "--record", "units.yaml", *where), language, 1)
    assert_spoken(run_unit("orders/load", "--preview", "nonsense", "--lang", language), language, 1)
    told = json.loads(run_unit("orders/load", "--json", *where).stdout)
    assert told["outcome"] == "succeeded"
    assert told["line"].startswith("Done")
