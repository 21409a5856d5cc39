"""The questions of several units at once."""

from playwright.sync_api import Page

_READ = """async (ids) => {
  const dialog = () => document.querySelector("dialog, [role=dialog]");
  const buttons = () => [...dialog().querySelectorAll("button")];
  const cancel = () => buttons().find((button) => ["キャンセル", "Cancel"].includes(button.textContent.trim()));
  const until = async (done) => {
    while (!done()) await scheduler.postTask(() => {}, { delay: 1 });
  };
  const questions = [];
  for (const id of ids) {
    document.querySelector(`[data-runbutton="${id}"] button.rb-run`).click();
    await until(dialog);
    questions.push(dialog().innerText);
    cancel().click();
    await until(() => !dialog());
  }
  return questions;
}"""


def questions(page: Page, *unit_ids: str) -> list[str]:
    """What each unit asks at a click. The questions are canceled."""
    found: list[str] = page.evaluate(_READ, unit_ids)
    return found
