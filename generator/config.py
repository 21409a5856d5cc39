"""units.yaml → Config: ${VAR} from the environment, and all problems at once, with line and column."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from pydantic import ValidationError

from generator import mistyped
from generator.errors import ConfigError, Problem
from generator.smallfile import read_small
from generator.system import is_folder, reason_of
from generator.units.config import Config
from generator.units.problems import MUST_BE_TEXT, FromEnvironment, described
from generator.words import Message, Text, in_words, say

# libyaml reads 12,000 lines in 0.1 s. All PyYAML wheels contain it, but a build from source may not.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Far above any real config. A larger file must not take minutes or overflow the stack.
_MAX_BYTES = 4 * 1024 * 1024
_MAX_VALUES = 250_000
_MAX_DEPTH = 32

_YAML = "tag:yaml.org,2002:"
_TRUTH = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
_NOT_IN_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VARIABLE = re.compile(r"(\$)?\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?")

_Path = tuple[str | int, ...]
_Mark: TypeAlias = Any  # libyaml's marks and PyYAML's own are different classes with `line` and `column` from 0.


def read_config(path: Path, environ: Mapping[str, str]) -> Config:
    """The config in the file at `path`. Raises ConfigError with all its problems."""
    file = str(path)
    try:
        content = read_small(path, _MAX_BYTES)
    except FileNotFoundError:
        raise _refusal(file, Message("config.noFile")) from None
    except IsADirectoryError:
        raise _refusal(file, Message("config.folder")) from None
    except (OSError, ValueError) as error:
        if isinstance(error, PermissionError) and is_folder(path):  # as Windows answers for a directory
            raise _refusal(file, Message("config.folder")) from None
        raise _refusal(file, Message("config.unreadable", error=reason_of(error))) from None
    if encoding := mistyped.other_unicode(content):
        raise _refusal(file, Message("config.encoding", encoding=encoding))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        encoding = mistyped.japanese_encoding(content)
        message = Message("config.notUtf8In" if encoding else "config.notUtf8", encoding=encoding)
        raise _refusal(file, message, *_line_and_column(before)) from None
    return parse_config(text, file, environ)


def parse_config(text: str, file: str, environ: Mapping[str, str]) -> Config:
    """The config in `text`; `file` is its name in problems. Raises ConfigError with all its problems."""
    reading = _Reading(file, environ)
    reading.read(_compose(text.removeprefix("\ufeff"), file))
    try:
        config = Config.model_validate(reading.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            reading.report(detail["loc"], detail["ctx"]["text"])
    if reading.problems:
        raise ConfigError([*reading.problems])
    return config


def config_schema(language: str = "en") -> dict[str, Any]:
    """The JSON Schema of units.yaml, for editors, with descriptions in a language, ja or en; it also allows ${VAR} for
    all values."""
    schema: dict[str, Any] = _described(_with_variables(Config.model_json_schema()), language)
    title = say(language, "schema.title")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema | {"title": title}


def _described(schema: Any, language: str) -> Any:  # noqa: ANN401
    """The schema with its descriptions in the language; mappings need none, because their keys have them."""
    if isinstance(schema, list):
        return [_described(entry, language) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _described(value, language) for key, value in schema.items()}
    if isinstance(about := schema.get("description"), str):
        found["description"] = in_words(language, described(about))
        if "properties" in schema and not about.startswith("schema."):
            del found["description"]
    return found


def _with_variables(schema: Any) -> Any:  # noqa: ANN401
    if isinstance(schema, list):
        return [_with_variables(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    # Pydantic's titles only repeat the keys; a mapping under "title" is a property with that name.
    plain = {key: _with_variables(value) for key, value in schema.items() if key != "title" or isinstance(value, dict)}
    if "discriminator" not in plain and "oneOf" in plain:
        plain["anyOf"] = plain.pop("oneOf")  # ${VAR} may be more than one of them.
    if {"type": "null"} in plain.get("anyOf", ()):
        # None means "missing" in the models; in the file, a key without a value is a problem.
        plain["anyOf"].remove({"type": "null"})
        del plain["default"]
        if len(plain["anyOf"]) == 1:
            plain |= plain.pop("anyOf")[0]
    if plain.get("additionalProperties") is False:
        # Parts that units share: x-… contains their anchors, and << inserts them.
        plain["patternProperties"] = {"^(x-.*|<<)$": {}}
    strict = {"enum", "pattern", "maxLength"} & plain.keys() or plain.get("type") in ("integer", "boolean")
    # Not a mapping of keys, of which one has such a name.
    if not strict or not isinstance(plain.get("type", plain.get("enum")), str | list):
        return plain
    about = {key: plain.pop(key) for key in ("description", "default") if key in plain}
    return {"anyOf": [plain, {"type": "string", "pattern": r"\$\{"}], **about}


def _refusal(file: str, text: Text, line: int = 1, column: int = 1) -> ConfigError:
    return ConfigError([Problem(file, line, column, "", text)])


def _line_and_column(before: str) -> tuple[int, int]:
    lines = re.split(r"\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1


def _refusal_at(file: str, text: Text, mark: _Mark) -> ConfigError:
    return _refusal(file, text, mark.line + 1, mark.column + 1)


def _compose(text: str, file: str) -> yaml.Node:
    """The document in `text` as nodes with lines and columns."""
    if strange := _NOT_IN_YAML.search(text):
        place = _line_and_column(text[: strange.start()])
        raise _refusal(file, Message("config.character", strange=f"{ord(strange[0]):04X}"), *place)
    try:
        _check_size(text, file)
        loader = _LOADER(text)
        try:
            root: yaml.Node | None = loader.get_node() if loader.check_node() else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        if "nesting depth" in (error.problem or ""):  # libyaml has its own limit since 0.2.6
            raise _refusal_at(file, Message("config.nested", max_depth=_MAX_DEPTH), error.problem_mark) from None
        raise _refusal(file, *mistyped.in_yaml(error, text)) from None
    if root is None:
        raise _refusal(file, Message("config.empty"))
    return root


def _is_nothing(event: yaml.NodeEvent) -> bool:
    return isinstance(event, yaml.ScalarEvent) and event.value == "" and not event.style


def _check_size(text: str, file: str) -> None:
    # The composer recurses in C without a limit, so the depth must be checked first.
    depth = values = documents = 0
    for event in yaml.parse(text, _LOADER):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            start = event.start_mark
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        values += isinstance(event, yaml.NodeEvent)
        # A `---` at the end starts an empty document, which does not count.
        if documents > 1 and isinstance(event, yaml.NodeEvent) and not _is_nothing(event):
            raise _refusal_at(file, Message("config.second"), start)
        if depth > _MAX_DEPTH:
            raise _refusal_at(file, Message("config.nested", max_depth=_MAX_DEPTH), event.start_mark)
        if values > _MAX_VALUES:
            raise _refusal_at(file, Message("config.values", max_values=_MAX_VALUES), event.start_mark)


class _Reading:
    """The reading of a config: its plain data, the position of each value, and the problems so far."""

    def __init__(self, file: str, environ: Mapping[str, str]) -> None:
        self.file = file
        self.environ = environ
        self.data: Any = None
        self.problems: set[Problem] = set()
        self._unreadable: set[_Path] = set()
        self._values = 0

    def read(self, root: yaml.Node) -> None:
        """Convert the nodes to plain data; unreadable values become a problem and None."""
        self._root = root
        self._entries: dict[yaml.Node, dict[str | int, tuple[_Mark, yaml.Node]]] = {}
        self.data = self._plain(root, (), root.start_mark)

    def report(self, path: _Path, problem: Message) -> None:
        """Record a model's problem with the value at `path`, unless the value was unreadable."""
        if any(path[:length] in self._unreadable for length in range(len(path) + 1)):
            return
        node, mark, known = self._root, self._root.start_mark, 0
        for part in path:
            if part not in self._entries.get(node, {}):
                break  # One text for both languages has no paths below it.
            mark, node = self._entries[node][part]
            known += 1
        if problem == MUST_BE_TEXT and isinstance(node, yaml.ScalarNode) and node.tag == f"{_YAML}bool":
            meaning = "true" if _TRUTH[node.value.lower()] else "false"
            problem = Message("problem.textNotTruth", value=node.value, meaning=meaning)
        if isinstance(node, yaml.ScalarNode):
            problem = mistyped.in_value(node.value, problem)
        self._note(path[:known], mark, problem)

    def _note(self, path: _Path, mark: _Mark, text: Text) -> None:
        self.problems.add(Problem(self.file, mark.line + 1, mark.column + 1, _written(path), text))

    def _refuse(self, path: _Path, mark: _Mark, text: Text) -> None:
        self._note(path, mark, text)
        self._unreadable.add(path)

    def _plain(self, node: yaml.Node, path: _Path, mark: _Mark) -> Any:  # noqa: ANN401
        self._values += 1
        # Aliases can multiply values: a few lines can expand to a billion values, or endlessly.
        if self._values > _MAX_VALUES or len(path) > _MAX_DEPTH:
            message = Message("config.aliases", values=f"{_MAX_VALUES:,}", levels=_MAX_DEPTH)
            raise _refusal_at(self.file, message, node.start_mark)
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_YAML}map":
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_YAML}seq":
            self._entries[node] = {at: (entry.start_mark, entry) for at, entry in enumerate(node.value)}
            return [self._plain(entry, (*path, at), entry.start_mark) for at, entry in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path, mark)
        return self._refuse(path, mark, Message("config.tag"))

    def _pairs(self, node: yaml.MappingNode, path: _Path) -> Iterator[tuple[str, Any]]:
        entries = self._entries[node] = {}
        for key_node, value_node in (*self._own_pairs(node, path), *self._merged(node, path, (node,))):
            entries.setdefault(key_node.value, (key_node.start_mark, value_node))
        for key, (mark, value_node) in entries.items():
            yield str(key), self._plain(value_node, (*path, key), mark)

    def _own_pairs(self, node: yaml.MappingNode, path: _Path) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """The pairs that are written in a mapping itself."""
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            if key_node.tag == f"{_YAML}merge":
                continue
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != f"{_YAML}str":
                self._note(path, mark, Message("config.keyText"))
            elif key_node.value.startswith("x-"):
                continue  # A place for anchors; its content counts only where an alias inserts it.
            elif key_node.value in lines:
                self._note((*path, key_node.value), mark, Message("config.duplicate", first=lines[key_node.value]))
            else:
                lines[key_node.value] = mark.line + 1
                yield key_node, value_node

    def _merged(
        self, node: yaml.MappingNode, path: _Path, merging: tuple[yaml.Node, ...]
    ) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """The pairs that << adds to a mapping; the first mapping with a key takes precedence (yaml.org, "merge")."""
        for key_node, value_node in node.value:
            if key_node.tag != f"{_YAML}merge":
                continue
            for merged in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
                if not isinstance(merged, yaml.MappingNode):
                    self._note(path, key_node.start_mark, Message("config.merge"))
                elif merged in merging or len(merging) > _MAX_DEPTH:
                    self._note(path, key_node.start_mark, Message("config.mergeSelf"))
                else:
                    # Without a path, because several mappings may have the same problem from here.
                    for pair in self._own_pairs(merged, ()):
                        self._values += 1
                        yield pair
                    yield from self._merged(merged, path, (*merging, merged))

    def _scalar(self, node: yaml.ScalarNode, path: _Path, mark: _Mark) -> Any:  # noqa: ANN401
        # The line break that ends a block (| or >) is YAML syntax, not part of the value.
        text: str = node.value.rstrip("\n") if node.style in ("|", ">") else node.value
        match node.tag.removeprefix(_YAML):
            # YAML would convert 1.10 to the number 1.1, and a date to an object; here they stay as written.
            case "str" | "float" | "timestamp" | "value" | "merge" if ":" not in text or node.tag != f"{_YAML}float":
                return self._with_environment(text, path, node.start_mark)
            case "bool" if text.lower() in _TRUTH:
                return _TRUTH[text.lower()]
            case "int" if re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", text):
                return int(text)
            case "int" | "float":
                return self._refuse(path, mark, _no_plain_number(text))
            case "null":
                return self._refuse(path, mark, Message("config.noValue"))
            case _:
                return self._refuse(path, mark, Message("config.tag"))

    def _with_environment(self, text: str, path: _Path, mark: _Mark) -> str | None:
        if "${" not in text:
            return text
        readable = True
        for variable in _VARIABLE.finditer(text):
            escaped, name, default = variable.groups()
            if escaped:
                continue
            if name is None:
                readable = False
                self._refuse(path, mark, Message("config.noVariable"))
            elif default is not None and ("{" in default or re.fullmatch(r"\$[A-Za-z_]\w*", default)):
                readable = False
                self._refuse(path, mark, Message("config.default", name=name))
            elif default is None and name not in self.environ:
                readable = False
                problem = Message("config.notSet", name=name)
                self._refuse(path, mark, problem)
        if not readable:
            return None
        # As in a shell, :- also applies to an empty variable; $${ means ${, as in docker compose.
        filled = _VARIABLE.sub(self._value, text)
        variables = [found[2] for found in _VARIABLE.finditer(text) if not found[1]]
        return FromEnvironment(filled, (name for name in variables if self.environ.get(name))) if variables else filled

    def _value(self, variable: re.Match[str]) -> str:
        if variable[1]:
            return variable[0][1:]
        # Values from files end with a line break, which $(cat file) in a shell removes too.
        return self.environ.get(variable[2], "").rstrip("\r\n") or variable[3] or ""


def _no_plain_number(text: str) -> Message:
    if re.fullmatch(r"-?[1-9][0-9]*", text):
        return Message("config.largeNumber")
    return Message("config.plus" if text.startswith("+") else "config.otherNumber")


def _written(path: _Path) -> str:
    """A readable path: apps[0].units[1].url; a key with unusual characters is quoted."""
    where = ""
    for part in path:
        if isinstance(part, int):
            where += f"[{part}]"
        else:
            name = part if re.fullmatch(r"[^\s.\[\]:]{1,40}", part) and part.isprintable() else ascii(part[:40])
            where += f".{name}" if where else name
    return where
