"""Size of a one-unit krewData script, and how long a page takes to run and mount it: `python -m tests.bench.page`."""

import gzip
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from generator.customization import script
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


def main() -> None:
    text = script(config_of(KREWDATA_UNIT).apps[0])
    with sync_playwright() as playwright:
        program = find_chromium(Path(playwright.chromium.executable_path))
        browser = playwright.chromium.launch(executable_path=str(program), args=["--no-sandbox"])
        times = []
        for _ in range(ROUNDS):
            page = browser.new_page()
            times.append(page.evaluate(ROUND % KINTONE, [text, "app.record.detail.show"]))
            page.close()
        browser.close()
    size = len(gzip.compress(text.encode(), 9))
    times.sort()
    sys.stdout.write(
        f"{len(text):,} bytes, {size:,} gzipped; run and mounted in {times[ROUNDS // 2]:.1f} ms (median)\n"
    )


if __name__ == "__main__":
    main()
