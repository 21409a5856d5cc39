"""A record page as its user drives it: the built script on the stubbed kintone, with its time standing still."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, FloatRect, Locator, Page, expect

from generator.stub.proxy import Sent
from generator.stub.tenant import Stub
from generator.stub.wire import Clock

UNIT = "abcdefghijklmn"
"""The krewData unit of tests.conftest's KREWDATA_UNIT, as the emulator knows it."""

# A page loads while its clock runs; the clock is then stopped this much later.
_LOADING = 60

SHOWN = "window.stub && stub.shown > 0"

# A run takes a Web Lock before its first call; a question to the lock manager comes back after the lock is granted.
_SETTLED = """async () => {
  for (let quiet = 0; quiet < 3; ) {
    await (navigator.locks ? navigator.locks.query() : scheduler.postTask(() => {}));
    quiet = globalThis.stub?.pending ? 0 : quiet + 1;
  }
}"""

_ANSWERING = """
  const answer = (...words) => [...document.querySelectorAll(":is(dialog, [role=dialog]) button")]
    .find((button) => words.includes(button.textContent.trim()));
  const until = async (done) => { while (!done()) await scheduler.postTask(() => {}, { delay: 1 }); };
"""


def answering(body: str) -> str:
    """A script for the page that gets `given`: answer() is the open question's button with one of these words."""
    return f"async (given) => {{{_ANSWERING}{body}}}"


_STARTED = answering("""
  const found = document.querySelectorAll(`[data-runbutton="${given}"]`);
  const run = found[0]?.querySelector("button.rb-run");
  if (found.length !== 1 || run.ariaBusy === "true") {
    throw new Error(`${found.length} buttons of ${given}, the first ${run?.ariaBusy === "true" ? "busy" : "free"}`);
  }
  const confirm = () => answer("実行する", "Run");
  run.click();
  await until(confirm);
  confirm().click();
  await until(() => found[0].dataset.state !== "confirming");
""")

_STATE = """(id) => {
  const found = document.querySelectorAll(`[data-runbutton="${id}"]`);
  if (found.length !== 1) throw new Error(`${found.length} buttons of ${id}`);
  return found[0].dataset.state;
}"""


# The address of a document that has been left.
_LEFT = "/left"


def box(locator: Locator) -> FloatRect:
    """An element's position and size."""
    found = locator.bounding_box()
    assert found
    return found


def leave(page: Page) -> None:
    """Makes another document of whatever is opened next: from an address to itself, a browser would only look at the
    part after #. To load an empty page in between costs as much as a third of a short test."""
    page.evaluate("path => history.replaceState(null, '', path)", _LEFT)


def is_left(page: Page) -> bool:
    """Whether leave() was the last that was done there."""
    return page.url.endswith(_LEFT)


def wait_until(page: Page, condition: str) -> None:
    """Waits for a JavaScript expression of the loaded page to be true. Playwright's own wait_for_function looks once a
    frame, by a script that each document has to be given first: ten times as long."""
    page.evaluate(f"(async () => {{ while (!({condition})) await scheduler.postTask(() => {{}}, {{ delay: 1 }}); }})()")


def listen(page: Page, found: list[str]) -> Callable[[], None]:
    """Collects console errors and page errors; returns a function that ends it."""

    def console(message: ConsoleMessage) -> None:
        # The stub's proxy answers a rejection with an HTTP error, as kintone's own does; the browser reports it itself.
        if message.type == "error" and "/k/api/" not in str(message.location.get("url", "")):
            found.append(f"console: {message.text}")

    def failed(error: Error) -> None:
        found.append(f"page error: {error}")

    def stop() -> None:
        page.remove_listener("console", console)
        page.remove_listener("pageerror", failed)

    page.on("console", console)
    page.on("pageerror", failed)
    return stop


@contextmanager
def listening(page: Page) -> Iterator[list[str]]:
    """Collects console errors and page errors."""
    found: list[str] = []
    stop = listen(page, found)
    yield found
    stop()


@contextmanager
def hearing(page: Page, event: Any, heard: Callable[[Any], None]) -> Iterator[None]:
    """Calls `heard` with each of the page's events of a kind, such as `console` or `request`."""

    def hear(it: Any) -> None:  # Playwright takes no built-in.
        heard(it)

    page.on(event, hear)
    try:
        yield
    finally:
        page.remove_listener(event, hear)


