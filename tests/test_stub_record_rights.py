"""What the stub's REST API lets users, API tokens and sessions do with records."""

from typing import Any

import httpx
import pytest

from generator.stub.rest import ApiToken, Fault
from tests.loopback import NO_TLS, Loopback
from tests.recording import APP, EVERYONE, LOG, Records, allow, cells, errors, refused

# --- rights


def app_row(entity: dict[str, Any], *allowed: str, **more: Any) -> dict[str, Any]:
    deeds = ("recordViewable", "recordAddable", "recordEditable", "recordDeletable")
    return {"entity": entity, **{deed: deed in allowed for deed in deeds}, **more}


def test_the_apps_rights_decide_what_a_user_may_do(served_log: Loopback, log: Records) -> None:
    log.post(run_key="a")
    leaders = {"type": "GROUP", "code": "leaders"}
    everyone = app_row(EVERYONE, "recordViewable")
    allow(served_log, rights=(everyone, app_row(leaders, "recordViewable", "recordEditable", "recordDeletable")))
    kato = Records(served_log, LOG, "kato")
    assert log.find("") == kato.find("") == [1]
    assert refused(log.post(run_key="b")) == refused(kato.post(run_key="b")) == (403, "CB_NO02")
    assert refused(log.put(1, note="new")) == (403, "CB_NO02")
    assert kato.put(1, note="new").status_code == 200
    assert refused(log.call("DELETE", "records.json", ids=[1])) == (403, "CB_NO02")
    assert kato.call("DELETE", "records.json", ids=[1]).status_code == 200
    # Everyone comes last wherever it stands; without it nobody else may do anything.
    allow(served_log, rights=(app_row({"type": "USER", "code": "kato"}, "recordViewable", "recordAddable"),))
    assert kato.post(run_key="c").status_code == 200
    assert refused(log.client.get("records.json", params={"app": LOG})) == (403, "CB_NO02")


@pytest.mark.parametrize(
    ("entity", "more", "users"),
    [
        ({"type": "USER", "code": "sato"}, {}, {"sato"}),
        ({"type": "GROUP", "code": "leaders"}, {}, {"kato"}),
        (EVERYONE, {}, {"sato", "kato", "suzuki"}),
        ({"type": "ORGANIZATION", "code": "sales"}, {"includeSubs": False}, {"sato"}),
        ({"type": "ORGANIZATION", "code": "sales"}, {"includeSubs": True}, {"sato", "suzuki"}),
        ({"type": "CREATOR", "code": None}, {}, {"suzuki"}),
    ],
)
def test_a_row_of_rights_names_users(
    served_log: Loopback, entity: dict[str, Any], more: dict[str, Any], users: set[str]
) -> None:
    served_log.rest.apps[LOG].creator = "suzuki"
    allow(served_log, rights=(app_row(entity, "recordAddable", **more),))
    added = {
        user for user in ("sato", "kato", "suzuki") if Records(served_log, LOG, user).post(run_key=user).is_success
    }
    assert added == users


def entity_row(entity: dict[str, Any], *allowed: str) -> dict[str, Any]:
    return {"entity": entity, **{deed: deed in allowed for deed in ("viewable", "editable", "deletable")}}


def test_the_rights_of_records_depend_on_their_values_and_creators(served_log: Loopback, log: Records) -> None:
    kato = Records(served_log, LOG, "kato")
    log.post(run_key="a")
    log.post(run_key="b", state="done")
    kato.post(run_key="c", people=["suzuki"])
    creator = {"type": "FIELD_ENTITY", "code": "作成者"}
    people = {"type": "FIELD_ENTITY", "code": "people"}
    allow(
        served_log,
        record_rights=(
            {"filterCond": 'state in ("done")', "entities": [entity_row({"type": "USER", "code": "kato"}, "viewable")]},
            {
                "filterCond": "",
                "entities": [
                    entity_row(creator, "viewable", "editable", "deletable"),
                    entity_row(people, "viewable", "editable"),
                    entity_row(EVERYONE, "viewable"),
                ],
            },
        ),
    )
    assert (log.find(""), kato.find("")) == ([3, 1], [3, 2, 1])
    assert refused(log.client.get("record.json", params={"app": LOG, "id": 2})) == (403, "CB_NO02")
    assert log.put(1, note="mine").status_code == 200
    assert refused(kato.put(1, note="not mine")) == refused(kato.put(2, note="done")) == (403, "CB_NO02")
    suzuki = Records(served_log, LOG, "suzuki")
    assert suzuki.put(3, note="named").status_code == 200
    assert refused(suzuki.call("DELETE", "records.json", ids=[3])) == (403, "CB_NO02")
    assert kato.call("DELETE", "records.json", ids=[3]).status_code == 200


