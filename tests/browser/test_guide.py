"""The guide as pages: its chapters, the way through it, and examples that can be copied."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from generator.guide import FIRST, order
from generator.stub.server import serve_web
from generator.stub.web.guide import guide_alone
from generator.words import LANGUAGES
from tests.browser.axe import violations
from tests.browser.record_page import wait_until

WORDS = {
    "ja": ("このページの内容", "次のページ", "前のページ", "コピー", "コピーしました"),
    "en": ("On this page", "Next", "Previous", "Copy", "Copied"),
}


# What a script does is the same in both languages.
SAMPLE = ["ja", pytest.param("en", marks=pytest.mark.exhaustive)]


@pytest.fixture
def address() -> Iterator[str]:
    with serve_web(guide_alone()) as url:
        yield url


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_is_read_from_the_first_page_to_the_last(language: str) -> None:
    web = guide_alone().test_client()
    found: list[str] = [FIRST]
    while following := re.search(r'rel="next" href="([^"]+)"', web.get(f"/guide/{language}/{found[-1]}").text):
        found.append(following[1])
    assert found == order(language)


@pytest.mark.usefixtures("noise")
def test_the_guide_alone_starts_with_its_first_page_and_names_no_preview(address: str, page: Page) -> None:
    page.goto(address)
    page.wait_for_url(f"**/guide/en/{FIRST}")
    expect(page.get_by_role("link", name="Preview", exact=True)).to_have_count(0)
    _, forward, back, _, _ = WORDS["en"]
    expect(page.get_by_role("link", name=back)).to_have_count(0)
    page.get_by_role("link", name=forward).click()
    page.wait_for_url(f"**/guide/en/{order('en')[1]}")
    page.get_by_role("link", name=back).click()
    for language in ("en", "ja"):
        page.wait_for_url(f"**/guide/{language}/{FIRST}")
        wait_until(page, "document.images.length && [...document.images].every((image) => image.naturalWidth > 600)")
        page.get_by_role("link", name="日本語").or_(page.get_by_role("link", name="English", exact=True)).click()


@pytest.mark.parametrize("language", SAMPLE)
@pytest.mark.usefixtures("noise")
def test_chapters_are_listed_beside_the_page_and_folded_on_a_phone(address: str, page: Page, language: str) -> None:
    page.goto(f"{address}/guide/{language}/deploy.md")
    chapters = page.get_by_role("navigation", name=WORDS[language][0])
    titles = page.locator("main h2").all_inner_texts()
    expect(chapters.get_by_role("link")).to_have_text(titles)
    chapters.get_by_role("link").last.click()
    expect(page.locator("main h2").last).to_be_in_viewport()
    page.set_viewport_size({"width": 390, "height": 700})
    expect(chapters.get_by_role("link")).to_have_count(0)
    chapters.get_by_text(WORDS[language][0]).click()
    expect(chapters.get_by_role("link")).to_have_text(titles)


@pytest.mark.parametrize("language", SAMPLE)
@pytest.mark.usefixtures("noise")
def test_an_example_is_copied_by_the_keyboard_and_said_to_be(address: str, page: Page, language: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.goto(f"{address}/guide/{language}/probe.md")
    *_, copy, copied = WORDS[language]
    button = page.get_by_role("button", name=copy, exact=True).first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(copied)
    expect(page.get_by_role("button", name=copied)).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()") == "runbutton probe"
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name=copied)).to_have_count(0)
    expect(page.locator("main pre")).to_have_count(page.get_by_role("button", name=copy, exact=True).count())


# Shows one page after the other in the same document, each with what the guide's script does to it.
WIDTHS = """async (names) => {
  const { src } = document.querySelector("script[type=module][src*=guide]");
  const found = {};
  for (const name of names) {
    const text = await (await fetch(name)).text();
    document.body.replaceWith(document.adoptNode(new DOMParser().parseFromString(text, "text/html").body));
    await import(`${src}?${name}`);
    const buttons = document.querySelectorAll("main button").length;
    found[name] = [document.documentElement.scrollWidth, buttons >= document.querySelectorAll("main pre").length];
  }
  return found;
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("noise")
def test_no_page_is_wider_than_a_phone(address: str, page: Page, language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{address}/guide/{language}/{FIRST}")
    names = order(language)
    assert page.evaluate(WIDTHS, names) == {name: [320, True] for name in names}


@pytest.mark.parametrize(("language", "width"), [("ja", 320), ("en", 1280)])
@pytest.mark.usefixtures("noise")
def test_axe_finds_nothing_in_a_page_with_chapters_tables_and_examples(
    address: str, page: Page, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{address}/guide/{language}/deploy.md")
    expect(page.get_by_role("button", name=WORDS[language][3], exact=True).first).to_be_visible()
    assert violations(page) == []


def cut_keys(page: Page) -> set[str]:
    """The words in the first columns of tables that take more than a line."""
    found = page.locator("td:first-child code").evaluate_all(
        "keys => keys.filter((key) => key.offsetHeight > 30).map((key) => key.textContent)"
    )
    return {key for key in found if " " not in key}


@pytest.mark.usefixtures("noise")
def test_keys_are_one_line_and_on_a_phone_the_short_ones(address: str, page: Page) -> None:
    for width, name in ((1280, "reference"), (1280, "deploy"), (320, "reference")):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{address}/guide/ja/{name}.md")
        assert [key for key in cut_keys(page) if width > 320 or len(key) < 10] == []
