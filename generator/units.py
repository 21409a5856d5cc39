"""The unit configs of units.yaml as frozen models: every key, what it may hold and what follows from it. No I/O.

A wrong config raises pydantic's ValidationError. Each of its errors has in `loc` the path of the value (of the mapping,
where a key is missing) and in `ctx["text"]` the words for the user, which never repeat a secret or a value from the
environment.
"""

import base64
import binascii
import difflib
import json
import re
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self, TypeAlias, get_args
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    Tag,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | bool | None"


class FromEnvironment(str):
    """A text that holds a value from the environment: it may be a secret, and no message repeats it."""

    __slots__ = ()


# --- problems


class Fault(NamedTuple):
    """What is wrong, and the path to it from the model that says so."""

    loc: tuple[str | int, ...]
    text: str


# Where pydantic puts the name of the union's member into a path, counted from the model that has the key.
_UNION_MEMBER_AT = {"units": 2, "confirm": 1, "record": 1, "context_time": 1}


MUST_BE_TEXT = "must be text"
"""What is said of a value that YAML does not read as text, without the quotes that would help."""

# By pydantic's type of the error, with the names in its context.
_WORDS = {
    "config": "{text}",
    "model_type": "must be a mapping of keys, such as {{key: value}}",
    "list_type": "must be a list, such as [one, two]",
    "tuple_type": "must be a list, such as [one, two]",
    "too_short": "is an empty list; give at least one entry",
    "string_too_long": "is too long; at most {max_length} characters are allowed",
    "string_pattern_mismatch": "may have only the letters A to Z and a to z, digits, - and _",
    "greater_than_equal": "is too small; the smallest allowed is {ge}",
    "less_than_equal": "is too large; the largest allowed is {le}",
}


def _problem(text: str) -> PydanticCustomError:
    return PydanticCustomError("config", "{text}", {"text": text})


def _problems(faults: Iterable[Fault]) -> ValidationError:
    details = [InitErrorDetails(type=_problem(fault.text), loc=fault.loc, input=None) for fault in faults]
    return ValidationError.from_exception_data("units.yaml", details, hide_input=True)


def _quote(value: object) -> str:
    if isinstance(value, FromEnvironment):
        return "(from the environment)"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = json.dumps(value, ensure_ascii=not str(value).isprintable(), default=str)
    return text if len(text) <= 60 else f"{text[:56]}…"


def _did_you_mean(given: object, allowed: Iterable[str]) -> str:
    if not isinstance(given, str) or isinstance(given, FromEnvironment):
        return ""
    by_lower = {word.lower(): word for word in allowed}
    close = difflib.get_close_matches(given.lower(), by_lower, n=1)
    return f'; did you mean "{by_lower[close[0]]}"?' if close else ""


def _unknown(noun: str, given: object, allowed: Sequence[str]) -> str:
    are = "is" if len(allowed) == 1 else "are"
    return f"unknown {noun} {_quote(given)}; allowed {are} {', '.join(allowed)}{_did_you_mean(given, allowed)}"


