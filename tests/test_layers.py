"""One direction: a module of the package imports only from modules above it."""

import ast
from pathlib import Path

import pytest

import generator

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
    "log_form",
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
    "kintone.app_settings",
    "kintone.records",
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
    "log_app",
    "log_app.wanted",
    "log_app.reports",
    "log_app.plan",
    "log_app.apply",
    "stub.wire",
    "stub.services",
    "stub.switches",
    "stub.proxy",
    "stub.choices",
    "stub.sample_apps",
    "stub.made_apps",
    "stub.plugins",
    "stub.saved",
    "stub.rest.answers",
    "stub.rest.faults",
    "stub.rest.package",
    "stub.rest.state",
    "stub.rest.call",
    "stub.rest.files",
    "stub.rest.customize",
    "stub.rest.deploys",
    "stub.rest.plugins",
    "stub.rest.checks",
    "stub.rest.fields",
    "stub.rest.settings",
    "stub.rest.new_apps",
    "stub.rest.apps",
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
    "cli.log_app",
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
