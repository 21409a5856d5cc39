"""Certificates, private authorities and proxies, on real sockets; and the messages for failures."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from generator.errors import KintoneError, NetworkError, ProbeError
from generator.kintone.connection import read_connection
from generator.network import read_network
from generator.probe.rest import RestProbe
from tests.loopback import Loopback, environ
from tests.private_ca import PrivateCa, connect_proxy, listening, request_head, with_tls


def test_a_file_of_certificates_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("no certificate")
    expired = PrivateCa(tmp_path).expired()
    for file, words in (
        (tmp_path / "none.pem", "cannot read: No such file"),
        (tmp_path, "cannot read: "),
        (tmp_path / "a.pem", "has no certificate in PEM format"),
        (expired, "its certificates have expired (the last one on "),
    ):
        with pytest.raises(NetworkError) as caught:
            read_network({"SSL_CERT_FILE": str(file)})
        assert str(caught.value).startswith(f"SSL_CERT_FILE: {file}: {words}")


def test_a_companys_certificate_is_trusted_beside_the_worlds(tmp_path: Path) -> None:
    """truststore adds the system's certificates when it connects; before that, it has httpx's and SSL_CERT_FILE's."""
    without, with_ours = (
        len(read_network(environ).tls()._ctx.get_ca_certs())  # type: ignore[attr-defined]
        for environ in ({}, {"SSL_CERT_FILE": str(PrivateCa(tmp_path).file)})
    )
    assert without > 100
    assert with_ours == without + 1


@pytest.fixture
def ca(tmp_path: Path) -> PrivateCa:
    return PrivateCa(tmp_path)


@pytest.fixture
def answering() -> Iterator[int]:
    def answer(connection: object) -> None:
        request_head(connection)  # type: ignore[arg-type]
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi")  # type: ignore[attr-defined]

    with listening(answer) as port:
        yield port


def asked(environ: dict[str, str], url: str) -> str:
    """The result of a GET: the body, or the reason of the failure."""
    network = read_network(environ)
    with network.client() as client:
        try:
            return client.get(url).text
        except httpx.HTTPError as error:
            return str(network.why(error, url))


def test_a_private_authority_behind_a_proxy(ca: PrivateCa, answering: int) -> None:
    heads: list[str] = []
    with (
        listening(with_tls(ca.context("trocco.example"), answering)) as secure,
        listening(connect_proxy(secure, heads)) as proxy,
    ):
        environ = {"HTTPS_PROXY": f"http://kato:p%23ss@127.0.0.1:{proxy}", "SSL_CERT_FILE": str(ca.file)}
        assert asked(environ, "https://trocco.example/") == "hi"
        assert heads[0].startswith("CONNECT trocco.example:443 ")
        assert "Proxy-Authorization: Basic a2F0bzpwI3Nz" in heads[0]
        untrusted = asked({"HTTPS_PROXY": environ["HTTPS_PROXY"]}, "https://trocco.example/")
        assert "its certificate is not trusted here; set SSL_CERT_FILE to your company's certificate" in untrusted
        assert "its certificate is for another host" in asked(environ, "https://other.example/")


def test_a_proxy_may_want_tls_itself(ca: PrivateCa, answering: int) -> None:
    with ExitStack() as servers:
        secure = servers.enter_context(listening(with_tls(ca.context("trocco.example"), answering)))
        plain = servers.enter_context(listening(connect_proxy(secure, [])))
        proxy = servers.enter_context(listening(with_tls(ca.context("localhost"), plain)))
        environ = {"HTTPS_PROXY": f"https://localhost:{proxy}", "SSL_CERT_FILE": str(ca.file)}
        assert asked(environ, "https://trocco.example/") == "hi"


def test_kintone_is_asked_by_the_same_way_with_what_signs_in_inside_tls(ca: PrivateCa) -> None:
    heads: list[str] = []
    with Loopback(45) as kintone, ExitStack() as servers:
        port = int(kintone.address.rpartition(":")[2])
        secure = servers.enter_context(listening(with_tls(ca.context("kintone.example"), port)))
        proxy = servers.enter_context(listening(connect_proxy(secure, heads)))
        settings = {"HTTPS_PROXY": f"http://127.0.0.1:{proxy}", "SSL_CERT_FILE": str(ca.file)}
        with kintone.kintone(KINTONE_BASE_URL="https://kintone.example", **settings) as client:
            assert client.customization(45).revision == 1
        with (
            kintone.kintone(KINTONE_BASE_URL="https://kintone.example", HTTPS_PROXY=settings["HTTPS_PROXY"]) as client,
            pytest.raises(KintoneError, match="its certificate is not trusted here"),
        ):
            client.customization(45)
        # kintone's own answer is the end of the probe's way, too.
        connection = read_connection({**environ("https://kintone.example"), **settings})
        with pytest.raises(ProbeError, match="GAIA_AP01"):
            RestProbe(connection, 46, lambda _: None).look()
    assert all(head.startswith("CONNECT kintone.example:443 ") for head in heads)
    assert "X-Cybozu-Authorization" not in "".join(heads)


def test_a_certificate_that_has_expired_is_no_matter_of_trust(ca: PrivateCa, answering: int) -> None:
    with (
        listening(with_tls(ca.context("trocco.example", days=-1), answering)) as secure,
        listening(connect_proxy(secure, [])) as proxy,
    ):
        environ = {"HTTPS_PROXY": f"http://127.0.0.1:{proxy}", "SSL_CERT_FILE": str(ca.file)}
        said = asked(environ, "https://trocco.example/")
        assert "its certificate has expired, by this machine's clock" in said
        assert "SSL_CERT_FILE" not in said


def test_a_server_that_asks_for_a_client_certificate_is_understood(ca: PrivateCa, answering: int) -> None:
    context = ca.context("kintone.example")
    context.load_verify_locations(ca.file)
    context.verify_mode = ssl.CERT_REQUIRED
    with listening(with_tls(context, answering)) as secure, listening(connect_proxy(secure, [])) as proxy:
        environ = {"HTTPS_PROXY": f"http://127.0.0.1:{proxy}", "SSL_CERT_FILE": str(ca.file)}
        assert "it requires a client certificate" in asked(environ, "https://kintone.example/")


def test_a_proxy_that_refuses_is_named_without_its_password() -> None:
    with listening(connect_proxy(9, [], "407 Proxy Authentication Required")) as proxy:
        said = asked({"HTTPS_PROXY": f"http://kato:hidden@127.0.0.1:{proxy}"}, "https://trocco.example/")
        assert said == f"the proxy of HTTPS_PROXY (127.0.0.1:{proxy}) rejected the connection to trocco.example (407)"
