"""The users who see a button. It is a convenience: everybody can read the script, and it protects nothing."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from generator.units.problems import ConfigPart, Violation
from generator.units.record import FieldCode
from generator.units.values import Json, distinct, listed, one_or_several
from generator.words import Message

_Codes = Annotated[
    tuple[FieldCode, ...], Field(min_length=1), BeforeValidator(listed), AfterValidator(distinct), one_or_several()
]


class Audience(ConfigPart):
    """Users, and members of groups or organizations; one match is enough."""

    users: _Codes | None = Field(None, description="schema.audienceUsers")
    groups: _Codes | None = Field(None, description="schema.audienceGroups")
    organizations: _Codes | None = Field(None, description="schema.audienceOrganizations")

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """A button for nobody is a mistake."""
        if not given.keys() & {"users", "groups", "organizations"}:
            yield Violation((), Message("problem.nobody"))

    def for_page(self) -> dict[str, Json]:
        """The codes for the page's script."""
        return {kind: list(codes) for kind, codes in self.model_dump(exclude_none=True).items()}
