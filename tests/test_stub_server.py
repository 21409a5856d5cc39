"""The stubbed kintone over HTTP: its pages, its records, kintone's proxy and the guard around them."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any

import httpx
import pytest

from generator.stub import wire
from generator.stub.configured import stub_for
from generator.stub.people import person
from generator.stub.proxy import Fault
from generator.stub.sample_apps import StubApp
from generator.stub.server import serve
from generator.stub.services.krewdata import STAND_IN as FAKE_SERIAL_NUMBER
from generator.stub.services.krewdata.runs import ExecutionUnit
from generator.stub.services.trocco import STAND_IN as FAKE_API_KEY
from generator.stub.services.trocco.jobs import ApiKey, Definition
from generator.stub.tenant import Script, Stub
from generator.stub.wire import Clock
from generator.units.config import Config
from tests.host import Host
from tests.loopback import NO_TLS

UNIT_URL = "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn"
APP_URL = "https://yourdomain.cybozu.com/k/123"
TOKEN_BODY = json.dumps({"krewdataAppUrl": APP_URL, "serialNumber": "c3R1Yg=="})
JOBS_URL = "https://trocco.io/api/jobs"


DEEP = "[" * 100_000


@pytest.fixture
def stub() -> Stub:
    """Apps 45 and 46, a krewData unit with the serial number `stub`, and a TROCCO job for the key `key`."""
    stub = stub_for(None, lambda _: Script())
    stub.services["krewdata"].units["abcdefghijklmn"] = ExecutionUnit("abcdefghijklmn", UNIT_URL, APP_URL, "stub")
    stub.services["trocco"].japan.api_keys["key"] = ApiKey()
    stub.services["trocco"].japan.job_definitions[1] = Definition(1, "load")
    return stub


@pytest.fixture
def web(stub: Stub, host: Host) -> Iterator[httpx.Client]:
    with host.serve(stub) as url, httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as client:
        yield client


def call(web: httpx.Client, url: str, *, method: str = "POST", body: str = "{}", **headers: str) -> httpx.Response:
    sent = {"url": url, "method": method, "headers": {"Content-Type": "application/json", **headers}, "body": body}
    return web.post("/k/api/proxy/call.json", json=sent)


def record_of(web: httpx.Client, record_id: int = 1, app: int = 45) -> dict[str, Any]:
    record: dict[str, Any] = web.get(f"/k/stub/apps/{app}/records/{record_id}").json()["record"]
    return record


# --------------------------------------------------------------------------------------------------------------- pages


KNOWN = [
    "/", "/k/45/", "/k/45/show", "/k/45/edit", "/k/45/print?record=1", "/k/m/45/", "/k/m/45/show?record=1",
    "/k/m/45/edit", "/k/46/show", "/k/stub/assets/fake-kintone.js", "/k/stub/assets/stub.css",
]  # fmt: skip


def test_the_known_addresses_answer(web: httpx.Client, stub: Stub) -> None:
    assert {path: web.get(path).status_code for path in KNOWN} == dict.fromkeys(KNOWN, 200)
    assert stub.unknown == []


UNKNOWN = {
    ("GET", "/k/99/show"): 404,
    ("GET", "/k/45/nothing"): 404,
    ("GET", "/k/45/show/"): 404,
    ("GET", "/k/m/45/print"): 404,
    ("GET", "/k/v1/space.json?id=1"): 404,
    ("GET", "/k/stub/apps/99/records"): 404,
    ("GET", "/k/stub/assets/page.html.j2"): 404,
    ("GET", "/k/stub/assets/../../plugin/manifest.json"): 404,
    ("DELETE", "/k/stub/apps/45/records/1"): 405,
    ("GET", "/k/api/proxy/call.json"): 405,
    ("PUT", "/k/stub/choices"): 404,
}


def test_an_unknown_request_fails_and_is_remembered(web: httpx.Client, stub: Stub) -> None:
    for (method, path), status in UNKNOWN.items():
        stub.unknown.clear()
        assert (path, web.request(method, path).status_code) == (path, status)
        (remembered,) = stub.unknown
        assert remembered.startswith(f"{method} /k/"), path


NAMES = {
    "127.0.0.1:8045": 200,
    "localhost:8045": 200,
    "LOCALHOST": 200,
    "evil.example": 403,
    "127.0.0.1.evil.example": 403,
    "localhost.evil.example:8045": 403,
    "192.0.2.1": 403,
}
STRANGE_NAMES = ["127.0.0.1:x", "localhost:", "127.0.0.1:8045@evil.example", "a.localhost", "127.1", ""]


def test_only_the_loopback_names_are_served(web: httpx.Client) -> None:
    assert {name: web.get("/", headers={"Host": name}).status_code for name in NAMES} == NAMES
    for name in STRANGE_NAMES:
        assert web.get("/", headers={"Host": name}).status_code in {400, 403}, name


VISIT = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


ASKED: list[tuple[str, str, dict[str, str], int]] = [
    ("GET", "/k/45/show", VISIT, 200),
    ("GET", "/", VISIT, 200),
    ("GET", "/k/45/show", {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
    ("GET", "/k/45/show", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "document"}, 403),
    ("POST", "/k/45/show", VISIT, 403),
    ("GET", "/k/stub/apps/45/runbutton.js", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}, 403),
    ("GET", "/k/stub/apps/45/runbutton.js", VISIT, 403),
    ("GET", "/k/stub/calls", {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403),
    ("GET", "/k/v1/app.json?id=45", VISIT, 403),
    ("GET", "/k/guest/7/v1/record.json?app=45&id=1", VISIT, 403),
    ("POST", "/k/api/proxy/call.json", {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403),
]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "strange"])
def test_another_origins_page_gets_nothing_but_a_visit(web: httpx.Client, site: str) -> None:
    for method, path, how, status in ASKED:
        answer = web.request(method, path, headers={"Sec-Fetch-Site": site, **how})
        assert (path, how, answer.status_code) == (path, how, status)


def test_what_was_asked_for_is_never_markup(web: httpx.Client) -> None:
    for path in ("/<script>alert(1)</script>", "/k/45/<img src=x>", "/k/stub/assets/<b>.js", "/k/99/"):
        answer = web.get(path)
        assert (path, answer.status_code) == (path, 404)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        if path != "/k/99/":
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert "All pages: http://127.0.0.1:" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("GET", "/k/45/shwo", "GET /k/<int:app_id>/show ('shwo' here)"),
        ("GET", "/k/stub/apps/orders/records", "GET /k/stub/apps/<int:app_id>/records ('orders' here)"),
        ("POST", "/k/45/show", "GET /k/<int:app_id>/show (POST here)"),
        ("GET", "/k/stub/apps/99/records", "there is no app 99; there are 45, 46"),
    ],
)
def test_an_unknown_request_is_told_what_there_is_and_why_it_is_not_that(
    web: httpx.Client, method: str, path: str, said: str
) -> None:
    assert said in web.request(method, path).text


def test_another_sites_form_cannot_use_the_proxy(web: httpx.Client, stub: Stub) -> None:
    sent = json.dumps({"url": JOBS_URL, "method": "POST", "headers": {}, "body": ""})
    answer = web.post("/k/api/proxy/call.json", content=sent, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert stub.requests == []


def test_a_taken_port_is_an_error_of_the_caller(stub: Stub) -> None:
    with serve(stub) as url, pytest.raises(OSError, match="in use"), serve(stub, int(url.rpartition(":")[2])):
        pass


def test_the_users_language_comes_from_the_address_or_the_cookie(web: httpx.Client) -> None:
    for query, cookie, language in (
        ("", None, "ja"), ("?lang=en", None, "en"), ("", "zh-TW", "zh-TW"), ("?lang=th", "en", "th"),
        ("?lang=de", None, "en"), ('?lang="><script>', None, "en"),
    ):  # fmt: skip
        # The client keeps an answer's cookies.
        web.cookies.clear()
        headers = {"Cookie": f"stub-language={cookie}"} if cookie else {}
        page = web.get(f"/k/45/show{query}", headers=headers).text
        assert f'<html lang="{language}">' in page, query
        assert f'"language": "{language}"' in page, query


def test_nothing_that_an_app_is_called_ends_the_pages_script() -> None:
    name = "</script><img src=x onerror=alert(1)>"
    stub = Stub([StubApp(45, name)], lambda _: Script(problems=name), Clock())
    with serve(stub) as url:
        for path in ("/", "/k/45/show", "/k/stub/apps/45/runbutton.js"):
            text = httpx.get(url + path, trust_env=False).text
            assert "<img" not in text
            assert "onerror" in text


def test_a_page_load_asks_for_the_script_anew() -> None:
    scripts = iter([Script(js="first();"), Script(js="second();"), Script(problems="units.yaml:1:1: no")])
    stub = stub_for(None, lambda _: next(scripts))
    with serve(stub) as url:
        got = [httpx.get(f"{url}/k/stub/apps/45/runbutton.js", trust_env=False).text for _ in range(3)]
    assert got == ["first();", "second();", 'stub.showProblems("units.yaml:1:1: no");']


# ------------------------------------------------------------------------------------------------------------- records


VALUES: list[tuple[str, str, object, object]] = [
    ("$id", "__ID__", "1", "2"),
    ("$revision", "__REVISION__", "1", "2"),
    ("レコード番号", "RECORD_NUMBER", "1", "2"),
    ("件名", "SINGLE_LINE_TEXT", "仕入れ 1", ""),
    ("部門名", "DROP_DOWN", "営業部", None),
    ("入荷日", "DATE", "2026-11-01", None),
    ("予定日時", "DATETIME", "2026-11-01T01:30:00Z", ""),
    ("時刻", "TIME", "09:15", None),
    ("金額", "NUMBER", "1200", ""),
    ("合計", "CALC", "1050", ""),
    ("区分", "RADIO_BUTTON", "至急", "通常"),
    ("タグ", "CHECK_BOX", ["国内"], []),
    ("複数", "MULTI_SELECT", ["A", "C"], []),
    ("担当者", "USER_SELECT", [{"code": "suzuki", "name": "鈴木 健太郎"}], []),
    ("作成者", "CREATOR", {"code": "kato", "name": "加藤 美咲"}, {"code": "kato", "name": "加藤 美咲"}),
    ("ステータス", "STATUS", "未処理", "未処理"),
    ("作業者", "STATUS_ASSIGNEE", [{"code": "sato", "name": "佐藤 昇"}], []),
    ("カテゴリー", "CATEGORY", ["仕入れ"], []),
]


def test_values_have_the_shape_of_their_field_type(web: httpx.Client) -> None:
    first, second = record_of(web, 1), record_of(web, 2)
    for code, field_type, full, empty in VALUES:
        assert (code, first[code]) == (code, {"type": field_type, "value": full})
        assert (code, second[code]) == (code, {"type": field_type, "value": empty})


def test_a_table_has_rows_with_ids_and_typed_cells(web: httpx.Client) -> None:
    first = record_of(web)["明細"]["value"][0]
    assert first["id"] == "101"
    assert first["value"]["数量"] == {"type": "NUMBER", "value": "1"}


def test_a_saved_edit_stays_and_the_revision_grows(web: httpx.Client) -> None:
    rows = [{"id": None, "value": {"品名": {"value": "x"}, "数量": {"value": "3"}, "単価": {"value": "20"}}}]
    edit = {"件名": {"value": "</script>"}, "明細": {"value": rows}, "レコード番号": {"value": "77"}}
    web.put("/k/stub/apps/45/records/1", json=edit)
    saved = record_of(web)
    assert saved["件名"]["value"] == "</script>"
    assert saved["合計"]["value"] == "60"
    assert saved["レコード番号"]["value"] == "1"
    assert saved["$revision"]["value"] == "2"
    assert saved["更新者"]["value"]["code"] == "sato"
    assert record_of(web, app=46)["件名"]["value"] == "仕入れ 1"


def test_a_value_that_does_not_fit_is_refused_and_nothing_is_saved(web: httpx.Client) -> None:
    edits: dict[str, Any] = {
        "部門名": "無い部門",
        "金額": "many",
        "入荷日": "2026/11/01",
        "時刻": "9:15",
        "タグ": "国内",
        "担当者": [{"code": "nobody"}],
    }
    for code, value in edits.items():
        edit = {"件名": {"value": "new"}, code: {"value": value}}
        answer = web.put("/k/stub/apps/45/records/1", json=edit)
        assert (code, answer.status_code) == (code, 400)
        assert code in answer.json()["message"]
        assert record_of(web)["件名"]["value"] == "仕入れ 1"
        assert record_of(web)["$revision"]["value"] == "1"


def test_a_new_record_gets_the_next_number(web: httpx.Client) -> None:
    created = web.post("/k/stub/apps/45/records", json={"件名": {"value": "新規"}}).json()["record"]
    assert created["$id"]["value"] == created["レコード番号"]["value"] == "24"
    assert record_of(web, 24)["件名"]["value"] == "新規"


def test_a_status_action_moves_on_from_its_own_status_only(web: httpx.Client) -> None:
    path = "/k/stub/apps/45/records/1/status"
    assert web.put(path, json={"action": "完了する"}).status_code == 400
    assert web.put(path, json={"action": "処理開始"}).json()["record"]["ステータス"]["value"] == "処理中"
    assert web.put(path, json={"action": "処理開始"}).status_code == 400


def test_a_record_knows_its_neighbours(web: httpx.Client) -> None:
    def neighbours(record_id: int) -> tuple[int | None, int | None]:
        answer = web.get(f"/k/stub/apps/45/records/{record_id}").json()
        return answer["previous"], answer["next"]

    assert [neighbours(1), neighbours(2), neighbours(23)] == [(None, 2), (1, 3), (22, None)]


# --------------------------------------------------------------------------------------------------------------- proxy


def test_the_proxy_hands_on_what_the_service_says(web: httpx.Client, stub: Stub) -> None:
    answer = call(web, f"{UNIT_URL}/token", body=TOKEN_BODY).json()
    assert answer["success"] is True
    assert answer["result"]["status"] == 200
    assert json.loads(answer["result"]["body"])["status"] == "OK"
    [sent] = stub.requests
    assert (sent.call, sent.request.method, sent.request.body) == ("token", "POST", TOKEN_BODY)
    assert sent.response.body == answer["result"]["body"]


def test_a_refusal_of_the_service_is_a_success_of_the_proxy(web: httpx.Client) -> None:
    answer = call(web, f"{UNIT_URL}/token")
    assert answer.status_code == 200
    assert answer.json()["result"]["status"] == 400


def test_other_methods_are_rejected(web: httpx.Client, stub: Stub) -> None:
    for method in ("PATCH", "HEAD", "get", ""):
        answer = call(web, f"{UNIT_URL}/token", method=method)
        assert (method, answer.status_code) == (method, 400)
        assert set(json.loads(answer.text)) == {"success", "code", "id", "message", "messageType"}
    assert stub.requests == []


def test_headers_that_the_proxy_sets_itself_are_rejected(web: httpx.Client, stub: Stub) -> None:
    for name in ("Content-Length", "content-length", "Transfer-Encoding"):
        assert (name, call(web, f"{UNIT_URL}/token", **{name: "2"}).status_code) == (name, 400)
    assert stub.requests == []


@pytest.mark.parametrize(("method", "arrived"), [("GET", ""), ("DELETE", ""), ("POST", "{}"), ("PUT", "{}")])
def test_get_and_delete_lose_their_body(web: httpx.Client, stub: Stub, method: str, arrived: str) -> None:
    stub.proxy.faults.append(Fault("any", "answer"))
    call(web, f"{JOBS_URL}/1", method=method, body="{}")
    assert [sent.request.body for sent in stub.requests] == [arrived]


@pytest.mark.parametrize("address", ["https://[", "https://[::1/x", "http://a]/"])
@pytest.mark.parametrize("path", ["api/proxy", "api/app/plugin/proxy"])
def test_an_address_that_is_none_is_rejected(web: httpx.Client, path: str, address: str) -> None:
    sent = {"appId": 45, "pluginId": "none", "url": address, "method": "GET", "headers": {}, "body": ""}
    answer = web.post(f"/k/{path}/call.json", json=sent)
    assert (answer.status_code, answer.json()["code"]) == (400, "CB_VA01")
    assert web.get(f"/services/{address.partition('//')[2]}").status_code == 404


@pytest.mark.parametrize(
    "body",
    ["{}", "[]", DEEP, '{"method": "GET", "url": "https://trocco.io", "headers": 3, "body": ""}'],
    ids=["nothing", "list", "deep", "headers"],
)
@pytest.mark.parametrize("path", ["/k/api/proxy/call.json", "/k/api/app/plugin/proxy/call.json"])
def test_a_call_that_no_page_sends_is_refused(web: httpx.Client, path: str, body: str) -> None:
    assert web.post(path, content=body, headers={"Content-Type": "application/json"}).status_code == 400


@pytest.mark.parametrize("url", [f"{UNIT_URL}/token", f"{JOBS_URL}?job_definition_id=1"])
def test_a_service_refuses_a_body_of_brackets(web: httpx.Client, url: str) -> None:
    answer = call(web, url, body=DEEP, Authorization="Token key").json()["result"]
    assert 400 in (answer["status"], json.loads(answer["body"]).get("code"))


@pytest.mark.parametrize(("switch", "status"), [("503", 200), ("reject", 500)])
def test_an_unknown_host_is_an_answer_or_a_rejection(web: httpx.Client, stub: Stub, switch: Any, status: int) -> None:
    stub.switches.unknown_host = switch
    answer = call(web, "https://nowhere.example/token")
    assert answer.status_code == status
    assert "DNS Cache Missing" in answer.text
    assert [line.startswith("proxy: POST https://nowhere.example/token: ") for line in stub.unknown] == [True]


@pytest.mark.parametrize(
    ("switch", "given", "sent"),
    [
        ("none", {}, {}),
        ("json", {}, {"Content-Type": "application/json"}),
        ("json", {"content-type": "text/plain"}, {"content-type": "text/plain"}),
    ],
)
def test_a_body_without_a_type_gets_one_as_the_switch_says(
    web: httpx.Client, stub: Stub, switch: Any, given: dict[str, str], sent: dict[str, str]
) -> None:
    stub.switches.default_content_type = switch
    body = {"url": f"{UNIT_URL}/token", "method": "POST", "headers": given, "body": TOKEN_BODY}
    web.post("/k/api/proxy/call.json", json=body)
    assert stub.requests[-1].request.headers == sent


@pytest.mark.parametrize(("limit", "status"), [(None, 200), (60, 200), (0.01, 500)])
def test_the_proxy_waits_as_long_as_the_switch_says(
    web: httpx.Client, stub: Stub, limit: float | None, status: int
) -> None:
    stub.switches.proxy_timeout = limit
    stub.proxy.faults.append(Fault("token", "slow", seconds=0.05))
    assert call(web, f"{UNIT_URL}/token", body=TOKEN_BODY).status_code == status
    # The request that it stopped waiting for has arrived.
    assert len(stub.requests) == 1


def test_the_proxy_takes_as_much_as_the_switch_says(web: httpx.Client, stub: Stub) -> None:
    size = len(json.dumps({"code": 200, "status": "OK", "accessToken": "x" * 14}))
    for limit, status in ((None, 200), (size, 200), (size - 1, 500)):
        stub.switches.proxy_size = limit
        assert call(web, f"{UNIT_URL}/token", body=TOKEN_BODY).status_code == status


@pytest.mark.parametrize(("case", "name"), [("original", "X-Rate-Limit-Limit"), ("lower", "x-rate-limit-limit")])
def test_header_names_arrive_as_the_switch_says(web: httpx.Client, stub: Stub, case: Any, name: str) -> None:
    stub.switches.header_case = case
    answer = call(web, f"{JOBS_URL}/1", method="GET", Authorization="Token key")
    assert name in answer.json()["result"]["headers"]


def test_a_request_that_a_service_does_not_have_is_remembered(web: httpx.Client, stub: Stub) -> None:
    call(web, "https://trocco.io/api/users", method="GET")
    call(web, f"{UNIT_URL}/cancel")
    assert stub.unknown == ["GET https://trocco.io/api/users", f"POST {UNIT_URL}/cancel"]


# -------------------------------------------------------------------------------------------------------------- faults


def outcomes(web: httpx.Client, calls: int) -> list[str]:
    """The results of so many POSTs to TROCCO: the service's status, or `rejected: ` and the text."""
    answers = [call(web, f"{JOBS_URL}?job_definition_id=1", Authorization="Token key") for _ in range(calls)]
    return [
        str(answer.json()["result"]["status"]) if answer.status_code == 200 else f"rejected: {answer.text}"
        for answer in answers
    ]