class ConfigPart(BaseModel):
    """A mapping of units.yaml. Rules between keys are judged on what was given, to show beside wrong values."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    not_here: ClassVar[Mapping[str, str]] = {}
    """Keys that people try here, and what to tell them."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Fault]:  # noqa: ARG003
        """What is wrong between the keys of `given`, the mapping as it was written."""
        yield from ()

    @classmethod
    def keys(cls) -> dict[str, str]:
        """The keys as they are written in units.yaml, each with its description."""
        return {field.alias or name: field.description or "" for name, field in cls.model_fields.items()}

    @model_validator(mode="wrap")
    @classmethod
    def _every_problem_at_once(cls, given: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        faults = list(cls.rules(given)) if isinstance(given, Mapping) else []
        try:
            model = validate(given)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                # pydantic counts only the good entries of a list.
                if detail["type"] != "too_short" or not detail["input"]:
                    faults.append(cls._in_words(detail))
        if faults:
            raise _problems(faults) from None
        return model

    @classmethod
    def _in_words(cls, error: ErrorDetails) -> Fault:
        loc, given, context = error["loc"], error["input"], error.get("ctx", {})
        at = _UNION_MEMBER_AT.get(str(loc[0]), len(loc)) if loc else 0
        loc = (*loc[:at], *loc[at + 1 :])
        text = _WORDS.get(error["type"], _WORDS["model_type"]).format_map(context)
        match error["type"]:
            case "missing":
                loc, key = loc[:-1], str(loc[-1])
                text = f'the key "{key}" is missing: {cls.keys()[key]}'
            case "extra_forbidden":
                key, keys = str(loc[-1]), list(cls.keys())
                suggestion = _did_you_mean(key, keys)
                text = cls.not_here.get(key, f"unknown key; allowed are {', '.join(keys)}{suggestion}")
            case "literal_error":
                noun = loc[-1] if isinstance(loc[-1], str) else "value"
                text = _unknown(noun, given, re.findall(r"[\w-]+", context["expected"].replace(" or ", " ")))
            case "union_tag_invalid":
                loc = (*loc, "service")
                text = _unknown("service", given["service"], list(SERVICES))
            case "union_tag_not_found" if isinstance(given, Mapping):
                text = f'the key "service" is missing: {_SERVICE}; allowed are {", ".join(SERVICES)}'
        return Fault(loc, text)


# --- kinds of values


def _any_text(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        raise _problem(f'{MUST_BE_TEXT}; write "{value}" in quotes')
    if not isinstance(value, str):
        raise _problem(MUST_BE_TEXT)
    # U+0000 would end the script for the compiler, and a lone surrogate (a bad byte in the environment) has no UTF-8.
    if strange := re.search("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", value):
        raise _problem(f"has a character that cannot be shown (U+{ord(strange[0]):04X}); take it out")
    return value


def _text(value: object) -> str:
    text = _any_text(value)
    if not text.strip():
        raise _problem("is empty; give a text")
    return text


def _whole_number(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    raise _problem("must be a whole number, such as 45")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    raise _problem("must be true or false")


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    first: dict[str, int] = {}
    again = [at for at, value in enumerate(values) if first.setdefault(value, at) != at]
    if again:
        raise _problems(Fault((at,), "is listed twice; once is enough") for at in again)
    return values


AnyText = Annotated[str, BeforeValidator(_any_text)]
Text = Annotated[str, Field(min_length=1), BeforeValidator(_text)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=64), BeforeValidator(_text)]
Flag = Annotated[bool, BeforeValidator(_flag)]
# The page's script reads IDs as numbers, and JavaScript's are exact up to 2^53 - 1 only.
Id = Annotated[int, Field(ge=1, le=2**53 - 1), BeforeValidator(_whole_number)]
FieldCodes = Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(_distinct)]
Texts = Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(_distinct)]


class LocalizedText(ConfigPart):
    """A text for people, in both languages of the pages."""

    ja: Text = Field("", description="the text in Japanese; without it, the English one is shown")
    en: Text = Field("", description="the text in English; without it, the Japanese one is shown")

    def for_page(self) -> dict[str, Json]:
        """The text by language, as the page's script takes it."""
        return {"ja": self.ja, "en": self.en}


def _by_language(value: object) -> object:
    if isinstance(value, list | tuple) or value == {}:
        raise _problem("must be text, or text by language such as {ja: 実行, en: Run}")
    return value if isinstance(value, Mapping | LocalizedText) else {"en": value}


def _at_most(limit: int) -> AfterValidator:
    def check(words: LocalizedText) -> LocalizedText:
        long = [language for language in ("ja", "en") if len(getattr(words, language)) > limit]
        if long:
            text = f"is too long; at most {limit} characters are allowed"
            raise _problems(Fault((language,), text) for language in long)
        return words

    return AfterValidator(check)


def _in_both_languages(words: LocalizedText) -> LocalizedText:
    return words.model_copy(update={"ja": words.ja or words.en, "en": words.en or words.ja})


def _words_schema(limit: int | None = None) -> WithJsonSchema:
    text: dict[str, Any] = {"type": "string", "minLength": 1} | ({"maxLength": limit} if limit else {})
    languages = {"type": "object", "properties": {"ja": text, "en": text}, "minProperties": 1}
    return WithJsonSchema({"anyOf": [text, languages | {"additionalProperties": False}]})


