"""units.yaml → Config: ${VAR} from the environment, and every problem at once with its line and column."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from pydantic import ValidationError

from generator.errors import ConfigError, Problem
from generator.units.config import Config
from generator.units.problems import MUST_BE_TEXT, FromEnvironment

# libyaml reads 12,000 lines in a tenth of a second; PyYAML has it in every wheel, but not when built without it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Far above what a config needs: a file beyond them is not one, and must not cost minutes or the stack.
_MAX_BYTES = 4 * 1024 * 1024
_MAX_VALUES = 250_000
_MAX_DEPTH = 32

_YAML = "tag:yaml.org,2002:"
_TRUTH = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_NOT_IN_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VARIABLE = re.compile(r"\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?")

_Path = tuple[str | int, ...]
_Mark: TypeAlias = Any  # libyaml's marks and PyYAML's own are different classes with `line` and `column` from 0.


def read_config(path: Path, environ: Mapping[str, str]) -> Config:
    """The config in the file at `path`; ConfigError with all that is wrong with it."""
    file = str(path)
    try:
        with path.open("rb") as source:
            content = source.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise _refusal(file, "there is no such file; `runbutton init` writes one to start from") from None
    except IsADirectoryError:
        raise _refusal(file, "is a directory; give the units.yaml in it") from None
    except (OSError, ValueError) as error:
        if isinstance(error, PermissionError) and path.is_dir():  # as Windows answers for a directory
            raise _refusal(file, "is a directory; give the units.yaml in it") from None
        raise _refusal(file, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > _MAX_BYTES:
        raise _refusal(file, f"is larger than {_MAX_BYTES // 1024 // 1024} MiB, the most that is read; split it")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refusal(file, "is in UTF-16; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        raise _refusal(file, "this byte is not UTF-8; save the file as UTF-8", *_line_and_column(before)) from None
    return parse_config(text, file, environ)


def parse_config(text: str, file: str, environ: Mapping[str, str]) -> Config:
    """The config in `text`; `file` is what problems call it. ConfigError with all that is wrong with it."""
    reading = _Reading(file, environ)
    reading.read(_compose(text.removeprefix("\ufeff"), file))
    try:
        config = Config.model_validate(reading.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            reading.judge(detail["loc"], detail["ctx"]["text"])
    if reading.problems:
        raise ConfigError([*reading.problems])
    return config


def config_schema() -> dict[str, Any]:
    """The JSON Schema of units.yaml, for editors; where it wants more than any text, ${VAR} is allowed too."""
    schema: dict[str, Any] = _with_variables(Config.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema | {"title": "units.yaml of Runbutton"}


def _with_variables(schema: Any) -> Any:  # noqa: ANN401
    if isinstance(schema, list):
        return [_with_variables(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    # Pydantic's titles only repeat the keys; a property that is called title is a mapping.
    plain = {key: _with_variables(value) for key, value in schema.items() if key != "title" or isinstance(value, dict)}
    if "discriminator" not in plain and "oneOf" in plain:
        plain["anyOf"] = plain.pop("oneOf")  # ${VAR} may be more than one of them.
    if {"type": "null"} in plain.get("anyOf", ()):
        # None is how the models say "not given"; in the file, a key without a value is a problem.
        plain["anyOf"].remove({"type": "null"})
        del plain["default"]
        if len(plain["anyOf"]) == 1:
            plain |= plain.pop("anyOf")[0]
    strict = {"enum", "pattern", "maxLength"} & plain.keys() or plain.get("type") in ("integer", "boolean")
    if not strict or not {"type", "enum"} & plain.keys():
        return plain
    about = {key: plain.pop(key) for key in ("description", "default") if key in plain}
    return {"anyOf": [plain, {"type": "string", "pattern": r"\$\{"}], **about}


def _refusal(file: str, text: str, line: int = 1, column: int = 1) -> ConfigError:
    return ConfigError([Problem(file, line, column, "", text)])


def _line_and_column(before: str) -> tuple[int, int]:
    lines = re.split(r"\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1


def _refusal_at(file: str, text: str, mark: _Mark) -> ConfigError:
    return _refusal(file, text, mark.line + 1, mark.column + 1)


def _compose(text: str, file: str) -> yaml.Node:
    """The one document in `text` as nodes, which hold their lines and columns."""
    if strange := _NOT_IN_YAML.search(text):
        place = _line_and_column(text[: strange.start()])
        raise _refusal(file, f"the character U+{ord(strange[0]):04X} is not allowed in YAML; take it out", *place)
    try:
        _check_size(text, file)
        root = yaml.compose(text, _LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if "nesting depth" in (error.problem or ""):  # libyaml has a limit of its own since 0.2.6
            raise _refusal_at(file, f"is nested more than {_MAX_DEPTH} deep", mark) from None
        raise _refusal_at(file, f"is not YAML: {_yaml_words(error, text)}", mark) from None
    if root is None:
        raise _refusal(file, "is empty; `runbutton init` writes an example to start from")
    return root


def _check_size(text: str, file: str) -> None:
    # The composer recurses in C without a limit, so that the depth must be known before.
    depth = values = documents = 0
    for event in yaml.parse(text, _LOADER):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        values += isinstance(event, yaml.NodeEvent)
        if documents > 1:
            raise _refusal_at(file, "a second document starts here (---); put all apps into one", event.start_mark)
        if depth > _MAX_DEPTH:
            raise _refusal_at(file, f"is nested more than {_MAX_DEPTH} deep", event.start_mark)
        if values > _MAX_VALUES:
            raise _refusal_at(file, f"holds more than {_MAX_VALUES} values, the most that is read", event.start_mark)


def _yaml_words(error: yaml.MarkedYAMLError, text: str) -> str:
    """What is wrong, without the names and values that PyYAML's own text may repeat: one may be a secret."""
    problem, mark = error.problem or "", error.problem_mark
    lines = re.split(r"\r\n|[\r\n\x85\u2028\u2029]", text)
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    at = line[mark.column : mark.column + 1] if mark else ""
    if "cannot start any token" in problem:
        return (
            "indent with spaces, not with a tab" if at == "\t" else f"a value cannot start with {at}; put it in quotes"
        )
    if "mapping values are not allowed" in problem:
        return "a second : in one line, or a wrong indentation; put a value that has : in quotes"
    if "undefined alias" in problem:
        return "no anchor has this alias's name; put a value that starts with * in quotes"
    if "occurrence" in problem:
        return "two anchors have the same name; give each its own, and put a value that starts with & in quotes"
    if error.context and error.context_mark and error.context_mark.line != (mark.line if mark else None):
        problem = f"{problem} ({error.context} that starts in line {error.context_mark.line + 1})"
    return re.sub(r" ('[^']{2,}'|\"[^\"]{2,}\")$", "", problem)


