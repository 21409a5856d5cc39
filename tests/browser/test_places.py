"""Where the button is: pages, devices, Space fields, conditions; and what is sent and shown there."""

from typing import Any

import pytest
from playwright.sync_api import expect

from generator.units.config import Config
from tests.browser.record_page import SHOWN, UNIT, RecordPage, Serve, hearing, wait_until
from tests.conftest import config_of
from tests.recording import hide

EVERYWHERE = ["detail", "edit", "create", "index"]

# kintone's places for such buttons, by page.
ON_RECORD = "kintone.app.record.getHeaderMenuSpaceElement()"
ON_LIST = "kintone.app.getHeaderMenuSpaceElement()"
ON_MOBILE = "kintone.mobile.app.getHeaderSpaceElement()"


def space(area: str, *, mobile: bool = False) -> str:
    return f"kintone.{'mobile.' if mobile else ''}app.record.getSpaceElement('{area}')"


def holds_button(page: RecordPage, element: str, unit_id: str = "recalculate") -> bool:
    """Whether an element that kintone gives holds the unit's button, and nothing else does."""
    expect(page.unit(unit_id)).to_have_count(1)
    selector = f'[data-runbutton="{unit_id}"]'
    held: bool = page.page.evaluate(f"selector => {element}.querySelector(selector) !== null", selector)
    return held


@pytest.fixture
def everywhere(krewdata_unit: dict[str, Any]) -> Config:
    return config_of({**krewdata_unit, "record": "none", "pages": EVERYWHERE})


# --- pages


# Page, its place for the button, and the path from which a run is started too.
PLACES = [
    ("detail", "/k/45/show#record=1", ON_RECORD),
    ("edit", "/k/45/show#record=1&mode=edit", ON_RECORD),
    ("create", "/k/45/edit", ON_RECORD),
    ("index", "/k/45/", ON_LIST),
    ("detail", "/k/m/45/show?record=1", ON_MOBILE),
    ("edit", "/k/m/45/edit?record=1", ON_MOBILE),
    ("create", "/k/m/45/edit", ON_MOBILE),
    ("index", "/k/m/45/", ON_MOBILE),
]


def test_the_button_is_where_kintone_has_a_place_for_it_on_its_pages_alone_and_runs(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    unit = {**krewdata_unit, "record": "none", "pages": EVERYWHERE}
    units = [{**unit, "id": f"on-{name}", "pages": [name]} for name in EVERYWHERE]
    page = serve_config(config_of(unit, *units))
    for name, path, element in PLACES:
        page.open(path)
        assert holds_button(page, element), path
        assert holds_button(page, element, f"on-{name}"), path
        expect(page.page.locator("[data-runbutton]")).to_have_count(2)
        if name == "detail":
            # Runs are started there in all other tests.
            continue
        page.start()
        page.advance(15, step=15)
        assert (path, page.state()) == (path, "succeeded")
        assert set(page.sent("/run")[-1]) == {"accessToken", "user", "appId"}


def test_printing_pages_show_nothing(serve_config: Serve, everywhere: Config) -> None:
    page = serve_config(everywhere).open("/k/45/print?record=1")
    expect(page.unit()).to_have_count(0)
    page.open()
    page.page.emulate_media(media="print")
    expect(page.unit()).to_have_count(1)
    expect(page.unit()).to_be_hidden()
    page.page.emulate_media(media="screen")
    expect(page.unit()).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/k/45/show#record=1&mode=edit",
        "/k/m/45/edit",
        pytest.param("/k/45/edit", marks=pytest.mark.exhaustive),
        pytest.param("/k/m/45/edit?record=1", marks=pytest.mark.exhaustive),
    ],
    ids=["edit", "mobile create", "create", "mobile edit"],
)
def test_forms_send_what_stands_in_them_now(serve_config: Serve, krewdata_unit: dict[str, Any], path: str) -> None:
    codes = ["件名", "部門名", "入荷日", "タグ", "金額"]
    page = serve_config(config_of({**krewdata_unit, "record": codes, "pages": EVERYWHERE[1:3]})).open(path)
    form = page.page
    form.get_by_label("件名").fill("まだ保存していない")
    form.get_by_label("部門名").select_option("総務部")
    form.get_by_label("入荷日").fill("2026-12-24")
    form.get_by_label("海外").check()
    form.get_by_label("金額").fill("")
    page.start()
    values = {code: field["value"] for code, field in page.sent("/run")[0]["record"].items()}
    assert "海外" in values.pop("タグ")
    assert values == {"件名": "まだ保存していない", "部門名": "総務部", "入荷日": "2026-12-24", "金額": ""}
    # The next run uses the form's current values.
    page.advance(15, step=15)
    # A form does not offer actions that would lose its input.
    assert page.state() == "succeeded"
    expect(page.line().get_by_role("button", name="レコードを再表示")).to_have_count(0)
    form.get_by_label("件名").fill("もう一度")
    page.start()
    assert page.sent("/run")[1]["record"]["件名"]["value"] == "もう一度"


