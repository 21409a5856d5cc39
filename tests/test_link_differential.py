"""Module sets made at random say the same, joined by the linker and by the real esbuild, or are refused."""

import os
import subprocess
from pathlib import Path

import pytest
from py_mini_racer import JSEvalException, MiniRacer

from generator.errors import BuildError
from generator.link import link
from tests import node
from tests.module_sets import GLOBALS, module_set

pytestmark = pytest.mark.node

# All of them where the variable CI is set.
SETS = range(500 if os.environ.get("CI") else 100)


def test_a_linked_program_says_what_the_bundled_one_says(tmp_path: Path) -> None:
    entries = []
    for seed in SETS:
        folder = tmp_path / str(seed)
        folder.mkdir()
        for name, text in module_set(seed).items():
            (folder / name).write_text(text, encoding="utf-8")
        entries.append(str(folder / "entry.js"))
    # A bundle for browsers is a script that is not strict by itself, and modules are.
    options = ["--bundle", "--format=iife", "--loader:.js=jsx", '--banner:js="use strict";', "--log-level=error"]
    where = [f"--outdir={tmp_path / 'bundles'}", f"--outbase={tmp_path}"]
    subprocess.run([node.program("esbuild"), *entries, *options, *where], check=True)

    differing, refused = [], 0
    engine = MiniRacer()
    for seed in SETS:
        folder = tmp_path / str(seed)
        try:
            linked = link((folder / "entry.js").read_text(encoding="utf-8"), folder)
        except BuildError:
            refused += 1
            continue
        bundle = (tmp_path / "bundles" / str(seed) / "entry.js").read_text(encoding="utf-8")
        if said(engine, linked) != said(engine, bundle):
            differing.append(seed)
    assert differing == []
    # A name of another module that meets one of the browser is refused: the bundler would rename it.
    assert refused < len(SETS) / 2


def said(engine: MiniRacer, program: str) -> object:
    engine.eval(GLOBALS)
    try:
        engine.eval(program)
    except JSEvalException as error:
        return [type(error).__name__, engine.eval("said.join('\\n')")]
    return engine.eval("said.join('\\n')")
