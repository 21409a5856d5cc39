import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from generator.errors import KintoneError
from generator.kintone import ConflictError, Entry, RefusedError, read_connection
from generator.stub.rest import Fault
from tests.loopback import Loopback

HERE = {
    "KINTONE_BASE_URL": "https://example.cybozu.com",
    "KINTONE_USERNAME": "kato",
    "KINTONE_PASSWORD": "not-a-secret",
}


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback(45, 46) as loopback:
        yield loopback


# --- settings


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"KINTONE_BASE_URL": ""}, "KINTONE_BASE_URL: is not set; give kintone's address"),
        ({"KINTONE_BASE_URL": "http://example.cybozu.com"}, "KINTONE_BASE_URL: must start with https://"),
        ({"KINTONE_BASE_URL": "http://localhost.example.com"}, "KINTONE_BASE_URL: must start with https://"),
        ({"KINTONE_BASE_URL": "example.cybozu.com"}, "KINTONE_BASE_URL: must be an address such as https://"),
        ({"KINTONE_BASE_URL": "https://example.cybozu.com/k/45"}, "KINTONE_BASE_URL: leave out what comes after"),
        ({"KINTONE_BASE_URL": "https://kato:hidden@example.com"}, "KINTONE_BASE_URL: must not hold a user name"),
        ({"KINTONE_BASE_URL": "https://example.com:hidden"}, "KINTONE_BASE_URL: is no address"),
        ({"KINTONE_USERNAME": ""}, "KINTONE_USERNAME: is not set"),
        ({"KINTONE_PASSWORD": ""}, "KINTONE_PASSWORD: is not set"),
        ({"KINTONE_OAUTH_TOKEN": "hidden"}, "KINTONE_OAUTH_TOKEN: is set beside KINTONE_USERNAME"),
        (
            {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_API_TOKEN": "hidden"},
            "KINTONE_API_TOKEN: API tokens are not allowed to change customizations or to install plug-ins; set",
        ),
        (
            {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_OAUTH_TOKEN": "hid\nden"},
            "KINTONE_OAUTH_TOKEN: has a space, a line break",
        ),
        ({"KINTONE_BASIC_AUTH_USERNAME": "kato"}, "KINTONE_BASIC_AUTH_USERNAME and KINTONE_BASIC_AUTH_PASSWORD: one"),
        ({"KINTONE_GUEST_SPACE_ID": "three"}, "KINTONE_GUEST_SPACE_ID: must be a guest space's number"),
        ({"KINTONE_PFX_FILE_PASSWORD": "hidden"}, "KINTONE_PFX_FILE_PASSWORD: is set without KINTONE_PFX_FILE_PATH"),
        ({"KINTONE_PFX_FILE_PATH": "none.pfx"}, "KINTONE_PFX_FILE_PATH: none.pfx: cannot be read: No such file"),
        ({"HTTPS_PROXY": "ftp://kato:hidden@proxy"}, "HTTPS_PROXY: must be a proxy's address"),
    ],
)
def test_a_wrong_setting_is_told(change: dict[str, str], problem: str) -> None:
    with pytest.raises(KintoneError) as caught:
        read_connection(HERE | change)
    assert problem in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_all_wrong_settings_are_told_at_once() -> None:
    with pytest.raises(KintoneError) as caught:
        read_connection({"KINTONE_BASE_URL": "example.com", "KINTONE_GUEST_SPACE_ID": "x"})
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "KINTONE_BASE_URL",
        "KINTONE_USERNAME",
        "KINTONE_PASSWORD",
        "KINTONE_GUEST_SPACE_ID",
    ]


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        ({}, {"X-Cybozu-Authorization": "a2F0bzpub3QtYS1zZWNyZXQ=", "Accept-Language": "en"}),
        ({"LANG": "ja_JP.UTF-8"}, {"Accept-Language": "ja"}),
        ({"KINTONE_API_TOKEN": "for-other-tools"}, {"X-Cybozu-Authorization": "a2F0bzpub3QtYS1zZWNyZXQ="}),
        (
            {"KINTONE_BASIC_AUTH_USERNAME": "a", "KINTONE_BASIC_AUTH_PASSWORD": "b"},
            {"X-Cybozu-Authorization": "a2F0bzpub3QtYS1zZWNyZXQ=", "Authorization": "Basic YTpi"},
        ),
        (
            {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_OAUTH_TOKEN": "not-a-token"},
            {"Authorization": "Bearer not-a-token"},
        ),
    ],
)
def test_the_settings_decide_how_to_sign_in(settings: dict[str, str], headers: dict[str, str]) -> None:
    assert read_connection(HERE | settings).headers.items() >= headers.items()


@pytest.mark.parametrize(
    ("settings", "proxy"),
    [
        ({"HTTPS_PROXY": "http://proxy.example.com:8080"}, "http://proxy.example.com:8080"),
        ({"HTTPS_PROXY": "proxy.example.com:8080"}, "http://proxy.example.com:8080"),
        ({"HTTPS_PROXY": "http://proxy.example.com", "NO_PROXY": "localhost, .cybozu.com"}, None),
        ({"HTTPS_PROXY": "http://proxy.example.com", "NO_PROXY": "example.cybozu.com"}, None),
        ({"HTTPS_PROXY": "http://proxy.example.com", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "http://proxy.example.com", "NO_PROXY": "zu.com,"}, "http://proxy.example.com"),
        ({"HTTPS_PROXY": "http://proxy.example.com", "KINTONE_BASE_URL": "http://localhost:8045"}, None),
    ],
)
def test_the_proxy_is_used_unless_excepted(settings: dict[str, str], proxy: str | None) -> None:
    found = read_connection(HERE | settings).proxy
    assert (str(found.url) if found else None) == proxy