@pytest.mark.parametrize(
    ("fault", "expected", "jobs"),
    [
        (Fault("start", "answer", status=429, body="{}"), ["429", "200", "200"], 2),
        (Fault("start", "answer", status=500, times=2), ["500", "500", "200"], 1),
        (Fault("start", "answer", status=500, skip=1), ["200", "500", "200"], 2),
        (Fault("any", "answer", status=500, times=None), ["500", "500", "500"], 0),
        (Fault("start", "reject", text="<html>"), ["rejected: <html>", "200", "200"], 2),
        (Fault("start", "reject"), ["rejected: ", "200", "200"], 2),
        (Fault("start", "lost"), ["rejected: ", "200", "200"], 3),
        (Fault("start", "slow", seconds=0.01), ["200", "200", "200"], 3),
        (Fault("job", "reject"), ["200", "200", "200"], 3),
        (Fault("token", "reject"), ["200", "200", "200"], 3),
    ],
)
def test_a_fault_fires_as_often_as_it_says(
    web: httpx.Client, stub: Stub, fault: Fault, expected: list[str], jobs: int
) -> None:
    stub.proxy.faults.append(fault)
    assert outcomes(web, 3) == expected
    assert len(stub.services["trocco"].japan.jobs) == jobs
    rejected = sum(outcome.startswith("rejected") for outcome in expected)
    assert len(stub.requests) == (3 if fault.kind == "lost" else 3 - rejected)


