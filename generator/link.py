"""ES modules → one program in one scope.

esbuild-py compiles but does not bundle, so the modules are joined before it: in the order of their dependencies,
without their import lines and the word `export`. That works for modules that keep to a few forms, and anything else is
an error with file and line: named imports by relative path and exported declarations; no default, `*`, rename,
re-export or cycle; and no two top-level names alike, since all share one scope.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from generator.errors import BuildError

_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*", re.DOTALL)
_IMPORT = re.compile(r'^import \{([\w$,\s]+)\} from "(\.{1,2}/[^"\n]+)";$', re.MULTILINE)
_DECLARATION = re.compile(r"^(export )?(?:async )?(?:const|let|class|function\*?) ([\w$]+)", re.MULTILINE)
# Code of a module stands at the left edge only where a statement begins: the formatter sees to that.
_OTHER = re.compile(r"^(?:import|export)\b.*|\bimport\s*[(.].*", re.MULTILINE)


@dataclass(frozen=True)
class _Module:
    path: Path
    code: str
    imports: tuple[tuple[Path, tuple[str, ...], int], ...]
    declared: dict[str, int]
    exports: frozenset[str]


def link(entry: str, folder: Path) -> str:
    """Joins the entry's text and all modules that it imports, itself as if it lay in `folder`.

    Returns the text of one ES module without imports or exports. Raises BuildError with file and line for a module that
    cannot be joined.
    """
    modules: dict[Path, _Module] = {}
    _read(_parse(folder / "entry.js", entry), modules, ())
    _refuse_shared_names(modules)
    return "\n".join(module.code.strip() + "\n" for module in modules.values())


def _read(module: _Module, modules: dict[Path, _Module], importing: tuple[Path, ...]) -> None:
    """Adds `module` behind everything that it imports."""
    chain = (*importing, module.path)
    for path, names, line in module.imports:
        if path in chain:
            names_in_cycle = " → ".join(part.name for part in (*chain[chain.index(path) :], path))
            raise _error(module.path, line, f"the imports go in a circle: {names_in_cycle}")
        if path not in modules:
            _read(_open(path, module.path, line), modules, chain)
        for name in names:
            if name not in modules[path].exports:
                raise _error(module.path, line, f"{path.name} does not export {name}")
    modules[module.path] = module


def _open(path: Path, importer: Path, line: int) -> _Module:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise _error(importer, line, f"cannot read {path.name}: {error.strerror}") from error
    return _parse(path, text)


def _parse(path: Path, text: str) -> _Module:
    # What comments say is no code. They are blanked, not cut, so that places in both texts stay the same.
    code = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)
    dropped: list[tuple[int, int]] = []

    imports = []
    for found in _IMPORT.finditer(code):
        names = tuple(name.strip() for name in found.group(1).split(",") if name.strip())
        line = _line(code, found.start())
        if any(" " in name for name in names):
            raise _error(path, line, "an import cannot rename: import the name as it is exported")
        imports.append(((path.parent / found.group(2)).resolve(), names, line))
        dropped.append(found.span())

    declared: dict[str, int] = {}
    exports = set()
    for found in _DECLARATION.finditer(code):
        declared[found.group(2)] = _line(code, found.start())
        if found.group(1):
            exports.add(found.group(2))
            dropped.append(found.span(1))

    code, text = _drop(code, dropped), _drop(text, dropped)
    if other := _OTHER.search(code):
        allowed = 'only `import { name } from "./module.js";` and exported declarations can be linked'
        raise _error(path, _line(code, other.start()), f"`{other.group().strip()}`: {allowed}")
    return _Module(path, text, tuple(imports), declared, frozenset(exports))


def _drop(text: str, spans: list[tuple[int, int]]) -> str:
    """Cuts the spans out, but for their line ends, so that lines keep their numbers."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + "\n" * text.count("\n", start, end) + text[end:]
    return text


def _refuse_shared_names(modules: dict[Path, _Module]) -> None:
    first: dict[str, Path] = {}
    for module in modules.values():
        for name, line in module.declared.items():
            if name in first:
                raise _error(
                    module.path, line, f"{name} is declared in {first[name].name} too: all modules share one scope"
                )
            first[name] = module.path


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _error(path: Path, line: int, text: str) -> BuildError:
    return BuildError(f"{path.name}:{line}: {text}")
