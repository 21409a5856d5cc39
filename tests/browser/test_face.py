"""How it looks, reads and is used: axe in every state, narrow windows, the keyboard, words in both languages."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from generator.assets import TEMPLATES
from generator.stub.services.krewdata.errors import ERRORS
from generator.stub.services.krewdata.runs import Flow
from generator.stub.services.trocco.errors import ERRORS as TROCCO_ERRORS
from generator.units.config import Config
from tests.browser.axe import violations
from tests.browser.conftest import RecordPage
from tests.browser.states import PATHS, STATES, State
from tests.conftest import KREWDATA_UNIT, config_of
from tests.linked import function

Serve = Callable[..., RecordPage]

UNIT = "abcdefghijklmn"
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
LONG = {"ja": "とても長い名前の処理" * 8, "en": "Recalculate-and-distribute-everything-" * 4}


@pytest.fixture
def config(krewdata_unit: dict[str, Any]) -> Config:
    return config_of(krewdata_unit)


@pytest.fixture
def window(lasting_page: Page) -> Iterator[Callable[[int, int], None]]:
    """Sizes the window for one test; and what a test emulates goes with it."""
    size = lasting_page.viewport_size
    assert size

    def resize(width: int, height: int) -> None:
        lasting_page.set_viewport_size({"width": width, "height": height})

    yield resize
    lasting_page.set_viewport_size(size)
    lasting_page.emulate_media(media="null", forced_colors="null", reduced_motion="null", contrast="null")


def in_state(serve_config: Serve, state: State, path: str) -> RecordPage:
    page = serve_config(config_of(state.unit))
    page.stub.switches.own_dialogs = False
    page.open(path)
    state.reach(page)
    assert page.state() == state.data_state
    return page


# --- axe


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("state", STATES, ids=[state.name for state in STATES])
def test_axe_finds_nothing_in_any_state(serve_config: Serve, state: State, path: str) -> None:
    page = in_state(serve_config, state, path)
    page.page.clock.resume()
    assert violations(page.page, "[data-runbutton], dialog") == []


# --- narrow and zoomed


TOO_WIDE = """() => [...document.querySelectorAll("[data-runbutton], [data-runbutton] *, dialog, dialog *")]
  .filter((element) => {
    const { right, left, width } = element.getBoundingClientRect();
    return width > 0 && (left < -0.5 || right > document.documentElement.clientWidth + 0.5);
  })
  .map((element) => element.outerHTML.slice(0, 80))"""


# 640 pixels are what a window of 1280 has at 200 %.
@pytest.mark.parametrize(("kind", "width"), [("mobile", 320), ("desktop", 640)])
@pytest.mark.parametrize("language", LONG)
def test_long_labels_and_flow_names_wrap_in_narrow_windows(
    serve_config: Serve, window: Callable[[int, int], None], kind: str, width: int, language: str
) -> None:
    window(width, 640)
    page = serve_config(config_of({**KREWDATA_UNIT, "label": LONG}))
    page.stub.switches.own_dialogs = False
    page.stub.services["krewdata"].units[UNIT].flows = [
        Flow(LONG[language], 5),
        Flow(LONG[language], 5, "Failure", "9" * 50, "w" * 200),
    ]
    page.open(PATHS[kind], lang=language)
    confirm = page.ask()
    expect(confirm).to_be_in_viewport()
    assert page.page.evaluate(TOO_WIDE) == []
    confirm.click()
    page.begun()
    page.advance(3)
    assert page.page.evaluate(TOO_WIDE) == []
    page.advance(12)
    assert page.state() == "failed"
    page.details()
    assert page.page.evaluate(TOO_WIDE) == []
    if kind == "mobile":
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_panel_pushes_the_record_down_and_never_covers_it(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    record = page.page.get_by_text("仕入れ 1", exact=True)
    before = record.bounding_box()
    page.start()
    page.advance(3)
    panel, after = page.unit().bounding_box(), record.bounding_box()
    assert before
    assert panel
    assert after
    assert after["y"] > before["y"]
    assert panel["y"] + panel["height"] <= after["y"]


def test_the_panel_closes_and_opens_again_and_stays_as_it_was_left(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.start()
    page.advance(3)
    flows = page.unit().get_by_role("list")
    expect(flows).to_be_visible()
    page.unit().get_by_text("経過").click()
    expect(flows).to_be_hidden()
    page.advance(3)
    expect(flows).to_be_hidden()
    # What is going on is said all the same.
    assert page.status() != ""
    page.unit().get_by_text("経過").click()
    expect(flows).to_be_visible()


# --- keyboard


def test_the_focus_is_never_lost_on_the_way_through_a_run(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    page.stub.switches.own_dialogs = False
    page.open()
    has_focus = "element => element.contains(document.activeElement)"
    page.button().focus()
    page.page.keyboard.press("Enter")
    expect(page.dialog.get_by_role("button", name="実行する")).to_be_focused()
    page.page.keyboard.press("Enter")
    page.begun()
    for _ in range(14):
        assert page.unit().evaluate(has_focus), page.state()
        page.advance(1)
    assert page.state() == "succeeded"
    assert page.unit().evaluate(has_focus)
    # From the panel it is one step back to the button.
    page.page.keyboard.press("Shift+Tab")
    expect(page.button()).to_be_focused()


@pytest.mark.parametrize("own_dialogs", [True, False])
def test_the_focus_comes_back_to_the_button_from_a_canceled_question(
    serve_config: Serve, config: Config, own_dialogs: bool
) -> None:
    page = serve_config(config)
    page.stub.switches.own_dialogs = own_dialogs
    page.open()
    page.start()
    page.advance(14)
    page.button().focus()
    page.page.keyboard.press("Enter")
    expect(page.dialog).to_be_visible()
    page.page.keyboard.press("Escape")
    expect(page.dialog).to_have_count(0)
    expect(page.button()).to_be_focused()


def test_the_focus_stays_in_the_panel_when_the_run_is_taken_up_again(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "timeout": "10s"})).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].seconds = 60
    page.start()
    page.advance(20)
    assert page.state() == "unknown"
    page.unit().get_by_role("button", name="状況をもう一度確認する").focus()
    page.page.keyboard.press("Enter")
    expect(page.unit()).to_have_attribute("data-state", "running")
    assert page.unit().evaluate("element => element.contains(document.activeElement)")


OUTLINE = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return [document.activeElement.textContent.slice(0, 12), outlineStyle, parseFloat(outlineWidth)];
}"""


