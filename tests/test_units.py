import base64
import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from generator.units.config import AnyUnit, App, Config
from generator.units.problems import FromEnvironment
from generator.units.unit import SERVICES, Unit

KREWDATA = {
    "id": "recalculate",
    "service": "krewdata",
    "url": "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn",
    "krewdata_app_url": "https://yourdomain.cybozu.com/k/123",
    "record": "none",
}
JOB = {"id": "load-sales", "service": "trocco-job", "job_definition_id": 123}
WORKFLOW = {"id": "nightly", "service": "trocco-workflow", "pipeline_definition_id": 45}
PLUGIN = {"name": "Run buttons", "key": "private.ppk"}


def unit(keys: dict[str, Any], **more: object) -> Any:
    return TypeAdapter(AnyUnit).validate_python(keys | more)


def problems(keys: dict[str, Any], **more: object) -> str:
    with pytest.raises(ValidationError) as caught:
        unit(keys, **more)
    return "\n".join(error["ctx"]["text"] for error in caught.value.errors())


def test_a_krewdata_unit_gives_its_page_what_krewdata_needs() -> None:
    given = unit(KREWDATA, serial_number="FAKE01-FAKE02", record=["部門名", "入荷日"])

    assert given.for_page() == {
        "url": "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn",
        "krewdataAppUrl": "https://yourdomain.cybozu.com/k/123",
        "serialNumber": base64.b64encode(b"FAKE01-FAKE02").decode(),
        "record": ["部門名", "入荷日"],
    }


