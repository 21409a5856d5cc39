"""The form of the app that keeps the log of runs: its fields as "Add Form Fields" (kintone REST API) takes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.words import Message, say

KEY_LENGTH = 64
"""kintone prohibits duplicates only in texts of up to so many UTF-16 units."""

STATES = ("starting", "running", "succeeded", "failed", "canceled", "skipped", "unknown")
"""The options of the field `state`, in the order in which kintone shows them."""


@dataclass(frozen=True)
class LogField:
    """A field of the log. `label` is a key of templates/words; `settings` are the field's other properties, which runs
    rely on: text is stored as it is shown here, as kintone returns it."""

    code: str
    type: str
    label: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unique(self) -> bool:
        """Whether kintone refuses a second record with the same value."""
        return self.settings.get("unique") is True

    def property(self, language: str) -> dict[str, Any]:
        """The field as kintone takes it. REST has no parameter for names in several languages."""
        return {"type": self.type, "code": self.code, "label": say(language, self.label), **self.settings}


_KEY = {"unique": True, "maxLength": str(KEY_LENGTH)}
_WEB = {"protocol": "WEB"}
# kintone stores the key of an option, so that it is the same in every language.
_OPTIONS = {"options": {state: {"label": state, "index": str(index)} for index, state in enumerate(STATES)}}

FIELDS = (
    LogField("label", "SINGLE_LINE_TEXT", "logApp.label"),
    LogField("state", "DROP_DOWN", "logApp.state", _OPTIONS),
    LogField("started_at", "DATETIME", "logApp.startedAt", {"defaultNowValue": False}),
    LogField("took", "NUMBER", "logApp.took", {"unit": "s", "unitPosition": "AFTER"}),
    LogField("message", "MULTI_LINE_TEXT", "logApp.message"),
    LogField("record", "LINK", "logApp.record", _WEB),
    LogField("job", "LINK", "logApp.job", _WEB),
    LogField("service", "SINGLE_LINE_TEXT", "logApp.service"),
    LogField("code", "SINGLE_LINE_TEXT", "logApp.code"),
    LogField("unit", "SINGLE_LINE_TEXT", "logApp.unit"),
    LogField("app_id", "NUMBER", "logApp.appId"),
    LogField("record_id", "SINGLE_LINE_TEXT", "logApp.recordId"),
    LogField("values", "MULTI_LINE_TEXT", "logApp.values"),
    LogField("run_key", "SINGLE_LINE_TEXT", "logApp.runKey", {"required": True, **_KEY}),
    LogField("lock", "SINGLE_LINE_TEXT", "logApp.lock", _KEY),
)
"""In the order of the form, what people look for first: kintone adds fields in the order of the request."""


def properties(language: str) -> dict[str, Any]:
    """The `properties` of the whole form by field code, with labels in a language, ja or en."""
    return {each.code: each.property(language) for each in FIELDS}


ALWAYS_FILLED = frozenset({"run_key", "unit", "label", "service", "app_id", "state", "started_at"})
"""Fields with a value in every record; runs may leave all others empty."""


@dataclass(frozen=True)
class Difference:
    """Something that a form lacks. `text` says what; `properties` fixes it, as "Add Fields" or, if the field is there
    (`found`), "Update Fields" takes them. Only a person can fix one without `properties`."""

    code: str
    text: Message
    found: bool
    properties: Mapping[str, Any] = field(default_factory=dict)


def differences(form: Mapping[str, Any], language: str = "en") -> Iterator[Difference]:
    """What runs need and a form, as "Get Fields" shows it, has not; labels and most other fields do not matter. The
    labels of `properties` are in the language.

    LookupError, TypeError or AttributeError if it is not as kintone's documents say.
    """
    in_tables = {code: table for table, each in form.items() for code in each.get("fields", ())}
    for each in FIELDS:
        there = form.get(each.code)
        if there is not None:
            yield from _different(each, there)
        elif each.code in in_tables:
            yield Difference(
                each.code, Message("logApp.inTable", code=each.code, table=in_tables[each.code]), found=True
            )
        else:
            missing = Message("logApp.noFields", codes=(each.code,))
            yield Difference(each.code, missing, found=False, properties=each.property(language))
    for code, there in form.items():
        if there.get("required") in (True, "true") and code not in ALWAYS_FILLED and not there.get("defaultValue"):
            yield Difference(code, Message("logApp.mustBeFilled", code=code), found=True)


def _different(wanted: LogField, there: Mapping[str, Any]) -> Iterator[Difference]:
    """The differences of a field with the right code."""
    code = wanted.code
    # kintone fills these two in by itself, so that nobody else may.
    kind = "LOOKUP" if there.get("lookup") else "CALC" if there.get("expression") else there["type"]
    if kind != wanted.type:
        types = {"found": type_name(kind), "wanted": type_name(wanted.type)}
        yield Difference(code, Message("logApp.otherType", code=code, **types), found=True)
        return

    for key, values, properties in _settings(wanted, there):
        changed = {"type": wanted.type, "code": code, **properties}
        yield Difference(code, Message(key, code=code, **values), found=True, properties=changed)


def _settings(wanted: LogField, there: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Settings that a field of the right type lacks: a sentence, its values, and the properties to set."""
    if wanted.unique and there.get("unique") not in (True, "true"):
        yield "logApp.notUnique", {}, {"unique": True}
    longest = there.get("maxLength")
    if wanted.unique and longest and int(longest) < KEY_LENGTH:
        yield "logApp.tooShort", {"found": longest, "needed": KEY_LENGTH}, {"maxLength": str(KEY_LENGTH)}
    protocol = wanted.settings.get("protocol")
    if protocol and there.get("protocol") != protocol:
        yield "logApp.noWebLink", {}, {"protocol": protocol}
    if "options" in wanted.settings:
        options = there["options"]
        missing = [state for state in STATES if state not in options]
        added = {state: {"label": state, "index": str(len(options) + at)} for at, state in enumerate(missing)}
        if missing:
            # Options that a request leaves out are deleted.
            yield "logApp.noOptions", {"options": missing}, {"options": {**options, **added}}


_TYPES = {
    "SINGLE_LINE_TEXT": "logApp.text",
    "MULTI_LINE_TEXT": "logApp.textArea",
    "NUMBER": "logApp.number",
    "DROP_DOWN": "logApp.dropDown",
    "DATETIME": "logApp.dateTime",
    "LINK": "logApp.link",
    "CALC": "logApp.calculated",
    "LOOKUP": "logApp.lookup",
}


def type_name(kind: str) -> object:
    """A type of field as kintone's form settings call it, as a value of a message."""
    return Message(_TYPES[kind]) if kind in _TYPES else kind
