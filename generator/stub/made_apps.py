"""Apps that were created by REST: their form is what its properties say, and they begin without records."""

from collections.abc import Callable, Mapping
from typing import Any

from generator.stub.sample_apps import Field, Record, StubApp

# The fields that every new app has, in the language of its creator ("Create Preview App", kintone.dev).
NEW_APP: Mapping[str, Mapping[str, Any]] = {
    code: {"type": kind, "code": code, "label": code, **more}
    for code, kind, more in (
        ("レコード番号", "RECORD_NUMBER", {"noLabel": False}),
        ("作成者", "CREATOR", {"noLabel": False}),
        ("更新者", "MODIFIER", {"noLabel": False}),
        ("作成日時", "CREATED_TIME", {"noLabel": False}),
        ("更新日時", "UPDATED_TIME", {"noLabel": False}),
        ("ステータス", "STATUS", {"enabled": False}),
        ("作業者", "STATUS_ASSIGNEE", {"enabled": False}),
        ("カテゴリー", "CATEGORY", {"enabled": False}),
    )
}
_BUILT_IN = {"STATUS": ("未処理",), "STATUS_ASSIGNEE": (), "CATEGORY": ()}


class MadeApp(StubApp):
    """An app with the form of `properties`, which gives them as REST has them, by field code."""

    def __init__(self, app_id: int, name: str, properties: Callable[[], Mapping[str, Mapping[str, Any]]]) -> None:
        super().__init__(app_id, name)
        self._properties = properties
        self._built_in = tuple(_field(each) for each in NEW_APP.values() if each["type"] in _BUILT_IN)
        self.records: dict[int, Record] = {}

    @property
    def form(self) -> tuple[tuple[Field, ...], ...]:
        """A row for each field, as REST adds them."""
        return tuple((_field(each),) for each in self._properties().values() if each["type"] not in _BUILT_IN)

    def _add_up(self, record: Record) -> None:
        """Has no total."""


def _field(shown: Mapping[str, Any]) -> Field:
    options = sorted(shown.get("options", {}).items(), key=lambda each: int(each[1]["index"]))
    names = _BUILT_IN.get(shown["type"], tuple(name for name, _ in options))
    return Field(shown["code"], shown["type"], options=names, label=shown["label"])
