"""A deploy and a rollback as the user of a bare kintone sees them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from generator.build import make
from generator.deploy.apply import apply
from generator.deploy.past import read_past
from generator.deploy.plan import Built, plan_deploy
from generator.deploy.rollback import plan_rollback, roll_back
from generator.kintone.client import Kintone
from generator.kintone.connection import read_connection
from generator.stub.configured import stub_for
from generator.stub.rest import Settings, StoredFile
from generator.stub.server import serve
from generator.stub.tenant import Script
from tests.browser.record_page import SHOWN, wait_until
from tests.conftest import KREWDATA_UNIT, config_of
from tests.loopback import environ

THEIRS = StoredFile("theirs.js", "text/javascript", b"document.documentElement.dataset.theirs = 'loaded';\n")


@pytest.mark.usefixtures("noise")
def test_the_button_is_there_after_a_deploy_and_gone_after_a_rollback(page: Page, tmp_path: Path) -> None:
    config = config_of(KREWDATA_UNIT)
    stub = stub_for(config, lambda _: Script())
    app = stub.rest.apps[45]
    app.preview = app.live = Settings(lists={("desktop", "js"): (THEIRS,)})
    said: list[str] = []
    with serve(stub) as address:
        button = page.locator('[data-runbutton="recalculate"] button.rb-run')
        html = page.locator("html")

        def show() -> None:
            page.goto("about:blank")
            page.goto(f"{address}/k/45/show#record=1")
            wait_until(page, SHOWN)
            expect(html).to_have_attribute("data-theirs", "loaded")

        show()
        expect(button).to_have_count(0)
        with Kintone(read_connection(environ(address)), said.append, pause=stub.clock.advance) as kintone:
            past = read_past(tmp_path, "units.yaml", kintone.connection.address)
            plan = plan_deploy(kintone, Built(config.apps, make(config)), past)
            apply(kintone, plan, past, datetime(2026, 11, 22, tzinfo=UTC))
            show()
            expect(button).to_be_visible()
            past = read_past(tmp_path, "units.yaml", kintone.connection.address)
            roll_back(kintone, plan_rollback(kintone, past), past)
        show()
        expect(button).to_have_count(0)
    assert stub.unknown == []
