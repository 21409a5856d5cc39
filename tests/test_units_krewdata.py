"""krewData's units: the data for their pages, and their valid addresses and secrets."""

import base64

import pytest

from tests.conftest import KREWDATA_UNIT, config_of
from tests.sample_units import KREWDATA, problems, unit


def test_a_krewdata_unit_gives_its_page_what_krewdata_needs() -> None:
    given = unit(KREWDATA, serial_number="FAKE01-FAKE02", record=["部門名", "入荷日"])

    assert given.for_page() == {
        "url": "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn",
        "krewdataAppUrl": "https://yourdomain.cybozu.com/k/123",
        "serialNumber": base64.b64encode(b"FAKE01-FAKE02").decode(),
        "record": ["部門名", "入荷日"],
    }


def test_a_plugin_stores_the_secret_for_the_token_request_of_its_unit_alone() -> None:
    (token,) = unit(KREWDATA).stored_requests()
    assert (token.method, token.url) == ("POST", f"{KREWDATA['url']}/token")
    assert token.data == {"krewdataAppUrl": KREWDATA["krewdata_app_url"], "serialNumber": "{base64}"}


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
        ("https:///trigger/v1/abc", "must have a valid host name"),
        ("https://api.example.com:99999/trigger/v1/abc", "must have a valid host name and port"),
        ("https://[::1/trigger/v1/abc", "must have a valid host name and port"),
        ("https://me@api.example.com/trigger/v1/abc", "remove the part before @"),
        ("https://api.example.com/trigger/v1/abc#top", "must not contain ? or #"),
        ("https://api.example.com/trigger/v1/abc?", "must not contain ? or #"),
        ("https://api.example.com/trigger/v1/a c", "has a space"),
        ("https://api.example.com\\trigger/v1/ac", "another character that no address has; remove it"),
        ("https://api.example.com/trigger/v1/abc/status", "remove /status"),
        ("https://api.example.com/trigger/v1/abc/token/", "remove /token"),
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
        ("https://yourdomain.cybozu.com/k/123/show", "must end with the app ID"),
        ("https://yourdomain.cybozu.com/k/123/show#record=1", "must not contain ? or #"),
        ("https://yourdomain.cybozu.com/k/", "must be the address of the krewData app"),
        ("https://yourdomain.cybozu.com/k/0", "must be the address of the krewData app"),
    ],
)
def test_an_address_that_is_no_app_is_refused(url: str, words: str) -> None:
    assert words in problems(KREWDATA, krewdata_app_url=url)


@pytest.mark.parametrize("serial", ["abcdef-jklmno-pqrstu", "FAKE0123", "Zm9v", "0123456789abcdef"])
def test_a_plain_serial_number_is_not_taken_for_base64(serial: str) -> None:
    assert unit(KREWDATA, serial_number=serial).secret.get_secret_value() == serial


@pytest.mark.parametrize("code", ["部門名", "$id", "everything"])
def test_one_field_code_may_be_written_as_text(code: str) -> None:
    (unit,) = config_of({**KREWDATA_UNIT, "record": code}).apps[0].units
    assert unit.for_page()["record"] == [code]
