"""A third service, of three files, from its settings page to its button: no other file has to know it."""

import pytest
from playwright.sync_api import Page, expect

from tests.third_service import Copy


@pytest.fixture
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("third"))


def save_settings(page: Page, address: str, secret_of: str) -> None:
    """Opens the settings by the list of all apps, and saves what the panel offers for this secret."""
    page.goto(f"{address}/?lang=en")
    page.get_by_role("link", name="Run buttons").click()
    settings = page.locator(".stub-plugin-settings")
    # The page and the panel use its model's words; the panel offers what its emulator accepts.
    secret = page.locator("#stub-panel").get_by_label(secret_of).input_value()
    settings.get_by_label(secret_of).fill(secret)
    settings.get_by_role("button", name="Save").click()
    expect(settings.get_by_text("Settings saved.")).to_be_visible(timeout=15_000)


def run_of(page: Page, unit: str) -> None:
    page.locator(f'[data-runbutton="{unit}"] button').first.click()


def test_its_secret_is_saved_and_its_buttons_run(copy: Copy, page: Page, noise: list[str]) -> None:  # noqa: ARG001
    with copy.preview() as address:
        save_settings(page, address, "Courier token")
        page.goto(f"{address}/k/45/show#record=1")
        page.get_by_label("Run time (seconds)").select_option("2")
        expect(page.get_by_text("Applied")).to_be_visible()
        for unit in ("send", "wave"):
            run_of(page, unit)
            expect(page.locator(f'[data-runbutton="{unit}"]')).to_have_attribute(
                "data-state", "succeeded", timeout=20000
            )
        # Its own faults are offered, and work.
        page.get_by_label("Failing request").select_option("courier/send")
        page.get_by_label("How it fails").select_option("row-rain")
        expect(page.get_by_text("Applied")).to_be_visible()
        run_of(page, "wave")
        expect(page.get_by_text("The courier refused.").first).to_be_visible()


@pytest.mark.usefixtures("noise")
def test_without_an_emulator_the_preview_says_so(tmp_path_factory: pytest.TempPathFactory, page: Page) -> None:
    copy = Copy(tmp_path_factory.mktemp("third"), emulated=False)
    with copy.preview() as address:
        page.goto(f"{address}/k/45/show?lang=en#record=1")
        run_of(page, "wave")
        expect(page.locator('[data-runbutton="wave"]')).to_have_attribute("data-state", "failed")
        expect(page.get_by_text("the preview has no emulator for").first).to_be_attached()
