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


@pytest.mark.usefixtures("noise")
def test_the_first_page_has_a_button_that_runs_and_the_administrators_way_is_a_choice(
    page: Page, preview: Open
) -> None:
    preview(LOAD)
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


INDEX = f"{LOAD}, pages: [index, create]"
PHONE = f"{LOAD}, devices: [mobile]"
SALES = f"{LOAD}, show_if: [{{field: 部門名, in: [経理部, 人事部]}}, {{field: 件名, filled: true}}]"


@pytest.mark.parametrize(
    ("unit", "path", "words"),
    [
        (INDEX, "/k/45/show?lang=en#record=1", "Shown only on these pages (pages): Record list Add record"),
        (INDEX, "/k/45/show?lang=ja#record=1", "次の画面だけに表示されます（pages）: レコード一覧 レコード追加"),
        (LOAD, "/k/45/print?record=1&lang=en", "Shown only on these pages (pages): Record details"),
        (PHONE, "/k/45/show?lang=en#record=1", "Shown on mobile only (devices)."),
        (f"{LOAD}, devices: [desktop]", "/k/m/45/show?record=1&lang=ja", "PC版だけに表示されます（devices）。"),
        (
            SALES,
            "/k/45/show?lang=en#record=3",
            "Shown if 部門名 is “経理部” or “人事部” (show_if). Current value: 総務部",
        ),
        (
            f"{LOAD}, show_if: [{{field: 件名, filled: false}}]",
            "/k/45/show?lang=ja#record=1",
            "「件名」が空のときに表示されます（show_if）。現在の値: 仕入れ 1",
        ),
        (
            f"{LOAD}, show_if: [{{field: 区分, not_in: [至急, 通常]}}]",
            "/k/45/show?lang=en#record=1",
            "Shown if 区分 is not “至急” or “通常” (show_if). Current value: 至急",
        ),
    ],
)
@pytest.mark.usefixtures("noise")
def test_the_panel_says_why_a_button_is_not_on_the_page(
    page: Page, preview: Open, unit: str, path: str, words: str
) -> None:
    preview(unit, path=path)
    expect(reasons(page)).to_contain_text(words)
    expect(reasons(page).get_by_role("listitem")).to_have_count(1)
    expect(button(page)).to_have_count(0)
    assert violations(page, "#stub-panel") == []


@pytest.mark.usefixtures("noise")
def test_the_reasons_follow_the_record_that_is_shown(page: Page, preview: Open) -> None:
    preview(SALES)
    expect(button(page)).to_have_count(1)
    expect(reasons(page)).to_be_hidden()
    page.evaluate("location.hash = '#record=3'")
    expect(reasons(page)).to_contain_text("Current value: 総務部")
    page.evaluate("location.hash = '#record=2'")
    expect(reasons(page)).to_contain_text("Shown if 件名 has a value (show_if). Current value: (empty)")
    page.evaluate("location.hash = '#record=1'")
    expect(button(page)).to_have_count(1)
    expect(reasons(page)).to_be_hidden()


@pytest.mark.usefixtures("noise")
def test_a_reason_leads_to_the_page_that_has_the_button(page: Page, preview: Open) -> None:
    preview(INDEX)
    reasons(page).get_by_role("link", name="Record list").click()
    expect(button(page)).to_have_count(1)


@pytest.mark.usefixtures("noise")
def test_a_closed_panel_says_how_many_are_missing(page: Page, preview: Open) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    preview(INDEX, path="/k/m/45/show?record=1&lang=en")
    expect(page.locator(".stub-panel summary").first).to_have_text("Preview panel (buttons not shown: 1)")
    expect(reasons(page)).to_be_hidden()


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


@pytest.mark.usefixtures("noise")
def test_buttons_of_other_apps_are_one_click_away(page: Page, preview: Open) -> None:
    other = (
        "  - {app: 46, name: billing, units: [{id: bill, service: trocco-job, job_definition_id: 8, pages: index}]}\n"
    )
    preview(LOAD, more=other)
    page.get_by_role("link", name="billing (46)").click()
    expect(button(page, "bill")).to_have_count(1)


def load_first_frames(page: Page) -> None:
    """Of the gallery's frames loads those of the first state, in Japanese: three dozen pages take long."""
    first = ("act=look", "lang=ja")
    page.route(
        "**/scene/**",
        lambda route: route.continue_() if all(part in route.request.url for part in first) else route.fulfill(body=""),
    )


def refuse_localhost(page: Page) -> None:
    """Makes the browser one that knows no *.localhost."""
    page.route(lambda url: ".localhost" in url, lambda route: route.abort("namenotresolved"))


@pytest.mark.parametrize("path", ["/scenes?lang=en", "/scene/45/load?lang=en"])
def test_a_browser_that_cannot_show_scenes_gets_a_sentence(
    page: Page, preview: Open, noise: list[str], path: str
) -> None:
    # Frames that are left while they are being loaded complain of it.
    page.route(
        "**/scene/**", lambda route: route.fulfill(body="") if route.request.frame.parent_frame else route.continue_()
    )
    refuse_localhost(page)
    preview(LOAD, path=path)
    expect(page.get_by_role("alert")).to_contain_text("This browser cannot open *.localhost addresses")
    expect(page.locator("iframe")).to_have_count(0)
    noise.clear()


@pytest.mark.usefixtures("noise")
def test_a_scene_is_shown_on_a_page_and_a_device_that_has_the_button(page: Page, preview: Open) -> None:
    load_first_frames(page)
    preview(f"{LOAD}, pages: [index], devices: [mobile]", path="/scenes?lang=en")
    frames = page.locator("figure iframe")
    expect(frames.first).to_have_attribute("title", "Before a run, Mobile, ja")
    first = page.frame_locator("figure iframe").first
    expect(first.locator('[data-runbutton="load"]')).to_have_attribute("data-state", "idle", timeout=20_000)


@pytest.mark.usefixtures("noise")
def test_a_scene_without_its_button_says_why(page: Page, preview: Open) -> None:
    load_first_frames(page)
    unit = f"{LOAD}, show_if: [{{field: 件名, filled: false}}]"
    preview(unit, path="/scenes?lang=en")
    first = page.frame_locator("figure iframe").first
    expect(first.locator(".stub-missing")).to_contain_text("「件名」が空のときに表示されます", timeout=20_000)


@pytest.mark.parametrize("path", ["/?lang=en", "/scenes?lang=ja", "/k/47/show?lang=en"])
def test_axe_finds_nothing_in_the_previews_own_pages(page: Page, preview: Open, noise: list[str], path: str) -> None:
    page.route("**/scene/*/load**", lambda route: route.fulfill(content_type="text/html", body="<title>Scene</title>"))
    preview(LOAD, path=path)
    expect(page.locator("body")).not_to_be_empty()
    assert violations(page) == []
    noise.clear()