class _Reading:
    """One reading of a config: its plain data, where each value stands, and what is wrong with it so far."""

    def __init__(self, file: str, environ: Mapping[str, str]) -> None:
        self.file = file
        self.environ = environ
        self.data: Any = None
        self.problems: set[Problem] = set()
        self._unreadable: set[_Path] = set()
        self._values = 0

    def read(self, root: yaml.Node) -> None:
        """Turn the nodes into plain data; what cannot be read becomes a problem and None."""
        self._root = root
        self._entries: dict[yaml.Node, dict[str | int, tuple[_Mark, yaml.Node]]] = {}
        self.data = self._plain(root, (), root.start_mark)

    def judge(self, path: _Path, text: str) -> None:
        """Note what the models say of the value at `path`, unless it could not be read in the first place."""
        if any(path[:length] in self._unreadable for length in range(len(path) + 1)):
            return
        node, mark, known = self._root, self._root.start_mark, 0
        for part in path:
            if part not in self._entries.get(node, {}):
                break  # One text for both languages has no paths of its own below.
            mark, node = self._entries[node][part]
            known += 1
        if text == MUST_BE_TEXT and isinstance(node, yaml.ScalarNode) and node.tag == f"{_YAML}bool":
            meaning = "true" if _TRUTH[node.value.lower()] else "false"
            text += f'; YAML reads {node.value} as {meaning}; write "{node.value}" in quotes'
        self._note(path[:known], mark, text)

    def _note(self, path: _Path, mark: _Mark, text: str) -> None:
        self.problems.add(Problem(self.file, mark.line + 1, mark.column + 1, _written(path), text))

    def _refuse(self, path: _Path, mark: _Mark, text: str) -> None:
        self._note(path, mark, text)
        self._unreadable.add(path)

    def _plain(self, node: yaml.Node, path: _Path, mark: _Mark) -> Any:  # noqa: ANN401
        self._values += 1
        # Aliases make more of a file than stands in it: a few lines can mean a billion values, or values without end.
        if self._values > _MAX_VALUES or len(path) > _MAX_DEPTH:
            text = f"aliases make more than {_MAX_VALUES} values or {_MAX_DEPTH} levels of this file; write them out"
            raise _refusal_at(self.file, text, node.start_mark)
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_YAML}map":
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_YAML}seq":
            self._entries[node] = {at: (entry.start_mark, entry) for at, entry in enumerate(node.value)}
            return [self._plain(entry, (*path, at), entry.start_mark) for at, entry in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path, mark)
        return self._refuse(path, mark, "has a YAML tag (!…), which has no meaning here; leave the tag out")

    def _pairs(self, node: yaml.MappingNode, path: _Path) -> Iterator[tuple[str, Any]]:
        entries = self._entries[node] = {}
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            if key_node.tag == f"{_YAML}merge":
                self._note(path, mark, "merging with << has no meaning here; write the keys out")
            elif not isinstance(key_node, yaml.ScalarNode) or key_node.tag != f"{_YAML}str":
                self._note(path, mark, "a key must be text; put it in quotes")
            elif key_node.value in entries:
                first = entries[key_node.value][0].line + 1
                self._note((*path, key_node.value), mark, f"is given already in line {first}; leave one of the two out")
            else:
                entries[key_node.value] = (mark, value_node)
                yield key_node.value, self._plain(value_node, (*path, key_node.value), mark)

    def _scalar(self, node: yaml.ScalarNode, path: _Path, mark: _Mark) -> Any:  # noqa: ANN401
        text: str = node.value
        match node.tag.removeprefix(_YAML):
            # YAML would make 1.10 the number 1.1, and a date an object: here they are what is written.
            case "str" | "float" | "timestamp" | "value" | "merge" if ":" not in text or node.tag != f"{_YAML}float":
                return self._with_environment(text, path, node.start_mark)
            case "bool" if text.lower() in _TRUTH:
                return _TRUTH[text.lower()]
            case "int" if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
                return int(text)
            case "int" | "float":
                text = "YAML takes this for an octal, hexadecimal or base-60 number, or one with _; put it in quotes"
                return self._refuse(path, mark, f"{text}, or write a plain decimal number")
            case "null":
                return self._refuse(path, mark, "has no value; give one, or leave the key out")
            case _:
                return self._refuse(path, mark, "has a YAML tag (!…), which has no meaning here; leave the tag out")

    def _with_environment(self, text: str, path: _Path, mark: _Mark) -> str | None:
        if "${" not in text:
            return text
        readable = True
        for variable in _VARIABLE.finditer(text):
            name, default = variable.groups()
            if name is None:
                readable = False
                self._refuse(path, mark, "has ${ that starts no variable; write ${NAME} or ${NAME:-default}")
            elif default is None and name not in self.environ:
                readable = False
                problem = f"the environment variable {name} is not set; set it, or write ${{{name}:-default}}"
                self._refuse(path, mark, problem)
        if not readable:
            return None
        # As in a shell, :- gives its default for an empty variable too.
        return FromEnvironment(_VARIABLE.sub(lambda found: self.environ.get(found[1], "") or found[2] or "", text))


def _written(path: _Path) -> str:
    """A path as people write it: apps[0].units[1].url; a key with anything strange in it is quoted."""
    where = ""
    for part in path:
        if isinstance(part, int):
            where += f"[{part}]"
        else:
            name = part if re.fullmatch(r"[^\s.\[\]:]{1,40}", part) and part.isprintable() else ascii(part[:40])
            where += f".{name}" if where else name
    return where
