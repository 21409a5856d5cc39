"""ES modules → one program in one scope, without comments and indentation.

esbuild-py compiles but does not bundle. So each module is compiled by itself, and what comes out, which has one form
for everything, is joined in the order of the imports: without the import lines and the word `export`. A name that means
something else in another module gets a number behind it, as with every bundler. Modules keep to named imports by
relative path and exported declarations; all else is refused with file and line.
"""

import itertools
import re
from collections import ChainMap
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from generator import tokens
from generator.errors import BuildError
from generator.esbuild import compile_module
from generator.tokens import Code, Token

_LANGUAGES = frozenset(("ja", "en"))

_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*", re.DOTALL)
_IMPORT = re.compile(r'import \{([\w$,\s]*)\} from "(\.{1,2}/[^"\n]+)";')
_ALLOWED = 'only `import { name } from "./module.js";` and exported declarations can be linked'

# Names that see, or are seen from, beyond the module's own text.
_REFUSED = {
    "var": "use const or let",
    "eval": "it would see the names of all modules",
    "arguments": "use rest parameters",
    "import": _ALLOWED,
}
# Words that are names in one place and grammar in another.
_NO_NAMES = frozenset(("of", "async", "let", "as", "from"))


class _Import(NamedTuple):
    path: Path
    names: tuple[str, ...]
    line: int


@dataclass
class _Module:
    path: Path
    text: str
    code: Code
    imports: list[_Import] = field(default_factory=list)
    declared: list[str] = field(default_factory=list)
    exports: set[str] = field(default_factory=set)

    @property
    def imported(self) -> set[str]:
        return {name for imported in self.imports for name in imported.names}

    def mentioned(self) -> set[str]:
        """Every name that may stand for a variable of this module, of another one or of the browser."""
        return {token.text for token in self.code.tokens if token.role in ("reference", "shorthand")}

    def refusal(self, pattern: str, words: str) -> BuildError:
        """An error at the first place in the source that has `pattern`, comments aside."""
        return BuildError(f"{self.path.name}:{self.line_of(pattern)}: {words}")

    def line_of(self, pattern: str) -> int:
        """The line in the source where `pattern` is found first, comments aside; 1 where it is not."""
        # Blanked, not cut, so that places stay the same.
        code = _COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), self.text)
        found = re.search(pattern, code, re.MULTILINE)
        return code.count("\n", 0, found.start()) + 1 if found else 1


def link(entry: str, folder: Path, languages: Set[str] = _LANGUAGES) -> str:
    """Joins the entry's text and all modules that it imports, itself as if it lay in `folder`.

    Of the texts by language in modules called …messages.js, only those in `languages` are in the answer, which is plain
    JavaScript for the inside of a function. Raises BuildError with file and line for a module that cannot be joined.
    """
    modules: dict[Path, _Module] = {}
    _read(_parse(folder / "entry.js", entry), modules, ())
    renamed = _names(modules)
    parts = []
    for module in modules.values():
        of_imports = [{name: renamed[part.path][name] for name in part.names} for part in module.imports]
        _rename(module.code, ChainMap(renamed[module.path], *of_imports))
        if module.path.name.endswith("messages.js") and languages != _LANGUAGES:
            tokens.without_keys(module.code, _LANGUAGES, _LANGUAGES - languages)
        parts.append(tokens.plain(module.code.tokens))
    return "".join(parts)


def _read(module: _Module, modules: dict[Path, _Module], importing: tuple[Path, ...]) -> None:
    """Adds `module` behind everything that it imports."""
    chain = (*importing, module.path)
    for path, names, line in module.imports:
        if path in chain:
            circle = " → ".join(part.name for part in (*chain[chain.index(path) :], path))
            raise BuildError(f"{module.path.name}:{line}: the imports go in a circle: {circle}")
        if path not in modules:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                words = getattr(error, "strerror", None) or "is not UTF-8"
                raise BuildError(f"{module.path.name}:{line}: cannot read {path.name}: {words}") from error
            _read(_parse(path, text), modules, chain)
        for name in names:
            if name not in modules[path].exports:
                raise BuildError(f"{module.path.name}:{line}: {path.name} does not export {name}")
    modules[module.path] = module


def _parse(path: Path, text: str) -> _Module:
    # Something exported makes it a module for esbuild: strict, and with functions that stay in their block.
    compiled = compile_module(f"{text}\nexport {{}};\n", path.name)
    module = _Module(path, text, tokens.read(compiled.removesuffix("export {};\n")))
    _take_imports_and_exports(module)
    for token in module.code.tokens:
        if token.role == "reference" and token.text in _REFUSED:
            raise module.refusal(rf"\b{token.text}\b", f"`{token.text}`: {_REFUSED[token.text]}")
    for name in _NO_NAMES & set(module.declared):
        raise module.refusal(rf"\b{name}\b", f"{name} is a word of the language too: choose another name")
    _refuse_changed_imports(module)
    return module


def _take_imports_and_exports(module: _Module) -> None:
    """Notes what the module imports, declares and exports, and takes out the import lines and the words `export`."""
    all_tokens = module.code.tokens
    places = [*module.code.significant(), len(all_tokens)]
    for n, at in enumerate(places[:-1]):
        # esbuild begins each statement of the outermost level, and nothing else of that level, at the left edge.
        if all_tokens[at].depth or (at and not all_tokens[at - 1].text.endswith("\n")):
            continue
        if all_tokens[at].text == "import":
            end = next((m for m in places[n:-1] if all_tokens[m].text == ";"), places[-1] - 1)
            _note_import(module, tokens.plain(all_tokens[at : end + 1]))
            _take_out(all_tokens[at : end + 1])
        elif all_tokens[at].text == "export":
            names = _declared(module, places[n + 1 :])
            if not names:
                line = tokens.plain(all_tokens[at:]).partition("\n")[0]
                pattern = r"\bexport\b(?!\s+(?:const|let|class|function|async)\b)"
                raise module.refusal(pattern, f"`{line}`: {_ALLOWED}")
            _take_out(all_tokens[at : places[n + 1]])
            module.declared += names
            module.exports |= set(names)
        else:
            module.declared += _declared(module, places[n:])


