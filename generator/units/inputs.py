"""Values that the user types at the click: `ask` of a unit."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, GetJsonSchemaHandler, Tag, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from generator.units.patterns import input_pattern, matches
from generator.units.problems import ConfigPart, Violation, is_true, quote
from generator.units.record import FieldCode
from generator.units.values import AnyText, Flag, Json, Name, Text, Untagged, Words, one_line
from generator.words import Message

MOST = 25
"""Inputs of a unit, as many as GitHub's workflows have."""
LONGEST = 255
"""Characters of a value; templates/runtime/ask/rules.js has the same rules for what users type."""

_KEYS_OF = {
    "text": ("pattern", "example"),
    "number": ("min", "max"),
    "date": ("min", "max"),
    "choice": ("choices",),
}
_WRONG = {"number": "problem.inputNumber", "date": "problem.inputDate"}


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _choice(value: object) -> object:
    text = _text(value)
    return {"value": text, "label": text} if isinstance(text, str) else value


def _default_kind(value: object) -> str:
    return "field" if isinstance(value, Mapping | FieldDefault) else "text"


class FieldDefault(ConfigPart):
    """A default that comes from the record."""

    field: FieldCode = Field(description="schema.inputDefaultField")


class Choice(ConfigPart):
    """One of the values to choose from; as text, it is its own label."""

    value: Annotated[Text, BeforeValidator(_text)] = Field(description="schema.choiceValue")
    label: Annotated[Words, AfterValidator(one_line)] = Field(description="schema.choiceLabel")


class _OrText:
    """Also a text, which is its own label."""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), *_NUMBER_OR_TEXT["anyOf"]]}


_NUMBER_OR_TEXT = {"anyOf": [{"type": "string"}, {"type": "number"}]}
_Choice = Annotated[Choice, BeforeValidator(_choice), _OrText()]
_Limit = Annotated[AnyText, BeforeValidator(_text), WithJsonSchema(_NUMBER_OR_TEXT)]


class Input(ConfigPart):
    """A value that the user types or chooses before the run."""

    name: Name = Field(description="schema.inputName")
    label: Annotated[Words, AfterValidator(one_line)] = Field(description="schema.inputLabel")
    type: Literal["text", "number", "date", "choice"] = Field("text", description="schema.inputType")
    required: Flag = Field(False, description="schema.inputRequired")
    default: (
        Annotated[
            Annotated[_Limit, Tag("text")] | Annotated[FieldDefault, Tag("field")],
            Discriminator(_default_kind),
            Untagged,
        ]
        | None
    ) = Field(None, description="schema.inputDefault")
    pattern: Annotated[str, BeforeValidator(input_pattern)] | None = Field(None, description="schema.inputPattern")
    example: AnyText | None = Field(None, description="schema.inputExample")
    min: _Limit | None = Field(None, description="schema.inputMin")
    max: _Limit | None = Field(None, description="schema.inputMax")
    choices: Annotated[tuple[_Choice, ...], Field(min_length=1)] | None = Field(None, description="schema.inputChoices")

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """Keys belong to their types, and what the config itself gives obeys the input's own rules."""
        kind = given.get("type", "text")
        if not isinstance(kind, str) or kind not in _KEYS_OF:
            return
        for key in ("pattern", "example", "min", "max", "choices"):
            if key in given and key not in _KEYS_OF[kind]:
                kinds = tuple(name for name, keys in _KEYS_OF.items() if key in keys)
                yield Violation((key,), Message("problem.inputKey", type=kind, allowed=kinds))
        if kind == "choice" and "choices" not in given:
            yield Violation((), Message("problem.inputChoices"))
        texts = {key: _text(given[key]) for key in ("min", "max", "default", "example") if key in given}
        limits = {
            key: text for key in _KEYS_OF[kind] if key in ("min", "max") and isinstance(text := texts.get(key), str)
        }
        bad = [key for key, limit in limits.items() if not _has_type(kind, limit)]
        yield from (Violation((key,), Message(_WRONG[kind])) for key in bad)
        if not bad and len(limits) == 2 and _order(kind, limits["min"]) > _order(kind, limits["max"]):
            yield Violation(("max",), Message("problem.inputRange"))
        for key in ("default", "example"):
            if not bad and isinstance(text := texts.get(key), str) and not _obeys(kind, given, text):
                yield Violation((key,), Message("problem.inputRule", value=quote(given[key])))
        values = [_value_of(choice) for choice in _listed(given.get("choices"))]
        again = [at for at, value in enumerate(values) if value is not None and value in values[:at]]
        yield from (Violation(("choices", at), Message("problem.listedTwice")) for at in again)

    def for_page(self) -> dict[str, Json]:
        """The input for the page's script."""
        page = self.model_dump(exclude_none=True, exclude={"label", "choices", "default"})
        page["label"] = self.label.for_page()
        if self.choices:
            page["choices"] = [{"value": each.value, "label": each.label.for_page()} for each in self.choices]
        if self.default is not None:
            default = self.default
            page["default"] = {"field": default.field} if isinstance(default, FieldDefault) else default
        if not self.required:
            del page["required"]
        return page


Inputs = Annotated[
    tuple[Input, ...],
    Field(
        examples=[
            [
                {"name": "month", "label": {"ja": "対象月", "en": "Month"}, "example": "2026-11", "required": True},
                {"name": "mode", "label": "Range", "type": "choice", "choices": ["all", "new"], "default": "new"},
            ]
        ]
    ),
]


def default_fields(inputs: Iterable[Input]) -> list[str]:
    """The field codes of the defaults that come from the record."""
    return [each.default.field for each in inputs if isinstance(each.default, FieldDefault)]


def _listed(value: object) -> list[Any] | tuple[Any, ...]:
    return value if isinstance(value, list | tuple) else ()


def _value_of(choice: object) -> object:
    return _text(choice.get("value") if isinstance(choice, Mapping) else choice)


def _has_type(kind: str, text: str) -> bool:
    if kind == "number":
        return re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", text) is not None
    if kind != "date":
        return True
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _order(kind: str, text: str) -> Decimal:
    return Decimal(text if kind == "number" else text.replace("-", ""))


def _obeys(kind: str, given: Mapping[str, Any], text: str) -> bool:
    if len(text) > LONGEST or text != text.strip() or "\n" in text or not _has_type(kind, text):
        return False
    if not text:
        return not is_true(given.get("required"))
    if kind == "choice":
        return text in map(_value_of, _listed(given.get("choices")))
    if kind in ("number", "date"):
        low, high = (_text(given.get(key)) for key in ("min", "max"))
        is_low = isinstance(low, str) and _order(kind, text) < _order(kind, low)
        return not is_low and not (isinstance(high, str) and _order(kind, text) > _order(kind, high))
    return kind != "text" or "pattern" not in given or _fits(given["pattern"], text)


def _fits(pattern: object, text: str) -> bool:
    """Whether the text matches; a wrong pattern is a problem of its own."""
    try:
        return matches(input_pattern(pattern), text)
    except PydanticCustomError:
        return True
