"""krewData's execution units (krewData API Reference)."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from generator.units.input_uses import AskedField
from generator.units.problems import FromEnvironment, Violation, did_you_mean, find_duplicates, problem
from generator.units.record import FieldCode, FieldCodes
from generator.units.refusals import SecretRefusal
from generator.units.unit import SERVICE, Asked, StoredRequest, Unit
from generator.units.values import Json, Secret, Untagged, https_address, required_text
from generator.words import Message

_WORDS = ("all", "none")


def _execution_unit_url(value: object) -> str:
    address = https_address(value, example := "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn")
    path = address.path.removesuffix("/")
    if pasted := re.fullmatch(r"/trigger/v1/[^/]+(/run|/token|/status)", path):
        raise problem(Message("problem.krewdataUrlEnd", end=pasted[1]))
    if not re.fullmatch(r"/trigger/v1/[A-Za-z0-9._~-]+", path):
        raise problem(Message("problem.krewdataUrl", example=example))
    return f"https://{address.netloc}{path}"


def _krewdata_app_url(value: object) -> str:
    path = https_address(value, example := "https://yourdomain.cybozu.com/k/123").path
    if path.startswith("/k/guest/"):
        raise problem(Message("problem.krewdataAppGuest", example=example))
    if re.match(r"/k/[0-9]+/.", path):
        raise problem(Message("problem.krewdataAppEnd", example=example))
    if not re.fullmatch(r"/k/[1-9][0-9]*/?", path):
        raise problem(Message("problem.krewdataApp", example=example))
    return required_text(value)


def _record_kind(value: object) -> str:
    if isinstance(value, list | tuple):
        return "list"
    return "word" if not isinstance(value, str) or _is_no_code(value) else "code"


def _is_no_code(value: str) -> bool:
    """Whether a text is `all` or `none`, or one of them mistyped, or several field codes, and not a field code."""
    return not value or len(_codes_in(value)) > 1 or value in _WORDS or bool(did_you_mean(value, _WORDS))


def _codes_in(text: str) -> list[str]:
    return [code.strip() for code in re.split("[,、，]", text)]


def _all_or_none(value: object) -> object:
    if not isinstance(value, str) or value not in _WORDS:
        codes = _codes_in(value) if isinstance(value, str) else []
        if near := did_you_mean(value, _WORDS):
            raise problem(Message("problem.recordNear", near=near))
        listed = len(codes) > 1 and not isinstance(value, FromEnvironment)
        example = ", ".join(codes) if listed else Message("problem.recordExample")
        raise problem(Message("problem.record", example=example))
    return value


def _alone(code: object) -> tuple[object]:
    return (code,)


class KrewDataUnit(Unit):
    """A krewData execution unit (krewData API Reference)."""

    runtime = "krewdata"
    service_words = "units.krewdata"
    secret_key = "serial_number"
    secret_words = "units.krewdataSecret"
    # As krewData's example, abcdef-jklmno-pqrstu-xyz123-456789, with one group more or less.
    secret_shape = "([A-Za-z0-9]{6}-){3,5}[A-Za-z0-9]{6}"
    secret_refusals = (
        # Shorter texts can be words that are valid Base64 by chance.
        SecretRefusal("^(?=.{8})[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", "units.krewdataBase64", decoded=True),
    )

    asked = (
        Asked(
            "url",
            "units.krewdataUrl",
            "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn",
            lambda text: re.sub(r"/(run|token|status)?/?$", "", text),
        ),
        Asked(
            "krewdata_app_url",
            "units.krewdataApp",
            "https://yourdomain.cybozu.com/k/123",
            lambda text: re.sub(r"^(https://[^/]+/k/[0-9]+)/.*$", r"\1", text),
        ),
        Asked(
            "record",
            "units.krewdataRecord",
            "none",
            lambda text: text if text in _WORDS else _codes_in(text.strip("[]")),
            "none",
        ),
    )

    service: Literal["krewdata"] = Field(description=SERVICE)
    url: Annotated[str, BeforeValidator(_execution_unit_url)] = Field(description="schema.krewdataUrl")
    krewdata_app_url: Annotated[str, BeforeValidator(_krewdata_app_url)] = Field(description="schema.krewdataApp")
    serial_number: Secret | None = Field(None, description="schema.serialNumber")
    record: Annotated[
        Annotated[Literal["all", "none"], BeforeValidator(_all_or_none), Tag("word")]
        | Annotated[FieldCodes, Tag("list")]
        | Annotated[FieldCode, AfterValidator(_alone), Tag("code")],
        Discriminator(_record_kind),
        Untagged,
    ] = Field(description="schema.krewdataRecord")
    values: tuple[AskedField, ...] = Field((), description="schema.krewdataValues")

    not_here: ClassVar[Mapping[str, Message]] = {"custom_variables": Message("problem.krewdataVariables")}

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """A field of the record has one value."""
        yield from super().rules(given)
        yield from find_duplicates("values", given.get("values"), "field", Message("problem.oneValue"))

    @classmethod
    def rules_among(cls, units: Sequence[tuple[tuple[str | int, ...], Mapping[str, Any]]]) -> Iterator[Violation]:
        """An execution unit belongs to one app: one of two addresses is wrong, and a plug-in stores only one."""
        first: dict[str, tuple[str, object]] = {}
        for path, unit in units:
            url, app_url = unit.get("url"), unit.get("krewdata_app_url")
            if isinstance(url, str) and isinstance(app_url, str):
                where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]
                earlier, theirs = first.setdefault(url.rstrip("/"), (where, app_url.rstrip("/")))
                if theirs != app_url.rstrip("/"):
                    yield Violation((*path, "krewdata_app_url"), Message("problem.krewdataTwoApps", other=earlier))

    @classmethod
    def reads_record(cls, key: str, value: object) -> bool:
        """As every unit; also checks which fields of the record are sent. `values` replaces fields and reads none."""
        if key == "values":
            return False
        return value != "none" if key == "record" else super().reads_record(key, value)

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
        if self.values:
            page["values"] = [each.for_page() for each in self.values]
            if self.record != "all":
                sent = self.record if isinstance(self.record, tuple) else ()
                page["record"] = list(dict.fromkeys([*sent, *(each.field for each in self.values)]))
        return page

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """Only the unit's token request needs the secret; run and status do not."""
        data = {"krewdataAppUrl": self.krewdata_app_url, "serialNumber": "{base64}"}
        return (StoredRequest("POST", f"{self.url}/token", {"Content-Type": "application/json;charset=UTF-8"}, data),)
