"""The preview as its developer meets it: buttons that work at once, and a reason for each that is not there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from generator.preview import Preview
from generator.stub.server import serve
from tests.browser.axe import violations

PLUGIN = "plugin: {name: {en: Run buttons, ja: 実行ボタン}, key: private.ppk}"
LOAD = "id: load, service: trocco-job, job_definition_id: 7, label: {ja: 取り込む, en: Load}"

Open = Callable[..., str]


@pytest.fixture
def preview(tmp_path: Path, page: Page) -> Iterator[Open]:
    """Serves the preview of these units of app 45, and opens a page of it; gives the address."""
    with ExitStack() as stack:

        def start(*units: str, path: str = "/k/45/show?lang=en#record=1", more: str = "", empty: bool = False) -> str:
            listed = "\n".join(f"      - {{{unit}}}" for unit in units)
            config = tmp_path / "units.yaml"
            config.write_text(
                f"version: 1\n{PLUGIN}\napps:\n  - app: 45\n    name: orders\n    units:\n{listed}\n{more}",
                encoding="utf-8",
            )
            stub = Preview(config, dict, tmp_path / ".env", empty=empty).stub
            address = stack.enter_context(serve(stub))
            page.goto(f"{address}{path}")
            return address

        yield start


def button(page: Page, unit: str = "load") -> Locator:
    return page.locator(f'[data-runbutton="{unit}"]')


def reasons(page: Page) -> Locator:
    return page.locator(".stub-missing")


OTHER = "  - {app: 46, name: billing, units: [{id: bill, service: trocco-job, job_definition_id: 8, pages: index}]}\n"


@pytest.mark.usefixtures("noise")
def test_the_first_page_has_a_button_that_runs_and_the_administrators_way_is_a_choice(
    page: Page, preview: Open
) -> None:
    preview(LOAD, more=OTHER)
    saved = page.locator("#stub-panel").get_by_label("Credentials")
    expect(saved).to_have_value("stand-ins")
    page.get_by_label("Run time (seconds)").select_option("2")
    expect(page.get_by_text("Applied")).to_be_visible()
    button(page).get_by_role("button").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    expect(button(page)).to_have_attribute("data-state", "succeeded", timeout=20_000)
    expect(reasons(page)).to_be_hidden()

    with page.expect_navigation():
        saved.select_option("unsaved")
    expect(saved).to_have_value("unsaved")
    button(page).get_by_role("button").first.click()
    expect(button(page)).to_have_attribute("data-state", "failed")
    page.get_by_role("button", name="Open the settings: Run buttons").click()
    expect(page.locator("#rb-settings").get_by_text("Not saved", exact=True)).to_be_visible()
    with page.expect_navigation():
        saved.select_option("stand-ins")
    expect(page.locator("#rb-settings").get_by_text("Saved", exact=True)).to_be_visible()
    # Buttons of other apps are one click away.
    page.go_back()
    page.get_by_role("link", name="billing (46)").click()
    expect(button(page, "bill")).to_have_count(1)


@pytest.mark.usefixtures("noise")
def test_the_panel_of_a_narrow_window_hides_no_button_of_the_settings_page(page: Page, preview: Open) -> None:
    page.set_viewport_size({"width": 390, "height": 500})
    preview(LOAD)
    page.locator("#stub-panel summary").click()
    page.get_by_role("button", name="Open the settings: Run buttons").click()
    page.wait_for_url("**/plugin/config?*")
    page.locator(".stub-panel").evaluate("panel => (panel.open = false)")
    page.locator("#rb-settings").get_by_role("button", name="Save", exact=True).click(trial=True, timeout=5_000)
    assert page.evaluate("scrollY") == 0


def unit(name: str, more: str) -> str:
    """A unit of this ID with these conditions."""
    return f"{LOAD.replace('id: load', f'id: {name}')}, {more}"


SALES = unit("sales", "show_if: [{field: 部門名, in: [経理部, 人事部]}, {field: 件名, filled: true}]")
# Each says why it is not on the page of record 1.
ABSENT = [
    unit("pages", "pages: [index, create]"),
    unit("phone", "devices: [mobile]"),
    unit("desk", "devices: [desktop]"),
    unit("empty", "show_if: [{field: 件名, filled: false}]"),
    unit("kind", "show_if: [{field: 区分, not_in: [至急, 通常]}]"),
]
WHY = {
    "en": {
        "pages": "Shown only on these pages (pages): Record list Add record",
        "phone": "Shown on mobile only (devices).",
        "desk": "Shown on desktop only (devices).",
        "empty": "Shown if 件名 is empty (show_if). Current value: 仕入れ 1",
        "kind": "Shown if 区分 is not “至急” or “通常” (show_if). Current value: 至急",
        "sales": "Shown if 部門名 is “経理部” or “人事部” (show_if). Current value: 総務部",
    },
    "ja": {
        "pages": "次の画面だけに表示されます（pages）: レコード一覧 レコード追加",
        "desk": "PC版だけに表示されます（devices）。",
        "empty": "「件名」が空のときに表示されます（show_if）。現在の値: 仕入れ 1",
        "kind": "「区分」が「至急」または「通常」以外のときに表示されます（show_if）。現在の値: 至急",
    },
}


def said(page: Page) -> dict[str, str]:
    """The reason for each button that is not there."""
    listed = "Object.fromEntries([...document.querySelectorAll('.stub-missing li')].map((item) => [%s, %s]))"
    found: dict[str, str] = page.evaluate(
        listed
        % (
            "item.innerText.match(/[(](.*?)[)]/)[1]",
            "[...item.querySelectorAll('p')].map((p) => p.innerText).join(' ')",
        )
    )
    return found


@pytest.mark.usefixtures("noise")
def test_the_panel_says_why_a_button_is_not_on_the_page_and_follows_the_record(page: Page, preview: Open) -> None:
    address = preview(SALES, *ABSENT)
    expect(button(page, "sales")).to_have_count(1)
    expect(button(page, "desk")).to_have_count(1)
    assert said(page) == {name: WHY["en"][name] for name in ("pages", "phone", "empty", "kind")}
    assert violations(page, "#stub-panel") == []
    page.evaluate("location.hash = '#record=3'")
    expect(reasons(page)).to_contain_text(WHY["en"]["sales"])
    page.evaluate("location.hash = '#record=2'")
    expect(reasons(page)).to_contain_text("Shown if 件名 has a value (show_if). Current value: (empty)")
    page.evaluate("location.hash = '#record=1'")
    expect(button(page, "sales")).to_have_count(1)
    # A reason leads to the page that has the button.
    reasons(page).get_by_role("link", name="Record list").click()
    expect(button(page, "pages")).to_have_count(1)
    page.goto(f"{address}/k/45/print?record=1")
    expect(reasons(page)).to_contain_text("Shown only on these pages (pages): Record details")

    # A closed panel says how many are missing.
    page.set_viewport_size({"width": 390, "height": 700})
    page.goto(f"{address}/k/m/45/show?record=1&lang=ja")
    summary = page.locator(".stub-panel summary").first
    expect(summary).to_contain_text("（表示されていないボタン: 4個）")
    expect(reasons(page)).to_be_hidden()
    summary.click()
    assert said(page) == WHY["ja"]
    assert violations(page, "#stub-panel") == []


@pytest.mark.usefixtures("noise")
def test_an_app_without_a_customization_says_so(page: Page, preview: Open) -> None:
    preview(LOAD, empty=True)
    expect(reasons(page)).to_contain_text("The app has no customization for this page.")


@pytest.mark.usefixtures("noise")
def test_a_config_with_errors_says_why_its_buttons_are_missing(page: Page, preview: Open, tmp_path: Path) -> None:
    preview(LOAD)
    expect(button(page)).to_have_count(1)
    config = tmp_path / "units.yaml"
    whole = config.read_text(encoding="utf-8")
    script = whole.replace("name: orders", "name: orders\n    target: script\n    expose_secrets: true")
    config.write_text(script.replace("job_definition_id: 7", "job_definition_id: 7, api_key: FAKE"), encoding="utf-8")
    # The open page follows, and a script has no settings.
    expect(page.locator("#stub-panel").get_by_label("Credentials")).to_have_count(0)
    expect(button(page)).to_have_count(1)
    config.write_text(script.replace("job_definition_id: 7", "job_definition_id: seven"), encoding="utf-8")
    expect(reasons(page)).to_contain_text("The config has errors, so no script was built.")
    expect(page.get_by_role("alert")).to_contain_text("job_definition_id")


@pytest.mark.usefixtures("noise")
def test_a_script_of_another_app_is_told_by_its_own_words(page: Page, preview: Open) -> None:
    address = preview(LOAD)
    other = f"{address}/k/45/show?lang=en#record=1"
    page.route(
        "**/runbutton.js",
        lambda route: route.fulfill(
            content_type="text/javascript",
            body="kintone.events.on('app.record.detail.show', (event) => {"
            " console.warn('Runbutton: orders was not built for app 45, and shows nothing here.'); return event; });",
        ),
    )
    page.route("**/k/stub/plugins/**", lambda route: route.fulfill(content_type="text/javascript", body=""))
    page.goto("about:blank")
    page.goto(other)
    expect(reasons(page)).to_contain_text("The customization ran but did not add the button.")
    expect(reasons(page)).to_contain_text("Console: Runbutton: orders was not built for app 45")


def refuse_localhost(page: Page) -> None:
    """Makes the browser one that knows no *.localhost."""
    page.route(lambda url: ".localhost" in url, lambda route: route.abort("namenotresolved"))


@pytest.mark.parametrize(
    "path", [pytest.param("/scenes?lang=en", marks=pytest.mark.exhaustive), "/scene/45/load?lang=en"]
)
def test_a_browser_that_cannot_show_scenes_gets_a_sentence(
    page: Page, preview: Open, noise: list[str], path: str
) -> None:
    # Frames that are left while they load report errors.
    page.route(
        "**/scene/**", lambda route: route.fulfill(body="") if route.request.frame.parent_frame else route.continue_()
    )
    refuse_localhost(page)
    preview(LOAD, path=path)
    expect(page.get_by_role("alert")).to_contain_text("This browser cannot open *.localhost addresses")
    expect(page.locator("iframe")).to_have_count(0)
    noise.clear()


@pytest.mark.usefixtures("noise")
def test_a_scene_without_its_button_says_why(page: Page, preview: Open) -> None:
    unit = f"{LOAD}, show_if: [{{field: 件名, filled: false}}]"
    preview(unit, path="/?lang=en")
    # As the gallery shows one.
    page.evaluate("document.body.innerHTML = '<iframe src=\"/scene/45/load?act=look&lang=ja\"></iframe>'")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".stub-missing")).to_contain_text("「件名」が空のときに表示されます", timeout=20_000)


def test_axe_finds_nothing_in_the_previews_own_pages(page: Page, preview: Open, noise: list[str]) -> None:
    page.route("**/scene/*/load**", lambda route: route.fulfill(content_type="text/html", body="<title>Scene</title>"))
    address = preview(LOAD, path="/?lang=en")
    assert violations(page) == []
    # The gallery's states, and a page that there is not.
    for path in ("/scenes?lang=ja&group=start", "/k/47/show?lang=en"):
        page.goto(f"{address}{path}")
        assert violations(page) == []
    noise.clear()