class StoppedClock(Clock):
    """The services' time, which only advance() moves, so a slow machine changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._now = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


# An answer that is still on its way must not write anything down again.
FORGET = "Storage.prototype.setItem = () => {}; sessionStorage.clear(); localStorage.clear()"


class RecordPage:
    """A page of the stubbed kintone with the built customization, driven as its user would."""

    def __init__(self, page: Page, stub: Stub, address: str, noise: list[str]) -> None:
        self.page = page
        self.stub = stub
        self.address = address
        self.noise = noise
        self.tabs: list[Page] = []

    def open(self, path: str = "/k/45/show#record=1", *, lang: str = "ja") -> "RecordPage":
        """Loads a page and stops its clock, so that only advance() moves time."""
        # Not by ?lang=: kintone's own addresses have none, and paging to one of them would load a new document.
        self.page.context.add_cookies([{"name": "stub-language", "value": lang, "url": self.address}])
        if self.page.url != "about:blank":
            leave(self.page)
        self.page.clock.install(time=self.stub.clock.now())
        self.page.goto(f"{self.address}{path}")
        wait_until(self.page, SHOWN)
        self.stub.clock.advance(_LOADING)
        self.page.clock.pause_at(self.stub.clock.now())
        self.settle()
        return self

    def reload(self) -> None:
        """Reloads the page, without any time passing."""
        self.page.reload()
        wait_until(self.page, SHOWN)
        self.settle()

    def tab(self, path: str = "/k/45/show#record=1", *, script: str = "") -> "RecordPage":
        """Another tab of the same browser, whose time moves with this one's; `script` runs before all others."""
        tab = RecordPage(self.page.context.new_page(), self.stub, self.address, self.noise)
        listen(tab.page, self.noise)
        self.tabs.append(tab.page)
        tab.page.add_init_script(script)
        tab.page.goto(f"{self.address}{path}")
        wait_until(tab.page, SHOWN)
        tab.settle()
        return tab

    def forget(self) -> None:
        """Leaves the page, and nothing that it kept for its next load."""
        for tab in self.tabs:
            tab.close()
        if self.page.url.startswith(self.address):
            self.page.evaluate(FORGET)
            # Its clock is stopped, so it is idle unless it waits for something.
            if self.page.evaluate("globalThis.stub?.pending === 0"):
                leave(self.page)
            else:
                self.page.goto("about:blank")

    def unit(self, unit_id: str = "recalculate") -> Locator:
        return self.page.locator(f'[data-runbutton="{unit_id}"]')

    def button(self, unit_id: str = "recalculate") -> Locator:
        return self.unit(unit_id).locator("button.rb-run")

    def line(self, unit_id: str = "recalculate") -> Locator:
        """The element with the current activity of the unit's run."""
        return self.page.locator(f'[data-line="{unit_id}"]')

    def is_busy(self) -> bool:
        return self.button().get_attribute("aria-busy") == "true"

    def status(self, unit_id: str = "recalculate") -> str:
        """The text for screen readers about the run, after the button's label."""
        words = self.unit(unit_id).get_by_role("status").inner_text()
        return words.removeprefix(self.button(unit_id).inner_text()).lstrip("：: ")

    def state(self, unit_id: str = "recalculate") -> str:
        state: str = self.page.evaluate(_STATE, unit_id)
        return state

    def flows(self, unit_id: str = "recalculate") -> list[tuple[str, str]]:
        """Each flow's name and state, as they are listed."""
        listed = self.line(unit_id).locator(".rb-steps li").all()
        return [(flow.locator(".rb-name").inner_text(), flow.get_attribute("data-step") or "") for flow in listed]

    def details(self, unit_id: str = "recalculate") -> str:
        """Opens the details, and reads the service's own words in them."""
        self.open_details(unit_id)
        return self.line(unit_id).locator("pre").inner_text()

    def open_details(self, unit_id: str = "recalculate") -> None:
        if self.line(unit_id).locator(".rb-details").is_hidden():
            self.line(unit_id).locator(".rb-more").click()

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def confirm_by_keyboard(self) -> None:
        """Confirms the question that kintone's dialog asks: the focus is on the button that runs."""
        expect(self.dialog.get_by_role("button", name="実行する")).to_be_focused()
        self.page.keyboard.press("Enter")

    def ask(self, unit_id: str = "recalculate") -> Locator:
        """Clicks Run; gives the dialog's button that confirms."""
        self.button(unit_id).click()
        return self.dialog.get_by_role("button", name="実行する").or_(
            self.dialog.get_by_role("button", name="Run", exact=True)
        )

    def start(self, unit_id: str = "recalculate") -> None:
        """Clicks Run and confirms. A script does, which takes a tenth of a mouse's time: the mouse is for ask()."""
        self.page.evaluate(_STARTED, unit_id)
        self.settle()

    def begun(self, unit_id: str = "recalculate") -> None:
        """Waits, after a click or a confirmation, until the page is idle."""
        expect(self.unit(unit_id)).not_to_have_attribute("data-state", "confirming")
        self.settle()

    def resume(self) -> None:
        """Clicks the page's button for a run whose status was lost."""
        self.line().get_by_role("button", name="実行状況を再確認").click()
        self.settle()

    def settle(self) -> None:
        """Waits, in real time, until no proxy call of any tab is in progress or about to start."""
        tabs = self.page.context.pages
        # A message from another tab may cause a call.
        for tab in tabs if len(tabs) == 1 else [*tabs, *tabs]:
            tab.evaluate(_SETTLED)

    def advance(self, seconds: float, step: float = 3) -> None:
        """Moves the page's and the services' time together; requests within a step are answered at its end."""
        moved = 0.0
        while moved < seconds:
            part = min(step, seconds - moved)
            self.stub.clock.advance(part)
            self.page.clock.run_for(part * 1000)
            self.settle()
            moved += part

    def shown_again(self, move: Callable[[], None]) -> None:
        """Does what makes kintone show a record without a reload, and waits until it is shown."""
        shown = self.page.evaluate("stub.shown")
        move()
        wait_until(self.page, f"stub.shown > {shown}")

    def sent(self, end: str) -> list[dict[str, Any]]:
        """The bodies of the requests whose address ends so, oldest first."""
        return [json.loads(sent.request.body) for sent in self.stub.requests if sent.request.url.endswith(end)]

    @staticmethod
    def answer(sent: Sent) -> dict[str, Any]:
        """The JSON of an answer, whether or not it reached the page."""
        answer: dict[str, Any] = json.loads(sent.response.body)
        return answer


Serve = Callable[..., RecordPage]
"""What the fixture serve_config gives."""