Words = Annotated[LocalizedText, BeforeValidator(_by_language), AfterValidator(_in_both_languages), _words_schema()]


def _confirm_kind(value: object) -> str:
    return "flag" if isinstance(value, bool) or value in ("true", "false") else "words"


def _record_kind(value: object) -> str:
    return "list" if isinstance(value, list | tuple) else "word"


def _all_or_none(value: object) -> object:
    if not isinstance(value, str) or value not in ("all", "none"):
        raise _problem(f"must be all, none or a list of field codes{_did_you_mean(value, ('all', 'none'))}")
    return value


def _context_time_kind(value: object) -> str:
    return "field" if isinstance(value, Mapping | FieldTime) else "time"


def _date_and_time(value: object) -> str:
    text = _text(value)
    try:
        if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){2} [0-9]{2}(:[0-9]{2}){2}", text):
            datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
            return text
    except ValueError:
        pass
    raise _problem('must be a date and time that exist, such as "2019-11-18 00:00:00", or {field: code}')


def _variable_name(value: object) -> str:
    text = _text(value)
    if not re.fullmatch(r"\$[^$\s]+\$", text):
        raise _problem("must stand between dollar signs as in TROCCO, such as $ad_id$")
    return text


@cache
def _time_zones() -> frozenset[str]:
    # Walks the system's time zones; empty on Windows without the tzdata package.
    return frozenset(zoneinfo.available_timezones())


def _time_zone(value: object) -> str:
    text = _text(value)
    zones = _time_zones()
    if text in zones if zones else re.fullmatch(r"UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+)+", text):
        return text
    suggestion = _did_you_mean(value, zones)
    raise _problem(f"must be the name of a time zone, such as Asia/Tokyo or Etc/UTC{suggestion}")


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    parts = re.fullmatch(r"([0-9]{1,5})([smh])", value) if isinstance(value, str) else None
    if not parts:
        raise _problem('must be a number with s, m or h after it, such as "90s", "60m" or "2h"')
    length = timedelta(seconds=int(parts[1]) * {"s": 1, "m": 60, "h": 3600}[parts[2]])
    if not timedelta(seconds=10) <= length <= timedelta(hours=24):
        raise _problem("must be from 10s to 24h")
    return length


Duration = Annotated[
    timedelta, BeforeValidator(_duration), WithJsonSchema({"type": "string", "pattern": "^[0-9]+[smh]$"})
]


def _https(value: object, example: str) -> SplitResult:
    text = _text(value)
    if text.lower().startswith("http://"):
        raise _problem("is not encrypted; it must start with https://")
    if not text.lower().startswith("https://"):
        raise _problem(f"must be an address such as {example}")
    if re.search(r"[^!-~]|\\", text):
        raise _problem("has a space, a line break or another character that no address has; take it out")
    try:
        address = urlsplit(text)
        usable = address.port != 0 and re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]+)?", address.netloc.rpartition("@")[2])
    except ValueError:
        usable = None
    if not usable:
        raise _problem(f"has no usable host name or port; it must be an address such as {example}")
    if "@" in address.netloc:
        raise _problem("must not hold a user name or password; leave out what stands before @")
    if "?" in text or "#" in text:
        raise _problem(f"must end before ? and #; it must be an address such as {example}")
    return address


def _execution_unit_url(value: object) -> str:
    address = _https(value, example := "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn")
    path = address.path.removesuffix("/")
    if pasted := re.fullmatch(r"/trigger/v1/[^/]+(/run|/token|/status)", path):
        raise _problem(f"leave out {pasted[1]}: give the URL as krewData shows it for the execution unit")
    if not re.fullmatch(r"/trigger/v1/[A-Za-z0-9._~-]+", path):
        raise _problem(f"must be the URL that krewData shows for the execution unit, such as {example}")
    return f"https://{address.netloc}{path}"


def _krewdata_app_url(value: object) -> str:
    path = _https(value, example := "https://yourdomain.cybozu.com/k/123").path
    if path.startswith("/k/guest/"):
        raise _problem(
            f"is in a guest space; give the address of the app that has the krewData plug-in, such as {example}"
        )
    if re.match(r"/k/[0-9]+/.", path):
        raise _problem(f"leave out what follows the app's ID: give the address of the app alone, such as {example}")
    if not re.fullmatch(r"/k/[1-9][0-9]*/?", path):
        raise _problem(f"must be the address of the app that has the krewData plug-in, such as {example}")
    return _text(value)


