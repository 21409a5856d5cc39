"""The types of values in units.yaml: texts, numbers, addresses, secrets; and their formats."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeAlias
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from generator.invisible import JOINERS, invisible_in, trim
from generator.units.problems import (
    MUST_BE_TEXT,
    ConfigPart,
    FromEnvironment,
    Violation,
    problem,
    problems,
    violations_in,
    with_origin,
)
from generator.words import Message

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"


def any_text(value: object) -> str:
    """A text that may be empty."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise problem(Message("problem.textInQuotes", value=value))
    if not isinstance(value, str):
        raise problem(MUST_BE_TEXT)
    # Joiners are valid inside a text, but not at its ends.
    strange = invisible_in(value, allowed=f"\t\n{JOINERS}") or invisible_in(value[:1] + value[-1:], allowed="\t\n")
    if strange:
        raise problem(with_origin(Message("problem.invisible", character=strange), value))
    return value


def required_text(value: object) -> str:
    """A text that is not empty."""
    text = any_text(value)
    if not text.strip():
        raise problem(Message("problem.emptyText"))
    return text


def one_line(words: "LocalizedText") -> "LocalizedText":
    """Refuses a text that goes over several lines, in either language."""
    if "\n" in words.ja or "\n" in words.en:
        raise problem(Message("problem.oneLine"))
    return words


def whole_number(value: object) -> int:
    """A whole number, as a number or as text, because values from the environment are text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    raise problem(Message("problem.wholeNumber"))


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    raise problem(Message("problem.flag"))


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values, which must be unique."""
    first: dict[str, int] = {}
    again = [at for at, value in enumerate(values) if first.setdefault(value, at) != at]
    if again:
        raise problems(Violation((at,), Message("problem.listedTwice")) for at in again)
    return values


def _without_tag(value: object, validate: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401
    try:
        return validate(value)
    except ValidationError as error:
        # pydantic puts the member's tag first into each path; units.yaml has no such key.
        raise problems(Violation(loc[1:], text) for (loc, text), _ in violations_in(error)) from None


Untagged = WrapValidator(_without_tag)
"""For a union with a Discriminator: gives its problems the paths of the file."""


def listed(value: object) -> object:
    """The same, except that one text means a list of one."""
    return (value,) if isinstance(value, str) else value


def one_or_several(words: Sequence[str] = ()) -> WithJsonSchema:
    """The schema of a list of texts, or of one: of these words, where there are any."""
    text: dict[str, Any] = {"type": "string"} | ({"enum": list(words)} if words else {})
    return WithJsonSchema({"anyOf": [{"type": "array", "items": text, "minItems": 1}, text]})


AnyText = Annotated[str, BeforeValidator(any_text)]
Text = Annotated[str, Field(min_length=1), BeforeValidator(required_text)]
_Trimmed = Annotated[str, Field(min_length=1), BeforeValidator(lambda value: required_text(value).strip())]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=64), BeforeValidator(required_text)]
Flag = Annotated[bool, BeforeValidator(_flag)]
# The page's script reads IDs as numbers, and JavaScript's are exact up to 2^53 - 1 only.
Id = Annotated[int, Field(ge=1, le=2**53 - 1), BeforeValidator(whole_number)]
# Values of a field: one text means a list of one, and the empty text an empty field.
Choices = Annotated[
    tuple[AnyText, ...], Field(min_length=1), BeforeValidator(listed), AfterValidator(distinct), one_or_several()
]


class LocalizedText(ConfigPart):
    """A text for people, in both languages of the pages."""

    ja: _Trimmed = Field("", description="schema.textJa")
    en: _Trimmed = Field("", description="schema.textEn")

    def text(self, language: str) -> str:
        """The text in one language, ja or en."""
        return self.ja if language == "ja" else self.en

    def for_page(self) -> dict[str, Json]:
        """The text by language, for the page's script."""
        return {"ja": self.ja, "en": self.en}