def test_the_faults_that_fired_are_known_with_their_request(web: httpx.Client, stub: Stub) -> None:
    lost, never = Fault("start", "lost"), Fault("run", "lost")
    stub.proxy.faults += [lost, never]
    outcomes(web, 2)
    assert [(fault, request.method) for fault, request in stub.proxy.fired] == [(lost, "POST")]


def test_cleared_faults_fire_no_more(web: httpx.Client, stub: Stub) -> None:
    stub.proxy.faults.append(Fault("any", "reject", times=None))
    stub.proxy.faults.clear()
    assert outcomes(web, 1) == ["200"]


# ----------------------------------------------------------------------------------------- the services' own addresses


def test_the_services_can_be_asked_from_a_terminal_but_not_by_other_sites(web: httpx.Client) -> None:
    services = {url: url.replace("https://", "/services/") for url in (UNIT_URL, JOBS_URL)}
    token = web.post(f"{services[UNIT_URL]}/token", content=TOKEN_BODY)
    job = web.post(f"{services[JOBS_URL]}?job_definition_id=1", json={}, headers={"Authorization": "Token key"})
    assert (token.json()["status"], job.json()["status"]) == ("OK", "queued")
    assert web.post("/services/nowhere.example/token").status_code == 404
    assert not any("access-control" in name for answer in (token, job) for name in answer.headers)


