"""The stub's REST API for new apps, and for the fields of an app."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from generator.stub.rest import ApiToken
from tests.raw_settings import DONE, FIELDS, Raw, serve_raw

TEXT = {"type": "SINGLE_LINE_TEXT", "code": "key", "label": "Key"}


@pytest.fixture
def raw() -> Iterator[Raw]:
    with serve_raw() as raw:
        yield raw


# --- new apps


def test_a_new_app_has_the_fields_of_every_app_and_is_not_live_until_it_is_published(raw: Raw) -> None:
    assert raw.client.post("preview/app.json", json={"name": "Log"}).json() == {"app": "47", "revision": "1"}
    kinds = {each["type"] for each in raw.get(FIELDS, 47)["properties"].values()}
    assert kinds == {
        "RECORD_NUMBER", "CREATOR", "MODIFIER", "CREATED_TIME", "UPDATED_TIME", "STATUS", "STATUS_ASSIGNEE", "CATEGORY",
    }  # fmt: skip
    assert raw.get(FIELDS, 47, live=True)["code"] == "GAIA_AP01"
    assert raw.client.get("app.json", params={"id": 47}).status_code == 404
    assert raw.client.get("apps.json", params={"name": "Log"}).json() == {"apps": []}
    raw.publish(47)
    assert raw.client.get("app.json", params={"id": 47}).json()["name"] == "Log"
    assert [app["appId"] for app in raw.client.get("apps.json", params={"name": "Log"}).json()["apps"]] == ["47"]
    assert raw.rest.forms[47].records == {}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"name": "Log", "icon": "x"}, "icon"),
        ({"name": "Log", "space": "x"}, "space"),
        ({"name": "Log", "space": 3}, "space"),
    ],
)
def test_a_new_app_with_a_bad_parameter_is_refused(raw: Raw, body: dict[str, Any], where: str) -> None:
    response = raw.client.post("preview/app.json", json=body)
    assert (response.status_code, list(response.json()["errors"])) == (400, [where])
    assert 47 not in raw.rest.apps


def test_a_guest_spaces_app_is_created_by_its_path(raw: Raw) -> None:
    path = f"{raw.loopback.address}/k/guest/3/v1/preview/app.json"
    assert raw.client.post(path, json={"name": "Log", "space": 3}).json()["app"] == "47"
    assert raw.rest.apps[47].guest_space == 3
    assert raw.client.post(path, json={"name": "Log", "space": 4}).status_code == 400


def test_an_api_token_creates_no_app(raw: Raw) -> None:
    raw.rest.api_tokens["a-token"] = ApiToken(45, frozenset({"settings"}))
    url = f"{raw.loopback.address}/k/v1/preview/app.json"
    refused = httpx.post(url, json={"name": "Log"}, headers={"X-Cybozu-API-Token": "a-token"}, trust_env=False)
    assert refused.json()["code"] == "GAIA_NO01"


# --- fields


def test_fields_are_added_with_what_kintone_sets_and_are_live_when_published(raw: Raw) -> None:
    states = {name: {"label": name, "index": index} for index, name in enumerate(("on", "off"))}
    added = {
        "key": {**TEXT, "unique": "true", "maxLength": 64},
        "state": {"type": "DROP_DOWN", "code": "state", "label": "State", "options": states},
    }
    assert raw.send("POST", FIELDS, properties=added, revision=1) == DONE
    shown = raw.get(FIELDS)
    assert shown["revision"] == "2"
    assert shown["properties"]["key"] == {
        **TEXT, "noLabel": False, "required": False, "unique": True, "minLength": "", "maxLength": "64",
        "defaultValue": "", "expression": "", "hideExpression": False,
    }  # fmt: skip
    assert shown["properties"]["state"]["options"]["off"] == {"label": "off", "index": "1"}
    assert "件名" in shown["properties"]
    assert "key" not in raw.get(FIELDS, live=True)["properties"]
    raw.publish()
    assert "key" in raw.get(FIELDS, live=True)["properties"]


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ({"code": "other"}, (400, "CB_VA01", ["properties.key.code"])),
        ({"label": ""}, (400, "CB_VA01", ["properties.key.label"])),
        ({"label": "x" * 129}, (400, "CB_VA01", ["properties.key.label"])),
        ({"type": None}, (400, "CB_VA01", ["properties.key.type"])),
        ({"type": "CALC"}, (400, "STUB_TYPE", [])),
        ({"protocol": "WEB"}, (400, "CB_VA01", ["properties.key.protocol"])),
        ({"unique": "yes"}, (400, "CB_VA01", ["properties.key.unique"])),
        ({"maxLength": "long"}, (400, "CB_VA01", ["properties.key.maxLength"])),
        ({"type": "LINK", "protocol": "FTP"}, (400, "CB_VA01", ["properties.key.protocol"])),
        ({"type": "DROP_DOWN"}, (400, "CB_VA01", ["properties.key.options"])),
        (
            {"type": "DROP_DOWN", "options": {"on": {"label": "On", "index": "0"}}},
            (400, "CB_VA01", ["properties.key.options.on.label"]),
        ),
    ],
)
def test_a_bad_field_is_refused_and_nothing_is_added(raw: Raw, field: dict[str, Any], answer: Any) -> None:
    assert raw.send("POST", FIELDS, properties={"key": {**TEXT, **field}}) == answer
    assert raw.get(FIELDS)["revision"] == "1"


@pytest.mark.parametrize("code", ["1st", "a b", "a-b", "件名", "品名", "x" * 129])
def test_a_field_code_that_kintone_does_not_take_or_that_is_used_is_refused(raw: Raw, code: str) -> None:
    answer = raw.send("POST", FIELDS, properties={code: {**TEXT, "code": code}})
    assert answer == (400, "CB_VA01", [f"properties.{code}.code"])


def test_a_change_keeps_what_it_leaves_out_but_options(raw: Raw) -> None:
    options = {name: {"label": name, "index": "0"} for name in ("on", "off")}
    state = {"type": "DROP_DOWN", "code": "state", "label": "State"}
    raw.send("POST", FIELDS, properties={"key": {**TEXT, "maxLength": "9"}, "state": {**state, "options": options}})
    changed = {
        "key": {"type": TEXT["type"], "unique": True},
        "state": {"type": "DROP_DOWN", "options": {"on": options["on"]}},
    }
    assert raw.send("PUT", FIELDS, properties=changed, revision="2") == DONE
    shown = raw.get(FIELDS)["properties"]
    assert (shown["key"]["maxLength"], shown["key"]["unique"], shown["key"]["label"]) == ("9", True, "Key")
    assert list(shown["state"]["options"]) == ["on"]


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"gone": {"type": "NUMBER"}}, (400, "GAIA_FC01", [])),
        ({"件名": {"type": "NUMBER"}}, (400, "CB_VA01", ["properties.件名.type"])),
        ({"件名": {"type": "SINGLE_LINE_TEXT", "code": "other"}}, (400, "STUB_CODE", [])),
        # Two sample records have no title: an empty value is not a duplicate.
        ({"件名": {"type": "SINGLE_LINE_TEXT", "unique": True}}, DONE),
        ({"区分": {"type": "RADIO_BUTTON", "unique": True}}, (400, "CB_VA01", ["properties.区分.unique"])),
        ({"メモ": {"type": "MULTI_LINE_TEXT", "required": True}}, DONE),
        ({"リンク": {"type": "LINK", "unique": True}}, (400, "STUB_DUPLICATES", [])),
    ],
)
def test_what_a_field_cannot_become(raw: Raw, changed: dict[str, Any], answer: Any) -> None:
    assert raw.send("PUT", FIELDS, properties=changed) == answer
