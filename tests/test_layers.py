"""One direction: a module of the package imports only from modules above it, and so does one of the runtime; and no
module of the runtime is long."""

import ast
import os
import re
from pathlib import Path

import pytest

import generator
from generator.assets import TEMPLATES

PACKAGE = Path(generator.__file__).parent
LAYERS = [
    "__init__",
    "assets",
    "words",
    "errors",
    "system",
    "invisible",
    "smallfile",
    "near",
    "starts",
    "environment",
    "masking",
    "failures",
    "no_proxy",
    "network",
    "units",
    "units.problems",
    "units.values",
    "units.refusals",
    "units.record",
    "units.unit",
    "units.krewdata",
    "units.trocco",
    "units.plugin",
    "units.config",
    "mistyped",
    "config",
    "cautions",
    "starter",
    "esbuild",
    "guide",
    "link",
    "origin",
    "customization",
    "run",
    "signing",
    "plugin",
    "build",
    "kintone",
    "kintone.certificates",
    "kintone.connection",
    "kintone.answers",
    "kintone.wire",
    "kintone.client",
    "deploy.journal",
    "deploy.state",
    "deploy.words",
    "deploy.diff",
    "deploy.past",
    "deploy.lock",
    "deploy.parallel",
    "deploy.wait",
    "deploy.read",
    "deploy.package",
    "deploy.form",
    "deploy.plan",
    "deploy.removal",
    "deploy.send",
    "deploy.apply",
    "deploy.rollback",
    "deploy",
    "stub.wire",
    "stub.services",
    "stub.switches",
    "stub.proxy",
    "stub.choices",
    "stub.people",
    "stub.session",
    "stub.record_values",
    "stub.form_fields",
    "stub.sample_apps",
    "stub.plugins",
    "stub.saved",
    "stub.rest.answers",
    "stub.rest.faults",
    "stub.rest.package",
    "stub.rest.switches",
    "stub.rest.state",
    "stub.rest.record_comparison",
    "stub.rest.record_query",
    "stub.rest.record_rights",
    "stub.rest.record_store",
    "stub.rest.call",
    "stub.rest.sign_in",
    "stub.rest.files",
    "stub.rest.customize",
    "stub.rest.deploys",
    "stub.rest.plugins",
    "stub.rest.apps",
    "stub.rest.records",
    "stub.rest.api",
    "stub.rest",
    "stub.tenant",
    "stub.scenes",
    "stub.configured",
    "stub.web.guard",
    "stub.web.errors",
    "stub.web.answers",
    "stub.web.plugins",
    "stub.web.workbench",
    "stub.web.scenes",
    "stub.web.guide",
    "stub.web.pages",
    "stub.web.administration",
    "stub.web.records",
    "stub.web.proxies",
    "stub.web",
    "stub.server",
    "running_preview",
    "probe",
    "probe.facts",
    "probe.http",
    "probe.krewdata",
    "probe.trocco",
    "probe.write",
    "probe.rest",
    "preview",
    "cli.lossy",
    "cli.language",
    "cli.command",
    "cli.terminal",
    "cli.serving",
    "cli.guide",
    "cli.init",
    "cli.progress",
    "cli.run_inputs",
    "cli.run_result",
    "cli.run",
    "cli.keygen",
    "cli.schema",
    "cli.check",
    "cli.build",
    "cli.preview",
    "cli.probe",
    "cli.tenant",
    "cli.deploy",
    "cli.rollback",
    "cli.remove",
    "cli",
    "__main__",
]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "generator":
            name = node.module.removeprefix("generator").removeprefix(".")
            found |= {name} if name and name != "stub" else {f"{name}.{alias.name}".strip(".") for alias in node.names}
    return found - {"__version__"}


def emulator(name: str) -> str:
    """The service that a module belongs to, if it does: nothing but that service's own modules may name it."""
    return ".".join(name.split(".")[:3]) if name.startswith("stub.services.") else ""


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_modules_above_it(path: Path) -> None:
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
    if name == "stub":
        return
    own = emulator(name)
    above = LAYERS[: LAYERS.index("stub.services") + 1 if own else LAYERS.index(name)]
    assert {other for other in imported(path) if not own or emulator(other) != own} <= set(above)


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
    "services/",
    "page/kintone.js",
    "page/kintone-forms.js",
    "page/kintone-plugin.js",
    "page/clock.js",
    "page/life.js",
    "page/storage.js",
    "page/proxy.js",
    "page/marks.js",
    "page/plugin.js",
    "page/conditions.js",
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
    "view/statusline.js",
    "view/last-run.js",
    "view/confirm.js",
    "view/notices.js",
    "view/bar.jsx",
    "view/details.jsx",
    "view/line.jsx",
    "view/button.jsx",
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