# ------------------------------------------------------------------------------------------------------- from a config


def config(*units: dict[str, Any], **app: Any) -> Config:
    given = {"app": 45, "name": "orders", "target": "script", "expose_secrets": True, **app, "units": list(units)}
    plugin = {"plugin": {"name": {"en": "Run"}, "key": "private.ppk"}} if given["target"] == "plugin" else {}
    return Config.model_validate({"version": 1, **plugin, "apps": [given]})


KREWDATA = {
    "id": "recalculate", "service": "krewdata", "url": UNIT_URL, "krewdata_app_url": APP_URL,
    "serial_number": "11111-not-a-secret", "record": ["部門名"],
}  # fmt: skip
TROCCO = {"id": "load", "service": "trocco-job", "job_definition_id": 7, "api_key": "not-a-secret"}


def start_with(*units: dict[str, Any], **app: Any) -> Stub:
    return stub_for(config(*units, **app), lambda _: Script())


def test_the_services_accept_what_the_config_says() -> None:
    workflow = {
        "id": "nightly", "service": "trocco-workflow", "pipeline_definition_id": 9, "api_key": "other-key",
        "base_url": "https://kr.trocco.io",
    }  # fmt: skip
    stub = start_with(KREWDATA, TROCCO, workflow)
    unit = stub.services["krewdata"].units["abcdefghijklmn"]
    assert (unit.serial_number, unit.source_app, unit.krewdata_app_url) == ("11111-not-a-secret", "45", APP_URL)
    with serve(stub) as url, httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as web:
        in_japan = call(web, f"{JOBS_URL}?job_definition_id=7", Authorization="Token not-a-secret")
        in_korea = call(
            web, "https://kr.trocco.io/api/pipeline_jobs?pipeline_definition_id=9", Authorization="Token other-key"
        )
    assert [answer.json()["result"]["status"] for answer in (in_japan, in_korea)] == [200, 200]
    assert stub.unknown == []


