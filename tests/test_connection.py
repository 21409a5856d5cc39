import ssl
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
from generator.kintone.connection import read_connection, same_address

HERE = {
    "KINTONE_BASE_URL": "https://example.cybozu.com",
    "KINTONE_USERNAME": "kato",
    "KINTONE_PASSWORD": "not-a-secret",
}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"KINTONE_BASE_URL": ""}, "KINTONE_BASE_URL: is not set; give the address of kintone"),
        ({"KINTONE_BASE_URL": "http://example.cybozu.com"}, "KINTONE_BASE_URL: must start with https://"),
        ({"KINTONE_BASE_URL": "http://localhost.example.com"}, "KINTONE_BASE_URL: must start with https://"),
        ({"KINTONE_BASE_URL": "example.cybozu.com"}, "KINTONE_BASE_URL: must be an address such as https://"),
        ({"KINTONE_BASE_URL": "https://example.cybozu.com/k/45"}, "KINTONE_BASE_URL: must end with the host"),
        ({"KINTONE_BASE_URL": "https://kato:hidden@example.com"}, "KINTONE_BASE_URL: must not have a user name"),
        ({"KINTONE_BASE_URL": "https://example.com:hidden"}, "KINTONE_BASE_URL: must be an address such as https://"),
        ({"KINTONE_USERNAME": ""}, "KINTONE_USERNAME: is not set"),
        ({"KINTONE_PASSWORD": ""}, "KINTONE_PASSWORD: is not set"),
        ({"KINTONE_OAUTH_TOKEN": "hidden"}, "KINTONE_OAUTH_TOKEN: is set together with KINTONE_USERNAME"),
        (
            {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_API_TOKEN": "hidden"},
            "KINTONE_API_TOKEN: API tokens cannot change customizations or install plug-ins; set",
        ),
        (
            {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_OAUTH_TOKEN": "hid\nden"},
            "KINTONE_OAUTH_TOKEN: has a space, a full-width or an invisible character inside",
        ),
        (
            {"KINTONE_BASIC_AUTH_USERNAME": "kato"},
            "KINTONE_BASIC_AUTH_USERNAME and KINTONE_BASIC_AUTH_PASSWORD: on",
        ),
        ({"KINTONE_GUEST_SPACE_ID": "three"}, "KINTONE_GUEST_SPACE_ID: must be the ID of a guest space"),
        (
            {"KINTONE_PFX_FILE_PASSWORD": "hidden"},
            "KINTONE_PFX_FILE_PASSWORD: is set, but KINTONE_PFX_FILE_PATH",
        ),
        ({"KINTONE_PFX_FILE_PATH": "/dev/null"}, "is a device, not a file"),
        ({"KINTONE_PFX_FILE_PATH": "none.pfx"}, "KINTONE_PFX_FILE_PATH: none.pfx: cannot read: No such file"),
        ({"HTTPS_PROXY": "ftp://kato:hidden@proxy"}, "HTTPS_PROXY: must be the address of an HTTP proxy"),
        (
            {"HTTPS_PROXY": "socks5://kato:hidden@proxy"},
            "HTTPS_PROXY: SOCKS proxies are not supported; give an HTTP proxy",
        ),
        ({"KINTONE_PASSWORD": "hid\nden"}, "KINTONE_PASSWORD: has an invisible character inside; type it again"),
        ({"KINTONE_PASSWORD": "'hidden'"}, "KINTONE_PASSWORD: has quotes around it; remove them"),
        ({"KINTONE_PASSWORD": "${HIDDEN}"}, "KINTONE_PASSWORD: is a variable's name or a placeholder"),
        ({"KINTONE_USERNAME": "hid\u200bden"}, "KINTONE_USERNAME: has an invisible character inside"),
        ({"KINTONE_BASE_URL": "https://exa mple.cybozu.com"}, "KINTONE_BASE_URL: must be an address such as https://"),
        ({"SSL_CERT_FILE": "none.pem"}, "SSL_CERT_FILE: none.pem: cannot read: No such file or directory"),
        ({"SSL_CERT_FILE": __file__}, "test_connection.py: has no certificate in PEM format"),
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
        ({"RUNBUTTON_LANG": "ja"}, {"Accept-Language": "ja"}),
        ({"KINTONE_API_TOKEN": "for-other-tools"}, {"X-Cybozu-Authorization": "a2F0bzpub3QtYS1zZWNyZXQ="}),
        (
            {"KINTONE_BASIC_AUTH_USERNAME": "a", "KINTONE_BASIC_AUTH_PASSWORD": "b"},
            {"X-Cybozu-Authorization": "a2F0bzpub3QtYS1zZWNyZXQ=", "Authorization": "Basic YTpi"},
        ),
        (
            {"KINTONE_USERNAME": " kato\n", "KINTONE_PASSWORD": "not-a-secret\r\n"},
            {"X-Cybozu-Authorization": "a2F0bzpub3QtYS1zZWNyZXQ="},
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
    connection = read_connection(HERE | settings)
    found = connection.network.proxy_for(connection.base_url)
    assert (found.address if found else None) == proxy


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
    with pytest.raises(KintoneError, match="is not a PKCS#12 file, or KINTONE_PFX_FILE_PASSWORD is wrong"):
        read_connection(HERE | settings | {"KINTONE_PFX_FILE_PASSWORD": "other"})
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_client_certificate_is_shown_to_the_server(pfx: bytes, tmp_path: Path) -> None:
    """The handshake alone, in memory: a server that asks for the certificate gets it."""
    (tmp_path / "kato.pfx").write_bytes(pfx)
    settings = {"KINTONE_PFX_FILE_PATH": str(tmp_path / "kato.pfx"), "KINTONE_PFX_FILE_PASSWORD": "pw"}
    client_context = read_connection(HERE | settings).tls
    assert client_context is not None
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


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("HTTPS://Example.Cybozu.COM:443/", "https://example.cybozu.com"),
        ("http://LOCALHOST:8045", "http://localhost:8045"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_an_address_is_read_as_it_is_usually_written(given: str, plain: str) -> None:
    assert read_connection(HERE | {"KINTONE_BASE_URL": given}).base_url == plain


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://A.cybozu.com/k", "https://a.cybozu.com:443/k", True),
        ("http://localhost:8045/k", "http://127.0.0.1:8045/k", True),
        ("http://localhost:8045/k", "http://localhost:8046/k", False),
        ("https://a.cybozu.com/k", "https://a.cybozu.com/k/guest/3", False),
        ("https://a.cybozu.com/k", "https://b.cybozu.com/k", False),
    ],
)
def test_addresses_are_compared_by_what_they_lead_to(one: str, other: str, same: bool) -> None:
    assert same_address(one, other) is same


def test_it_says_which_kintone_and_as_whom() -> None:
    assert read_connection(HERE | {"KINTONE_GUEST_SPACE_ID": "3"}).described.text("en") == (
        "https://example.cybozu.com, guest space 3, signed in as kato"
    )


@pytest.mark.parametrize(
    ("settings", "said", "shown"),
    [
        ({}, "kato:not-a-secret a2F0bzpub3QtYS1zZWNyZXQ=", "kato:*** ***"),
        ({"HTTPS_PROXY": "http://kato:of%20proxy@proxy.example.com"}, "of proxy, of%20proxy", "***, ***"),
        ({"HTTPS_PROXY": "http://proxy.example.com:8080"}, "//proxy.example.com:8080", "//proxy.example.com:8080"),
        ({"KINTONE_PASSWORD": "pass"}, "pass, bypass, passwords", "***, bypass, passwords"),
        ({"KINTONE_PASSWORD": 'P@ss"W0 rd'}, r'{"m": "P@ss\"W0 rd"} P%40ss%22W0%20rd', '{"m": "***"} ***'),
    ],
)
def test_what_opens_kintone_is_masked_in_what_a_server_says(settings: dict[str, str], said: str, shown: str) -> None:
    assert read_connection(HERE | settings).mask(said) == shown
