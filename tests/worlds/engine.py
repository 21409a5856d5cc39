"""Runs worlds: the runtime's own modules and the simulation, linked, in a worker of a Chromium."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from generator.assets import TEMPLATES
from generator.link import link
from generator.words import LANGUAGES, sections
from tests.browser.chromium import launched

HERE = Path(__file__).parent

# What the worlds use of the runtime; `handOver` and the other globals are theirs: see tab.js.
_ENTRY = """
import { holds } from "./runtime/page/conditions.js";
import { createForms } from "./runtime/page/forms.js";
import { main } from "./runtime/page/main.js";
import { openPlugin } from "./runtime/page/plugin.js";
import { createReload } from "./runtime/page/reload.js";
import { askFor } from "./runtime/ask/ask.js";
import { createInput } from "./runtime/ask/input.js";
import { createExclusive } from "./runtime/log/exclusive.js";
import { openPageLog } from "./runtime/log/page-log.js";
import { krewdata } from "./runtime/services/krewdata.js";
import { trocco } from "./runtime/services/trocco.js";

const services = [krewdata, trocco];
const more = { openPageLog, createExclusive, createInput, askFor };
handOver({ main, holds, createForms, createReload, openPlugin, ...more, services, words });
"""

# Posts a command to each worker, and waits for their answers.
_ASK = """(asks) => Promise.all(asks.map(([command, asked], n) => new Promise((resolve, reject) => {
  const worker = workers[n];
  const id = (window.asked = (window.asked ?? 0) + 1);
  worker.addEventListener("message", function hear({ data }) {
    if (data.id === id) {
      worker.removeEventListener("message", hear);
      data.error ? reject(new Error(data.error)) : resolve(data.answer);
    }
  });
  worker.postMessage({ id, command, asked });
})))"""
_START = """([source, count]) => {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  window.workers = Array.from({ length: count }, () => new Worker(address));
}"""

_EXPORT = re.compile(r"^export (?:async )?(?:const|class|function\*?) ([\w$]+)", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)

# V8 compiles hot functions later, when it knows them better, and has to compile fewer of them again.
_LATER = "--js-flags=--interrupt-budget=300000"

# The runtime's text in two parts: one shared by all documents, and one for each document.
Program = dict[str, str]


# The mark of a mutant, on a separate line above the line that it changes: see README.md here.
_MARK = re.compile(r"^([ \t]*)// mutant (?P<name>[a-z0-9-]+)(?: \((?P<lines>\d+) lines\))?:(?P<code>.*)$")


def marks() -> dict[str, Path]:
    """Every mutant that is marked in the runtime, with its module; raises ValueError for a duplicate name."""
    found: dict[str, Path] = {}
    for path in sorted((TEMPLATES / "runtime").rglob("*.js*")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if mark := _MARK.match(line):
                if mark["name"] in found:
                    raise ValueError(f"{path.name}: mutant {mark['name']} is marked in {found[mark['name']].name} too")
                found[mark["name"]] = path
    return found


def mutate(text: str, name: str) -> str:
    """A module's text with the mutant in it; raises ValueError if the mutant is not marked there."""
    lines = text.splitlines(keepends=True)
    at, mark = next(
        ((n, mark) for n, line in enumerate(lines) if (mark := _MARK.match(line)) and mark["name"] == name), (0, None)
    )
    if mark is None:
        raise ValueError(f"no mutant {name}")
    # Other mutants of the same line may be marked above it.
    first = next(n for n in range(at, len(lines)) if not _MARK.match(lines[n]))
    after = first + int(mark["lines"] or 1)
    return "".join([*lines[:at], f"{mark[1]}{mark['code'].strip()}\n", *lines[after:]])


# What a module names of the document around it. One that names nothing of it, and imports no module that does, is the
# same for all documents: it is evaluated once for all worlds, which makes them several times as fast.
_OF_DOCUMENT = re.compile(
    r"\b(?:kintone|document|location|navigator|localStorage|sessionStorage|(?:add|remove)EventListener|innerHeight"
    r"|(?:set|clear)(?:Timeout|Interval)|requestAnimationFrame|Date\.now|new Date|Math\.random|console|globalThis"
    r"|crypto|performance|window|self|Node|Element|HTMLElement|getSelection|matchMedia|Intl|toLocaleString|CustomEvent"
    r"|AbortController)\b(?!\.js)"
    r"|^(?:export )?let |= new (?:Weak)?(?:Map|Set)\(\)",
    re.MULTILINE,
)
_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)


