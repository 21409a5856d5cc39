"""Waiting for kintone: pauses that it asks for, answers that are late, and a sign-in that ended, odd answers."""

import json
import threading
from collections.abc import Callable, Iterator

import pytest

from generator.errors import KintoneError
from generator.kintone.answers import RefusedError
from generator.kintone.client import Kintone
from generator.kintone.connection import read_connection
from generator.stub.rest import Fault
from generator.words import Text
from tests.loopback import Loopback, environ


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback(45, 46) as loopback:
        yield loopback


@pytest.mark.parametrize(
    ("given", "least"),
    [
        ("20", 20),
        ("1", 1),
        ("3600", 60),
        ("soon", 1),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 1),
        ("Fri, 06 Nov 2093 08:49:37 GMT", 60),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_kintone_asks_for_is_made_up_to_a_minute(
    loopback: Loopback, status: int, given: str, least: int
) -> None:
    loopback.rest.faults.append(Fault("answer", status=status, headers={"Retry-After": given}))
    with loopback.kintone() as kintone:
        kintone.customization(45)
    (pause,) = loopback.pauses
    assert least <= pause <= least + 1


def test_a_wait_for_an_answer_is_told(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.kintone.wire._PATIENCE", 0.01)
    told = threading.Event()
    said: list[str] = []

    def say(text: Text) -> None:
        said.append(str(text))
        told.set()

    def answer_when_told(_method: str, _path: str, answer: Callable[[], None]) -> None:
        assert told.wait(30)
        answer()

    loopback.watch = answer_when_told
    with Kintone(read_connection(environ(loopback.address)), say) as kintone:
        assert kintone.customization(45).revision == 1
    assert said == [f"still waiting for {loopback.address.removeprefix('http://')}"]


def test_an_oauth_token_that_is_not_accepted_is_told_as_that(loopback: Loopback) -> None:
    oauth = {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_OAUTH_TOKEN": "not-a-token"}
    with loopback.kintone(**oauth) as kintone, pytest.raises(RefusedError) as caught:
        kintone.customization(45)
    assert "the OAuth token has expired, was revoked" in str(caught.value)
    assert "two-factor" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 520])
def test_a_busy_or_broken_kintone_is_asked_five_times_with_growing_pauses(loopback: Loopback, status: int) -> None:
    loopback.rest.faults.append(Fault("answer", status=status, times=4))
    with loopback.kintone() as kintone:
        assert kintone.customization(45).revision == 1
    for least, pause in zip((1, 2, 4, 8), loopback.pauses, strict=True):
        assert least <= pause <= least + 1


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, "[" * 200_000, "the response is not JSON"),
        (400, "[" * 200_000, "the response is not from kintone"),
        (200, '{"revision": Infinity}', "kintone returned an undocumented response"),
    ],
)
def test_an_answer_that_python_cannot_hold_is_one_line(loopback: Loopback, status: int, body: str, words: str) -> None:
    loopback.rest.faults.append(Fault("answer", "PUT", status=status, body=body))
    with loopback.kintone() as kintone, pytest.raises(KintoneError, match=words):
        kintone.put_customization(45, "ALL", {}, 1)


def test_what_kintone_says_stays_in_its_line_and_controls_no_terminal(loopback: Loopback) -> None:
    said = {"code": "X", "id": "\x1b[31m", "message": "One\r\n::stop-commands::x", "errors": {"a\nb": "\u202ec"}}
    loopback.rest.faults.append(Fault("answer", status=400, body=json.dumps(said)))
    with loopback.kintone() as kintone, pytest.raises(KintoneError) as caught:
        kintone.customization(45)
    assert str(caught.value).splitlines() == [
        "GET preview/app/customize.json: [400] [X] One  ::stop-commands::x (kintone's id: \ufffd[31m)",
        "  a b: \ufffdc",
    ]
