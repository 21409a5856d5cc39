"""The form of the app that keeps the log of runs: its fields as "Add Form Fields" (kintone REST API) takes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.words import say

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
    LogField("run_key", "SINGLE_LINE_TEXT", "logApp.runKey", {"required": True, **_KEY}),
    LogField("unit", "SINGLE_LINE_TEXT", "logApp.unit"),
    LogField("label", "SINGLE_LINE_TEXT", "logApp.label"),
    LogField("state", "DROP_DOWN", "logApp.state", _OPTIONS),
    LogField("started_at", "DATETIME", "logApp.startedAt", {"defaultNowValue": False}),
    LogField("took", "NUMBER", "logApp.took", {"unit": "s", "unitPosition": "AFTER"}),
    LogField("service", "SINGLE_LINE_TEXT", "logApp.service"),
    LogField("job", "LINK", "logApp.job", _WEB),
    LogField("code", "SINGLE_LINE_TEXT", "logApp.code"),
    LogField("message", "MULTI_LINE_TEXT", "logApp.message"),
    LogField("app_id", "NUMBER", "logApp.appId"),
    LogField("record_id", "SINGLE_LINE_TEXT", "logApp.recordId"),
    LogField("record", "LINK", "logApp.record", _WEB),
    LogField("values", "MULTI_LINE_TEXT", "logApp.values"),
    LogField("lock", "SINGLE_LINE_TEXT", "logApp.lock", _KEY),
)
"""In the order of the form: kintone adds fields in the order of the request."""


def properties(language: str) -> dict[str, Any]:
    """The `properties` of the whole form by field code, with labels in a language, ja or en."""
    return {each.code: each.property(language) for each in FIELDS}
