"""Size of a one-unit krewData script, and how long a page takes to run and mount it."""

import gzip
import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generator.assets import TEMPLATES
from generator.customization import entry, script
from generator.units.config import App
from tests.bench.table import Row
from tests.browser.chromium import launched
from tests.conftest import KREWDATA_UNIT, config_of
from tests.node import program as node_program

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
    app = config_of(KREWDATA_UNIT).apps[0]
    ours, theirs = script(app).encode(), bundled(app).encode()
    words = "a one-unit krewData script in ja and en"
    yield Row(words, len(ours) / 1000, "KB", 68)
    yield Row(f"{words}, gzip", len(gzip.compress(ours, 9)) / 1000, "KB", 20.5)
    yield Row(f"{words}, beside the bundler's", len(ours) / 1000, "KB", 0.8, "esbuild --bundle", len(theirs) / 1000)
    yield Row("run and mounted", _mounting(script(app)), "ms", 5)


def bundled(app: App) -> str:
    """The app's script as the real bundler makes it of the same modules, with the same literal."""
    config = re.search(r"^\w+\(\[.*?\], \{.*?\}, (\{.*\})\);$", script(app), re.MULTILINE)
    assert config
    text = entry((Path("runtime/services/krewdata.js"),)).replace("RUNBUTTON_CONFIG", config[1])
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "entry.js"
        source.write_text(text.replace('"./', f'"{TEMPLATES.as_posix()}/'), encoding="utf-8", newline="\n")
        command = [node_program("esbuild"), str(source), "--bundle"]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def _mounting(text: str) -> float:
    """Milliseconds, the median over pages that have not seen the script before."""
    times = []
    with launched() as browser:
        for _ in range(ROUNDS):
            page = browser.new_page()
            times.append(page.evaluate(ROUND % KINTONE, [text, "app.record.detail.show"]))
            page.close()
    return statistics.median(times)