def test_the_rights_of_fields_hide_and_protect_them(served_log: Loopback, log: Records) -> None:
    log.post(run_key="a", note="note", memo="memo")

    def field(code: str, *rows: tuple[dict[str, Any], str]) -> dict[str, Any]:
        return {"code": code, "entities": [{"entity": entity, "accessibility": access} for entity, access in rows]}

    kato_only = ({"type": "USER", "code": "kato"}, "WRITE")
    creator = ({"type": "FIELD_ENTITY", "code": "作成者"}, "WRITE")
    rows = (field("note", kato_only, (EVERYONE, "READ")), field("memo", kato_only), field("took", creator))
    allow(served_log, field_rights=rows)
    kato = Records(served_log, LOG, "kato")
    assert log.get(1)["note"] == "note"
    assert "memo" not in log.get(1)
    assert kato.get(1)["memo"] == "memo"
    told = {"app": LOG, "query": 'memo like "memo"'}
    assert refused(log.client.get("records.json", params=told)) == (403, "CB_NO02")
    assert kato.find(told["query"]) == [1]
    assert refused(log.put(1, note="new")) == refused(log.put(1, memo="new")) == (403, "CB_NO02")
    # A value in a new record needs the right too.
    assert refused(log.post(run_key="b", note="new")) == (403, "CB_NO02")
    assert log.post(run_key="b", took="1").status_code == 200
    assert refused(kato.put(1, took="1")) == (403, "CB_NO02")
    assert kato.put(1, note="new", memo="new").status_code == 200


# --- API tokens, guest spaces, counts, faults


@pytest.mark.parametrize(("binds", "seen"), [("all", 2), ("everyone", 1)])
def test_a_token_has_its_own_rights_and_is_administrator(
    served_log: Loopback, log: Records, binds: Any, seen: int
) -> None:
    served_log.rest.record_switches.token_rights = binds
    served_log.rest.api_tokens |= {
        "reads": ApiToken(LOG),
        "writes": ApiToken(LOG, frozenset({"view", "add", "edit"})),
        "other": ApiToken(APP, frozenset({"view", "add", "edit", "delete"})),
    }

    def call(token: str, method: str, path: str, **body: Any) -> httpx.Response:
        headers = {"X-Cybozu-API-Token": token}
        address = f"{served_log.address}/k/v1/{path}"
        return httpx.request(method, address, json={"app": LOG, **body}, headers=headers, verify=NO_TLS)

    assert call("writes", "POST", "record.json", record=cells({"run_key": "a"})).json()["id"] == "1"
    assert log.get(1)["作成者"] == {"code": "Administrator", "name": "Administrator"}
    log.post(run_key="b", state="done")
    no_right = (403, "GAIA_NO01")
    upsert = {"upsert": True, "records": [{"updateKey": {"field": "run_key", "value": "a"}}]}
    assert refused(call("reads", "POST", "record.json", record={})) == no_right
    assert refused(call("reads", "PUT", "records.json", **upsert)) == no_right
    assert call("writes", "PUT", "records.json", **upsert).status_code == 200
    assert refused(call("writes", "DELETE", "records.json", ids=[1])) == no_right
    assert refused(call("other", "POST", "record.json", record={})) == no_right
    allow(served_log, rights=(app_row(EVERYONE),))
    nobody = entity_row({"type": "USER", "code": "sato"}, "viewable")
    allow(served_log, record_rights=({"filterCond": 'state in ("done")', "entities": [nobody]},))
    found = httpx.get(
        f"{served_log.address}/k/v1/records.json",
        params={"app": LOG},
        headers={"X-Cybozu-API-Token": "reads"},
        verify=NO_TLS,
    )
    assert len(found.json()["records"]) == seen


