"""The log app's settings besides its form: lists, permissions and a notification, as kintone's REST API takes them."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from generator.words import say

Json: TypeAlias = Any

EVERYONE = {"type": "GROUP", "code": "everyone"}
_ADMINISTRATORS = {"type": "GROUP", "code": "Administrators"}
_UNDER_WAY = ("starting", "running")
FAILED = ("failed", "unknown")
"""The states of a run of which administrators are told."""

_COLUMNS = ("started_at", "label", "state", "took", "message", "record", "job")


def states_in(states: tuple[str, ...]) -> str:
    """The query for records with one of these states ("How to write queries", cybozu.dev)."""
    return "state in ({})".format(", ".join(f'"{state}"' for state in states))


_VIEWS = {"logApp.all": "", "logApp.underWay": states_in(_UNDER_WAY), "logApp.failures": states_in(FAILED)}


def views(language: str, creator: str) -> dict[str, Json]:
    """The lists by name, newest first; `creator` is the field code of the record's creator: who clicked."""
    fields = [*_COLUMNS[:2], creator, *_COLUMNS[2:]]
    return {
        (name := say(language, key)): {
            "index": str(index),
            "type": "LIST",
            "name": name,
            "fields": fields,
            "filterCond": condition,
            # started_at keeps minutes only.
            "sort": "started_at desc",
        }
        for index, (key, condition) in enumerate(_VIEWS.items())
    }


def rights() -> list[Json]:
    """Everyone views, adds and edits records, as far as record_rights lets them. The app's creator may do all."""
    may = ("appEditable", "recordViewable", "recordAddable", "recordEditable", "recordDeletable")
    every = dict.fromkeys((*may, "recordImportable", "recordExportable"), True)
    users = {key: key in RECORD_RIGHTS for key in every}
    return [{"entity": {"type": "CREATOR"}, **every}, {"entity": EVERYONE, **users}]


RECORD_RIGHTS = ("recordViewable", "recordAddable", "recordEditable")
"""What an app's permissions must allow to users of the buttons."""


def record_rights(creator: str, keepers: list[Json]) -> list[Json]:
    """A person edits the records of their own runs; keepers edit and delete all of them.

    No field permission protects `run_key`: "Add Record" needs the permission to edit each field that it fills, so a
    rule against edits would prevent adding too (cybozu.dev).
    """
    own = {"type": "FIELD_ENTITY", "code": creator}
    return [
        {
            "filterCond": "",
            "entities": [
                *({"entity": keeper, "viewable": True, "editable": True, "deletable": True} for keeper in keepers),
                {"entity": own, "viewable": True, "editable": True, "deletable": False},
                {"entity": EVERYONE, "viewable": True, "editable": False, "deletable": False},
            ],
        }
    ]


def notifications(language: str, user: str) -> list[Json]:
    """Tells the app's creator, or kintone's administrators if a token hides who that is, of runs that failed."""
    target = {"type": "USER", "code": user} if user else _ADMINISTRATORS
    title = say(language, "logApp.notice")
    return [{"filterCond": states_in(FAILED), "title": title, "targets": [{"entity": target}]}]


def keepers(user: str) -> list[Json]:
    """Who may correct and delete any record: the app's creator, if known, and kintone's administrators."""
    return [*([{"type": "USER", "code": user}] if user else []), _ADMINISTRATORS]


def contains(found: Json, wanted: Json) -> bool:
    """Whether a setting that kintone shows has all that was sent. It adds keys and rows, and writes queries, numbers
    and truth in its own way."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(contains(found.get(key), each) for key, each in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and all(any(contains(one, each) for one in found) for each in wanted)
    return plain(found) == plain(wanted)


def plain(value: Json) -> str:
    """A value without the differences in which kintone writes it back."""
    return "" if value is None else "".join(str(value).split()).lower()
