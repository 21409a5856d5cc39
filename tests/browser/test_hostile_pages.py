"""The button on pages whose own rules would spoil it, and with more text than there is room for."""

from generator.units.config import Config
from tests.browser.record_page import UNIT, Serve
from tests.browser.test_layout import box

# --- pages of others

HOSTILE = """
  details, dialog, progress { display: none }
  dialog { min-width: 100vw; min-height: 100vh; background: red }
  button { all: unset }
  li { float: left; width: 30px; list-style: disc }
  p { color: red; font-size: 40px; text-indent: 90px }
  summary { display: block; position: static; padding: 20px }
  ol { columns: 3; padding: 30px }
  h2 { color: red; text-transform: uppercase }
  b { color: red; font-size: 30px }
  a { color: yellow; display: block }
  pre { color: yellow; background: black; white-space: pre }
  [hidden] { display: block !important }
  * { box-sizing: content-box }
"""

MEASURES = """() => [...document.querySelectorAll(".rb-place :not(svg, svg *)")].map((element) => {
  const { width, height, left } = element.getBoundingClientRect();
  const { color, fontSize, display } = getComputedStyle(element);
  return [element.className || element.tagName, width, height, left, color, fontSize, display].join(" ");
})"""


def test_rules_of_others_for_bare_elements_change_nothing(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    page.stub.services["krewdata"].units[UNIT].flows[1].outcome = "Failure"
    page.open()

    def same() -> None:
        before = page.page.evaluate(MEASURES)
        style = page.page.add_style_tag(content=HOSTILE)
        changed = [pair for pair in zip(before, page.page.evaluate(MEASURES), strict=True) if pair[0] != pair[1]]
        assert changed == []
        style.evaluate("element => element.remove()")

    confirm = page.ask()
    same()
    confirm.click()
    page.begun()
    page.advance(7)
    same()
    page.advance(10)
    assert page.state() == "failed"
    same()


def test_long_details_scroll(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    flow = page.stub.services["krewdata"].units[UNIT].flows[0]
    flow.outcome, flow.error_message = "Failure", "Settings are wrong. " * 200
    page.start()
    page.advance(8)
    page.details()
    assert box(page.line().locator("pre"))["height"] < 200
    assert box(page.line().locator(".rb-details"))["height"] < 480