def test_a_trocco_job_gives_its_page_what_trocco_needs() -> None:
    given = unit(
        JOB,
        api_key="FAKE-key",
        base_url="https://in.trocco.io/",
        custom_variables=[
            {"name": "$ad_id$", "value": "A0000"},
            {"name": "$dept$", "field": "部門名"},
            {"name": "$area$", "field": "地域", "default": ""},
        ],
        context_time={"field": "入荷日"},
    )

    assert given.for_page() == {
        "baseUrl": "https://in.trocco.io",
        "definitionId": 123,
        "apiKey": "FAKE-key",
        "customVariables": [
            {"name": "$ad_id$", "value": "A0000"},
            {"name": "$dept$", "field": "部門名"},
            {"name": "$area$", "field": "地域", "default": ""},
        ],
        "contextTime": {"field": "入荷日"},
    }


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (KREWDATA, {"url": KREWDATA["url"], "record": "none"}),
        (JOB, {"baseUrl": "https://trocco.io", "definitionId": 123, "customVariables": []}),
        (WORKFLOW, {"baseUrl": "https://trocco.io", "definitionId": 45}),
    ],
)
def test_keys_that_are_not_given_are_not_in_the_page(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    assert unit(keys).for_page() == expected


def test_a_time_zone_is_in_the_page_only_when_it_is_given() -> None:
    assert unit(WORKFLOW, time_zone="Etc/UTC").for_page()["timeZone"] == "Etc/UTC"
    assert "timeZone" not in unit(WORKFLOW, context_time="2019-11-18 00:00:00").for_page()


def test_a_plugin_stores_the_secret_for_the_token_request_of_its_unit_alone() -> None:
    (token,) = unit(KREWDATA).stored_requests()
    assert (token.method, token.url) == ("POST", f"{KREWDATA['url']}/token")
    assert token.data == {"krewdataAppUrl": KREWDATA["krewdata_app_url"], "serialNumber": "{base64}"}


def test_a_plugin_stores_a_trocco_key_for_one_definition_and_for_the_status_of_jobs() -> None:
    stored = unit(JOB).stored_requests()
    # The & keeps definition 123 from opening 1234 too: kintone compares how an address begins.
    assert [(request.method, request.url) for request in stored] == [
        ("POST", "https://trocco.io/api/jobs?job_definition_id=123&"),
        ("GET", "https://trocco.io/api/jobs/"),
    ]
    assert all(request.headers["Authorization"] == "Token {secret}" for request in stored)


def test_the_common_keys_have_defaults() -> None:
    assert unit(WORKFLOW).common_for_page() == {
        "id": "nightly",
        "service": "trocco-workflow",
        "label": {"ja": "実行", "en": "Run"},
        "confirm": True,
        "pages": ["detail"],
        "devices": ["desktop", "mobile"],
        "afterSuccess": "stay",
        "timeout": 3_600_000,
    }


def test_the_common_keys_reach_the_page() -> None:
    given = unit(
        WORKFLOW,
        label="Go",
        confirm={"en": "Sure?"},
        pages=["edit", "create"],
        devices=["mobile"],
        space="run-area",
        show_if=[{"field": "a", "in": ["1", "2"]}, {"field": "b", "not_in": ["3"]}, {"field": "c", "filled": False}],
        after_success="reload",
        timeout="90s",
    )

    assert given.common_for_page() == {
        "id": "nightly",
        "service": "trocco-workflow",
        "label": {"ja": "Go", "en": "Go"},
        "confirm": {"ja": "Sure?", "en": "Sure?"},
        "pages": ["edit", "create"],
        "devices": ["mobile"],
        "space": "run-area",
        "showIf": [
            {"field": "a", "in": ["1", "2"]},
            {"field": "b", "notIn": ["3"]},
            {"field": "c", "filled": False},
        ],
        "afterSuccess": "reload",
        "timeout": 90_000,
    }


@pytest.mark.parametrize("keys", [KREWDATA, JOB, WORKFLOW], ids=lambda keys: keys["service"])
def test_what_the_page_gets_is_json_and_its_keys_do_not_collide(keys: dict[str, Any]) -> None:
    given = unit(keys, show_if=[{"field": "a", "in": ["1"]}])
    together = given.common_for_page() | given.for_page()

    assert json.loads(json.dumps(together)) == together
    assert not given.common_for_page().keys() & given.for_page().keys()


@pytest.mark.parametrize(
    ("keys", "more", "fields"),
    [
        (KREWDATA, {"record": "all"}, ()),
        (KREWDATA, {"record": ["a", "b"], "show_if": [{"field": "b", "filled": True}]}, ("a", "b")),
        (JOB, {"custom_variables": [{"name": "$x$", "field": "a"}, {"name": "$y$", "value": "v"}]}, ("a",)),
        (JOB, {"context_time": {"field": "t"}, "custom_variables": [{"name": "$x$", "field": "t"}]}, ("t",)),
        (WORKFLOW, {"context_time": {"field": "t"}, "show_if": [{"field": "a", "in": ["1"]}]}, ("a", "t")),
        (WORKFLOW, {"context_time": "2019-11-18 00:00:00"}, ()),
    ],
)
def test_a_unit_knows_the_fields_that_it_reads(
    keys: dict[str, Any], more: dict[str, Any], fields: tuple[str, ...]
) -> None:
    assert unit(keys, **more).record_fields == fields


def test_both_trocco_services_share_one_runtime_module() -> None:
    assert {word: service.runtime for word, service in SERVICES.items()} == {
        "krewdata": "krewdata",
        "trocco-job": "trocco",
        "trocco-workflow": "trocco",
    }


@pytest.mark.parametrize(("keys", "key"), [(KREWDATA, "serial_number"), (JOB, "api_key"), (WORKFLOW, "api_key")])
def test_a_secret_is_readable_on_purpose_only(keys: dict[str, Any], key: str) -> None:
    given: Unit = unit(keys, **{key: "FAKE-0123"})

    assert unit(keys).secret is None
    assert given.secret is not None
    assert given.secret.get_secret_value() == "FAKE-0123"
    assert "FAKE-0123" not in f"{given} {given!r} {given.model_dump()}"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.krewdata.grapecity.com/trigger/v1/abc", "https://api.krewdata.grapecity.com/trigger/v1/abc"),
        ("https://api.krewdata.mescius.com/trigger/v1/abc/", "https://api.krewdata.mescius.com/trigger/v1/abc"),
        ("https://localhost:8443/trigger/v1/a_b-c", "https://localhost:8443/trigger/v1/a_b-c"),
    ],
)
def test_an_execution_unit_may_be_at_any_host(given: str, kept: str) -> None:
    assert unit(KREWDATA, url=given).url == kept


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://api.krewdata.grapecity.com/trigger/v1/abc", "must start with https://"),
        ("api.krewdata.grapecity.com/trigger/v1/abc", "must be an address such as"),
        ("https:///trigger/v1/abc", "no usable host name"),
        ("https://api.example.com:99999/trigger/v1/abc", "no usable host name or port"),
        ("https://[::1/trigger/v1/abc", "no usable host name or port"),
        ("https://me@api.example.com/trigger/v1/abc", "leave out what stands before @"),
        ("https://api.example.com/trigger/v1/abc#top", "must end before ? and #"),
        ("https://api.example.com/trigger/v1/abc?", "must end before ? and #"),
        ("https://api.example.com/trigger/v1/a c", "has a space"),
        ("https://api.example.com\\trigger/v1/ac", "another character that no address has"),
        ("https://api.example.com/trigger/v1/abc/status", "leave out /status"),
        ("https://api.example.com/trigger/v1/abc/token/", "leave out /token"),
        ("https://api.example.com/trigger/v1/", "krewData shows"),
        ("https://api.example.com/trigger/v1/abc/def", "krewData shows"),
        ("https://api.example.com/trigger/v2/abc", "krewData shows"),
    ],
)
def test_an_address_that_is_no_execution_unit_is_refused(url: str, words: str) -> None:
    assert words in problems(KREWDATA, url=url)


