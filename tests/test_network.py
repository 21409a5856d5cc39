"""The way out of this machine: proxies, exceptions from them, and that there is no other."""

import ast
import os
from pathlib import Path

import pytest

import generator
from generator.errors import NetworkError
from generator.network import read_network

PROXY = "http://proxy.example.com:8080"


@pytest.mark.parametrize(
    ("no_proxy", "url", "excepted"),
    [
        ("localhost,fe80::/10", "https://trocco.io/api", False),
        ("localhost,127.0.0.1,::1,[::1]", "https://trocco.io", False),
        ("trocco.io", "https://trocco.io", True),
        (".trocco.io", "https://a.trocco.io", True),
        ("*.trocco.io", "https://a.trocco.io", True),
        ("TROCCO.IO", "https://trocco.IO", True),
        ("trocco.io.", "https://trocco.io", True),
        ("cco.io", "https://trocco.io", False),
        ("a.trocco.io", "https://trocco.io", False),
        ("trocco.io:443", "https://trocco.io", True),
        ("trocco.io:8443", "https://trocco.io", False),
        ("trocco.io:8443", "https://trocco.io:8443", True),
        ("a  b\ttrocco.io", "https://trocco.io", True),
        (" , ,", "https://trocco.io", False),
        ("*", "https://trocco.io", True),
        ("a,*", "https://trocco.io", True),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.0.0.1/8", "https://10.1.2.3", True),
        ("10.0.0.0/33", "https://10.1.2.3", False),
        ("10.0.0.0/8:443", "https://10.1.2.3", True),
        ("10.0.0.0/8", "https://trocco.io", False),
        ("10.1.2.3", "https://10.1.2.3", True),
        ("1.2.3", "https://10.1.2.3", False),
        ("::1", "https://[::1]:8443", True),
        ("[::1]", "https://[::1]", True),
        ("[::1]:8443", "https://[::1]:8443", True),
        ("[::1]:8443", "https://[::1]", False),
        ("0:0:0:0:0:0:0:1", "https://[::1]", True),
        ("fe80::/10", "https://[fe80::1234]", True),
        ("[fe80::]/10", "https://[fe80::1234]", True),
        ("https://trocco.io", "https://trocco.io", False),
        ("[", "https://trocco.io", False),
        (":", "https://trocco.io", False),
        ("", "http://127.0.0.1:8045", True),
    ],
)
def test_no_proxy_is_read_by_rules_of_its_own(no_proxy: str, url: str, excepted: bool) -> None:
    network = read_network({"HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy})
    assert (network.proxy_for(url) is None) is excepted
    assert (read_network({"https_proxy": PROXY, "no_proxy": no_proxy}).proxy_for(url) is None) is excepted


@pytest.mark.parametrize(
    ("address", "proxy", "sign_in"),
    [
        (PROXY, PROXY, None),
        ("proxy.example.com:8080", PROXY, None),
        (f" {PROXY}/\n", PROXY, None),
        ("HTTPS://proxy.example.com", "https://proxy.example.com", None),
        ("http://kato:p%40ss%23w%2Frd@127.0.0.1:3128", "http://127.0.0.1:3128", ("kato", "p@ss#w/rd")),
        ("http://kato@example.com:pass@127.0.0.1:3128", "http://127.0.0.1:3128", ("kato@example.com", "pass")),
        ("http://[::1]:3128", "http://[::1]:3128", None),
    ],
)
def test_a_proxys_address_is_read(address: str, proxy: str, sign_in: tuple[str, str] | None) -> None:
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        found = read_network({variable: address}).proxy_for("https://trocco.io")
        assert found is not None
        assert (found.variable, found.address, found.sign_in) == (variable.upper(), proxy, sign_in)
        assert "pass" not in f"{found} {found!r} {found.described}"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "http://kato:12#34@127.0.0.1:9103",
            "the user name or password has a reserved character; write # as %23",
        ),
        (
            "http://kato:99/ss@127.0.0.1:9103",
            "the user name or password has a reserved character; write / as %2F",
        ),
        (
            "http://kato:77?x@127.0.0.1:9103",
            "the user name or password has a reserved character; write ? as %3F",
        ),
        (
            "kato:pa#s/s@127.0.0.1:9103",
            "the user name or password has a reserved character; write # as %23, / as %2F",
        ),
        (
            "http://kato:pa s@127.0.0.1",
            "the user name or password has a reserved character; write a space as %20",
        ),
        (
            "http://kato:100%@127.0.0.1",
            "the user name or password has a reserved character; write % as %25",
        ),
        ("socks5://kato:12@127.0.0.1:1", "SOCKS proxies are not supported; give an HTTP proxy"),
        ("SOCKS5h://127.0.0.1:1", "SOCKS proxies are not supported"),
        ("ftp://kato:12@127.0.0.1", "must be the address of an HTTP proxy, such as http://proxy.example.com:8080"),
        ("http://kato:12@127.0.0.1:port", "must be the address of an HTTP proxy"),
        ("http://kato:12@127.0.0.1:99999", "must be the address of an HTTP proxy"),
        ("http://kato:12@", "must be the address of an HTTP proxy"),
        ("http://127.0.0.1:3128/kato", "must be the address of an HTTP proxy"),
        ("http://127.0.0.1:3128#kato", "must be the address of an HTTP proxy"),
        ("http://kato:12@[::1", "must be the address of an HTTP proxy"),
        ("http://kato:1\u200b2@127.0.0.1", "has the invisible character U+200B"),
        ("http://kato:1\n2@127.0.0.1", "has the invisible character U+000A"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_one_line_that_shows_nothing_of_it(address: str, words: str) -> None:
    for variable in ("HTTPS_PROXY", "ALL_PROXY"):
        with pytest.raises(NetworkError) as caught:
            read_network({variable: address})
        assert str(caught.value).startswith(f"{variable}: {words}")
        assert len(str(caught.value).splitlines()) == 1
        assert not [part for part in ("kato", "12", "34", "99", "77", "pa#", "9103") if part in str(caught.value)]


def test_https_proxy_comes_before_all_proxy_and_no_proxy_before_both() -> None:
    both = {"HTTPS_PROXY": PROXY, "ALL_PROXY": "socks5://127.0.0.1:1"}
    found = read_network(both).proxy_for("https://trocco.io")
    assert found is not None
    assert found.variable == "HTTPS_PROXY"
    assert read_network({"ALL_PROXY": "socks5://127.0.0.1:1", "NO_PROXY": "*"}).proxy is None


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(NetworkError) as caught:
        read_network({"HTTPS_PROXY": "socks5://127.0.0.1", "SSL_CERT_FILE": "/none.pem"})
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == ["HTTPS_PROXY", "SSL_CERT_FILE"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_certificates_are_not_read_from_a_pipe_which_could_be_read_only_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NetworkError, match=r"SSL_CERT_FILE: .*pipe: cannot read: is a device, not a file"):
        read_network({"SSL_CERT_FILE": str(tmp_path / "pipe")})


def test_no_other_module_makes_a_client() -> None:
    """One way out: proxy, certificates and who gets which header are decided in network.py alone."""
    package = Path(generator.__file__).parent
    forbidden = {
        *("Client", "AsyncClient", "HTTPTransport", "AsyncHTTPTransport", "Proxy", "create_ssl_context"),
        *("get", "post", "put", "patch", "delete", "head", "options", "request", "stream"),
    }
    found = set()
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {f"{name}: {alias.name}" for alias in node.names if alias.name in _OTHER_CLIENTS}
            if isinstance(node, ast.ImportFrom) and node.module in {"httpx", *_OTHER_CLIENTS}:
                found.add(f"{name}: from {node.module}")
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "httpx":
                found |= {f"{name}: httpx.{called.attr}"} if called.attr in forbidden else set()
    assert {each for each in found if not each.startswith("network.py: ")} == set()
    assert "network.py: httpx.Client" in found


_OTHER_CLIENTS = {"urllib.request", "http.client", "requests", "aiohttp", "urllib3", "ftplib", "smtplib"}