def _trocco_url(value: object) -> str:
    address = _https(value, "https://trocco.io")
    if address.path not in ("", "/"):
        raise _problem("leave out the path: only the host belongs here, such as https://trocco.io")
    return f"https://{address.netloc}"


def _secret(value: object) -> str:
    """One line of visible characters. The problem's text must not hold the value."""
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if not isinstance(value, str):
        raise _problem("must be text; put it in quotes")
    if not value.strip():
        raise _problem("is empty; give the secret, from the environment such as ${NAME}")
    if value != value.strip():
        raise _problem("has a space or line break before or after it; take it out")
    if not value.isprintable() or re.search(r"\s", value):
        raise _problem("has a space, a line break or an invisible character inside; take it out")
    return value


def _serial_number(value: object) -> str:
    plain = _secret(value)
    try:
        inside = base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        return plain
    # Shorter ones are words that happen to be Base64 too.
    if len(inside) >= 8 and re.fullmatch(rb"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", inside):
        raise _problem("is Base64 already; give it as krewData shows it, Runbutton encodes it")
    return plain


def _api_key(value: object) -> str:
    if isinstance(value, str) and re.match(r"\s*Token\s", value, re.IGNORECASE):
        raise _problem('leave out "Token ": give the API key alone, Runbutton puts the word before it')
    return _secret(value)


def _key_or_path(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise _problem("must be the path of a private key, such as private.ppk, or its PEM text")
    return value


def _version(value: object) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, str) and re.fullmatch(r"(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){0,2}", value):
        return value if "." in value else int(value)
    raise _problem('must be a whole number or up to three with dots, without leading zeros, such as 1 or "1.2.3"')


# --- parts of a unit


class Condition(ConfigPart):
    """One condition on a field of the record, for the button to be there."""

    field: Text = Field(description="the field code of the record's field to look at")
    in_: Texts | None = Field(
        None, alias="in", description="the button is shown where the field has one of these values"
    )
    not_in: Texts | None = Field(None, description="the button is shown where the field has none of these values")
    filled: Flag | None = Field(
        None, description="the button is shown where the field is filled (true) or empty (false)"
    )

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Fault]:
        """One condition an entry: several for one field are several entries."""
        if sum(key in given for key in ("in", "not_in", "filled")) != 1:
            yield Fault((), "needs exactly one of in, not_in and filled; write one entry for each condition")

    def for_page(self) -> dict[str, Json]:
        """The condition as the page's script takes it."""
        given: dict[str, Json] = {"in": self.in_, "notIn": self.not_in, "filled": self.filled}
        return {"field": self.field} | {
            key: list(value) if isinstance(value, tuple) else value for key, value in given.items() if value is not None
        }


class CustomVariable(ConfigPart):
    """A custom variable of a TROCCO job definition, with a fixed value or one from the record."""

    name: Annotated[str, Field(pattern=r"^\$[^$\s]+\$$"), BeforeValidator(_variable_name)] = Field(
        description="the variable's name between dollar signs as in TROCCO, such as $ad_id$"
    )
    value: AnyText | None = Field(None, description="the value to send")
    field: Text | None = Field(None, description="the field code of the record's field whose value is sent")
    default: AnyText | None = Field(None, description="the value to send where the field is empty")

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Fault]:
        """A value comes from one place."""
        if ("value" in given) == ("field" in given):
            yield Fault((), "needs exactly one of value and field")
        elif "value" in given and "default" in given:
            yield Fault(("default",), "belongs to a variable with field; leave it out beside value")

    def for_page(self) -> dict[str, Json]:
        """The variable as the page's script takes it."""
        return self.model_dump(exclude_none=True)


DateAndTime = Annotated[str, BeforeValidator(_date_and_time)]


class FieldTime(ConfigPart):
    """A context time that comes from the record."""

    field: Text = Field(description="the field code of the date or date-and-time field whose value is the context time")
    default: DateAndTime | None = Field(None, description="the context time where the field is empty")

    def for_page(self) -> dict[str, Json]:
        """The context time as the page's script takes it."""
        return self.model_dump(exclude_none=True)