@pytest.mark.parametrize("url", ["https://yourdomain.cybozu.com/k/123", "https://yourdomain.cybozu.com/k/123/"])
def test_the_krewdata_app_url_is_sent_as_it_was_given(url: str) -> None:
    given = unit(KREWDATA, krewdata_app_url=url, serial_number="FAKE-serial")
    assert given.for_page()["krewdataAppUrl"] == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://yourdomain.cybozu.com/k/123", "must start with https://"),
        ("https://yourdomain.cybozu.com/k/guest/3/123/", "guest space"),
        ("https://yourdomain.cybozu.com/k/123/show", "leave out what follows the app's ID"),
        ("https://yourdomain.cybozu.com/k/123/show#record=1", "must end before ? and #"),
        ("https://yourdomain.cybozu.com/k/", "the app that has the krewData plug-in"),
        ("https://yourdomain.cybozu.com/k/0", "the app that has the krewData plug-in"),
    ],
)
def test_an_address_that_is_no_app_is_refused(url: str, words: str) -> None:
    assert words in problems(KREWDATA, krewdata_app_url=url)


@pytest.mark.parametrize("url", ["https://trocco.io/api", "http://trocco.io", "trocco.io", "https://trocco.io/?a"])
def test_troccos_base_url_is_a_host_alone(url: str) -> None:
    assert "https://" in problems(JOB, base_url=url)