def test_units_without_a_secret_get_the_documented_fake_one() -> None:
    units = [{**KREWDATA, "serial_number": None}, {**TROCCO, "api_key": None}]
    bare = [{key: value for key, value in unit.items() if value is not None} for unit in units]
    stub = start_with(*bare, target="plugin", expose_secrets=False)
    assert stub.services["krewdata"].units["abcdefghijklmn"].serial_number == FAKE_SERIAL_NUMBER
    assert list(stub.services["trocco"].japan.api_keys) == [FAKE_API_KEY]


def test_fields_and_spaces_that_units_name_are_on_the_form() -> None:
    unit = {
        **TROCCO,
        "space": "run-area",
        "custom_variables": [{"name": "$dept$", "field": "部門コード"}, {"name": "$x$", "field": "件名"}],
        "context_time": {"field": "基準日時"},
    }
    app = start_with(unit).apps[45]
    assert {field.code for row in app.form for field in row if field.type == "SPACER"} == {"run-area", "empty-area"}
    assert [field.code for field in app.fields].count("件名") == 1
    assert app.records[1]["部門コード"] == {"type": "SINGLE_LINE_TEXT", "value": "部門コード 1"}
    assert app.records[1]["基準日時"] == {"type": "DATETIME", "value": "2026-11-01T01:30:00Z"}
    assert app.records[2]["部門コード"]["value"] == ""


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ({"field": "ステータス", "in": ["処理中"]}, "処理中"),
        ({"field": "ステータス", "in": ["承認待ち"]}, "承認待ち"),
        ({"field": "区分", "in": ["特急", "至急"]}, "特急"),
        ({"field": "タグ", "in": ["返品"]}, ["返品"]),
        ({"field": "新しい項目", "in": ["はい"]}, "はい"),
    ],
)
def test_the_first_record_meets_the_units_conditions(condition: dict[str, Any], value: object) -> None:
    app = start_with({**KREWDATA, "show_if": [condition]}).apps[45]
    assert app.records[1][condition["field"]]["value"] == value