# --- units

_SERVICE = "the service that the button starts"


class StoredRequest(NamedTuple):
    """A request to which kintone's plug-in proxy adds what the settings hold (cybozu.dev, setProxyConfig).

    It adds `headers` and `data` to every request of this method whose address begins with `url`. In their values
    `{secret}` stands for the unit's secret and `{base64}` for the Base64 of its UTF-8 bytes.
    """

    method: Literal["GET", "POST"]
    url: str
    headers: dict[str, str]
    data: dict[str, str]


class Unit(ConfigPart):
    """The keys of every unit. A service is one class below this one, named in AnyUnit, and a module of the runtime."""

    runtime: ClassVar[str]
    """The export of the page's runtime that talks with the service."""
    secret_key: ClassVar[str]
    """The key that holds the unit's secret."""

    id: Name = Field(description="the unit's name in the page, in storage and on the command line; unique in the app")
    service: str = Field(description=_SERVICE)
    label: Words = Field(
        LocalizedText(ja="実行", en="Run"), description="what the button says: text, or text by language {ja: …, en: …}"
    )
    confirm: Annotated[Annotated[Flag, Tag("flag")] | Annotated[Words, Tag("words")], Discriminator(_confirm_kind)] = (
        Field(True, description="whether a click is confirmed first; a text, or text by language, is what is asked")
    )
    pages: Annotated[
        tuple[Literal["detail", "edit", "create", "index"], ...], Field(min_length=1), AfterValidator(_distinct)
    ] = Field(("detail",), description="the pages that have the button: detail, edit, create, index")
    devices: Annotated[tuple[Literal["desktop", "mobile"], ...], Field(min_length=1), AfterValidator(_distinct)] = (
        Field(("desktop", "mobile"), description="the pages' kinds that have the button: desktop, mobile")
    )
    space: Text | None = Field(
        None, description="the element ID of a Space field for the button, instead of the record's header"
    )
    show_if: tuple[Condition, ...] = Field(
        (), description="conditions on the record for the button to be there; all must hold"
    )
    after_success: Literal["stay", "reload"] = Field(
        "stay", description="what the page does when a run has succeeded: stay, or reload to show new values"
    )
    timeout: Duration = Field(
        timedelta(minutes=60),
        description="how long the page follows a run, such as 90s, 60m or 2h; from 10s to 24h",
        json_schema_extra={"default": "60m"},
    )

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Fault]:
        """The list of records is a page without a record."""
        pages = given.get("pages")
        needs = [key for key, value in given.items() if _reads_record(key, value)]
        if needs and isinstance(pages, list | tuple) and "index" in pages:
            text = f"index has no record to read; leave it out, or make a unit without {' and '.join(needs)} for it"
            yield Fault(("pages", pages.index("index")), text)

    @property
    def secret(self) -> SecretStr | None:
        """The unit's secret, where the config holds it."""
        secret: SecretStr | None = getattr(self, self.secret_key)
        return secret

    @property
    def record_fields(self) -> tuple[str, ...]:
        """The field codes that the unit reads from the record, each once."""
        return tuple(dict.fromkeys(condition.field for condition in self.show_if))

    def common_for_page(self) -> dict[str, Json]:
        """What the page's script needs for any service; the timeout in milliseconds."""
        page: dict[str, Json] = {
            "id": self.id,
            "service": self.service,
            "label": self.label.for_page(),
            "confirm": self.confirm.for_page() if isinstance(self.confirm, LocalizedText) else self.confirm,
            "pages": list(self.pages),
            "devices": list(self.devices),
            "afterSuccess": self.after_success,
            "timeout": self.timeout // timedelta(milliseconds=1),
        }
        if self.space is not None:
            page["space"] = self.space
        if self.show_if:
            page["showIf"] = [condition.for_page() for condition in self.show_if]
        return page

    def for_page(self) -> dict[str, Json]:
        """What the page's script needs for this service alone; with the unit's secret where the config holds it."""
        raise NotImplementedError

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """The requests to which a plug-in's settings add the unit's secret: the narrowest addresses that work."""
        raise NotImplementedError


