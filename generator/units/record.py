"""What a unit reads from the record: conditions on its fields, and a time from one of them."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from generator.invisible import invisible_in
from generator.units.problems import ConfigPart, Violation, problem, with_origin
from generator.units.values import Choices, DateAndTime, Flag, Json, Words, distinct, one_line, required_text
from generator.words import Message


def field_code(value: object) -> str:
    """A field code, or another name of kintone's: without invisible characters, and without white space around it."""
    text = required_text(value)
    if strange := invisible_in(text):
        raise problem(with_origin(Message("problem.invisible", character=strange), value))
    if text != text.strip():
        raise problem(Message("problem.spaceAtEdge"))
    return text


FieldCode = Annotated[str, Field(min_length=1), BeforeValidator(field_code)]
FieldCodes = Annotated[tuple[FieldCode, ...], Field(min_length=1), AfterValidator(distinct)]


class Condition(ConfigPart):
    """A condition on a field of the record."""

    field: FieldCode = Field(description="schema.conditionField")
    in_: Choices | None = Field(None, alias="in", description="schema.conditionIn")
    not_in: Choices | None = Field(None, description="schema.conditionNotIn")
    filled: Flag | None = Field(None, description="schema.conditionFilled")

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """An entry has one condition; several conditions for a field need several entries."""
        if sum(key in given for key in ("in", "not_in", "filled")) != 1:
            yield Violation((), Message("problem.oneCondition"))

    def for_page(self) -> dict[str, Json]:
        """The condition for the page's script."""
        given: dict[str, Json] = {"in": self.in_, "notIn": self.not_in, "filled": self.filled}
        return {"field": self.field} | {
            key: list(value) if isinstance(value, tuple) else value for key, value in given.items() if value is not None
        }


class Obstacle(Condition):
    """A condition under which the button is there but cannot be used, and the reason for people."""

    say: Annotated[Words, AfterValidator(one_line)] = Field(description="schema.obstacleSay")

    def for_page(self) -> dict[str, Json]:
        """The condition and its reason for the page's script."""
        return {**super().for_page(), "say": self.say.for_page()}


Obstacles = Annotated[
    tuple[Obstacle, ...],
    Field(examples=[[{"field": "ステータス", "in": ["完了"], "say": {"ja": "完了しています。", "en": "It is done."}}]]),
]


class FieldTime(ConfigPart):
    """A context time that comes from the record."""

    field: FieldCode = Field(description="schema.timeField")
    default: DateAndTime | None = Field(None, description="schema.timeDefault")

    def for_page(self) -> dict[str, Json]:
        """The context time for the page's script."""
        return self.model_dump(exclude_none=True)