def test_no_secret_is_in_what_a_connection_shows() -> None:
    connection = read_connection(
        HERE
        | {
            "KINTONE_BASIC_AUTH_USERNAME": "a",
            "KINTONE_BASIC_AUTH_PASSWORD": "hidden-basic",
            "HTTPS_PROXY": "http://kato:hidden-proxy@proxy.example.com",
        }
    )
    shown = f"{connection!r} {connection}"
    assert not [secret for secret in ("not-a-secret", "hidden", "a2F0bzpub3QtYS1zZWNyZXQ=") if secret in shown]
    assert "https://example.cybozu.com" in shown


def certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kato")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=9999))
    return builder.sign(key, hashes.SHA256())


@pytest.fixture(scope="module")
def pfx() -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    return pkcs12.serialize_key_and_certificates(b"kato", key, certificate(key), None, BestAvailableEncryption(b"pw"))


def test_a_client_certificate_is_loaded_and_leaves_no_file(
    pfx: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "kato.pfx").write_bytes(pfx)
    settings = {"KINTONE_PFX_FILE_PATH": str(tmp_path / "kato.pfx"), "KINTONE_PFX_FILE_PASSWORD": "pw"}
    read_connection(HERE | settings)
    with pytest.raises(KintoneError, match="is no PKCS#12 file, or KINTONE_PFX_FILE_PASSWORD is wrong"):
        read_connection(HERE | settings | {"KINTONE_PFX_FILE_PASSWORD": "other"})
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_client_certificate_is_shown_to_the_server(pfx: bytes, tmp_path: Path) -> None:
    """The handshake alone, in memory: a server that asks for the certificate gets it."""
    (tmp_path / "kato.pfx").write_bytes(pfx)
    settings = {"KINTONE_PFX_FILE_PATH": str(tmp_path / "kato.pfx"), "KINTONE_PFX_FILE_PASSWORD": "pw"}
    client_context = read_connection(HERE | settings).tls
    client_context.check_hostname = False
    client_context.verify_mode = ssl.CERT_NONE
    key, own, _ = pkcs12.load_key_and_certificates(pfx, b"pw")
    assert key is not None
    assert own is not None
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + own.public_bytes(Encoding.PEM)
    )
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(pem)
    server_context.load_verify_locations(pem)
    server_context.verify_mode = ssl.CERT_REQUIRED
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server)
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(6):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert server.getpeercert(binary_form=True) == own.public_bytes(Encoding.DER)


# --- requests


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


@pytest.mark.parametrize("status", [429, 500, 502, 503, 520])
def test_a_busy_or_broken_kintone_is_asked_five_times_with_growing_pauses(loopback: Loopback, status: int) -> None:
    loopback.rest.faults.append(Fault("answer", status=status, times=4))
    with loopback.kintone() as kintone:
        assert kintone.customization(45).revision == 1
    for least, pause in zip((1, 2, 4, 8), loopback.pauses, strict=True):
        assert least <= pause <= least + 1


def test_a_kintone_that_stays_away_is_given_up_after_five_attempts(loopback: Loopback) -> None:
    loopback.rest.faults.append(Fault("answer", times=9))
    with loopback.kintone() as kintone, pytest.raises(KintoneError) as caught:
        kintone.customization(45)
    assert len(loopback.rest.requests) == 5
    assert str(caught.value).splitlines() == [
        "GET preview/app/customize.json: [503] not kintone answers but what stands before it; kintone may be under "
        "maintenance",
        "Tried 5 times; try again later",
    ]


def test_a_kintone_that_cannot_be_reached_is_given_up_after_five_attempts(loopback: Loopback) -> None:
    with loopback.kintone(KINTONE_BASE_URL="http://127.0.0.1:9") as kintone, pytest.raises(KintoneError) as caught:
        kintone.customization(45)
    assert "127.0.0.1:9 cannot be reached" in str(caught.value)
    assert len(loopback.pauses) == 4


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (302, "", "[302] leads to another page; is KINTONE_BASE_URL kintone's address?"),
        (401, "<html>", "[401] something before kintone wants a password"),
        (403, "<html>", "[403] the answer is none of kintone's"),
        (200, "<html>", "the answer is no JSON; is KINTONE_BASE_URL kintone's address?"),
        (200, '{"scope": "ALL"}', "kintone's answer is not as documented"),
        (
            403,
            '{"code": "CB_NO02", "id": "x", "message": "No privilege."}',
            "the user must be allowed to manage the app",
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
    with loopback.kintone() as kintone, pytest.raises(KintoneError, match="are KINTONE_BASIC_AUTH_USERNAME and _PASS"):
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
    # Under way: it is this one. Ended: once more publishes the same settings.
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
        assert kintone.download(found.lists["mobile.js"][0].file_key) == content
        with pytest.raises(RefusedError, match="GAIA_BL01"):
            kintone.download(key)