def _reads_record(key: str, value: object) -> bool:
    if key == "record":
        return value != "none"
    entries = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(entry, Mapping) and "field" in entry for entry in entries)


class KrewDataUnit(Unit):
    """A krewData execution unit (krewData API Reference)."""

    runtime = "krewdata"
    secret_key = "serial_number"

    service: Literal["krewdata"] = Field(description=_SERVICE)
    url: Annotated[str, BeforeValidator(_execution_unit_url)] = Field(
        description="the execution unit's URL as krewData shows it, https://…/trigger/v1/{ExecutionUnitID}"
    )
    krewdata_app_url: Annotated[str, BeforeValidator(_krewdata_app_url)] = Field(
        description="the address of the kintone app that has the krewData plug-in, https://{domain}/k/{appId}"
    )
    serial_number: Annotated[SecretStr, BeforeValidator(_serial_number)] | None = Field(
        None, description="krewData's serial number for real-time execution, plain, not Base64; with target script only"
    )
    record: Annotated[
        Annotated[Literal["all", "none"], BeforeValidator(_all_or_none), Tag("word")]
        | Annotated[FieldCodes, Tag("list")],
        Discriminator(_record_kind),
    ] = Field(description="what of the record is sent: all, none or a list of field codes")

    @property
    def record_fields(self) -> tuple[str, ...]:
        """The field codes that the unit reads from the record, each once."""
        sent = self.record if isinstance(self.record, tuple) else ()
        return tuple(dict.fromkeys([*sent, *super().record_fields]))

    def for_page(self) -> dict[str, Json]:
        """What the page's script needs for krewData; the token request takes the serial number in Base64.

        Without a serial number it needs no krewdata_app_url either: the plug-in's settings hold both.
        """
        page: dict[str, Json] = {"url": self.url}
        if self.serial_number:
            page["krewdataAppUrl"] = self.krewdata_app_url
            page["serialNumber"] = base64.b64encode(self.serial_number.get_secret_value().encode()).decode()
        page["record"] = list(self.record) if isinstance(self.record, tuple) else self.record
        return page

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """The token request of this unit alone takes the secret; run and status need none."""
        data = {"krewdataAppUrl": self.krewdata_app_url, "serialNumber": "{base64}"}
        return (StoredRequest("POST", f"{self.url}/token", {"Content-Type": "application/json;charset=UTF-8"}, data),)


class _TroccoUnit(Unit):
    jobs: ClassVar[str]
    """What TROCCO's API calls the unit's kind of jobs in addresses."""

    runtime = "trocco"
    secret_key = "api_key"

    api_key: Annotated[SecretStr, BeforeValidator(_api_key)] | None = Field(
        None, description="a TROCCO API key, without the word Token; with target script only"
    )
    base_url: Annotated[str, BeforeValidator(_trocco_url)] = Field(
        "https://trocco.io", description="TROCCO's host, for regions other than Japan"
    )
    context_time: (
        Annotated[
            Annotated[DateAndTime, Tag("time")] | Annotated[FieldTime, Tag("field")], Discriminator(_context_time_kind)
        ]
        | None
    ) = Field(
        None, description='the time that date and time variables count from: "YYYY-MM-DD HH:MM:SS" or {field: code}'
    )
    time_zone: Annotated[str, BeforeValidator(_time_zone)] = Field(
        "Asia/Tokyo", description="the time zone of context_time, an IANA name"
    )

    @property
    def record_fields(self) -> tuple[str, ...]:
        """The field codes that the unit reads from the record, each once."""
        time = [self.context_time.field] if isinstance(self.context_time, FieldTime) else []
        return tuple(dict.fromkeys([*super().record_fields, *time]))

    def for_page(self) -> dict[str, Json]:
        """What the page's script needs for either kind of TROCCO unit."""
        page: dict[str, Json] = {"baseUrl": self.base_url}
        if self.api_key:
            page["apiKey"] = self.api_key.get_secret_value()
        if self.context_time:
            time = self.context_time
            page["contextTime"] = time.for_page() if isinstance(time, FieldTime) else time
        if "time_zone" in self.model_fields_set:
            page["timeZone"] = self.time_zone
        return page

    def _stored_requests(self, start_query: str) -> tuple[StoredRequest, ...]:
        """The start of this definition and the status of any job: kintone compares only how an address begins.

        The `&` at the end keeps the definition 12 from opening 123 as well.
        """
        key = {"Authorization": "Token {secret}", "Accept": "application/json"}
        address = f"{self.base_url}/api/{self.jobs}"
        start = {**key, "Content-Type": "application/json"}
        return (
            StoredRequest("POST", f"{address}?{start_query}&", start, {}),
            StoredRequest("GET", f"{address}/", key, {}),
        )