def test_a_status_that_only_the_config_knows_leads_on() -> None:
    condition = {"field": "ステータス", "in": ["承認待ち"]}
    stub = start_with({**KREWDATA, "show_if": [condition]})
    app = stub.apps[45]
    [action] = [action for action in app.actions if action.status == "承認待ち"]
    app.proceed(1, action.name, stub.clock.now(), person("sato"))
    assert app.records[1]["ステータス"]["value"] == "未処理"


# ------------------------------------------------------------------------------------------------------------- choices


@pytest.fixture
def controlled(host: Host) -> Iterator[tuple[Stub, httpx.Client]]:
    stub = stub_for(config(KREWDATA, TROCCO), lambda _: Script(), panel=True)
    stub.services["trocco"].japan.api_keys["key"] = ApiKey()
    stub.services["trocco"].japan.job_definitions[1] = Definition(1, "load", parallel=True)
    with host.serve(stub) as url, httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as client:
        yield stub, client


ENDS = {"krewdata": "Failure", "trocco": "skipped"}
CHOSEN = {"seconds": 60, "speed": 1, "ends": ENDS, "call": "", "how": "", "always": False}


def test_choices_reach_the_services(controlled: tuple[Stub, httpx.Client]) -> None:
    stub, web = controlled
    assert web.put("/k/stub/choices", json=CHOSEN).json()["chosen"] == CHOSEN
    flows = stub.services["krewdata"].units["abcdefghijklmn"].flows
    assert (sum(flow.seconds for flow in flows), flows[-1].outcome) == (60, "Failure")
    definition = stub.services["trocco"].japan.job_definitions[7]
    assert (definition.seconds, definition.outcome) == (60, "skipped")


