"""The questions of several units at once."""

from playwright.sync_api import Page

from tests.browser.record_page import answering

_READ = answering("""
  const cancel = () => answer("キャンセル", "Cancel");
  const questions = [];
  for (const id of given) {
    document.querySelector(`[data-runbutton="${id}"] button.rb-run`).click();
    await until(cancel);
    questions.push(document.querySelector("dialog, [role=dialog]").innerText);
    cancel().click();
    await until(() => !cancel());
  }
  return questions;
""")


def questions(page: Page, *unit_ids: str) -> list[str]:
    """What each unit asks at a click. The questions are canceled."""
    found: list[str] = page.evaluate(_READ, unit_ids)
    return found
