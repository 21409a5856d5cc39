"""ES modules → one classic script: joined in the order of their imports, then compiled once.

esbuild-py cannot bundle, so modules share one scope: declarations are at the left edge and have unique names.
"""

import re
from pathlib import Path
from typing import NoReturn

from generator.errors import BuildError
from generator.esbuild import compile_script
from generator.system import reason_of
from generator.words import Message, of

_IMPORT = re.compile(r'^import \{\s*([\w$]+(?:,\s*[\w$]+)*),?\s*\} from "(\.{1,2}/[^"\n]+)";$', re.MULTILINE)
_DECLARED = re.compile(r"^(export )?(?:(?:async )?function\*?|class|const|let) ([\w$]+)", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function\b|class\b|const [\w$]|let [\w$])", re.MULTILINE)
_REFUSED = re.compile(r"^(?:import|export|var|(?:const|let)\s*[\[{]).*", re.MULTILINE)
_REMARKS = re.compile(r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*", re.DOTALL)

# Separates the modules in esbuild's output, where white space distinguishes a regular expression, key and method.
_MARK = "RUNBUTTON_MODULE;"
_NOTHING = re.compile(r"/\* @__PURE__ \*/ |^  ;$|^\s*(?:/\*(?:(?!\*/).)*\*/|//[^\n]*)$", re.MULTILINE | re.DOTALL)
_REGEX = r"(?:(?<=[(\[!])|(?<=[,=:&|?>] )|(?<=return ))/(?![ *])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/"
_TEXTS = re.compile(rf'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|{_REGEX}')
_WORDS = re.compile(r"(?m)(?:(?<![\w$.#])|(?<=\.\.\.))[A-Za-z_$][\w$]*(?![\w$]|: |\((?:[^()]|\([^()]*\))*\) \{$)")


class _Module:
    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, _REMARKS.sub(lambda remark: re.sub(r"[^\n]", " ", remark[0]), text)
        imports = [(names, (path.parent / at).resolve()) for names, at in _IMPORT.findall(self.text)]
        self.imports = {name: at for names, at in imports for name in re.findall(r"[\w$]+", names)}
        self.declared = {name: bool(export) for export, name in sorted(_DECLARED.findall(self.text))}
        self.body, code = (_EXPORT.sub("", _IMPORT.sub(";", part)) for part in (text, self.text))
        if bad := _REFUSED.search(code):
            self.refuse(bad[0], Message("link.plain", code=bad[0]))

    def refuse(self, part: str, why: Message) -> NoReturn:
        found = re.search(rf"(?:(?<![\w$.])|(?<=\.\.\.)){re.escape(part)}(?!\w)", self.text)
        raise BuildError(of(f"{self.path.name}:{self.text.count(chr(10), 0, found.start() if found else 0) + 1}", why))


def link(entry: str, folder: Path) -> str:
    """Joins the entry's text, as if it lay in `folder`, and all that it imports to one strict script."""
    modules: dict[Path, _Module] = {}
    _read(_Module(folder / "entry.js", entry), modules, ())
    owners = {"import": Path("the language")}
    for module in modules.values():
        for name in module.declared:
            if owners.setdefault(name, module.path) != module.path:
                module.refuse(name, Message("link.declared", module=owners[name].name, name=name))
    joined = f"\n;{_MARK}\n".join(module.body for module in modules.values())
    texts = {str(module.path): module.body for module in modules.values()}
    script = _NOTHING.sub("", compile_script(f'(function () {{\n"use strict";\n{joined}\n}})();\n', texts))
    for module, part in zip(modules.values(), script.split(_MARK), strict=True):
        code = _TEXTS.sub('""', part)
        for name in sorted({*_WORDS.findall(code)} & owners.keys() - module.declared.keys() - module.imports.keys()):
            module.refuse(name, Message("link.notImported", module=owners[name].name, name=name))
        if any(line.count("`") % 2 for line in code.splitlines()):
            module.refuse("`", Message("link.template"))
    return "".join(f"{line.strip()}\n" for line in script.replace(_MARK, "").splitlines() if line.strip())


def _read(module: _Module, modules: dict[Path, _Module], importing: tuple[Path, ...]) -> None:
    """Adds `module` behind all that it imports."""
    chain = (*importing, module.path)
    for name, path in module.imports.items():
        if path in chain:
            circle = " → ".join(part.name for part in (*chain[chain.index(path) :], path))
            module.refuse("import", Message("link.circle", circle=circle))
        if path not in modules:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                module.refuse(name, Message("link.unreadable", module=path.name, error=reason_of(error)))
            _read(_Module(path, text), modules, chain)
        if not modules[path].declared.get(name):
            module.refuse(name, Message("link.notExported", module=path.name, name=name))
    modules[module.path] = module
