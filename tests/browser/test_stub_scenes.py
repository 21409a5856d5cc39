"""The gallery and its scenes: every state side by side, each an address that sets the scene."""

import itertools
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from generator.preview import Preview
from generator.stub.server import serve

UNITS = """\
version: 1
plugin: {name: {en: Run}, key: private.ppk}
apps:
  - app: 45
    name: orders
    units:
      - {id: load, service: trocco-job, job_definition_id: 7, label: {ja: 取り込む, en: Load}}
"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    config = tmp_path / "units.yaml"
    config.write_text(UNITS, encoding="utf-8")
    with serve(Preview(config, dict, tmp_path / ".env").stub) as url:
        yield url


STATE_OF = {
    "Before a run": "idle", "Confirming": "confirming", "Starting": "starting", "Running": "running",
    "Succeeds (succeeded)": "succeeded", "Fails (error)": "failed", "Is canceled (canceled)": "canceled",
    "Is skipped, because one is running (skipped)": "skipped", "Waits and never starts (queued)": "queued",
}  # fmt: skip


KEEP = """(titles) => {
  for (const frame of document.querySelectorAll("iframe")) if (!titles.includes(frame.title)) frame.remove();
}"""


@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.exhaustive)])
@pytest.mark.usefixtures("noise")
def test_the_gallery_shows_every_state_side_by_side(address: str, page: Page, every: int) -> None:
    # One look of each state is enough: three dozen pages take long to load.
    looks = itertools.cycle(("Desktop, ja", "Mobile, en", "Mobile, ja", "Desktop, en"))
    state_of = {f"{words}, {look}": state for (words, state), look in zip(STATE_OF.items(), looks, strict=False)}
    titles = list(state_of)[::every]
    with httpx.Client(trust_env=False) as web:
        gallery = web.get(f"{address}/scenes?lang=en").text
    frames = {title: unescape(path) for path, title in re.findall(r'<iframe src="([^"]+)" .*?title="([^"]+)"', gallery)}
    assert frames.keys() >= state_of.keys()
    shown = [address + frames[title] for title in titles]
    page.route(
        "**/scene/**",
        lambda route: route.continue_() if route.request.url in shown else route.fulfill(body=""),
    )
    # Frames below the window are loaded later.
    page.set_viewport_size({"width": 1280, "height": 200})
    page.goto(f"{address}/?lang=en")
    page.get_by_role("link", name="Every state").click()
    expect(page.locator("h2")).to_have_text(list(STATE_OF))
    expect(page.get_by_role("heading", name="Gallery")).to_be_visible()
    page.evaluate(KEEP, titles)
    page.set_viewport_size({"width": 1280, "height": 900})
    # Also a plug-in's button without a typed secret: a scene has its settings.
    for title in titles:
        # Hidden frames are not loaded, and hardly run.
        page.get_by_title(title, exact=True).scroll_into_view_if_needed()
        frame = page.frame_locator(f'iframe[title="{title}"]')
        button = frame.locator('[data-runbutton="load"]')
        expect(button).to_have_attribute("data-state", state_of[title], timeout=30_000)
        expect(button).to_contain_text("Load" if title.endswith("en") else "取り込む")
        # Nobody clicks in a frame: the details of a run are open.
        expect(frame.get_by_role("button", expanded=False)).to_have_count(0)
        if state_of[title] == "running":
            expect(frame.get_by_role("button", expanded=True)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_failure_is_an_address_that_can_be_shared(address: str, page: Page, noise: list[str]) -> None:  # noqa: ARG001
    # Frames that are left while they load report errors.
    page.route(
        "**/scene/**", lambda route: route.fulfill(body="") if route.request.frame.parent_frame else route.continue_()
    )
    page.set_viewport_size({"width": 1280, "height": 200})
    page.goto(f"{address}/scenes?group=start&lang=en", wait_until="domcontentloaded")
    page.get_by_role("link", name="Desktop").first.click()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.locator('[data-runbutton="load"]')).to_have_attribute("data-state", "unknown")
    # The scene has its own choices; those of the preview stay unchanged.
    expect(page.get_by_label("Failing request")).to_have_value("trocco/start")
    page.goto(f"{address}/k/45/show?lang=en#record=1")
    expect(page.get_by_label("Failing request")).to_have_value("")
    page.get_by_label("TROCCO result").select_option("skipped")
    expect(page.get_by_text("Applied")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Link to a run of Load").click()
    expect(opened.value.locator('[data-runbutton="load"]')).to_have_attribute("data-state", "skipped", timeout=30_000)
    opened.value.close()
