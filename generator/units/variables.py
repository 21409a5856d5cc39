"""Custom variables of TROCCO's jobs, and where their values come from."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from generator.units.input_uses import given_code
from generator.units.problems import ConfigPart, Violation, problem
from generator.units.record import FieldCode
from generator.units.values import AnyText, Json, Name, required_text, whole_number
from generator.words import Message

MOST_IDS = 500
"""The record IDs of a list that are sent at most if the config names no limit."""

_SOURCES = ("value", "field", "ask", "user", "record", "list")


def _variable_name(value: object) -> str:
    text = required_text(value)
    if not re.fullmatch(r"\$[^$\s]+\$", text):
        raise problem(Message("problem.variable"))
    return text


class CustomVariable(ConfigPart):
    """A custom variable of a TROCCO job definition, with the source of its value."""

    name: Annotated[str, Field(pattern=r"^\$[^$\s]+\$$"), BeforeValidator(_variable_name)] = Field(
        description="schema.variableName"
    )
    value: AnyText | None = Field(None, description="schema.variableValue")
    field: FieldCode | None = Field(None, description="schema.variableField")
    default: AnyText | None = Field(None, description="schema.variableDefault")
    ask: Name | None = Field(None, description="schema.variableAsk")
    user: Literal["code", "name"] | None = Field(None, description="schema.variableUser")
    record: Literal["url"] | None = Field(None, description="schema.variableRecord")
    list: Literal["query", "ids"] | None = Field(None, description="schema.variableList")
    limit: Annotated[int, Field(ge=1, le=5000), BeforeValidator(whole_number)] | None = Field(
        None, description="schema.variableLimit"
    )

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """A value has exactly one source."""
        if sum(source in given for source in _SOURCES) != 1:
            yield Violation((), Message("problem.oneSource", allowed=_SOURCES))
        elif "default" in given and "field" not in given:
            yield Violation(("default",), Message("problem.defaultWithValue"))
        elif "limit" in given and given.get("list") != "ids":
            yield Violation(("limit",), Message("problem.limitWithIds"))

    def for_page(self) -> dict[str, Json]:
        """The variable for the page's script. What is no field of the record has a code among its fields there."""
        if self.ask is not None:
            # An input that may stay empty sends an empty text.
            return {"name": self.name, "field": given_code(self.ask), "default": ""}
        if self.user is not None:
            return {"name": self.name, "field": f"$user.{self.user}"}
        if self.list is not None:
            # Without a filter its text is empty.
            return {"name": self.name, "field": f"$list.{self.list}", "default": ""}
        if self.record is not None:
            return {"name": self.name, "field": f"$record.{self.record}"}
        return self.model_dump(exclude_none=True)
