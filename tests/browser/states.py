"""Every state that a user can see, to be checked and to be looked at.

`python -m tests.browser.states [FOLDER]` writes a picture of each, and so does CI.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, FloatRect, expect

from generator.customization import script
from generator.stub.configured import stub_for
from generator.stub.proxy import Fault
from generator.stub.server import serve
from generator.stub.services.krewdata.runs import Flow
from generator.stub.tenant import Script
from generator.units.config import Config
from tests.browser.chromium import launched
from tests.browser.record_page import RecordPage, StoppedClock
from tests.conftest import KREWDATA_UNIT, config_of

PICTURES = Path(__file__).parents[2] / "test-results" / "states"
LOOKS = (("desktop", "ja", 640), ("desktop", "en", 640), ("mobile", "ja", 360), ("mobile", "en", 360))
"""Device, language and width of the pictures of a state."""
PATHS = {"desktop": "/k/45/show#record=1", "mobile": "/k/m/45/show?record=1"}

TROCCO_UNIT: Mapping[str, Any] = {
    "id": "recalculate",
    "service": "trocco-job",
    "job_definition_id": 123,
    "api_key": "fake-api-key-not-a-secret",
    "label": {"ja": "売上を取り込む", "en": "Load sales"},
}


@dataclass(frozen=True)
class State:
    """A named state: how a newly opened page gets into it, and its value of `data-state`."""

    name: str
    data_state: str
    reach: Callable[[RecordPage], None]
    unit: Mapping[str, Any] = field(default_factory=lambda: KREWDATA_UNIT)
    beside: tuple[Mapping[str, Any], ...] = ()
    """Other units in the same place."""

    @property
    def config(self) -> Config:
        return config_of(self.unit, *self.beside)


def _confirming(page: RecordPage) -> None:
    page.ask()
    expect(page.dialog).to_be_visible()


def _starting(page: RecordPage) -> None:
    # The request stays without an answer.
    page.page.evaluate("() => { globalThis.fetch = () => new Promise(() => {}); }")
    page.ask().click()
    expect(page.unit()).to_have_attribute("data-state", "starting")
    page.page.clock.run_for(2000)


def _queued(page: RecordPage) -> None:
    page.stub.services["krewdata"].units["abcdefghijklmn"].queue_seconds = 60
    page.start()
    page.advance(4)


def _running(page: RecordPage) -> None:
    flows = [Flow("受注データの抽出", 8), Flow("部門別の集計", 60), Flow("集計アプリへの出力", 20)]
    page.stub.services["krewdata"].units["abcdefghijklmn"].flows = flows
    page.start()
    page.advance(31)


def _running_as_usual(page: RecordPage) -> None:
    page.page.evaluate("localStorage.setItem('runbutton/durations/orders/45/recalculate', '[90000, 84000, 95000]')")
    _running(page)


def _succeeded(page: RecordPage) -> None:
    page.start()
    page.advance(15)


def _failed(page: RecordPage) -> None:
    page.stub.services["krewdata"].units["abcdefghijklmn"].flows[0].outcome = "Failure"
    page.start()
    page.advance(8)
    page.details()


def _canceled(page: RecordPage) -> None:
    page.stub.services["trocco"].japan.job_definitions[123].outcome = "canceled"
    page.start()
    page.advance(25)


def _skipped(page: RecordPage) -> None:
    page.stub.services["trocco"].japan.job_definitions[123].outcome = "skipped"
    page.start()
    page.advance(5)


def _unknown(page: RecordPage) -> None:
    page.stub.proxy.faults.append(Fault("status", "reject", times=None))
    page.start()
    page.advance(60, step=5)
    page.stub.proxy.faults.clear()


def _in_another_tab(page: RecordPage) -> None:
    owner = page.tab()
    owner.start()
    owner.advance(3)
    expect(page.unit()).to_have_attribute("data-state", "running")


def _could_not_run(page: RecordPage) -> None:
    page.stub.proxy.faults.append(
        Fault("token", "answer", status=400, body='{"code": 400, "description": "Illegal License."}')
    )
    page.start()


def _run_before(page: RecordPage) -> None:
    page.start()
    page.advance(15)
    page.line().get_by_role("button", name="閉じる").or_(page.line().get_by_role("button", name="Close")).click()


def _three_at_once(page: RecordPage) -> None:
    page.stub.services["krewdata"].units["abcdefghijklmn"].flows[0].seconds = 30
    page.stub.services["trocco"].japan.job_definitions[123].outcome = "error"
    for unit_id in ("recalculate", "load", "nightly"):
        page.start(unit_id)
        page.advance(3)
    page.advance(12)


def _in_a_narrow_space(page: RecordPage) -> None:
    area = page.unit().locator("xpath=../..")
    area.evaluate("area => { area.style.width = '150px'; }")
    page.stub.services["krewdata"].units["abcdefghijklmn"].flows[0].outcome = "Failure"
    page.start()
    page.advance(8)


LOAD = {**TROCCO_UNIT, "id": "load"}
NIGHTLY = {
    "id": "nightly",
    "service": "trocco-workflow",
    "pipeline_definition_id": 45,
    "api_key": "fake-api-key-not-a-secret",
    "label": {"ja": "夜間処理", "en": "Nightly"},
}
FOURTH = {**TROCCO_UNIT, "id": "fourth", "label": {"ja": "在庫を数え直す", "en": "Count the stock"}}

STATES = (
    State("idle", "idle", lambda _: None),
    State("confirming", "confirming", _confirming),
    State("starting", "starting", _starting),
    State("queued", "queued", _queued),
    State("running", "running", _running),
    State("running-with-usual", "running", _running_as_usual),
    State("succeeded", "succeeded", _succeeded),
    State("failed", "failed", _failed),
    State("canceled", "canceled", _canceled, TROCCO_UNIT),
    State("skipped", "skipped", _skipped, TROCCO_UNIT),
    State("unknown", "unknown", _unknown),
    State("other-tab", "running", _in_another_tab),
    State("could-not-run", "failed", _could_not_run),
    State("run-before", "idle", _run_before),
    State("four-buttons", "idle", lambda _: None, beside=(LOAD, NIGHTLY, FOURTH)),
    State("three-at-once", "running", _three_at_once, beside=(LOAD, NIGHTLY)),
    State("narrow-space", "failed", _in_a_narrow_space, {**KREWDATA_UNIT, "space": "run-area"}),
)


def in_state(serve_config: Callable[..., RecordPage], state: State, path: str) -> RecordPage:
    """A page in this state."""
    page = serve_config(state.config)
    page.open(path)
    state.reach(page)
    expect(page.unit()).to_have_attribute("data-state", state.data_state)
    return page


@contextmanager
def at(state: State, context: BrowserContext, device: str, language: str) -> Iterator[RecordPage]:
    config = state.config
    js = script(config.apps[0])
    stub = stub_for(config, lambda _: Script(js=js), StoppedClock())
    with serve(stub) as address:
        page = RecordPage(context.new_page(), stub, address, [])
        page.open(PATHS[device], lang=language)
        state.reach(page)
        yield page
        page.forget()
        page.page.close()


def _around(page: RecordPage) -> FloatRect:
    """The part of the page to look at: the place's buttons and panels; the whole page if a dialog is open."""
    size = page.page.viewport_size or {"width": 640, "height": 400}
    page.page.evaluate("scrollTo(0, 0)")
    place = page.page.locator(".rb-place")
    box = place.bounding_box()
    if box is None or page.dialog.count():
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"]}
    # Open details reach below the place.
    boxes = [box, *(details.bounding_box() for details in place.get_by_role("group").all())]
    bottom = max(each["y"] + each["height"] for each in boxes if each)
    return {"x": 0, "y": box["y"] - 8, "width": size["width"], "height": bottom - box["y"] + 24}


def write_pictures(folder: Path) -> None:
    """Writes `<state>-<device>-<language>.png` for each state."""
    folder.mkdir(parents=True, exist_ok=True)
    with launched() as browser:
        for device, language, width in LOOKS:
            context = browser.new_context(viewport={"width": width, "height": 400}, timezone_id="Asia/Tokyo")
            for state in STATES:
                with at(state, context, device, language) as page:
                    picture = folder / f"{state.name}-{device}-{language}.png"
                    page.page.screenshot(path=picture, clip=_around(page), full_page=True, animations="disabled")
            context.close()


if __name__ == "__main__":
    write_pictures(Path(sys.argv[1]) if sys.argv[1:] else PICTURES)
