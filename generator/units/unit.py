"""The keys that units of all services share; and the registered services."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, get_args

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, SecretStr, Tag

from generator.invisible import trim
from generator.units.audience import Audience
from generator.units.input_uses import rules_of_use
from generator.units.inputs import Inputs, default_fields
from generator.units.problems import ConfigPart, Violation, with_origin
from generator.units.record import Condition, FieldCode, Obstacles
from generator.units.refusals import ALWAYS, SecretRefusal, refusal_of
from generator.units.values import (
    Duration,
    Flag,
    Json,
    LocalizedText,
    Name,
    Untagged,
    Words,
    distinct,
    listed,
    one_line,
    one_or_several,
)
from generator.words import Message, Sentence, say

SERVICES: dict[str, "type[Unit]"] = {}
"""The class of each service's units, by the word in `service`. A class registers itself when it is defined."""

SERVICE = "schema.service"

Page = Literal["detail", "edit", "create", "index"]
Device = Literal["desktop", "mobile"]


class StoredRequest(NamedTuple):
    """A request to which kintone's plug-in proxy adds what the settings hold (cybozu.dev, setProxyConfig).

    It adds `headers` and `data` to every request of this method whose address begins with `url`. In their values
    `{secret}` stands for the unit's secret and `{base64}` for its Base64.
    """

    method: Literal["GET", "POST"]
    url: str
    headers: dict[str, str]
    data: dict[str, str]

    @property
    def address(self) -> str:
        """The identity of the entry in kintone."""
        return f"{self.method} {self.url}"

    @property
    def mark(self) -> str:
        """A hash of what is stored with the secret: an entry with another mark must be saved again."""
        template = json.dumps([self.headers, self.data], sort_keys=True)
        return hashlib.sha256(template.encode()).hexdigest()[:8]


def _mistaken(theirs: Sentence, own: Sentence) -> LocalizedText:
    def words(language: str) -> str:
        return say(language, "units.secretMistaken", theirs=say(language, theirs), own=say(language, own))

    return LocalizedText(ja=words("ja"), en=words("en"))


class Asked(NamedTuple):
    """A value of a unit that `runbutton init` asks for.

    `words` describe it and the service's screen that shows it; `example` is a made-up value; `pasted` converts text
    copied from that screen to the key's value; `default`, if not empty, is used if nothing is typed.
    """

    key: str
    words: Sentence
    example: str
    pasted: Callable[[str], Any]
    default: str = ""


def _confirm_kind(value: object) -> str:
    return "flag" if isinstance(value, bool) or value in ("true", "false") else "words"


