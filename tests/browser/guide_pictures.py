"""The pictures of the README and the guide: `python -m tests.browser.guide_pictures` takes them anew.

It finds its way by roles, labels and `data-state` alone, so that another look of the pages changes nothing here.
"""

from pathlib import Path

from playwright.sync_api import BrowserContext

from generator.build import make
from generator.guide import FOLDER
from generator.signing import new_key
from generator.stub.configured import stub_for
from generator.stub.rest import read_plugin
from generator.stub.server import serve
from generator.stub.tenant import Script
from generator.words import LANGUAGES
from tests.browser import run_animation
from tests.browser.chromium import launched
from tests.browser.test_plugin_settings import CONFIG
from tests.browser.whole_file import write_whole

_WIDTH, _SCALE = 900, 1.5


def write_pictures(folder: Path = FOLDER / "pictures") -> None:
    """Writes each picture in both languages, each whole or not at all."""
    with launched() as browser:
        for language in LANGUAGES:
            context = browser.new_context(
                viewport={"width": run_animation.WIDTH, "height": run_animation.TOP + run_animation.HEIGHT},
                timezone_id="Asia/Tokyo",
                device_scale_factor=_SCALE,
            )
            run = run_animation.animated(list(run_animation.frames(context, language)))
            write_whole(folder / f"run-{language}.webp", run)
            write_whole(folder / f"settings-{language}.png", _settings(context, language))
            context.close()


def _settings(context: BrowserContext, language: str) -> bytes:
    package = make(CONFIG, new_key())["plugin/plugin.zip"]
    stub = stub_for(CONFIG, lambda _: Script(), plugins=lambda app: [package] if app == 45 else [])
    with serve(stub) as address:
        page = context.new_page()
        # The bar with the button stays at the bottom of the window.
        page.set_viewport_size({"width": _WIDTH, "height": 900})
        page.goto(f"{address}/k/admin/app/45/plugin/config?pluginId={read_plugin(package).id}&lang={language}")
        page.locator("#rb-settings h1").wait_for()
        picture = page.locator("#rb-settings").screenshot()
        page.close()
    return picture


if __name__ == "__main__":
    write_pictures()