@pytest.mark.parametrize(
    ("called", "how", "expected"),
    [
        ("start", "lost", "rejected: "),
        ("start", "reject-html", "rejected: <!DOCTYPE html>"),
        ("start", "error", "500"),
        ("start", "row-forbidden", "403"),
    ],
)
def test_a_chosen_failure_happens_once_or_every_time(
    controlled: tuple[Stub, httpx.Client], called: str, how: str, expected: str
) -> None:
    _, web = controlled
    for always, failed in ((False, [True, False, False]), (True, [True, True, True])):
        web.put(
            "/k/stub/choices", json={**CHOSEN, "ends": {}, "call": f"trocco/{called}", "how": how, "always": always}
        )
        assert [outcome.startswith(expected) for outcome in outcomes(web, 3)] == failed


def test_every_fault_that_is_offered_can_be_chosen(controlled: tuple[Stub, httpx.Client]) -> None:
    _, web = controlled
    services = web.put("/k/stub/choices", json=CHOSEN).json()["services"]
    for service in services:
        for end in service["ends"]:
            chosen = {**CHOSEN, "ends": {service["name"]: end["name"]}}
            assert web.put("/k/stub/choices", json=chosen).status_code == 200
        for called in service["calls"]:
            names = [fault["name"] for fault in called["faults"]]
            assert len(names) == len(set(names))
            for name in names:
                chosen = {**CHOSEN, "call": called["name"], "how": name}
                assert web.put("/k/stub/choices", json=chosen).status_code == 200


def test_every_choice_is_said_in_both_languages(controlled: tuple[Stub, httpx.Client]) -> None:
    _, web = controlled
    for service in web.put("/k/stub/choices", json=CHOSEN).json()["services"]:
        said = [service["title"], *(choice["words"] for choice in (*service["ends"], *service["calls"]))]
        said += [fault["words"] for called in service["calls"] for fault in called["faults"]]
        assert all(words["ja"] and words["en"] for words in said)