def test_an_app_of_a_guest_space_is_asked_there(served_log: Loopback, log: Records) -> None:
    served_log.rest.apps[LOG].guest_space = 7
    assert refused(log.post(run_key="a")) == (520, "GAIA_IL23")
    for space, answer in ((8, (520, "GAIA_IL23")), (7, (200, ""))):
        address = f"{served_log.address}/k/guest/{space}/v1/record.json"
        assert refused(log.client.post(address, json={"app": LOG, "record": cells({"run_key": "a"})})) == answer


@pytest.mark.parametrize(("switch", "answer"), [("answered", (200, "")), ("refused", (429, "STUB_LIMIT"))])
def test_requests_are_counted_by_app_and_day(
    served_log: Loopback, log: Records, switch: Any, answer: tuple[int, str]
) -> None:
    served_log.rest.record_switches.over_limit = switch
    served_log.rest.daily_limit = 2
    log.post(run_key="a")
    log.find("")
    assert (served_log.rest.requests_today(LOG), served_log.rest.requests_today(APP)) == (2, 0)
    assert refused(log.client.get("records.json", params={"app": LOG})) == answer
    served_log.clock.advance(24 * 3600)
    assert served_log.rest.requests_today(LOG) == 0
    assert log.find("") == [1]


@pytest.mark.parametrize(("code", "status"), [("GAIA_DA02", 400), ("GAIA_RE18", 520), ("GAIA_CO02", 409)])
def test_a_busy_database_is_a_fault(served_log: Loopback, log: Records, code: str, status: int) -> None:
    served_log.rest.faults.append(Fault.busy(code, "POST", "record.json"))
    assert refused(log.post(run_key="a")) == (status, code)
    assert log.post(run_key="a").status_code == 200


def test_a_lost_answer_leaves_the_record(served_log: Loopback, log: Records) -> None:
    served_log.rest.faults.append(Fault("late-lost", "POST", "record.json"))
    with pytest.raises(httpx.TransportError):
        log.post(run_key="a")
    assert list(errors(log.post(run_key="a"))) == ["record.run_key.value"]
    assert log.find("") == [1]


# --- a page's session


def test_a_session_is_the_browsers_user_who_needs_the_pages_token(served_log: Loopback) -> None:
    address = f"{served_log.address}/k/v1/record.json"

    def post(cookie: str | None, headers: dict[str, str], **more: Any) -> httpx.Response:
        cookies = {"stub-user": cookie} if cookie else {}
        body = {"app": LOG, "record": cells({"run_key": str(cookie)}), **more}
        return httpx.post(address, json=body, headers=headers, cookies=cookies, verify=NO_TLS)

    ajax, token = {"X-Requested-With": "XMLHttpRequest"}, {"__REQUEST_TOKEN__": served_log.rest.request_token}
    assert refused(post("kato", {}, **token)) == (401, "CB_AU01")
    assert refused(post("kato", ajax)) == refused(post("kato", ajax, __REQUEST_TOKEN__="x")) == (403, "STUB_TOKEN")
    for cookie, code in (("kato", "kato"), (None, "sato"), ("nobody", "sato")):
        assert post(cookie, ajax, **token).status_code == 200
        newest = max(served_log.rest.forms[LOG].records)
        assert served_log.rest.forms[LOG].records[newest]["作成者"]["value"]["code"] == code
    settings = httpx.get(
        f"{served_log.address}/k/v1/preview/app/plugins.json", params={"app": LOG}, headers=ajax, verify=NO_TLS
    )
    assert refused(settings) == (403, "CB_NO02")
