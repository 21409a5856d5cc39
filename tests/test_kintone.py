import json
import socket
from collections.abc import Iterator

import pytest

from generator.errors import KintoneError
from generator.kintone.answers import ConflictError, Entry, RefusedError
from generator.stub.rest import Fault, Plugin, Settings
from tests.loopback import Loopback


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback(45, 46) as loopback:
        yield loopback


def test_a_wrong_password_is_tried_once(loopback: Loopback) -> None:
    with loopback.kintone(KINTONE_PASSWORD="wrong-password") as kintone, pytest.raises(RefusedError) as caught:
        kintone.customization(45)
    assert loopback.rest.wrong_passwords == 1
    assert loopback.pauses == []
    assert "[401] [CB_WA01] Password authentication failed" in str(caught.value)
    assert "two-factor" in str(caught.value)
    assert "wrong-password" not in str(caught.value)


def test_a_refusal_has_kintones_words_code_and_fields_and_is_not_repeated(loopback: Loopback) -> None:
    with loopback.kintone() as kintone, pytest.raises(RefusedError) as caught:
        kintone.put_customization(45, "SOME", {}, 1)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith(
        "PUT preview/app/customize.json: [400] [CB_VA01] Missing or invalid input. (kintone's id: "
    )
    assert lines[1:] == ["  scope: Enum value must be ALL, ADMIN or NONE."]
    assert (caught.value.status, caught.value.code) == (400, "CB_VA01")
    assert len(loopback.rest.requests) == 1


def test_the_apps_of_a_plugin_are_read_page_by_page(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.kintone.client._PLUGIN_APPS_LIMIT", 1)
    loopback.rest.plugins["abc"] = Plugin("abc", "1", {"name": {"en": "Run"}}, {})
    with loopback.kintone() as kintone:
        assert kintone.plugin_apps("abc") == {}
        for app in loopback.rest.apps.values():
            app.preview = app.live = Settings(plugins=("abc",))
        assert kintone.plugin_apps("abc") == {45: "app-45", 46: "app-46"}


def test_a_kintone_that_stays_away_is_given_up_after_five_attempts(loopback: Loopback) -> None:
    loopback.rest.faults.append(Fault("answer", times=9))
    with loopback.kintone() as kintone, pytest.raises(KintoneError) as caught:
        kintone.customization(45)
    assert len(loopback.rest.requests) == 5
    first, last = str(caught.value).splitlines()
    assert first.startswith("GET preview/app/customize.json: [503] the error is not from kintone but from a server in")
    assert last == "Tried 5 times; try again later."


def test_a_kintone_that_cannot_be_reached_is_given_up_after_five_attempts(loopback: Loopback) -> None:
    with loopback.kintone(KINTONE_BASE_URL="http://127.0.0.1:9") as kintone, pytest.raises(KintoneError) as caught:
        kintone.customization(45)
    assert "cannot connect to 127.0.0.1:9" in str(caught.value)
    assert len(loopback.pauses) == 4


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (302, "", "[302] redirected to "),
        (401, "<html>", "[401] a password is required in front of kintone; check KINTONE_BASIC_AUTH_USERNAME"),
        (403, "<html>", "[403] the response is not from kintone; check KINTONE_BASE_URL"),
        (200, "<html>", "the response is not JSON; check KINTONE_BASE_URL"),
        (200, '{"scope": "ALL"}', "kintone returned an undocumented response"),
        (
            403,
            '{"code": "CB_NO02", "id": "x", "message": "No privilege."}',
            "the user needs the app management permission",
        ),
        (520, '{"code": "GAIA_IL23", "id": "x", "message": "Guest."}', "set KINTONE_GUEST_SPACE_ID"),
    ],
)
def test_an_answer_that_ends_it_is_put_in_words(loopback: Loopback, status: int, body: str, words: str) -> None:
    loopback.rest.faults.append(Fault("answer", status=status, body=body, times=9))
    with loopback.kintone() as kintone, pytest.raises(KintoneError) as caught:
        kintone.customization(45)
    assert words in str(caught.value)
    assert len(loopback.rest.requests) == 1


