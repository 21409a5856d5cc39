"""The guide's pictures, taken of the preview: `python -m tests.browser.guide_pictures` writes them anew."""

from pathlib import Path

from playwright.sync_api import BrowserContext

from generator.build import make
from generator.guide import FOLDER, LANGUAGES
from generator.signing import new_key
from generator.stub.configured import stub_for
from generator.stub.rest import read_plugin
from generator.stub.server import serve
from generator.stub.tenant import Script
from tests.browser.states import LOAD, NIGHTLY, STATES, State, at, launched
from tests.browser.test_plugin_settings import CONFIG

_WIDTH = 900


def write_pictures(folder: Path = FOLDER / "pictures") -> None:
    """Writes each picture in both languages."""
    folder.mkdir(exist_ok=True)
    running = next(state for state in STATES if state.name == "running")
    with launched() as browser:
        for language in LANGUAGES:
            context = browser.new_context(
                viewport={"width": _WIDTH, "height": 460}, timezone_id="Asia/Tokyo", device_scale_factor=1.5
            )
            with at(
                State("running", "running", running.reach, beside=(LOAD, NIGHTLY)), context, "desktop", language
            ) as page:
                page.page.screenshot(path=folder / f"running-{language}.png", animations="disabled")
            _settings(context, language, folder / f"settings-{language}.png")
            context.close()


def _settings(context: BrowserContext, language: str, path: Path) -> None:
    package = make(CONFIG, new_key())["plugin/plugin.zip"]
    stub = stub_for(CONFIG, lambda _: Script(), plugins=lambda app: [package] if app == 45 else [])
    with serve(stub) as address:
        page = context.new_page()
        # The bar with the button stays at the bottom of the window.
        page.set_viewport_size({"width": _WIDTH, "height": 900})
        page.goto(f"{address}/k/admin/app/45/plugin/config?pluginId={read_plugin(package).id}&lang={language}")
        page.locator("#rb-settings h1").wait_for()
        page.locator("#rb-settings").screenshot(path=path)
        page.close()


if __name__ == "__main__":
    write_pictures()