@pytest.mark.parametrize(
    ("keys", "key", "value", "words"),
    [
        (KREWDATA, "serial_number", base64.b64encode(b"FAKE01-FAKE02-FAKE03").decode(), "is Base64 already"),
        (KREWDATA, "serial_number", " FAKE-0123", "space or line break before or after"),
        (KREWDATA, "serial_number", "FAKE-0123\n", "space or line break before or after"),
        (KREWDATA, "serial_number", "FAKE\u200b0123", "invisible character"),
        (KREWDATA, "serial_number", "FAKE 0123", "has a space"),
        (KREWDATA, "serial_number", "", "is empty"),
        (KREWDATA, "serial_number", 1234567, "must be text"),
        (JOB, "api_key", "Token FAKE0123", 'leave out "Token "'),
        (JOB, "api_key", "FAKE0123\r\n", "space or line break before or after"),
        (WORKFLOW, "api_key", ["FAKE0123"], "must be text"),
    ],
)
def test_a_secret_that_cannot_work_is_refused_without_showing_it(
    keys: dict[str, Any], key: str, value: object, words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        unit(keys, **{key: value})

    assert words in caught.value.errors()[0]["ctx"]["text"]
    assert not any(part in str(caught.value) for part in ("FAKE", "1234567", "RkFLR"))


@pytest.mark.parametrize("serial", ["abcdef-jklmno-pqrstu", "FAKE0123", "Zm9v", "0123456789abcdef"])
def test_a_plain_serial_number_is_not_taken_for_base64(serial: str) -> None:
    assert unit(KREWDATA, serial_number=serial).secret.get_secret_value() == serial


@pytest.mark.parametrize(
    ("timeout", "seconds"), [("10s", 10), ("90s", 90), ("60m", 3600), ("2h", 7200), ("24h", 86400)]
)
def test_a_timeout_is_a_length_of_time(timeout: str, seconds: int) -> None:
    assert unit(WORKFLOW, timeout=timeout).timeout == timedelta(seconds=seconds)


@pytest.mark.parametrize("timeout", ["9s", "25h", "99999h", "60", 60, "1.5h", "1h30m", "-5m", "", "６０m", True, []])
def test_a_timeout_that_is_none_is_refused(timeout: object) -> None:
    assert "must be" in problems(WORKFLOW, timeout=timeout)


@pytest.mark.parametrize("time", ["2019-02-30 00:00:00", "2019-11-18", "2019-11-18T00:00:00", "2019-1-8 0:0:0", 2019])
def test_a_context_time_must_exist(time: object) -> None:
    assert "must be" in problems(WORKFLOW, context_time=time)


@pytest.mark.parametrize("value", [True, 1.5, None, [], {}, "4 5", "45x", "٤٥", "9" * 30, "", 0, -1, 2**53])
def test_an_id_is_a_positive_whole_number(value: object) -> None:
    assert problems(JOB, job_definition_id=value)


@pytest.mark.parametrize("value", [1, 0, None, "yes", "True", [], "on"])
def test_only_true_and_false_are_truth_values(value: object) -> None:
    app = {"app": 45, "name": "a", "target": "script", "units": [WORKFLOW | {"api_key": "FAKE-key"}]}

    with pytest.raises(ValidationError, match="must be true or false"):
        App.model_validate(app | {"expose_secrets": value})


@pytest.mark.parametrize("value", [45, True, [], {}, "", "  ", "a\x00b", "\udce9"])
def test_text_must_be_text_that_can_be_shown(value: object) -> None:
    assert problems(WORKFLOW, space=value)


@pytest.mark.parametrize(
    ("keys", "more"),
    [
        (KREWDATA, {"record": "all"}),
        (KREWDATA, {"record": ["a"]}),
        (KREWDATA, {"show_if": [{"field": "a", "filled": True}]}),
        (JOB, {"custom_variables": [{"name": "$a$", "field": "a"}]}),
        (WORKFLOW, {"context_time": {"field": "a"}}),
    ],
)
def test_a_button_on_the_list_page_cannot_read_a_record(keys: dict[str, Any], more: dict[str, Any]) -> None:
    assert f"without {next(iter(more))}" in problems(keys, pages=["detail", "index"], **more)


@pytest.mark.parametrize(
    ("keys", "more"), [(KREWDATA, {}), (JOB, {"custom_variables": [{"name": "$a$", "value": "a"}]}), (WORKFLOW, {})]
)
def test_a_button_that_reads_no_record_may_be_on_the_list_page(keys: dict[str, Any], more: dict[str, Any]) -> None:
    assert unit(keys, pages=["index"], **more).pages == ("index",)


@pytest.mark.parametrize("name", ["plugin", "PLUGIN", "con", "Nul", "com1", "LPT9", "a b", "a/b", "..", "a.b", "é", ""])
def test_an_app_name_is_a_folder_everywhere(name: str) -> None:
    with pytest.raises(ValidationError):
        App.model_validate({"app": 45, "name": name, "units": [WORKFLOW]})


@pytest.mark.parametrize("version", [0, 7, "1.2", "1.2.3", "10.0.1"])
def test_a_plugin_version_is_kept_as_it_was_given(version: object) -> None:
    app = {"app": 45, "name": "a", "units": [WORKFLOW]}
    config = Config.model_validate({"version": 1, "plugin": PLUGIN | {"version": version}, "apps": [app]})

    assert config.plugin is not None
    assert config.plugin.version == version


@pytest.mark.parametrize("version", [-1, True, "01.2", "1.2.3.4", "1.", "v1", "1.2-beta", ""])
def test_a_plugin_version_that_kintone_refuses_is_a_problem(version: object) -> None:
    app = {"app": 45, "name": "a", "units": [WORKFLOW]}

    with pytest.raises(ValidationError, match="without leading zeros"):
        Config.model_validate({"version": 1, "plugin": PLUGIN | {"version": version}, "apps": [app]})


@pytest.mark.parametrize("key", ["after_success", "record", "url", "id", "timeout", "time_zone", "api_key"])
@pytest.mark.parametrize("keys", [KREWDATA, JOB, WORKFLOW], ids=lambda keys: keys["service"])
def test_a_value_from_the_environment_is_not_in_the_problems(keys: dict[str, Any], key: str) -> None:
    assert "hush" not in problems(keys, **{key: FromEnvironment("\nhush hush\n")})


def test_a_wrong_unit_hides_no_problem_of_its_app() -> None:
    app = {
        "app": "x",
        "name": "orders",
        "target": "script",
        "units": [JOB | {"labl": "a"}, WORKFLOW | {"id": "load-sales", "api_key": "FAKE-key"}],
    }
    with pytest.raises(ValidationError) as caught:
        App.model_validate(app)

    assert {error["loc"] for error in caught.value.errors()} == {
        ("app",),
        ("units", 0),  # no API key
        ("units", 0, "labl"),
        ("units", 1, "id"),
        ("units", 1, "api_key"),
    }


def test_a_unit_does_not_change_after_it_was_read() -> None:
    with pytest.raises(ValidationError):
        unit(WORKFLOW).id = "other"


def test_time_zones_are_judged_by_their_shape_where_the_system_has_none() -> None:
    program = """
from pydantic import TypeAdapter, ValidationError
from generator.units.config import AnyUnit
keys = {"id": "a", "service": "trocco-workflow", "pipeline_definition_id": 1}
for zone in ("Asia/Tokyo", "UTC", "Tokyo time"):
    try:
        print(TypeAdapter(AnyUnit).validate_python(keys | {"time_zone": zone}).time_zone)
    except ValidationError:
        print("refused")
"""
    environ = os.environ | {"PYTHONTZPATH": ""}
    ran = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)

    assert ran.stdout.split("\n") == ["Asia/Tokyo", "UTC", "refused", ""]
