"""One direction: a module of the runtime imports only from modules above it; and none is long."""

import os
import re
from pathlib import Path

import pytest

from generator.assets import TEMPLATES

RUNTIME = TEMPLATES / "runtime"
# The services' modules are side by side, below the modules listed before them; main.js gets them as arguments.
RUNTIME_LAYERS = [
    "view/duration.js",
    "view/element.js",
    "view/icon.jsx",
    "view/say.js",
    "view/style.js",
    "run/bounds.js",
    "run/states.js",
    "run/poll.js",
    "page/field-text.js",
    "ask/rules.js",
    "ask/given.js",
    "ask/form.jsx",
    "services/",
    "page/kintone.js",
    "page/kintone-forms.js",
    "page/kintone-plugin.js",
    "page/record-url.js",
    "page/clock.js",
    "page/life.js",
    "page/storage.js",
    "page/proxy.js",
    "page/marks.js",
    "page/plugin.js",
    "page/conditions.js",
    "page/kintone-user.js",
    "page/kintone-dialog.js",
    "page/kintone-list.js",
    "ask/ask.js",
    "page/audience.js",
    "page/record.js",
    "page/reader.js",
    "page/reload.js",
    "page/forms.js",
    "page/mount-point.jsx",
    "run/problems.js",
    "run/rate-limit.js",
    "run/typical-duration.js",
    "run/locks.js",
    "run/entry.js",
    "run/ledger.js",
    "run/follow.js",
    "run/attend.js",
    "run/decide.js",
    "run/sight.js",
    "run/start.js",
    "run/run.js",
    "view/reason.jsx",
    "view/statusline.js",
    "view/last-run.js",
    "view/confirm.js",
    "view/notices.js",
    "log/rows.js",
    "page/kintone-records.js",
    "ask/list.js",
    "ask/input.js",
    "log/log.js",
    "log/exclusive.js",
    "log/asked.js",
    "log/open-log.js",
    "log/page-log.js",
    "view/bar.jsx",
    "view/details.jsx",
    "view/line.jsx",
    "view/button.jsx",
    "page/wanted.js",
    "page/app.js",
    "page/main.js",
]
RUNTIME_MODULES = sorted(path for path in RUNTIME.rglob("*.js*"))
_IMPORT = re.compile(r'^(?:import|\}).* from "(.+)";$', re.M)
_LONGEST = 250


@pytest.mark.parametrize("path", RUNTIME_MODULES, ids=lambda path: path.relative_to(RUNTIME).as_posix())
def test_a_module_of_the_runtime_imports_only_from_modules_above_it_and_is_not_long(path: Path) -> None:
    name = path.relative_to(RUNTIME).as_posix()
    text = path.read_text(encoding="utf-8")
    found = {os.path.relpath(path.parent / module, RUNTIME).replace(os.sep, "/") for module in _IMPORT.findall(text)}
    service = name.startswith("services/")
    above = RUNTIME_LAYERS[: RUNTIME_LAYERS.index("services/" if service else name)]
    # Modules of the same service: webhook.js, webhook-answers.js.
    kin = name.removesuffix(".js").partition("-")[0] + "-"
    assert {module for module in found if not (service and module.startswith(kin))} <= set(above)
    assert len(text.splitlines()) <= _LONGEST
