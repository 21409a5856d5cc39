"""The built script on the stubbed page: a stub for each test, and a page that fails on anything unexpected."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from generator.customization import script
from generator.stub.configured import stub_for
from generator.stub.tenant import Script
from generator.units.config import App, Config
from tests.browser.chromium import AS_ROOT, find_chromium
from tests.browser.record_page import FORGET, RecordPage, StoppedClock, is_left, listen
from tests.conftest import config_of
from tests.host import Host

# Chromium's own look-ups do not belong in a test, and fail noisily without a network.
_QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic")
# A tab keeps its frame from page to page, which saves a tenth of each load. The first feature is Playwright's choice.
_ONE_FRAME = "--enable-features=CDPScreenshotNewSurface,RenderDocument:level/crashed-frame"
# Chromium's own toolbar is made of web pages too, which nobody sees. The first features are Playwright's choice.
_NO_WINDOW = (
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,"
    "AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,PreconnectToSearch,"
    "InitialWebUI,WebUIReloadButton,WebUIToolbar,WebUIOmniboxPopup,PreloadTopChromeWebUI"
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    program = find_chromium(Path(playwright.chromium.executable_path))
    return {**browser_type_launch_args, "executable_path": program, "args": [*_QUIET, _ONE_FRAME, _NO_WINDOW, *AS_ROOT]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 900},
        "timezone_id": "Asia/Tokyo",
        # Drawing animations takes a third of a page's CPU time.
        "reduced_motion": "reduce",
    }


@pytest.fixture
def noise(running_noise: list[str], page: Page) -> Iterator[list[str]]:  # noqa: ARG001
    """Console errors and page errors of `page`; a test that expects one takes it out."""
    running_noise.clear()
    yield running_noise
    assert running_noise == []


@pytest.fixture(scope="session")
def lasting_page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """One page for all tests that stop its clock: a page of its own costs a test more than all that it does there. Each
    test loads a new document, from a server of its own."""
    with closing(browser.new_context(**browser_context_args)) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def running_page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """The same for tests that let the page's clock run: a stopped one stays stopped."""
    with closing(browser.new_context(**browser_context_args)) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def lasting_noise(lasting_page: Page) -> list[str]:
    """Errors of the lasting page. Registering a new listener costs each test as much as a click."""
    found: list[str] = []
    listen(lasting_page, found)
    return found


@pytest.fixture(scope="session")
def running_noise(running_page: Page) -> list[str]:
    """Errors of the running page."""
    found: list[str] = []
    listen(running_page, found)
    return found


@pytest.fixture
def page(running_page: Page) -> Iterator[Page]:
    """The running page, as if it were new."""
    running_page.set_viewport_size({"width": 1280, "height": 900})
    yield running_page
    running_page.unroute_all()
    if running_page.url.startswith("http:"):
        running_page.evaluate(FORGET)
    if not is_left(running_page):
        running_page.goto("about:blank")
    running_page.context.clear_cookies()


@pytest.fixture
def config(krewdata_unit: dict[str, Any]) -> Config:
    """An app with one krewData unit, which most tests are content with."""
    return config_of(krewdata_unit)


@pytest.fixture
def serve_config(lasting_page: Page, lasting_noise: list[str], host: Host) -> Iterator[Callable[..., RecordPage]]:
    """Serves a config's scripts on the stub, with `before` and `after` them what other people's scripts do. An error on
    the page or a request that nobody knows fails the test, unless it takes it out of `noise` or `stub.unknown`."""
    served: list[RecordPage] = []
    lasting_noise.clear()
    with ExitStack() as stack:

        def start(
            config: Config, *, before: str = "", after: str = "", build: Callable[[App], str] = script
        ) -> RecordPage:
            scripts = {app.app: f"{before}\n{build(app)}\n{after}" for app in config.apps}
            stub = stub_for(config, lambda app_id: Script(js=scripts[app_id]), StoppedClock())
            page = RecordPage(lasting_page, stub, stack.enter_context(host.serve(stub)), lasting_noise)
            served.append(page)
            return page

        yield start
        for page in served:
            page.forget()
        lasting_page.unroute_all()
        lasting_page.context.clear_cookies()
    assert [line for page in served for line in page.stub.unknown] == []
    assert lasting_noise == []


@pytest.fixture
def window(lasting_page: Page) -> Iterator[Callable[[int, int], None]]:
    """Sizes the window for one test; and what a test emulates goes with it."""
    size = lasting_page.viewport_size
    assert size

    def resize(width: int, height: int) -> None:
        lasting_page.set_viewport_size({"width": width, "height": height})

    yield resize
    lasting_page.set_viewport_size(size)
    lasting_page.emulate_media(media="null", forced_colors="null", reduced_motion="reduce", contrast="null")