class TroccoJobUnit(_TroccoUnit):
    """A TROCCO transfer job (TROCCO API: Run transfer job)."""

    jobs = "jobs"

    service: Literal["trocco-job"] = Field(description=_SERVICE)
    job_definition_id: Id = Field(description="the ID of the TROCCO job definition to run")
    custom_variables: tuple[CustomVariable, ...] = Field(
        (),
        description="the job's custom variables: {name: $name$, value: text} or {name: $name$, field: code}",
    )

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Fault]:
        """A variable has one value."""
        yield from super().rules(given)
        yield from _twice("custom_variables", given.get("custom_variables"), "name", "a variable has one value")

    @property
    def record_fields(self) -> tuple[str, ...]:
        """The field codes that the unit reads from the record, each once."""
        variables = [variable.field for variable in self.custom_variables if variable.field is not None]
        return tuple(dict.fromkeys([*super().record_fields, *variables]))

    def for_page(self) -> dict[str, Json]:
        """What the page's script needs for a TROCCO job."""
        variables = [variable.for_page() for variable in self.custom_variables]
        return super().for_page() | {"definitionId": self.job_definition_id, "customVariables": variables}

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """Starting this job definition, and the status of transfer jobs."""
        return self._stored_requests(f"job_definition_id={self.job_definition_id}")


class TroccoWorkflowUnit(_TroccoUnit):
    """A TROCCO workflow (TROCCO API: Run workflow job)."""

    jobs = "pipeline_jobs"
    not_here = {"custom_variables": "workflows take no custom variables (TROCCO API: Run workflow job); leave it out"}

    service: Literal["trocco-workflow"] = Field(description=_SERVICE)
    pipeline_definition_id: Id = Field(description="the ID of the TROCCO workflow definition to run")

    def for_page(self) -> dict[str, Json]:
        """What the page's script needs for a TROCCO workflow."""
        return super().for_page() | {"definitionId": self.pipeline_definition_id}

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """Starting this workflow, and the status of workflow jobs."""
        return self._stored_requests(f"pipeline_definition_id={self.pipeline_definition_id}")


AnyUnit = Annotated[KrewDataUnit | TroccoJobUnit | TroccoWorkflowUnit, Field(discriminator="service")]

SERVICES: dict[str, type[Unit]] = {
    get_args(unit.model_fields["service"].annotation)[0]: unit for unit in get_args(get_args(AnyUnit)[0])
}
"""The class of each service's units, by the word in `service`."""


# --- apps and the whole config