def _note_import(module: _Module, statement: str) -> None:
    found = _IMPORT.fullmatch(statement)
    if re.match(r"import \{[^}]*\bas\b", statement):
        raise module.refusal(r"import\s*\{[^}]*\bas\b", "an import cannot rename: import the name as it is exported")
    if not found or not (names := re.findall(r"[\w$]+", found[1])):
        pattern = r"\bimport\b(?!\s*\{)|\bimport\s*\{[^}]*\}\s*from\s*[\"'](?!\.{1,2}/)|\bimport\s*\{\s*\}"
        raise module.refusal(pattern, f"`{statement}`: {_ALLOWED}")
    written = rf"\bimport\s*\{{[^}}]*\}}\s*from\s*[\"']{re.escape(found[2])}[\"']"
    path = (module.path.parent / found[2]).resolve()
    module.imports.append(_Import(path, tuple(names), module.line_of(written)))


def _declared(module: _Module, places: list[int]) -> list[str]:
    """The names that the statement declares whose tokens are at `places`; none where it declares nothing."""
    words = iter([module.code.tokens[at] for at in places[:-1]])
    first = next(words, Token("sign", ";")).text
    if first == "async":
        first = "async function" if next(words, Token("sign", ";")).text == "function" else ""
    if first in ("function", "async function", "class"):
        return [next(word.text for word in words if word.text != "*")]
    names: list[str] = []
    if first in ("const", "let"):
        before = first
        for word in words:
            if before in ("const", "let") or (before == "," and not word.depth):
                if word.kind != "word":
                    pattern = rf"\b{first}\s*[\[{{]"
                    raise module.refusal(pattern, f"`{first} {word.text}`: give each name a declaration of its own")
                names.append(word.text)
            if word.text == ";" and not word.depth:
                break
            before = word.text if not word.depth else ""
    return names


def _take_out(cut: list[Token]) -> None:
    for token in cut:
        token.kind, token.text, token.role = "comment", "", None


def _refuse_changed_imports(module: _Module) -> None:
    """What is imported cannot be changed, but would be, once the modules share one scope."""
    imported = module.imported
    significant = [module.code.tokens[at] for at in module.code.significant()]
    opened: list[int] = []
    for n, token in enumerate(significant):
        before = significant[n - 1].text if n else ""
        after = significant[n + 1].text if n + 1 < len(significant) else ""
        changed: set[str] = set()
        if token.text in imported and token.role in ("reference", "shorthand"):
            changes = _assigns(significant[n + 1 : n + 5]) or "++" in (before, after) or "--" in (before, after)
            changes |= before == "(" and after in ("of", "in") and significant[n - 2].text == "for"
            changed = {token.text} if changes and before not in ("const", "let") else set()
        elif token.kind == "sign" and token.text in ("[", "{"):
            opened.append(n)
        elif token.kind == "sign" and token.text in ("]", "}") and opened:
            start = opened.pop()
            in_front = significant[start - 1]
            is_member = significant[start].text == "[" and (in_front.kind == "word" or in_front.text in (")", "]"))
            if (
                after == "="
                and not is_member
                and _assigns(significant[n + 1 : n + 5])
                and in_front.text not in ("const", "let")
            ):
                changed = {inner.text for inner in significant[start:n] if inner.role in ("reference", "shorthand")}
        for name in changed & imported:
            # Not where it is imported: neither the name nor a file of that name.
            pattern = rf"(?<![\w$/]){re.escape(name)}(?![\w$])(?![^;]*\bfrom\b)"
            raise module.refusal(pattern, f"{name} is imported and cannot be changed")


def _assigns(after: list[Token]) -> bool:
    """Whether an assignment's sign comes first: esbuild puts a space behind it, and a comparison has more signs."""
    signs = "".join(token.text for token in itertools.takewhile(lambda token: token.kind == "sign", after))
    return bool(re.match(r"(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>])", signs))


def _names(modules: dict[Path, _Module]) -> dict[Path, dict[str, str]]:
    """What each module's own names are called in the joined text: a number where one has another meaning elsewhere."""
    mentioned = {path: module.mentioned() for path, module in modules.items()}
    everywhere = set().union(*mentioned.values())
    taken: set[str] = set()
    names: dict[Path, dict[str, str]] = {}
    for path, module in modules.items():
        # A name that another module neither declares nor imports is one of its inner scopes', or the browser's.
        met = set().union(
            *(
                mentioned[other] - set(modules[other].declared) - modules[other].imported
                for other in modules
                if other != path
            )
        )
        names[path] = {}
        for name in module.declared:
            new = name
            if name in taken or name in met:
                numbered = (f"{name}{number}" for number in itertools.count(2))
                new = next(free for free in numbered if free not in everywhere and free not in taken)
            taken.add(new)
            names[path][name] = new
    return names


def _rename(code: Code, names: Mapping[str, str]) -> None:
    for token in code.tokens:
        new = names.get(token.text, token.text)
        if token.role and new != token.text and token.role != "property":
            token.text = f"{token.text}: {new}" if token.role == "shorthand" else new
