"""The stub's REST API for an app's lists, permissions and notifications."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.raw_settings import DONE, NOTES, VIEWS, Raw, serve_raw

EVERYONE = {"type": "GROUP", "code": "everyone"}


@pytest.fixture
def raw() -> Iterator[Raw]:
    with serve_raw() as raw:
        yield raw


# --- lists


def view(**more: Any) -> dict[str, Any]:
    return {"index": "0", "type": "LIST", "name": "All", "fields": ["件名"], **more}


def test_lists_that_are_left_out_are_deleted_and_the_others_keep_their_id(raw: Raw) -> None:
    assert raw.send("PUT", VIEWS, views={"All": view(), "Old": view(name="Old")}) == DONE
    first = raw.get(VIEWS)["views"]["All"]["id"]
    new = {"All": view(name="Everything", sort="件名 desc"), "New": view(name="New")}
    assert raw.send("PUT", VIEWS, views=new) == DONE
    shown = raw.get(VIEWS)["views"]
    assert list(shown) == ["Everything", "New"]
    assert shown["Everything"]["id"] == first != shown["New"]["id"]
    assert shown["Everything"]["sort"] == "件名 desc"


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (view(index="first"), (400, "CB_VA01", ["views.All.index"])),
        (view(type="TABLE"), (400, "CB_VA01", ["views.All.type"])),
        (view(name="Other"), (400, "CB_VA01", ["views.All.name"])),
        ({"index": "0", "type": "LIST", "name": "All"}, (400, "CB_VA01", ["views.All.fields"])),
        (view(fields=["gone"]), (400, "GAIA_FC01", [])),
        (view(id="1"), (400, "CB_VA01", ["views.All.id"])),
        (view(builtinType="ASSIGNEE"), (400, "CB_VA01", ["views.All.builtinType"])),
    ],
)
def test_a_bad_list_is_refused(raw: Raw, given: dict[str, Any], answer: Any) -> None:
    assert raw.send("PUT", VIEWS, views={"All": given}) == answer


# --- permissions and notifications


def test_rights_are_shown_with_what_was_left_out_as_denied(raw: Raw) -> None:
    row = {"entity": EVERYONE, "recordViewable": "true", "recordAddable": True}
    assert raw.send("PUT", "app/acl.json", rights=[{"entity": {"type": "CREATOR"}, "appEditable": True}, row]) == DONE
    creator, everyone = raw.get("app/acl.json")["rights"]
    assert creator["entity"] == {"type": "CREATOR", "code": None}
    assert [everyone[key] for key in ("recordViewable", "recordAddable", "recordEditable")] == [True, True, False]
    rule = {"filterCond": "", "entities": [{"entity": {"type": "FIELD_ENTITY", "code": "作成者"}, "viewable": True}]}
    assert raw.send("PUT", "record/acl.json", rights=[rule]) == DONE
    assert raw.get("record/acl.json")["rights"][0]["entities"][0]["editable"] is False
    closed = {"code": "件名", "entities": [{"entity": EVERYONE, "accessibility": "READ"}]}
    assert raw.send("PUT", "field/acl.json", rights=[closed]) == DONE
    assert raw.get("field/acl.json")["rights"][0]["entities"][0]["accessibility"] == "READ"
    note = {"filterCond": 'ステータス in ("完了")', "title": "Done", "targets": [{"entity": EVERYONE}]}
    assert raw.send("PUT", NOTES, notifications=[note], revision=4) == DONE
    assert raw.get(NOTES)["notifications"][0]["targets"] == [{"entity": EVERYONE, "includeSubs": False}]
    assert raw.get(NOTES, live=True)["notifications"] == []
    raw.publish()
    assert raw.get(NOTES, live=True)["notifications"][0]["title"] == "Done"


def entities(**row: Any) -> list[Any]:
    return [{"entities": [{"entity": EVERYONE, **row}]}]


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("app/acl.json", {"rights": [{"entity": EVERYONE, "recordEditable": True}]}, "rights[0].recordViewable"),
        ("app/acl.json", {"rights": [{"entity": EVERYONE, "all": True}]}, "rights[0].all"),
        ("app/acl.json", {"rights": [{"entity": {"type": "FIELD_ENTITY", "code": "作成者"}}]}, "rights[0].entity.type"),
        ("app/acl.json", {"rights": [{"entity": {"type": "GROUP"}}]}, "rights[0].entity.code"),
        ("record/acl.json", {"rights": entities(editable=True)}, "rights[0].entities[0].viewable"),
        ("record/acl.json", {"rights": entities(viewable="x")}, "rights[0].entities[0].viewable"),
        (
            "record/acl.json",
            {"rights": [{"entities": [{"entity": {"type": "FIELD_ENTITY", "code": "件名"}}]}]},
            "rights[0].entities[0].entity.code",
        ),
        ("field/acl.json", {"rights": [{**entities()[0], "code": "件名"}]}, "rights[0].entities[0].accessibility"),
        ("field/acl.json", {"rights": entities()}, "rights[0].code"),
        (NOTES, {"notifications": [{"targets": []}]}, "notifications[0].filterCond"),
        (NOTES, {"notifications": "all"}, "notifications"),
        (NOTES, {"notifications": [], "id": 45}, "id"),
    ],
)
def test_a_bad_row_is_refused(raw: Raw, path: str, body: dict[str, Any], where: str) -> None:
    assert raw.send("PUT", path, **body) == (400, "CB_VA01", [where])


@pytest.mark.parametrize("path", ["app/acl.json", "record/acl.json", "field/acl.json", NOTES, VIEWS])
def test_a_write_names_the_revision_that_it_changes(raw: Raw, path: str) -> None:
    key = {NOTES: "notifications", VIEWS: "views"}.get(path, "rights")
    empty: Any = {} if key == "views" else []
    assert raw.send("PUT", path, **{key: empty}, revision=7) == (409, "GAIA_CO03", [])
    assert raw.send("PUT", path, **{key: empty}, revision=-1) == DONE
    assert raw.get(path)["revision"] == "2"