def by_language(value: object) -> object:
    """A text for both languages, expanded to a mapping."""
    if isinstance(value, list | tuple) or value == {}:
        raise problem(Message("problem.textByLanguage"))
    return value if isinstance(value, Mapping | LocalizedText) else {"en": value}


def at_most(limit: int) -> AfterValidator:
    """Refuses a text with more characters, in either language; characters are code points, as in kintone's schema."""

    def check(words: LocalizedText) -> LocalizedText:
        long = [language for language in ("ja", "en") if len(getattr(words, language)) > limit]
        if long:
            message = Message("problem.tooLong", limit=limit)
            raise problems(Violation((language,), message) for language in long)
        return words

    return AfterValidator(check)


def in_both_languages(words: LocalizedText) -> LocalizedText:
    """The text with the language that is missing from the other one."""
    return words.model_copy(update={"ja": words.ja or words.en, "en": words.en or words.ja})


def words_schema(limit: int | None = None) -> WithJsonSchema:
    """The JSON Schema of text, or text by language."""
    text: dict[str, Any] = {"type": "string", "minLength": 1} | ({"maxLength": limit} if limit else {})
    languages = {"type": "object", "properties": {"ja": text, "en": text}, "minProperties": 1}
    return WithJsonSchema({"anyOf": [text, languages | {"additionalProperties": False}]})


Words = Annotated[LocalizedText, BeforeValidator(by_language), AfterValidator(in_both_languages), words_schema()]


def _date_and_time(value: object) -> str:
    text = required_text(value)
    try:
        if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){2} [0-9]{2}(:[0-9]{2}){2}", text):
            datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
            return text
    except ValueError:
        pass
    raise problem(Message("problem.dateAndTime"))


DateAndTime = Annotated[str, BeforeValidator(_date_and_time)]


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    parts = re.fullmatch(r"([0-9]{1,5})([smh])", value) if isinstance(value, str) else None
    if not parts:
        raise problem(Message("problem.duration"))
    length = timedelta(seconds=int(parts[1]) * {"s": 1, "m": 60, "h": 3600}[parts[2]])
    if not timedelta(seconds=10) <= length <= timedelta(hours=24):
        raise problem(Message("problem.durationRange"))
    return length


Duration = Annotated[
    timedelta, BeforeValidator(_duration), WithJsonSchema({"type": "string", "pattern": "^[0-9]+[smh]$"})
]


def https_address(value: object, example: str) -> SplitResult:
    """An https:// address without user, query and fragment; `example` is what problems show."""
    text = required_text(value)
    if text.lower().startswith("http://"):
        raise problem(Message("problem.https"))
    if not text.lower().startswith("https://"):
        raise problem(Message("problem.address", example=example))
    if re.search(r"[^!-~]|\\", text):
        raise problem(Message("problem.addressCharacter"))
    try:
        address = urlsplit(text)
        usable = address.port != 0 and re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]+)?", address.netloc.rpartition("@")[2])
    except ValueError:
        usable = None
    if not usable:
        raise problem(Message("problem.addressHost", example=example))
    if "@" in address.netloc:
        raise problem(Message("problem.addressUser"))
    if "?" in text or "#" in text:
        raise problem(Message("problem.addressQuery", example=example))
    return address


def _secret(value: object) -> SecretStr:
    """A secret without copied white space around it. The problem's text must not contain the value."""
    if isinstance(value, SecretStr):
        return value
    if not isinstance(value, str):
        raise problem(Message("problem.textQuoted"))
    trimmed = trim(value)
    if not trimmed:
        raise problem(Message("problem.emptySecret"))
    return SecretStr(FromEnvironment(trimmed, value.variables) if isinstance(value, FromEnvironment) else trimmed)


def is_written_out(secret: SecretStr) -> bool:
    """Whether a secret is in the config itself, not in the environment."""
    return not isinstance(secret.get_secret_value(), FromEnvironment)


Secret = Annotated[SecretStr, BeforeValidator(_secret)]
"""A secret; Unit.refusals() checks it."""