def _mappings(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if isinstance(value, list | tuple):
        yield from ((at, entry) for at, entry in enumerate(value) if isinstance(entry, Mapping))


def _twice(key: str, entries: object, name: str, why: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for at, entry in _mappings(entries):
        given = entry.get(name)
        if isinstance(given, str) and (earlier := first.setdefault(given, at)) != at:
            yield Fault((key, at, name), f"is the same as {key}[{earlier}].{name}; {why}")


def _folder(value: object) -> str:
    name = _text(value)
    if name.lower() == "plugin":
        raise _problem('must not be "plugin": dist/plugin is where the plug-in goes')
    if re.fullmatch(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", name.lower()):
        raise _problem("is a name that Windows keeps for devices; choose another")
    return name


class App(ConfigPart):
    """A kintone app and the units whose buttons it gets."""

    app: Id = Field(description="the kintone app's ID")
    name: Annotated[Name, BeforeValidator(_folder)] = Field(
        description="the app's folder in dist/ and its name on the command line"
    )
    target: Literal["plugin", "script"] = Field(
        "plugin", description="what is built: plugin (secrets are typed into its settings page) or script"
    )
    expose_secrets: Flag = Field(
        False, description="with target script, true accepts that every user of the app can read the units' secrets"
    )
    units: tuple[AnyUnit, ...] = Field(min_length=1, description="the app's units, one button each")

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Fault]:
        """Units have names of their own, and secrets are where the target needs them and nowhere else."""
        yield from _twice("units", given.get("units"), "id", "each unit of an app needs its own")
        target = given.get("target", "plugin")
        exposed = given.get("expose_secrets") in (True, "true")
        for at, unit in _mappings(given.get("units")):
            service = unit.get("service")
            if not isinstance(service, str) or service not in SERVICES:
                continue
            key = SERVICES[service].secret_key
            if target == "plugin" and key in unit:
                text = "is typed into the plug-in's settings page with target plugin; leave it out here"
                yield Fault(("units", at, key), text)
            elif target == "script" and key not in unit:
                yield Fault(("units", at), f'the key "{key}" is missing: with target script the script has to hold it')
            elif target == "script" and not exposed:
                text = (
                    "every user of the app could read it in the browser; use target: plugin, "
                    "or write expose_secrets: true beside target if that is acceptable"
                )
                yield Fault(("units", at, key), text)


class Plugin(ConfigPart):
    """The plug-in that the apps with target plugin share."""

    name: Annotated[
        LocalizedText,
        BeforeValidator(_by_language),
        _at_most(64),
        AfterValidator(_in_both_languages),
        _words_schema(64),
    ] = Field(description="the plug-in's name in kintone: text, or text by language with en; at most 64 characters")
    description: (
        Annotated[
            LocalizedText,
            BeforeValidator(_by_language),
            _at_most(200),
            AfterValidator(_in_both_languages),
            _words_schema(200),
        ]
        | None
    ) = Field(None, description="what kintone says of the plug-in: text, or text by language; at most 200 characters")
    version: Annotated[int | str, BeforeValidator(_version)] = Field(
        1,
        description='the plug-in\'s version, to be raised with every release: a whole number, or text such as "1.2.3"',
    )
    key: Annotated[SecretStr, BeforeValidator(_key_or_path)] = Field(
        description="the path of the private key that the plug-in's ID follows from, or the key itself as PEM text"
    )

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Fault]:
        """A plug-in's manifest must have the English name."""
        name = given.get("name")
        if isinstance(name, Mapping) and "ja" in name and "en" not in name:
            yield Fault(("name",), 'the key "en" is missing: kintone wants every plug-in to have an English name')


class Config(ConfigPart):
    """All of units.yaml."""

    version: Annotated[Literal[1], BeforeValidator(_whole_number)] = Field(description="the version of this format: 1")
    plugin: Plugin | None = Field(None, description="the plug-in; needed when an app has target plugin")
    apps: tuple[App, ...] = Field(min_length=1, description="the apps that get buttons")

    @property
    def plugin_apps(self) -> tuple[App, ...]:
        """The apps that get their buttons by the plug-in, by app ID."""
        return tuple(sorted((app for app in self.apps if app.target == "plugin"), key=lambda app: app.app))

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Fault]:
        """Apps do not get in each other's way, and a plug-in has its section."""
        ids: dict[tuple[str, str], int] = {}
        names: dict[str, int] = {}
        for at, app in _mappings(given.get("apps")):
            target, number, name = app.get("target", "plugin"), app.get("app"), app.get("name")
            if isinstance(number, int | str) and isinstance(target, str):
                earlier = ids.setdefault((target, str(number).lstrip("0")), at)
                if earlier != at:
                    yield Fault(
                        ("apps", at, "app"), f"is the same as apps[{earlier}].app; put the units of an app together"
                    )
            if isinstance(name, str):
                # Windows and macOS take names that differ only in case for one folder.
                earlier = names.setdefault(name.lower(), at)
                if earlier != at:
                    text = (
                        f"is the same as apps[{earlier}].name, upper and lower case being one; each app needs its own"
                    )
                    yield Fault(("apps", at, "name"), text)
        plugins = [at for at, app in _mappings(given.get("apps")) if app.get("target", "plugin") == "plugin"]
        if plugins and "plugin" not in given:
            text = (
                f'the key "plugin" is missing: apps[{plugins[0]}] has target plugin, which needs a name and a key there'
            )
            yield Fault((), text)
