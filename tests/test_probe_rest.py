"""The probe's questions to kintone's REST API, against the stub's: the report says how its switches are set."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.kintone.connection import read_connection
from generator.probe.facts import FACTS
from generator.probe.rest import RestProbe
from generator.stub.rest import Settings
from tests.loopback import Loopback, environ

APP = 48151623


@pytest.mark.parametrize("turned", [False, True])
def test_the_report_says_how_the_switches_are_set(turned: bool) -> None:
    with Loopback(APP) as served:
        served.rest.switches.key_for_one_entry = turned
        served.rest.switches.revert_raises = not turned
        served.rest.switches.sandbox = turned
        served.rest.switches.deploying_status = 409 if turned else 400
        own = Settings(scope="ALL", lists={("desktop", "js"): ("https://example.com/own.js",)})
        served.rest.apps[APP].live = served.rest.apps[APP].preview = own
        connection = read_connection(environ(served.address))
        found = RestProbe(connection, APP, sleep=served.clock.advance).look()
        assert found.facts == {
            "key_for_one_entry": "yes" if turned else "no",
            "revert_raises": "no" if turned else "yes",
            "sandbox": "yes" if turned else "no",
            "deploy_while_deploying": "409" if turned else "400",
            "plugin_version": "any",
            "plugin_key_2048": "taken",
        }
        # The app is as it was, and no plug-in is left.
        live = served.rest.current_app(APP).live
        assert live is not None
        assert (live.scope, dict(live.lists)) == (own.scope, dict(own.lists))
        assert served.rest.plugins == {}
        assert found.observations["R publish while publishing"]["code"] == "STUB_DEPLOYING"
        text = json.dumps([found.facts, found.observations])
        assert [word for word in ("admin", "localhost", "127.0.0.1", str(APP), "own.js") if word in text] == []
    # It asks nothing of records: it must not write into a tenant's.
    assert {fact.name for fact in FACTS if fact.switch.startswith("rest.")} <= found.facts.keys()


def test_the_command_asks_first_and_says_what_is_refused(tmp_path: Path) -> None:
    with Loopback(APP) as served:
        settings = tmp_path / "settings"
        lines = [f"{name}={value}" for name, value in environ(served.address).items()]
        settings.write_text("\n".join(lines), encoding="utf-8")
        options = ["probe", "--rest", str(APP), "--env-file", str(settings)]
        done = CliRunner().invoke(main, options, input="n\n")
        # Older versions of click print a test's input on stdout.
        assert (done.exit_code, done.stdout.strip()) in {(1, ""), (1, "n")}
        assert "nothing was changed" in done.stderr
        assert served.rest.requests == []
        done = CliRunner().invoke(main, ["probe", "--rest", "5", "--env-file", str(settings), "--yes"])
        assert done.exit_code == 1
        assert done.stderr.splitlines()[-1] == "error: GET preview/app/deploy.json: kintone returned 404 GAIA_AP01"
        served.rest.deploy_seconds = 0
        done = CliRunner().invoke(main, [*options, "--yes"])
        assert done.exit_code == 0
        assert json.loads(done.stdout)["facts"]["plugin_version"] == "any"