class Unit(ConfigPart):
    """The keys of every unit. A service is a class below this one in a module of this package, and a browser module."""

    runtime: ClassVar[str]
    """The name of the service's browser module and of its export."""
    runtime_folder: ClassVar[Path] = Path("runtime", "services")
    """The folder of that module, relative to templates/."""
    service_words: ClassVar[Sentence]
    """The users' name for what a unit of the service starts."""
    secret_key: ClassVar[str | None] = None
    """The key of the unit's secret; None for a service without a secret."""
    secret_words: ClassVar[Sentence | None] = None
    """The service's name for its secret."""
    secret_shape: ClassVar[str | None] = None
    """A pattern that matches only complete secrets of this service; other services' units refuse them."""
    secret_refusals: ClassVar[tuple[SecretRefusal, ...]] = ()
    """The service's own refusals for its secret."""

    asked: ClassVar[tuple[Asked, ...]] = ()
    """The questions of `runbutton init`: the keys that every unit of the service needs."""

    id: Name = Field(description="schema.id")
    service: str = Field(description=SERVICE)
    label: Annotated[Words, AfterValidator(one_line)] = Field(
        LocalizedText(ja="実行", en="Run"), description="schema.label"
    )
    confirm: Annotated[
        Annotated[Flag, Tag("flag")] | Annotated[Words, Tag("words")], Discriminator(_confirm_kind), Untagged
    ] = Field(True, description="schema.confirm")
    primary: Flag = Field(False, description="schema.primary")
    pages: Annotated[
        tuple[Page, ...],
        Field(min_length=1),
        BeforeValidator(listed),
        AfterValidator(distinct),
        one_or_several(get_args(Page)),
    ] = Field(("detail",), description="schema.pages")
    devices: Annotated[
        tuple[Device, ...],
        Field(min_length=1),
        BeforeValidator(listed),
        AfterValidator(distinct),
        one_or_several(get_args(Device)),
    ] = Field(("desktop", "mobile"), description="schema.devices")
    space: FieldCode | None = Field(None, description="schema.space")
    show_if: tuple[Condition, ...] = Field((), description="schema.showIf")
    unless: Obstacles = Field((), description="schema.unless")
    show_to: Audience | None = Field(None, description="schema.showTo", examples=[{"groups": ["leaders"]}])
    ask: Inputs = Field((), description="schema.ask")
    after_success: Literal["stay", "reload"] = Field("stay", description="schema.afterSuccess")
    at_once: Literal["any", "one", "one_per_record"] = Field("any", description="schema.atOnce")
    timeout: Duration = Field(timedelta(minutes=60), description="schema.timeout", json_schema_extra={"default": "60m"})

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:  # noqa: ANN401
        """Registers the services of the class."""
        SERVICES.update(dict.fromkeys(get_args(cls.model_fields["service"].annotation), cls))

    @classmethod
    def refusals(cls) -> tuple[SecretRefusal, ...]:
        """What the unit's secret must not look like, another service's secret included."""
        if cls.secret_words is None:
            return ()
        foreign = {unit.secret_shape: unit.secret_words for unit in SERVICES.values()}
        mistaken = [
            SecretRefusal(f"^{shape}$", _mistaken(theirs, cls.secret_words))
            for shape, theirs in foreign.items()
            if shape and theirs and shape != cls.secret_shape
        ]
        # The service's own messages are the most specific, so they come first.
        return (*cls.secret_refusals, *ALWAYS, *mistaken)

    @classmethod
    def rules_among(cls, units: Sequence[tuple[tuple[str | int, ...], Mapping[str, Any]]]) -> Iterator[Violation]:  # noqa: ARG003
        """Problems between units of the whole config, each with its path as written."""
        yield from ()

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """The list of records is a page without a record; and a secret looks like one."""
        secret = given.get(cls.secret_key) if cls.secret_key else None
        given_text = trim(secret) if isinstance(secret, str) else ""
        if cls.secret_key and given_text and (found := refusal_of(given_text, cls.refusals())):
            yield Violation((cls.secret_key,), with_origin(found, secret))
        yield from rules_of_use(given)
        pages = listed(given.get("pages"))
        needs = [key for key, value in given.items() if cls.reads_record(key, value)]
        if needs and isinstance(pages, list | tuple) and "index" in pages:
            yield Violation(("pages", pages.index("index")), Message("problem.indexRecord", keys=needs))
        without_record = [page for page in ("index", "create") if isinstance(pages, list | tuple) and page in pages]
        if given.get("at_once") == "one_per_record" and without_record:
            yield Violation(("at_once",), Message("problem.atOnceRecord", pages=without_record))

    @classmethod
    def reads_record(cls, key: str, value: object) -> bool:  # noqa: ARG003
        """Whether the value of `key` needs a record."""
        entries = value if isinstance(value, list | tuple) else [value]
        parts = [part for entry in entries if isinstance(entry, Mapping) for part in (entry, entry.get("default"))]
        return any(isinstance(part, Mapping) and {"field", "record"} & part.keys() for part in parts)

    @classmethod
    def module(cls) -> Path:
        """The browser module that talks with the service, from templates/ on."""
        return cls.runtime_folder / f"{cls.runtime}.js"

    @property
    def secret_variable(self) -> str:
        """The environment variable for the unit's secret if the config does not contain it."""
        return f"{self.runtime}_{self.secret_key}".upper()

    @property
    def secret(self) -> SecretStr | None:
        """The unit's secret, if the config contains it."""
        secret: SecretStr | None = getattr(self, self.secret_key) if self.secret_key else None
        return secret

    @property
    def record_fields(self) -> tuple[str, ...]:
        """The field codes that the unit reads from the record, each once."""
        conditions = [each.field for each in (*self.show_if, *self.unless)]
        return tuple(dict.fromkeys([*conditions, *default_fields(self.ask)]))

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
        more: dict[str, Json] = {
            "primary": self.primary,
            "atOnce": "" if self.at_once == "any" else self.at_once,
            "space": self.space,
            "showIf": [condition.for_page() for condition in self.show_if],
            "unless": [obstacle.for_page() for obstacle in self.unless],
            "ask": [each.for_page() for each in self.ask],
            "showTo": self.show_to.for_page() if self.show_to else None,
        }
        return page | {key: value for key, value in more.items() if value}

    def for_page(self) -> dict[str, Json]:
        """What the page's script needs for this service alone; with the unit's secret if the config contains it."""
        raise NotImplementedError

    @property
    def account(self) -> str:
        """The service account of the unit. On the settings page the units of an account share a field."""
        return self.runtime

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """The requests to which a plug-in's settings add the unit's secret: the narrowest addresses that work."""
        return ()