def test_no_secret_comes_back_in_an_error(loopback: Loopback) -> None:
    message = '{"code": "X", "id": "x", "message": "not-a-secret YWRtaW46bm90LWEtc2VjcmV0"}'
    loopback.rest.faults.append(Fault("answer", status=400, body=message))
    with loopback.kintone(KINTONE_PASSWORD="not-a-secret") as kintone, pytest.raises(RefusedError) as caught:
        kintone.customization(45)
    assert "[X] *** ***" in str(caught.value)


def test_a_basic_authentication_goes_along(loopback: Loopback) -> None:
    loopback.rest.basic = "kato:basic"
    with (
        loopback.kintone() as kintone,
        pytest.raises(KintoneError, match="check KINTONE_BASIC_AUTH_USERNAME"),
    ):
        kintone.customization(45)
    basic = {"KINTONE_BASIC_AUTH_USERNAME": "kato", "KINTONE_BASIC_AUTH_PASSWORD": "basic"}
    with loopback.kintone(**basic) as kintone:
        assert kintone.customization(45).scope == "ALL"


def test_a_guest_spaces_app_is_asked_for_in_its_space(loopback: Loopback) -> None:
    loopback.rest.apps[45].guest_space = 3
    with loopback.kintone(KINTONE_GUEST_SPACE_ID="3") as kintone:
        assert kintone.customization(45).scope == "ALL"
        with pytest.raises(RefusedError, match="GAIA_IL23"):
            kintone.customization(46)


def test_a_write_whose_answer_is_lost_is_a_conflict_when_repeated_and_not_done_twice(loopback: Loopback) -> None:
    loopback.rest.faults.append(Fault("late-lost", "PUT"))
    with loopback.kintone() as kintone, pytest.raises(ConflictError):
        kintone.put_customization(45, "ADMIN", {}, 1)
    assert loopback.rest.apps[45].preview.revision == 2


@pytest.mark.parametrize("deploy_seconds", [0, 600])
def test_a_deploy_whose_answer_is_lost_is_looked_after(loopback: Loopback, deploy_seconds: float) -> None:
    loopback.rest.deploy_seconds = deploy_seconds
    loopback.rest.faults.append(Fault("late-lost", "POST", "deploy.json"))
    with loopback.kintone() as kintone:
        kintone.deploy({45: 1})
    sent = [exchange for exchange in loopback.rest.requests if exchange.method == "POST"]
    # In progress: it is this deploy. Ended: a repetition publishes the same settings.
    assert len(sent) == (1 if deploy_seconds else 2)


def test_the_status_of_many_apps_is_asked_in_short_addresses() -> None:
    apps = range(1_000_000, 1_000_300)
    with Loopback(*apps) as loopback, loopback.kintone() as kintone:
        assert kintone.deploy_status(apps) == dict.fromkeys(apps, "SUCCESS")
        assert len(loopback.rest.requests) == 3


def test_a_file_comes_back_as_it_was_sent(loopback: Loopback) -> None:
    content = bytes(range(256))
    with loopback.kintone() as kintone:
        key = kintone.upload("日本.js", content, "text/javascript")
        kintone.put_customization(
            45, "ALL", {"mobile.js": [Entry(file_key=key), Entry(url="https://a.example/b.js")]}, 1
        )
        found = kintone.customization(45)
        assert [entry.identity for entry in found.lists["mobile.js"]] == [
            ("FILE", "日本.js"),
            ("URL", "https://a.example/b.js"),
        ]
        assert kintone.download(found.lists["mobile.js"][0]) == content
        with pytest.raises(RefusedError, match="GAIA_BL01"):
            kintone.download(Entry(file_key=key))


@pytest.mark.parametrize(("status", "code"), [(400, "GAIA_DA02"), (520, "GAIA_RE18")])
def test_a_lock_that_is_not_to_be_had_is_asked_for_again(loopback: Loopback, status: int, code: str) -> None:
    body = json.dumps({"code": code, "id": "x", "message": "The database lock failed."})
    loopback.rest.faults.append(Fault("answer", status=status, body=body))
    with loopback.kintone() as kintone:
        assert kintone.customization(45).revision == 1
    assert loopback.said == [
        f"{loopback.address.removeprefix('http://')} returned {status} {code}; trying again (2 of 5)"
    ]