WRONG: list[dict[str, Any]] = [
    {"seconds": 3}, {"ends": {"krewdata": "Nope"}}, {"ends": {"nobody": "Success"}}, {"ends": ["krewdata"]},
    {"call": "krewdata/token", "how": "nope"}, {"call": "krewdata/any", "how": "lost"}, {"ends": {"krewdata": []}},
    {"call": "token", "how": "lost"}, {"call": 1, "how": "lost"}, {"strange": 1},
]  # fmt: skip


def test_other_choices_are_refused(controlled: tuple[Stub, httpx.Client]) -> None:
    _, web = controlled
    for wrong in WRONG:
        assert (wrong, web.put("/k/stub/choices", json={**CHOSEN, **wrong}).status_code) == (wrong, 400)


def test_the_log_has_every_call_and_no_secret(controlled: tuple[Stub, httpx.Client]) -> None:
    stub, web = controlled
    secrets = ["11111-not-a-secret", "MTExMTEtbm90LWEtc2VjcmV0", "Token key", "not-a-secret"]
    web.put("/k/stub/choices", json={**CHOSEN, "ends": {}, "call": "trocco/start", "how": "reject"})
    token = json.dumps({"krewdataAppUrl": APP_URL, "serialNumber": "MTExMTEtbm90LWEtc2VjcmV0"})
    call(web, f"{UNIT_URL}/token", body=token)
    outcomes(web, 2)
    call(web, "https://nowhere.example/?key=not-a-secret", method="PATCH")
    stub.unknown.clear()
    answer = web.get("/k/stub/calls")
    assert [secret for secret in secrets if secret in answer.text] == []
    told = [(it["number"], it["call"] and it["call"]["en"], it["status"]) for it in answer.json()]
    start = "Start a job (POST)"
    assert told == [(4, None, None), (3, start, 200), (2, start, None), (1, "Access token request (token)", 200)]
    rejected = answer.json()[2]
    assert rejected["fault"]["en"] == "kintone's proxy returns an error (JSON)"
    assert rejected["milliseconds"] >= 0
    assert APP_URL in answer.json()[3]["sent"]


class StandingStill(datetime):
    """The time of the machine that the tests run on."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "StandingStill":
        return cls(2026, 11, 22, 9, tzinfo=tz)


def test_time_goes_faster_and_leaps(controlled: tuple[Stub, httpx.Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "datetime", StandingStill)
    stub, web = controlled
    stub.clock.speed = 1
    before = stub.clock.now()
    answer = web.post("/k/stub/clock", json={"seconds": 3600}).json()
    assert (stub.clock.now() - before).total_seconds() == 3600
    assert answer["now"] == stub.clock.now().timestamp() * 1000
    assert web.post("/k/stub/clock", json={"seconds": 5}).status_code == 400
    web.put("/k/stub/choices", json={**CHOSEN, "speed": 10})
    assert stub.clock.speed == 10
    web.request("DELETE", "/k/stub/choices")
    assert stub.clock.speed == 1
    # Time is never set back: pages remember when runs began.
    assert (stub.clock.now() - before).total_seconds() == 3600


def test_a_call_without_an_answer_ends_with_its_choice(controlled: tuple[Stub, httpx.Client]) -> None:
    stub, web = controlled
    web.put("/k/stub/choices", json={**CHOSEN, "ends": {}, "call": "trocco/start", "how": "never"})
    answers: list[list[str]] = []
    asking = threading.Thread(target=lambda: answers.append(outcomes(web, 1)))
    asking.start()
    while not stub.proxy.fired:
        asking.join(0.01)
    assert answers == []
    web.request("DELETE", "/k/stub/choices")
    asking.join()
    assert answers == [["200"]]


def test_reset_frees_a_disabled_unit_and_removes_faults(controlled: tuple[Stub, httpx.Client]) -> None:
    stub, web = controlled
    web.put("/k/stub/choices", json={**CHOSEN, "call": "start", "how": "lost", "always": True})
    stub.services["krewdata"].units["abcdefghijklmn"].enabled = False
    assert web.request("DELETE", "/k/stub/choices").json()["chosen"]["seconds"] == 10
    assert stub.services["krewdata"].units["abcdefghijklmn"].enabled
    assert stub.proxy.faults == []


@pytest.mark.parametrize("panel", [True, False])
def test_the_panel_is_in_the_page_only_where_it_is_asked_for(panel: bool) -> None:
    with serve(stub_for(None, lambda _: Script(), panel=panel)) as url:
        page = httpx.get(f"{url}/k/45/show", trust_env=False, verify=NO_TLS).text
    assert ('<div id="stub-panel">' in page) is panel