# --- Space fields


def test_a_button_with_a_space_is_in_it_and_on_a_list_where_buttons_are_however_often_it_is_paged(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    unit = {**krewdata_unit, "record": "none", "pages": EVERYWHERE, "space": "run-area"}
    page = serve_config(config_of(unit))
    told: list[str] = []
    with hearing(page.page, "console", lambda message: told.append(message.text)):
        for path, mobile in [
            ("/k/45/show#record=1", False),
            ("/k/45/edit", False),
            ("/k/m/45/show?record=1", True),
        ]:
            page.open(path)
            assert holds_button(page, space("run-area", mobile=mobile)), path
            if path == "/k/45/show#record=1":
                page.shown_again(lambda: page.page.get_by_role("button", name="レコードを編集する").click())
                assert holds_button(page, space("run-area"))
        page.open("/k/45/")
        page.start()
        page.advance(2, step=2)
        for way in ("次へ", "前へ"):
            page.shown_again(lambda way=way: page.page.get_by_role("button", name=way).click())  # type: ignore[misc]
            assert holds_button(page, ON_LIST)
            assert page.state() == "running"
            assert page.is_busy()
        page.advance(15, step=15)
        assert page.state() == "succeeded"
        assert len(page.stub.services["krewdata"].runs) == 1
    # A list has no Space fields, which is not a problem.
    assert told == []


@pytest.mark.parametrize(
    ("path", "element"), [("/k/45/show#record=1", ON_RECORD), ("/k/m/45/show?record=1", ON_MOBILE)]
)
def test_without_the_space_or_a_field_the_console_is_told_once(
    serve_config: Serve, krewdata_unit: dict[str, Any], path: str, element: str
) -> None:
    hidden = {**krewdata_unit, "id": "hidden", "show_if": [{"field": "ない", "filled": False}]}
    page = serve_config(config_of({**krewdata_unit, "space": "run-area"}, hidden))
    app = page.stub.apps[45]
    app.form = tuple(tuple(field for field in row if field.code != "run-area") for row in app.form)
    hide(page.stub, "ない")
    told: list[str] = []
    with hearing(page.page, "console", lambda message: told.append(f"{message.type}: {message.text}")):
        page.open(path)
        assert holds_button(page, element)
        for way in ("次へ", "前へ"):
            page.shown_again(lambda way=way: page.page.get_by_role("button", name=way).click())  # type: ignore[misc]
            assert holds_button(page, element)
        assert page.unit("hidden").count() == 0
    of_space, of_field = sorted(told, key=lambda words: "show_if" in words)
    assert of_space.startswith("warning: Runbutton: recalculate: ")
    assert '"run-area"' in of_space
    assert of_field.endswith(": Runbutton: hidden: no field ない for show_if.")


# --- conditions

SOMETIMES_EMPTY = (
    *("件名", "部門名", "入荷日", "予定日時", "時刻", "金額", "合計", "メモ", "説明", "タグ", "複数", "担当者"),
    *("組織", "グループ", "添付", "リンク", "明細", "作業者", "カテゴリー"),
)
NEVER_EMPTY = ("レコード番号", "作成者", "作成日時", "更新者", "更新日時", "区分", "ステータス", "$id")

# Record 4 has a value in every field, record 2 only in those that kintone fills.
CONDITIONS: list[tuple[dict[str, Any], bool, bool]] = [
    *(({"field": code, "filled": True}, True, False) for code in SOMETIMES_EMPTY),
    *(({"field": code, "filled": True}, True, True) for code in NEVER_EMPTY),
    ({"field": "件名", "filled": False}, False, True),
    ({"field": "明細", "filled": False}, False, True),
    ({"field": "部門名", "in": ["開発部", "営業部"]}, True, False),
    ({"field": "部門名", "in": ["開発部"]}, False, False),
    ({"field": "部門名", "not_in": ["営業部"]}, False, True),
    ({"field": "区分", "in": ["通常"]}, True, True),
    ({"field": "ステータス", "in": ["未処理"]}, True, True),
    ({"field": "ステータス", "not_in": ["未処理", "処理中"]}, False, False),
    ({"field": "入荷日", "in": ["2026-11-04"]}, True, False),
    ({"field": "予定日時", "in": ["2026-11-04T01:30:00Z"]}, True, False),
    ({"field": "時刻", "in": ["09:15"]}, True, False),
    ({"field": "金額", "in": ["4800"]}, True, False),
    ({"field": "金額", "in": ["480"]}, False, False),
    ({"field": "合計", "in": ["1050"]}, True, False),
    ({"field": "メモ", "in": ["午前中に納品。\n受領印が必要。"]}, True, False),
    ({"field": "リンク", "in": ["https://example.com/orders"]}, True, False),
    ({"field": "レコード番号", "in": ["4"]}, True, False),
    # One wanted choice of several meets a condition, and one unwanted choice fails it.
    ({"field": "複数", "in": ["C", "B"]}, True, False),
    ({"field": "複数", "in": ["B"]}, False, False),
    ({"field": "複数", "not_in": ["C"]}, False, True),
    ({"field": "タグ", "not_in": ["海外"]}, True, True),
    ({"field": "カテゴリー", "in": ["仕入れ"]}, True, False),
    # People, organizations and groups by their codes.
    ({"field": "担当者", "in": ["suzuki"]}, True, False),
    ({"field": "組織", "in": ["sales"]}, True, False),
    ({"field": "グループ", "not_in": ["everyone"]}, False, True),
    ({"field": "作業者", "in": ["sato", "kato"]}, True, False),
    ({"field": "作成者", "in": ["kato"]}, True, True),
    ({"field": "更新者", "not_in": ["sato"]}, False, False),
    # A missing field, or one that the user may not see, meets no condition, because its value is unknown.
    ({"field": "見えない", "filled": True}, False, False),
    ({"field": "見えない", "filled": False}, False, False),
    ({"field": "見えない", "not_in": ["何か"]}, False, False),
    ({"field": "__proto__", "filled": True}, False, False),
    ({"field": "constructor", "filled": True}, False, False),
]


def test_the_button_is_there_where_the_record_meets_all_of_its_conditions(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    both = [{"field": "区分", "in": ["通常"]}, {"field": "件名", "filled": True}]
    conditions = {f"unit-{index}": [condition] for index, (condition, _, _) in enumerate(CONDITIONS)} | {"both": both}
    units = [{**krewdata_unit, "id": id_, "record": "none", "show_if": show_if} for id_, show_if in conditions.items()]
    page = serve_config(config_of(*units))
    hide(page.stub, "見えない", "__proto__", "constructor")

    def shown() -> set[str]:
        found = page.page.locator("[data-runbutton]")
        return set(found.evaluate_all("units => units.map((unit) => unit.dataset.runbutton)"))

    page.open("/k/45/show#record=4")
    for record_id, column in ((4, 1), (2, 2)):
        if record_id == 2:
            page.shown_again(lambda: page.page.evaluate("location.hash = '#record=2'"))
        found = shown()
        wrong = [row[0] for index, row in enumerate(CONDITIONS) if row[column] is not (f"unit-{index}" in found)]
        assert wrong == [], f"record {record_id}"
        assert ("both" in found) == (record_id == 4)
    # Record 2 is empty, record 5 is urgent: each meets one of both conditions.
    page.shown_again(lambda: page.page.evaluate("location.hash = '#record=5'"))
    assert "both" not in shown()


def test_conditions_are_judged_again_each_time_the_record_is_shown(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    waiting = {**krewdata_unit, "id": "waiting", "show_if": [{"field": "ステータス", "in": ["未処理"]}]}
    titled = {**krewdata_unit, "id": "titled", "show_if": [{"field": "件名", "filled": True}]}
    page = serve_config(config_of(waiting, titled)).open("/k/45/show#record=4")

    def shown() -> tuple[int, int]:
        return page.unit("waiting").count(), page.unit("titled").count()

    assert shown() == (1, 1)
    page.shown_again(lambda: page.page.get_by_role("button", name="処理開始").click())
    assert shown() == (0, 1)
    page.shown_again(lambda: page.page.get_by_role("button", name="レコードを編集する").click())
    page.page.get_by_label("件名").fill("")
    page.shown_again(lambda: page.page.get_by_role("button", name="保存").click())
    assert shown() == (0, 0)
    page.shown_again(lambda: page.page.get_by_role("button", name="次へ").click())
    assert shown() == (1, 1)


# --- after success


@pytest.fixture
def reloading(krewdata_unit: dict[str, Any]) -> Config:
    return config_of({**krewdata_unit, "after_success": "reload", "pages": ["detail", "edit"]})


def run_that_changes_the_record(page: RecordPage, record_id: int = 1) -> None:
    page.page.evaluate("() => { globalThis.sameDocument = true; }")
    page.stub.services["krewdata"].units[UNIT].flows = page.stub.services["krewdata"].units[UNIT].flows[:1]
    page.start()
    page.stub.apps[45].records[record_id]["件名"]["value"] = "krewDataが書いた件名"


def is_same_document(page: RecordPage) -> bool:
    same: bool = page.page.evaluate("globalThis.sameDocument === true")
    return same


@pytest.mark.parametrize("path", ["/k/45/show#record=1", "/k/m/45/show?record=1"], ids=["desktop", "mobile"])
def test_after_success_the_page_is_loaded_again_once_and_shows_the_new_values_and_the_end(
    serve_config: Serve, reloading: Config, path: str
) -> None:
    page = serve_config(reloading).open(path)
    expect(page.page.get_by_text("krewDataが書いた件名")).to_have_count(0)
    run_that_changes_the_record(page)
    page.advance(4)
    assert is_same_document(page)
    with page.page.expect_event("load"):
        page.stub.clock.advance(4)
        page.page.clock.run_for(4000)
        expect(page.unit()).to_have_attribute("data-state", "succeeded")
        # Other tabs get the end first.
        page.page.clock.run_for(1500)
    expect(page.page.get_by_text("krewDataが書いた件名")).to_be_visible()
    expect(page.unit()).to_have_attribute("data-state", "succeeded")
    assert page.status().startswith("完了しました")
    page.page.evaluate("() => { globalThis.sameDocument = true; }")
    page.advance(60, step=30)
    assert is_same_document(page)
    assert page.page.evaluate("sessionStorage.length") == 0
    page.shown_again(lambda: page.page.get_by_role("button", name="処理開始").click())
    assert page.state() == "succeeded"
    assert is_same_document(page)


def edit_meanwhile(page: RecordPage) -> None:
    page.shown_again(lambda: page.page.get_by_role("button", name="レコードを編集する").click())
    page.page.get_by_label("メモ").fill("書きかけ")


def comment_meanwhile(page: RecordPage) -> None:
    page.page.get_by_label("コメントする").fill("書きかけ")


def test_nothing_that_is_being_written_is_lost_to_a_reload_which_is_made_up_for(
    serve_config: Serve, reloading: Config
) -> None:
    page = serve_config(reloading).open()

    def written() -> int:
        areas: list[str] = page.page.evaluate("[...document.querySelectorAll('textarea')].map(area => area.value)")
        return areas.count("書きかけ")

    # Another record than the run's is not loaded again.
    run_that_changes_the_record(page)
    page.shown_again(lambda: page.page.get_by_role("button", name="次へ").click())
    page.advance(15, step=5)
    assert is_same_document(page)
    page.shown_again(lambda: page.page.get_by_role("button", name="次へ").click())
    run_that_changes_the_record(page)
    comment_meanwhile(page)
    page.advance(10, step=5)
    assert page.state() == "succeeded"
    assert is_same_document(page)
    assert written()
    page.shown_again(lambda: page.page.evaluate("location.hash = '#record=4'"))
    run_that_changes_the_record(page, 4)
    edit_meanwhile(page)
    page.advance(10, step=5)
    assert page.state() == "succeeded"
    assert is_same_document(page)
    assert written()
    with page.page.expect_event("load"):
        page.shown_again(lambda: page.page.get_by_role("button", name="キャンセル").click())
        page.page.clock.run_for(1000)
    expect(page.page.get_by_text("krewDataが書いた件名")).to_be_visible()
    expect(page.unit()).to_have_attribute("data-state", "succeeded")


def test_a_reload_waits_for_another_units_question_and_start(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    second = {**krewdata_unit, "id": "second"}
    page = serve_config(config_of({**krewdata_unit, "after_success": "reload"}, second)).open()
    page.stub.services["krewdata"].units[UNIT].concurrent = True
    run_that_changes_the_record(page)
    confirm = page.ask("second")
    page.advance(10)
    assert page.state() == "succeeded"
    assert page.state("second") == "confirming"
    assert is_same_document(page)
    confirm.click()
    page.begun("second")
    with page.page.expect_event("load"):
        page.page.clock.run_for(1000)
    expect(page.unit()).to_have_attribute("data-state", "succeeded")
    assert page.state("second") in ("queued", "running")
    page.settle()
    page.advance(20, step=5)
    assert page.state("second") == "succeeded"
    assert len(page.stub.services["krewdata"].runs) == 2


def test_a_run_of_the_create_page_is_found_on_the_new_record_of_its_tab_alone(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    unit = {**krewdata_unit, "record": "none", "pages": ["create", "detail"]}
    page = serve_config(config_of(unit)).open("/k/45/edit")
    other = page.tab("/k/45/edit")
    page.page.bring_to_front()
    page.start()
    page.advance(3)
    assert page.state() == "running"
    assert other.state() == "idle"
    assert other.button().is_enabled()
    for tab, state in ((other, "idle"), (page, "running")):
        tab.page.get_by_label("件名").fill("新しい")
        tab.page.get_by_role("button", name="保存").click()
        tab.page.wait_for_url("**/show#record=*")
        wait_until(tab.page, SHOWN)
        tab.settle()
        assert tab.state() == state
    page.advance(20, step=5)
    assert (page.state(), other.state()) == ("succeeded", "idle")
    assert len(page.stub.services["krewdata"].runs) == 1
    assert page.page.evaluate("sessionStorage.length") == 0


def test_a_click_waits_for_other_scripts_handlers_that_keep_the_record(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    slow = """kintone.events.on("app.record.edit.show", (event) =>
      new Promise((resolve) => setTimeout(resolve, 6000, event)));"""
    unit = {**krewdata_unit, "pages": ["edit"]}
    page = serve_config(config_of(unit), after=slow).open()
    page.page.get_by_role("button", name="レコードを編集する").click()
    expect(page.button()).to_be_visible()
    page.ask().click()
    expect(page.unit()).to_have_attribute("data-state", "starting")
    assert "ページの準備" in page.status()
    page.advance(7)
    assert page.state() in ("queued", "running")
    assert len(page.stub.services["krewdata"].runs) == 1


def test_a_run_that_fails_or_stays_loads_nothing_again(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    second = {**krewdata_unit, "id": "failing", "after_success": "reload"}
    page = serve_config(config_of(krewdata_unit, second)).open()
    run_that_changes_the_record(page)
    page.advance(8)
    assert page.state() == "succeeded"
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.start("failing")
    page.advance(8)
    assert page.state("failing") == "failed"
    assert is_same_document(page)
