"""axe-core against a page. The Python package is asked for nothing but its copy of axe-core: importing its modules
reads that file in the machine's own encoding, which fails on a Japanese Windows."""

from importlib import resources
from typing import Any

from playwright.sync_api import Page

_AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

_RUN = """async ({ selector, rules }) => {
  const { violations } = await axe.run(selector, { rules, resultTypes: ["violations"], preload: false });
  return violations.map(({ id, help, nodes }) => [id, help, ...nodes.map((node) => node.html)]);
}"""


def violations(page: Page, selector: str = "html") -> list[Any]:
    """axe's violations on the page, or on its matching parts: the rule, its words, the elements.

    axe waits with the page's timers, so a stopped clock must run first."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(_AXE)
    # The rules of a whole page are not for a part of it.
    rules = {} if selector == "html" else {"region": {"enabled": False}}
    found: list[Any] = page.evaluate(_RUN, {"selector": selector, "rules": rules})
    return found
