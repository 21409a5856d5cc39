"""The problems of a config as messages, and the base model of every mapping in units.yaml.

An invalid config raises pydantic's ValidationError. Each of its errors has in `loc` the path of the value (of the
mapping, if a key is missing) and in `ctx["text"]` the Message for the user, which never repeats a secret or a value
from the environment.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from generator.near import near_word
from generator.words import Message, Text

_LONGEST_QUOTE = 60  # characters

MUST_BE_TEXT = Message("problem.text")
"""The message for an unquoted value that YAML does not read as text."""

MUST_BE_MAPPING = Message("problem.mapping")


class FromEnvironment(str):
    """A text with a value from the environment, which may be a secret, so no message repeats it."""

    __slots__ = ("variables",)
    variables: tuple[str, ...]

    def __new__(cls, text: str, variables: Iterable[str]) -> Self:
        """The text, and the names of the variables whose values are in it."""
        made = super().__new__(cls, text)
        made.variables = tuple(dict.fromkeys(variables))
        return made


def with_origin(message: Message, value: object) -> Message:
    """The message, with the variables that the value comes from; unchanged for a value in the config itself."""
    names = value.variables if isinstance(value, FromEnvironment) else ()
    return message + Message("problem.origin", names=names) if names else message


class Violation(NamedTuple):
    """A problem, and the path to it from the model that reports it."""

    loc: tuple[str | int, ...]
    text: Message


# By pydantic's type of the error, with the names in its context.
_MESSAGES = {
    "list_type": "problem.list",
    "tuple_type": "problem.list",
    "too_short": "problem.emptyList",
    "string_too_long": "problem.tooLong",
    "string_pattern_mismatch": "problem.name",
    "greater_than_equal": "problem.atLeast",
    "less_than_equal": "problem.atMost",
}


def problem(message: Message) -> PydanticCustomError:
    """The error that a validator raises about its value."""
    return PydanticCustomError("config", "{text}", {"text": message})


def problems(violations: Iterable[Violation]) -> ValidationError:
    """The error that a validator raises about several values inside its own."""
    details = [
        InitErrorDetails(type=problem(violation.text), loc=violation.loc, input=None) for violation in violations
    ]
    return ValidationError.from_exception_data("units.yaml", details, hide_input=True)


def violations_in(error: ValidationError) -> Iterator[tuple[Violation, ErrorDetails]]:
    """The error's details, each with a Runbutton message."""
    for detail in error.errors(include_url=False):
        # pydantic counts only the good entries of a list.
        if detail["type"] != "too_short" or not detail["input"]:
            context = detail.get("ctx", {})
            if detail["type"] == "config":
                message = context["text"]
            else:
                key = _MESSAGES.get(detail["type"])
                limit = next((context[name] for name in ("max_length", "ge", "le") if name in context), "")
                message = Message(key, limit=limit) if key else MUST_BE_MAPPING
            yield Violation(detail["loc"], message), detail


def quote(value: object) -> Message:
    """A value as problems quote it; a value from the environment is not quoted."""
    if isinstance(value, FromEnvironment):
        return Message("problem.fromEnvironment")
    if isinstance(value, Mapping):
        return Message("problem.aMapping")
    if isinstance(value, list | tuple):
        return Message("problem.aList")
    text = json.dumps(value, ensure_ascii=not str(value).isprintable(), default=str)
    text = text[1:-1] if isinstance(value, str) else text
    short = text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
    return Message("problem.quoted" if isinstance(value, str) else "text.is", text=short)


def did_you_mean(given: object, allowed: Iterable[str]) -> str:
    """The nearest allowed word as a suggestion; empty if none is similar."""
    known = isinstance(given, str) and not isinstance(given, FromEnvironment)
    return near_word(str(given), allowed) if known else ""


def unknown_value(given: object, allowed: Sequence[str]) -> Message:
    """The problem that `given` is not an allowed word."""
    if near := did_you_mean(given, allowed):
        return Message("problem.unknownValueNear", value=quote(given), near=near)
    return Message("problem.unknownValue", value=quote(given), allowed=tuple(allowed))


def described(description: str) -> Text:
    """A key's description in any language; those of Runbutton's own models are keys of templates/words."""
    return Message(description) if description.startswith("schema.") else description


class ConfigPart(BaseModel):
    """A mapping of units.yaml. Rules between keys check what was given, to show next to wrong values."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)

    not_here: ClassVar[Mapping[str, Message]] = {}
    """Wrong keys that users often try, and the message for each."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:  # noqa: ARG003
        """The problems between keys of `given`, the mapping as written."""
        yield from ()

    @classmethod
    def keys(cls) -> dict[str, Text]:
        """The keys as they are written in units.yaml, each with its description."""
        return {field.alias or name: described(field.description or "") for name, field in cls.model_fields.items()}

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
        """The same, for a wrong key or a word that is not allowed."""
        loc, text = violation
        match detail["type"]:
            case "missing":
                loc, key = loc[:-1], str(loc[-1])
                text = Message("problem.missingKey", key=key, about=cls.keys()[key])
            case "extra_forbidden":
                key, keys = str(loc[-1]), list(cls.keys())
                text = cls.not_here.get(key) or _unknown_key(key, keys)
            case "literal_error":
                allowed = re.findall(r"[\w-]+", detail["ctx"]["expected"].replace(" or ", " "))
                text = unknown_value(detail["input"], allowed)
        return Violation(loc, text)


def _unknown_key(key: str, keys: Sequence[str]) -> Message:
    if near := did_you_mean(key, keys):
        return Message("problem.unknownKeyNear", near=near)
    return Message("problem.unknownKey", allowed=tuple(keys))


def is_true(flag: object) -> bool:
    """Whether a flag as written is true."""
    return flag in (True, "true")


def mappings(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The entries of a list that are mappings, each with its place."""
    if isinstance(value, list | tuple):
        yield from ((at, entry) for at, entry in enumerate(value) if isinstance(entry, Mapping))


def find_duplicates(key: str, entries: object, name: str, advice: Message) -> Iterator[Violation]:
    """Entries of the list under `key` that repeat an earlier one's `name`."""
    first: dict[str, int] = {}
    for at, entry in mappings(entries):
        given = entry.get(name)
        if isinstance(given, str) and (earlier := first.setdefault(given, at)) != at:
            duplicate = Message("problem.duplicate", other=f"{key}[{earlier}].{name}", advice=advice)
            yield Violation((key, at, name), duplicate)
