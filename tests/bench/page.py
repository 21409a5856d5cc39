"""Size of a one-unit krewData script, and how long a page takes to run and mount it."""

import gzip
import statistics
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from generator.customization import script
from tests.bench.table import Row
from tests.browser.chromium import find_chromium
from tests.conftest import KREWDATA_UNIT, config_of

ROUNDS = 30
KINTONE = """
  const handlers = {};
  const space = document.body.appendChild(document.createElement("div"));
  globalThis.kintone = {
    events: { on: (type, handler) => { handlers[type] = handler; } },
    getLoginUser: () => ({ code: "sato", language: "ja", timezone: "Asia/Tokyo" }),
    app: { record: { getHeaderMenuSpaceElement: () => space } },
  };
  const text = (value) => ({ type: "SINGLE_LINE_TEXT", value });
"""
ROUND = """([script, type]) => {
  %s
  const start = performance.now();
  (0, eval)(script);
  handlers[type]({ type, appId: 45, recordId: 1, record: { "部門名": text("a"), "入荷日": text("b") } });
  return performance.now() - start;
}"""


def rows() -> Iterator[Row]:
    """The rows of the page."""
    apps = [config_of(KREWDATA_UNIT, languages=languages).apps[0] for languages in (["ja", "en"], ["ja"])]
    for app in apps:
        text = script(app).encode()
        words = f"a one-unit krewData script in {' and '.join(app.languages)}"
        yield Row(words, len(text) / 1000, "KB", 45)
        yield Row(f"{words}, gzip", len(gzip.compress(text, 9)) / 1000, "KB", 13)
    yield Row("run and mounted", _mounting(script(apps[0])), "ms", 5)


def _mounting(text: str) -> float:
    """Milliseconds, the median over pages that have not seen the script before."""
    with sync_playwright() as playwright:
        program = find_chromium(Path(playwright.chromium.executable_path))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        times = []
        for _ in range(ROUNDS):
            page = browser.new_page()
            times.append(page.evaluate(ROUND % KINTONE, [text, "app.record.detail.show"]))
            page.close()
        browser.close()
    return statistics.median(times)