def test_everything_is_reached_by_keyboard_and_the_focus_is_always_visible(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.start()
    page.advance(8)
    assert page.state() == "failed"
    keyboard = page.page.keyboard
    page.page.evaluate("document.activeElement.blur()")
    page.button().focus()
    reached = []
    keyboard.press("Tab")
    keyboard.press("Shift+Tab")
    for key in ("Tab", "Tab", "Enter", "Tab", "Tab"):
        if key == "Tab":
            name, style, width = page.page.evaluate(OUTLINE)
            reached.append(name.split()[0])
            assert style == "solid", name
            assert width >= 2, name
        keyboard.press(key)
    assert reached == ["再集計", "経過", "詳細", "33"]
    expect(page.unit().get_by_role("button", name="コピー")).to_be_focused()


# --- screen readers

KEEP_STATUS = """() => {
  const status = document.querySelector('[data-runbutton] [role="status"]');
  globalThis.said = [];
  new MutationObserver(() => said.push(status.textContent)).observe(
    status, { childList: true, characterData: true, subtree: true });
}"""


def test_screen_readers_hear_each_change_once_and_not_the_clock(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    unit = page.stub.services["krewdata"].units[UNIT]
    unit.queue_seconds, unit.flows[0].seconds, unit.flows[1].seconds = 10, 60, 30
    expect(page.unit().get_by_role("status")).to_have_count(1)
    page.page.evaluate(KEEP_STATUS)
    page.start()
    page.advance(120, step=2)
    assert page.state() == "succeeded"
    said = page.page.evaluate("said")
    assert [re.sub(r"（.*）", "", text) for text in said] == [
        "開始しています…",
        "順番を待っています…",
        "実行中です… 1/2 抽出",
        "実行中です… 2/2 集計",
        "完了しました",
    ]
    assert page.unit().get_by_role("status").get_attribute("aria-live") in (None, "polite")


# --- details


def failed(page: RecordPage) -> Locator:
    """A failed run with its details open; gives the button that copies them."""
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.start()
    page.advance(8)
    page.details()
    return page.unit().get_by_role("button", name="コピー")


def test_the_details_are_copied_by_one_click(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    failed(page).click()
    expect(page.unit().get_by_text("コピーしました")).to_be_visible()
    own = page.stub.services["krewdata"].units[UNIT].flows[0]
    assert page.page.evaluate("navigator.clipboard.readText()") == f"{own.error_code} {own.error_message}"
    page.page.context.clear_permissions()


@pytest.mark.parametrize(
    "clipboard", ["{ writeText: async () => { throw new DOMException('no', 'NotAllowedError'); } }", "undefined"]
)
def test_where_copying_is_refused_the_details_are_marked(serve_config: Serve, config: Config, clipboard: str) -> None:
    page = serve_config(config).open()
    page.page.evaluate(
        f"() => Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {clipboard} }})"
    )
    failed(page).click()
    own = page.stub.services["krewdata"].units[UNIT].flows[0]
    assert page.page.evaluate("getSelection().toString()") == f"{own.error_code} {own.error_message}"
    expect(page.unit().get_by_text("コピーしました")).to_have_count(0)


# --- what users choose in their system


def test_with_reduced_motion_nothing_moves(
    serve_config: Serve, config: Config, window: Callable[[int, int], None]
) -> None:
    window(900, 600)
    page = serve_config(config).open()
    page.page.emulate_media(reduced_motion="reduce")
    page.start()
    page.advance(3)
    bar = page.unit().get_by_role("progressbar")
    expect(bar).to_be_visible()
    pictures = [bar.screenshot(animations="allow") for _ in range(4)]
    assert all(before == after for before, after in pairwise(pictures))


@pytest.mark.parametrize("state", [state for state in STATES if state.name in {"idle", "running-with-usual", "failed"}])
def test_in_forced_colours_every_part_is_told_from_the_next(
    serve_config: Serve, state: State, window: Callable[[int, int], None]
) -> None:
    window(900, 600)
    page = in_state(serve_config, state, PATHS["desktop"])
    page.page.emulate_media(forced_colors="active")
    seen = page.page.evaluate(
        """() => [...document.querySelectorAll("[data-runbutton] :is(button, .rb-panel)")]
             .filter((element) => element.checkVisibility())
             .map((element) => {
               const { borderTopWidth, borderTopStyle, color, backgroundColor } = getComputedStyle(element);
               return [parseFloat(borderTopWidth), borderTopStyle, color !== backgroundColor];
             })"""
    )
    assert seen
    assert all(width >= 1 and style == "solid" and readable for width, style, readable in seen)
    bar = page.unit().get_by_role("progressbar")
    if bar.count():
        # The part that is done is told from the part that is not.
        assert bar.evaluate("bar => getComputedStyle(bar).forcedColorAdjust") in {"auto", "none"}
        expect(bar).to_be_visible()


def test_each_state_has_a_sign_and_words_besides_its_colour(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[1].outcome = "Failure"
    page.start()
    page.advance(15)
    items = [item.inner_text().split("\n") for item in page.unit().locator("li").all()]
    signs = {item[0].strip() for item in items}
    assert len(signs) == len(items) == 2
    assert [item[-1].split()[0] for item in items] == ["完了", "失敗"]


# --- words

MESSAGES = sorted((TEMPLATES / "runtime").rglob("*messages.js"))
PAIR = re.compile(r'ja:\s*("(?:[^"\\]|\\.)*"),\s*en:\s*("(?:[^"\\]|\\.)*")')
POLITE = re.compile(r"(です|ます|ました|ません|でした|ください)。$")


@pytest.mark.parametrize("path", MESSAGES, ids=[path.stem for path in MESSAGES])
def test_every_sentence_is_there_in_both_languages_with_the_same_placeholders(path: Any) -> None:
    source = path.read_text(encoding="utf-8")
    pairs = [(json.loads(ja), json.loads(en)) for ja, en in PAIR.findall(source)]
    assert len(pairs) == len(re.findall(r"\bja:", source)) == len(re.findall(r"\ben:", source)) > 0
    for ja, en in pairs:
        assert set(re.findall(r"\{\w+\}", ja)) == set(re.findall(r"\{\w+\}", en)), ja
        assert not JAPANESE.search(en), en
        assert (ja == "") == (en == "")
        sentences = [sentence for sentence in re.findall(r"[^。]+。", ja) if JAPANESE.search(sentence)]
        assert all(map(POLITE.search, sentences)), ja


def spoken(page: Page, entry: str, code: str) -> Any:
    """What the linked modules say: `code` is the body of a function in which what `entry` imports is known."""
    return page.evaluate(f"{function(entry, code)}()")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_row_of_krewdatas_tables_has_words_of_its_own(lasting_page: Page, language: str) -> None:
    rows = [[call, row.description] for call, table in ERRORS.items() for row in table]
    entry = """import { errorText } from "./runtime/services/krewdata-messages.js";
import { createSay } from "./runtime/say.js";
"""
    code = f"""
      const say = createSay("{language}");
      const told = (call, description) => {{
        const {{ happened, advice, values }} = errorText(call, description);
        return [say(happened, values), say(advice, values)];
      }};
      return {{
        rows: {json.dumps(rows)}.map(([call, description]) => told(call, description)),
        unknown: ["token", "run", "status"].map((call) => told(call, "Something that is in no table.")),
      }};"""
    said = spoken(lasting_page, entry, code)
    happened = [row[0] for row in said["rows"]]
    assert len(set(happened)) == len(rows)
    assert not set(happened) & {row[0] for row in said["unknown"]}
    for text in (text for row in said["rows"] for text in row):
        assert bool(JAPANESE.search(text)) == (language == "ja"), text
        assert "{" not in text
        assert "undefined" not in text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_answer_of_trocco_has_words_of_its_own(lasting_page: Page, language: str) -> None:
    refusals = sorted({answer.status for answer in TROCCO_ERRORS.values() if 400 <= answer.status < 500})
    entry = """import { jobErrorText, outcomeTexts } from "./runtime/services/trocco-messages.js";
import { createSay } from "./runtime/say.js";
"""
    code = f"""
      const say = createSay("{language}");
      const refused = {json.dumps([*refusals, 418])}.map((status) => jobErrorText(status, "startRefused"));
      const others = [[0, "startLost"], [0, "statusLost"], [403, "statusRefused"]].map((it) => jobErrorText(...it));
      const all = [...refused, ...others, ...Object.values(outcomeTexts)];
      return all.map(({{ happened, advice }}) => [say(happened), say(advice)]);"""
    said = spoken(lasting_page, entry, code)
    assert len({happened for happened, _ in said}) == len(said) >= 13
    for text in (text for pair in said for text in pair):
        assert bool(JAPANESE.search(text)) == (language == "ja"), text