def program(mutant: str | None = None) -> Program:
    """The runtime, with the named mutant if any; raises ValueError if it is not marked."""
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        runtime = folder / "runtime"
        shutil.copytree(TEMPLATES / "runtime", runtime)
        if mutant:
            path = runtime / marks()[mutant].relative_to(TEMPLATES / "runtime")
            path.write_text(mutate(path.read_text(encoding="utf-8"), mutant), encoding="utf-8")
        shared = _shared_modules(runtime)
        exports = {path: re.findall(_EXPORT, path.read_text(encoding="utf-8")) for path in sorted(shared)}
        names = ", ".join(name for exported in exports.values() for name in exported)
        imports = [
            f'import {{ {", ".join(exported)} }} from "./{path.relative_to(folder).as_posix()}";\n'
            for path, exported in exports.items()
        ]
        words = json.dumps({language: sections(language) for language in LANGUAGES})
        common = link(f"{''.join(imports)}share({{ {names}, words: {words} }});\n", folder)
        for path in runtime.rglob("*.js*"):
            if path not in shared:
                path.write_text(_without(path.read_text(encoding="utf-8"), path, shared), encoding="utf-8")
        own = link(_without(_ENTRY, folder / "entry.js", shared), folder)
    return {"shared": common, "names": f"{names}, words", "document": own}


def _shared_modules(runtime: Path) -> frozenset[Path]:
    texts = {path: path.read_text(encoding="utf-8") for path in runtime.rglob("*.js*")}
    imports = {
        path: {(path.parent / place).resolve() for _, place in _IMPORT.findall(text)} for path, text in texts.items()
    }
    shared = {path for path, text in texts.items() if not _OF_DOCUMENT.search(_COMMENT.sub("", text))}
    while left_out := {path for path in shared if imports[path] - shared}:
        shared -= left_out
    return frozenset(shared)


def _without(text: str, path: Path, shared: frozenset[Path]) -> str:
    """A module's text without its imports of shared modules: their names are in the scope around it."""
    return _IMPORT.sub(lambda found: "" if (path.parent / found[2]).resolve() in shared else found[0], text)


def simulation() -> str:
    """The modules of the simulation as one script: each in a function that returns its exports."""
    parts: dict[Path, str] = {}

    def add(path: Path) -> str:
        name = f"module_{path.stem}_{path.parent.name}"
        if path not in parts:
            parts[path] = ""
            text = path.read_text(encoding="utf-8")
            exported = ", ".join(_EXPORT.findall(text))
            body = _IMPORT.sub(
                lambda found: f"const {{{found[1]}}} = {add((path.parent / found[2]).resolve())};\n", text
            )
            del parts[path]
            body = re.sub(r"^export ", "", body, flags=re.MULTILINE)
            parts[path] = f"const {name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"
        return name

    add(HERE / "main.js")
    return '"use strict";\n' + "".join(parts.values())


class Worlds:
    """Workers that run worlds, each with a part of them."""

    def __init__(self, page: Page, workers: int = 1) -> None:
        self._page = page
        self._workers = workers
        page.evaluate(_START, [simulation(), workers])

    def run(
        self, program: Program, seed: int, count: int, *, kind: str = "days", most: int = 1, rule: str | None = None
    ) -> dict[str, Any]:
        """Runs `count` worlds of a plan from a seed on, until `most` have broken a rule, or this rule."""
        edges = [seed + count * n // self._workers for n in range(self._workers + 1)]
        done = self._ask(
            "run",
            *(
                {"program": program, "from": first, "count": after - first, "kind": kind, "most": most, "rule": rule}
                for first, after in pairwise(edges)
            ),
        )
        return {
            "figures": {name: sum(part["figures"][name] for part in done) for name in done[0]["figures"]},
            "broken": sorted((one for part in done for one in part["broken"]), key=lambda one: int(one["seed"])),
            "seconds": max(part["seconds"] for part in done),
        }

    def story(self, program: Program, seed: int | str, *, kind: str = "days", short: bool = True) -> dict[str, Any]:
        """The events of a seed's world or a named story, in lines; the shortest that breaks its rule if `short`."""
        asked = {"program": program, "seed": seed, "kind": kind, "short": short}
        found: dict[str, Any] = self._ask("story", asked)[0]
        return found

    def polling(self, program: Program, units: int) -> dict[str, dict[str, float]]:
        """The number of status requests for so many units' runs, and how late their ends are known: see polling.js."""
        found: dict[str, dict[str, float]] = self._ask("polling", {"program": program, "units": units})[0]
        return found

    def rules(self) -> list[str]:
        """The names of all rules."""
        found: list[str] = self._ask("rules", {})[0]
        return found

    def _ask(self, command: str, *asked: dict[str, Any]) -> list[Any]:
        answers: list[Any] = self._page.evaluate(_ASK, [[command, one] for one in asked])
        return answers


@contextmanager
def worlds_in_chromium() -> Iterator[Worlds]:
    """A worker for each processor in a separate Chromium."""
    with launched(_LATER) as browser:
        yield Worlds(browser.new_page(), os.cpu_count() or 1)
