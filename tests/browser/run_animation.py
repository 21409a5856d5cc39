"""A run as an animated picture: the click, the question, the flows, and the end."""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import BrowserContext, Locator, expect

from generator.stub.services.krewdata.runs import Flow
from tests.browser.record_page import UNIT, RecordPage
from tests.browser.states import State, at
from tests.conftest import KREWDATA_UNIT

WIDTH, HEIGHT, TOP = 760, 420, 48
"""What is seen: the page below its top bar."""

UNIT_SHOWN = {**KREWDATA_UNIT, "record": ["件名", "部門名", "入荷日"]}
FLOWS = {
    "ja": ("受注データの抽出", "部門別の集計", "集計アプリへの出力"),
    "en": ("Extract orders", "Sum up by department", "Write the totals"),
}
VALUES: Mapping[str, Mapping[str, str]] = {"ja": {}, "en": {"件名": "Order 1", "部門名": "Sales"}}
CONFIRM = {"ja": "実行する", "en": "Run"}

_POINTER = """([x, y]) => {
  const known = document.getElementById("pointer");
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="22" height="30" viewBox="0 0 22 30">' +
    '<path d="M2 2v22l5.4-5 3.6 8.4 4-1.7-3.5-8.2H19z" fill="#111" stroke="#fff" stroke-width="2"/></svg>';
  const image = known ?? new Image();
  Object.assign(image, { id: "pointer", alt: "", src: "data:image/svg+xml," + encodeURIComponent(svg) });
  image.style.cssText = `position:fixed;left:${x}px;top:${y}px;z-index:99999;margin:0;border:0;pointer-events:none`;
  // Above an open dialog too: it covers everything outside it.
  (document.querySelector("dialog[open]") ?? document.body).append(image);
  return image.decode();
}"""


class Frame(NamedTuple):
    """A picture as PNG, and how long it is shown."""

    png: bytes
    milliseconds: int


def frames(context: BrowserContext, language: str) -> Iterator[Frame]:
    """The click, the question, the flows, and the end."""
    label = KREWDATA_UNIT["label"][language]
    with at(State("idle", "idle", lambda _: None, UNIT_SHOWN), context, "desktop", language) as shown:
        page = shown.page
        shown.stub.services["krewdata"].units[UNIT].flows = [Flow(name, 4) for name in FLOWS[language]]
        for code, value in VALUES[language].items():
            shown.stub.apps[45].records[1][code]["value"] = value
        shown.reload()
        # These words of the sample are Japanese in both languages.
        page.add_style_tag(content=".stub-process { display: none; }")
        button = shown.unit().get_by_role("button", name=label).first
        yield _frame(shown, 900)
        _point_at(button)
        yield _frame(shown, 700)
        button.click()
        confirm = shown.dialog.get_by_role("button", name=CONFIRM[language], exact=True)
        expect(confirm).to_be_visible()
        page.mouse.move(0, 0)
        yield _frame(shown, 900)
        _point_at(confirm)
        yield _frame(shown, 900)
        confirm.click()
        shown.begun()
        page.evaluate("document.getElementById('pointer')?.remove()")
        yield _frame(shown, 500)
        is_open = False
        for _ in range(40):
            shown.advance(1, step=1)
            state = shown.unit().get_attribute("data-state")
            if state == "succeeded":
                break
            yield _frame(shown, 300)
            if state == "running" and not is_open:
                is_open = True
                yield from _open_details(shown, label)
        expect(shown.unit()).to_have_attribute("data-state", "succeeded")
        yield _frame(shown, 2500)


def _open_details(shown: RecordPage, label: str) -> Iterator[Frame]:
    """Opens the list of flows if it is closed."""
    details = shown.page.get_by_role("button", name=label, expanded=False)
    if details.count():
        _point_at(details.last)
        yield _frame(shown, 600)
        details.last.click()
        shown.page.evaluate("document.getElementById('pointer')?.remove()")


def _point_at(target: Locator) -> None:
    box = target.bounding_box()
    assert box
    target.page.evaluate(_POINTER, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])


def _frame(shown: RecordPage, milliseconds: int) -> Frame:
    png = shown.page.screenshot(
        clip={"x": 0, "y": TOP, "width": WIDTH, "height": HEIGHT}, animations="disabled", caret="hide"
    )
    return Frame(png, milliseconds)


def animated(some: Sequence[Frame]) -> bytes:
    """The frames as one picture that begins again: WebP without loss, which every browser and forge shows."""
    images = [Image.open(io.BytesIO(frame.png)).convert("RGB") for frame in some]
    made = io.BytesIO()
    images[0].save(
        made,
        "WEBP",
        save_all=True,
        append_images=images[1:],
        duration=[frame.milliseconds for frame in some],
        loop=0,
        lossless=True,
        quality=100,
        method=4,
    )
    return made.getvalue()
