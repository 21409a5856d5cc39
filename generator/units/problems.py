"""What is wrong with a config, in words: the models' problems and the part that every mapping of units.yaml is.

A wrong config raises pydantic's ValidationError. Each of its errors has in `loc` the path of the value (of the mapping,
where a key is missing) and in `ctx["text"]` the words for the user, which never repeat a secret or a value from the
environment.
"""

import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

MUST_BE_TEXT = "must be text"
"""What is said of a value that YAML does not read as text, without the quotes that would help."""

MUST_BE_MAPPING = "must be a mapping of keys, such as {key: value}"


class FromEnvironment(str):
    """A text that holds a value from the environment: it may be a secret, and no message repeats it."""

    __slots__ = ("variables",)
    variables: tuple[str, ...]

    def __new__(cls, text: str, variables: Iterable[str]) -> Self:
        """The text, and the names of the variables whose values are in it."""
        made = super().__new__(cls, text)
        made.variables = tuple(dict.fromkeys(variables))
        return made


def origin(value: object) -> str:
    """Where a value came from, to put behind a problem's text; empty for what is written in the config itself."""
    names = value.variables if isinstance(value, FromEnvironment) else ()
    return f"; the value comes from {' and '.join(names)}" if names else ""


class Violation(NamedTuple):
    """What is wrong, and the path to it from the model that says so."""

    loc: tuple[str | int, ...]
    text: str


# By pydantic's type of the error, with the names in its context.
_WORDS = {
    "config": "{text}",
    "list_type": "must be a list, such as [one, two]",
    "tuple_type": "must be a list, such as [one, two]",
    "too_short": "is an empty list; give at least one entry",
    "string_too_long": "is too long; at most {max_length} characters are allowed",
    "string_pattern_mismatch": "may have only the letters A to Z and a to z, digits, - and _",
    "greater_than_equal": "is too small; the smallest allowed is {ge}",
    "less_than_equal": "is too large; the largest allowed is {le}",
}


def problem(text: str) -> PydanticCustomError:
    """What a validator raises of its value."""
    return PydanticCustomError("config", "{text}", {"text": text})


def problems(violations: Iterable[Violation]) -> ValidationError:
    """What a validator raises of several values inside its own."""
    details = [
        InitErrorDetails(type=problem(violation.text), loc=violation.loc, input=None) for violation in violations
    ]
    return ValidationError.from_exception_data("units.yaml", details, hide_input=True)


def violations_in(error: ValidationError) -> Iterator[tuple[Violation, ErrorDetails]]:
    """The error's details, each first in words of ours."""
    for detail in error.errors(include_url=False):
        # pydantic counts only the good entries of a list.
        if detail["type"] != "too_short" or not detail["input"]:
            words = _WORDS.get(detail["type"])
            text = words.format_map(detail.get("ctx", {})) if words else MUST_BE_MAPPING
            yield Violation(detail["loc"], text), detail


def quote(value: object) -> str:
    """A value as problems repeat it; one from the environment they do not."""
    if isinstance(value, FromEnvironment):
        return "(from the environment)"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = json.dumps(value, ensure_ascii=not str(value).isprintable(), default=str)
    return text if len(text) <= 60 else f"{text[:56]}…"


# What kintone's own screens call the words that are allowed here.
_IN_JAPANESE = {
    "詳細": "detail",
    "編集": "edit",
    "追加": "create",
    "新規": "create",
    "一覧": "index",
    "パソコン": "desktop",
    "デスクトップ": "desktop",
    "PC": "desktop",
    "モバイル": "mobile",
    "スマートフォン": "mobile",
    "スマホ": "mobile",
}


def did_you_mean(given: object, allowed: Iterable[str]) -> str:
    """A suggestion to put behind a problem's text; empty where none is near."""
    if not isinstance(given, str) or isinstance(given, FromEnvironment):
        return ""
    by_lower = {word.lower(): word for word in allowed}
    # Full-width letters are the same letters to a Japanese keyboard.
    plain = unicodedata.normalize("NFKC", given)
    close = difflib.get_close_matches(_IN_JAPANESE.get(plain, plain).lower(), by_lower, n=1)
    return f'; did you mean "{by_lower[close[0]]}"?' if close else ""


def unknown_word(noun: str, given: object, allowed: Sequence[str]) -> str:
    """That `given` is none of the words that are allowed."""
    are = "is" if len(allowed) == 1 else "are"
    return f"unknown {noun} {quote(given)}; allowed {are} {', '.join(allowed)}{did_you_mean(given, allowed)}"


class ConfigPart(BaseModel):
    """A mapping of units.yaml. Rules between keys are judged on what was given, to show beside wrong values."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)

    not_here: ClassVar[Mapping[str, str]] = {}
    """Keys that people try here, and what to tell them."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:  # noqa: ARG003
        """What is wrong between the keys of `given`, the mapping as it was written."""
        yield from ()

    @classmethod
    def keys(cls) -> dict[str, str]:
        """The keys as they are written in units.yaml, each with its description."""
        return {field.alias or name: field.description or "" for name, field in cls.model_fields.items()}

    @model_validator(mode="wrap")
    @classmethod
    def _every_problem_at_once(cls, given: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        violations = list(cls.rules(given)) if isinstance(given, Mapping) else []
        try:
            model = validate(given)
        except ValidationError as error:
            violations += [cls._of_a_key(violation, detail) for violation, detail in violations_in(error)]
        if violations:
            raise problems(violations) from None
        return model

    @classmethod
    def _of_a_key(cls, violation: Violation, detail: ErrorDetails) -> Violation:
        """The same, where what is wrong is a key, or a word of those that it allows."""
        loc, text = violation
        match detail["type"]:
            case "missing":
                loc, key = loc[:-1], str(loc[-1])
                text = f'the key "{key}" is missing: {cls.keys()[key]}'
            case "extra_forbidden":
                key, keys = str(loc[-1]), list(cls.keys())
                text = cls.not_here.get(key, f"unknown key; allowed are {', '.join(keys)}{did_you_mean(key, keys)}")
            case "literal_error":
                noun = loc[-1] if isinstance(loc[-1], str) else "value"
                allowed = re.findall(r"[\w-]+", detail["ctx"]["expected"].replace(" or ", " "))
                text = unknown_word(noun, detail["input"], allowed)
        return Violation(loc, text)


def mappings(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The entries of a list that are mappings, each with its place."""
    if isinstance(value, list | tuple):
        yield from ((at, entry) for at, entry in enumerate(value) if isinstance(entry, Mapping))


def twice(key: str, entries: object, name: str, why: str) -> Iterator[Violation]:
    """Entries of the list under `key` that repeat an earlier one's `name`."""
    first: dict[str, int] = {}
    for at, entry in mappings(entries):
        given = entry.get(name)
        if isinstance(given, str) and (earlier := first.setdefault(given, at)) != at:
            yield Violation((key, at, name), f"is the same as {key}[{earlier}].{name}; {why}")