def test_every_repetition_is_told(loopback: Loopback) -> None:
    loopback.rest.faults.append(Fault("lost", times=2))
    with loopback.kintone() as kintone:
        kintone.customization(45)
    host = loopback.address.removeprefix("http://")
    assert loopback.said == [f"{host} did not respond; trying again ({attempt} of 5)" for attempt in (2, 3)]


def test_a_name_that_does_not_resolve_is_a_wrong_setting_and_not_tried_again(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with loopback.kintone() as kintone, pytest.raises(KintoneError, match=r"cannot connect to .*not known"):
        kintone.customization(45)
    assert loopback.pauses == []


def test_a_server_without_tls_is_a_wrong_setting_and_not_tried_again(loopback: Loopback) -> None:
    https = loopback.address.replace("http:", "https:")
    with (
        loopback.kintone(KINTONE_BASE_URL=https) as kintone,
        pytest.raises(KintoneError, match=r"cannot connect to .*: TLS failed .*; check that the address uses HTTPS"),
    ):
        kintone.customization(45)
    assert loopback.pauses == []


def test_a_proxy_that_is_not_there_is_named(loopback: Loopback) -> None:
    settings = {"KINTONE_BASE_URL": "https://example.cybozu.com", "HTTPS_PROXY": "http://127.0.0.1:9"}
    with loopback.kintone(**settings) as kintone, pytest.raises(KintoneError) as caught:
        kintone.customization(45)
    proxy = "through the proxy of HTTPS_PROXY (127.0.0.1:9)"
    assert f"cannot connect to example.cybozu.com {proxy}" in str(caught.value)
    assert loopback.said[0] == f"example.cybozu.com {proxy} did not respond; trying again (2 of 5)"


@pytest.mark.parametrize(
    ("errors", "line"),
    [("broken", "  broken"), ({"app": ["a", "b"]}, "  app: a\n  app: b"), ({"app": {"messages": None}}, "  app: None")],
)
def test_what_is_said_of_fields_in_another_shape_costs_nothing_else(
    loopback: Loopback, errors: object, line: str
) -> None:
    body = json.dumps({"code": "CB_VA01", "id": "x", "message": "Missing or invalid input.", "errors": errors})
    loopback.rest.faults.append(Fault("answer", status=400, body=body))
    with loopback.kintone() as kintone, pytest.raises(RefusedError) as caught:
        kintone.customization(45)
    assert "[CB_VA01] Missing or invalid input." in str(caught.value)
    assert str(caught.value).endswith(line)


def test_a_status_of_another_type_is_no_answer_of_kintones(loopback: Loopback) -> None:
    body = json.dumps({"apps": [{"app": "45", "status": ["SUCCESS"]}]})
    loopback.rest.faults.append(Fault("answer", status=200, body=body))
    with loopback.kintone() as kintone, pytest.raises(KintoneError, match="kintone returned an undocumented response"):
        kintone.deploy_status([45])


@pytest.mark.parametrize("body", ["", "<html>Please sign in</html>"])
def test_a_download_that_is_not_the_file_is_not_believed(loopback: Loopback, body: str) -> None:
    loopback.rest.faults.append(Fault("answer", "GET", "file.json", status=200, body=body))
    with loopback.kintone() as kintone, pytest.raises(KintoneError, match=r"a\.js was not returned"):
        kintone.download(Entry(file_key="x", name="a.js", size=4))


def test_a_deploy_under_way_in_one_app_of_two_is_not_taken_for_ours(loopback: Loopback) -> None:
    """Another person publishes app 46, and the request for both is lost: the deploy in progress is not Runbutton's."""
    loopback.rest.faults.append(Fault("lost", "POST", "deploy.json"))
    loopback.rest.deploy_seconds = 600
    with loopback.kintone() as kintone:
        kintone.deploy({46: 1})
        loopback.rest.faults.append(Fault("lost", "POST", "deploy.json"))
        with pytest.raises(RefusedError):
            kintone.deploy({45: 1, 46: 1})
    assert loopback.rest.apps[45].status == "SUCCESS"
