import hashlib
import os
import shutil
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from generator.errors import SigningError
from generator.signing import Key, load_key, new_key, write_key
from generator.units.plugin import Plugin

OPEN = NoEncryption()
PKCS1, PKCS8, OPENSSH = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8, PrivateFormat.OpenSSH


def mersenne_key(p: int, q: int) -> rsa.RSAPrivateKey:
    """The RSA key of the primes 2^p - 1 and 2^q - 1: the same in every run, and obviously not secret."""
    p, q, e = 2**p - 1, 2**q - 1, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, *crt, rsa.RSAPublicNumbers(e, p * q))
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)  # Mersenne found out that they are primes.


KEY = Key(mersenne_key(607, 521))  # 1128 bits


def load(text_or_path: str, folder: Path) -> Key:
    """The key of a plug-in that has this as its `key`, in a config of the folder."""
    return load_key(Plugin.model_validate({"name": "Run", "key": text_or_path}), folder)


def pem(key: Key | PrivateKeyTypes, form: PrivateFormat = PKCS1, lock: KeySerializationEncryption = OPEN) -> str:
    private = key.private if isinstance(key, Key) else key
    return private.private_bytes(Encoding.PEM, form, lock).decode()


def block(label: str) -> str:
    return f"-----BEGIN {label}-----\nMIIBFAKE\n-----END {label}-----\n"


@pytest.fixture
def openssl(tmp_path: Path) -> Callable[..., bytes]:
    """Runs the openssl executable in tmp_path, so that an independent program checks the output."""
    program = shutil.which("openssl")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have the openssl executable on PATH")
        pytest.skip("there is no openssl executable on PATH")

    def run(*arguments: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run([program, *arguments], input=stdin, capture_output=True, cwd=tmp_path, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return run


# --- ID, public key, signature ---


def test_the_plugin_id_is_the_one_of_the_documented_shell_recipe() -> None:
    # openssl rsa -in key.pem -pubout -outform DER | sha256sum | cut -c1-32 | tr 0-9a-f a-p
    assert KEY.id == "ghkkggoaginankanjhkhjfapnfgfnhjc"


def test_the_signature_is_the_one_openssl_makes() -> None:
    # printf contents.zip | openssl dgst -sha1 -sign key.pem | sha256sum
    expected = "c1e63d08c0aebd390a55983f4ff1892d46fb824010e744b1222849e025479526"
    assert hashlib.sha256(KEY.sign(b"contents.zip")).hexdigest() == expected


def test_a_key_of_openssl_gives_the_public_key_and_id_that_openssl_gives(
    tmp_path: Path, openssl: Callable[..., bytes]
) -> None:
    openssl("genrsa", "-out", "key.pem", "1024")
    der = openssl("rsa", "-in", "key.pem", "-pubout", "-outform", "DER")
    letters = "".join("abcdefghijklmnop"[int(digit, 16)] for digit in hashlib.sha256(der).hexdigest()[:32])

    key = load("key.pem", tmp_path)

    assert key.public_der == der
    assert key.id == letters


def test_openssl_verifies_a_signature_and_refuses_it_for_other_data(
    tmp_path: Path, openssl: Callable[..., bytes]
) -> None:
    key = new_key()
    (tmp_path / "public.der").write_bytes(key.public_der)
    (tmp_path / "public.pem").write_bytes(openssl("rsa", "-pubin", "-inform", "DER", "-in", "public.der"))
    (tmp_path / "signature").write_bytes(key.sign(b"the contents"))
    verify = ("dgst", "-sha1", "-verify", "public.pem", "-signature", "signature")

    assert openssl(*verify, stdin=b"the contents") == b"Verified OK\n"
    with pytest.raises(AssertionError):
        openssl(*verify, stdin=b"the Contents")


def test_a_crypto_policy_without_sha1_is_said_in_words() -> None:
    class KeyUnderSuchAPolicy:
        def sign(self, *_: object) -> bytes:
            raise UnsupportedAlgorithm("sha1 is not supported by this backend for RSA signing.")

    with pytest.raises(SigningError, match="crypto policy forbids SHA-1"):
        Key(cast("rsa.RSAPrivateKey", KeyUnderSuchAPolicy())).sign(b"")


def test_a_crypto_policy_without_short_keys_is_said_in_words(tmp_path: Path) -> None:
    # OpenSSL that allows only FIPS-approved algorithms.
    (tmp_path / "openssl.cnf").write_text(
        "openssl_conf = a\n[a]\nalg_section = b\n[b]\ndefault_properties = fips=yes\n", encoding="utf-8"
    )
    code = (
        "from cryptography.hazmat.bindings._rust import openssl\n"
        "from generator import errors, signing\n"
        "if not openssl.is_fips_enabled(): raise SystemExit('takes no OPENSSL_CONF')\n"
        "try: signing.new_key()\n"
        "except errors.SigningError as error: print(error)\n"
    )
    environ = os.environ | {"OPENSSL_CONF": str(tmp_path / "openssl.cnf")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=Path(__file__).parent.parent, capture_output=True, check=False
    )
    if b"takes no OPENSSL_CONF" in done.stderr:
        pytest.skip("this build of cryptography takes no OPENSSL_CONF")
    assert b"forbids RSA keys of 1024 bits" in done.stdout, done.stderr.decode()


# --- making and writing ---


def test_a_new_key_has_kintones_size_and_is_another_each_time() -> None:
    first, second = new_key(), new_key()
    assert (first.private.key_size, first.private.public_key().public_numbers().e) == (1024, 65537)
    assert first.id != second.id


def test_a_written_key_is_pkcs1_with_a_newline_and_reads_back(tmp_path: Path) -> None:
    write_key(KEY, tmp_path / "private.ppk")

    written = (tmp_path / "private.ppk").read_bytes()
    assert written.startswith(b"-----BEGIN RSA PRIVATE KEY-----\n")
    assert written.endswith(b"\n-----END RSA PRIVATE KEY-----\n")
    assert load("private.ppk", tmp_path).id == KEY.id


def test_openssl_finds_a_written_key_consistent(tmp_path: Path, openssl: Callable[..., bytes]) -> None:
    write_key(new_key(), tmp_path / "private.ppk")
    assert b"RSA key ok" in openssl("rsa", "-in", "private.ppk", "-check", "-noout")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_written_key_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_key(KEY, tmp_path / "private.ppk")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "private.ppk").stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "private.ppk"
    path.write_text("somebody's only key", encoding="utf-8")
    with pytest.raises(SigningError, match="already exists; not overwritten"):
        write_key(KEY, path)
    assert path.read_text(encoding="utf-8") == "somebody's only key"


@pytest.mark.skipif(os.name == "nt", reason="making a symbolic link needs a privilege on Windows")
def test_a_key_is_not_written_through_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "private.ppk").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SigningError, match="already exists; not overwritten"):
        write_key(KEY, tmp_path / "private.ppk")
    assert not (tmp_path / "elsewhere").exists()


def test_a_key_for_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="cannot write: No such file or directory"):
        write_key(KEY, tmp_path / "no" / "private.ppk")


# --- reading ---


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(pem(KEY, PKCS1), id="PKCS#1"),
        pytest.param(pem(KEY, PKCS8), id="PKCS#8"),
        pytest.param(pem(KEY).rstrip("\n"), id="no newline at the end, as plugin-packer writes it"),
        pytest.param(pem(KEY).replace("\n", "\r\n"), id="CRLF"),
        pytest.param("\n" + pem(KEY) + "\n\n", id="empty lines around it"),
        pytest.param(pem(KEY).replace("\n", r"\n"), id="line ends written out"),
        pytest.param(pem(KEY).replace("\n", r"\r\n"), id="CRLF written out"),
        pytest.param(block("CERTIFICATE") + pem(KEY), id="beside its certificate"),
    ],
)
def test_a_key_is_read_from_the_config_and_from_a_file_alike(tmp_path: Path, content: str) -> None:
    (tmp_path / "private.ppk").write_bytes(content.encode())
    assert load(content, tmp_path).id == KEY.id
    assert load("private.ppk", tmp_path).id == KEY.id


@pytest.mark.parametrize("bits", [1024, 2048])
def test_an_rsa_key_of_an_allowed_size_is_read(tmp_path: Path, bits: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    assert load(pem(key), tmp_path).private.key_size == bits


def composite_key(bits: int) -> rsa.RSAPrivateKey:
    """A key of so many bits whose factors are no primes."""
    q = 3**323
    p = 2 ** (bits - 1) // q + 1 | 1
    crt = rsa.rsa_crt_dmp1(5, p), rsa.rsa_crt_dmq1(5, q), 5
    numbers = rsa.RSAPrivateNumbers(p, q, 5, *crt, rsa.RSAPublicNumbers(65537, p * q))
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


@pytest.mark.parametrize("form", [PKCS1, PKCS8])
@pytest.mark.parametrize(
    ("bits", "words"),
    [(1023, "of 1023 bits"), (1024, "damaged"), (4096, "damaged"), (4097, "of 4097 bits"), (99_999, "of 99999 bits")],
)
def test_the_size_is_judged_before_the_primes_whose_check_can_take_minutes(
    tmp_path: Path, bits: int, words: str, form: PrivateFormat
) -> None:
    with pytest.raises(SigningError, match=words):
        load(pem(composite_key(bits), form), tmp_path)


def test_a_path_is_relative_to_the_folder_of_the_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "project" / "keys").mkdir(parents=True)
    write_key(KEY, tmp_path / "project" / "keys" / "private.ppk")
    monkeypatch.chdir(tmp_path)
    assert load("keys/private.ppk", Path("project")).id == KEY.id


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    write_key(KEY, tmp_path / "private.ppk")
    assert load(str(tmp_path / "private.ppk"), Path("elsewhere")).id == KEY.id


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "private.ppk").write_text(pem(KEY), encoding="utf-8-sig")
    assert load("private.ppk", tmp_path).id == KEY.id


LOCK = BestAvailableEncryption(b"passphrase")
LINES = pem(KEY).splitlines()
EC = ec.generate_private_key(ec.SECP256R1())
SSH_PUBLIC_KEY = KEY.private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
PUTTY = f"PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n{LINES[1]}\n"

BAD_KEYS: dict[str, tuple[str, str]] = {
    "PKCS#1 under a passphrase": (pem(KEY, PKCS1, LOCK), "is protected by a passphrase; remove it with"),
    "PKCS#8 under a passphrase": (pem(KEY, PKCS8, LOCK), "is protected by a passphrase; remove it with"),
    "OpenSSH": (pem(KEY, OPENSSH), "is an OpenSSH private key; convert a copy"),
    "PuTTY": (PUTTY, "is a PuTTY key, .*; give the plug-in's own key"),
    "EC": (pem(EC, PKCS1), "is not an RSA key; give the plug-in's own key"),
    "EC in PKCS#8": (pem(EC, PKCS8), "is not an RSA key; give the plug-in's own key"),
    "Ed25519": (pem(ed25519.Ed25519PrivateKey.generate(), PKCS8), "is not an RSA key; give the plug-in's own key"),
    "DSA": (block("DSA PRIVATE KEY"), "is not an RSA key; give the plug-in's own key"),
    "public key": (block("PUBLIC KEY"), "is a public key; give the private key"),
    "PKCS#1 public key": (block("RSA PUBLIC KEY"), "is a public key; give the private key"),
    "SSH public key": (SSH_PUBLIC_KEY + " me@example.com\n", "is an SSH public key; give the plug-in"),
    "certificate": (block("CERTIFICATE"), "is a certificate; give the private key"),
    "something else in PEM": (block("X509 CRL"), "is not a private key; give the plug-in"),
    "not PEM": ("hello\nworld\n", "is not a PEM key"),
    "two keys": (pem(KEY) + pem(EC), "has more than one private key"),
    "no BEGIN line": ("\n".join(LINES[1:]), "is not a PEM key"),
    "BEGIN line alone": (LINES[0] + "\n", "the key is damaged or incomplete"),
    "cut off": ("\n".join(LINES[:5]), "the key is damaged or incomplete"),
    "a line missing": ("\n".join(LINES[:5] + LINES[6:]), "the key is damaged or incomplete"),
    "two lines swapped": ("\n".join([*LINES[:5], LINES[6], LINES[5], *LINES[7:]]), "the key is damaged or incomplete"),
    "not Base64": (block("RSA PRIVATE KEY"), "the key is damaged or incomplete"),
    "too short": (pem(mersenne_key(521, 127)), "RSA key of 648 bits; must be from 1024 .* to 4096 bits"),
    "too long": (pem(mersenne_key(2281, 2203)), "RSA key of 4484 bits; must be from 1024 .* to 4096 bits"),
    "too long, PKCS#8": (
        pem(mersenne_key(2281, 2203), PKCS8),
        "RSA key of 4484 bits; must be from 1024 .* to 4096 bits",
    ),
}


def assert_one_line_without(secret: str, raised: pytest.ExceptionInfo[SigningError]) -> None:
    assert "\n" not in str(raised.value)
    shown = "".join(traceback.format_exception(raised.value))
    for line in secret.splitlines():
        if len(line) >= 20 and "-----" not in line:
            assert line not in shown


@pytest.mark.parametrize(("content", "words"), BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_key_that_cannot_be_used_is_refused_in_one_line_that_says_what_to_do(
    tmp_path: Path, content: str, words: str
) -> None:
    (tmp_path / "bad.ppk").write_text(content, encoding="utf-8")

    with pytest.raises(SigningError, match=rf"bad\.ppk: .*{words}") as from_file:
        load("bad.ppk", tmp_path)
    with pytest.raises(SigningError) as from_config:
        load(content, tmp_path)

    # With another key the plug-in that is installed could never be updated.
    assert "runbutton keygen" not in f"{from_file.value} {from_config.value}"
    assert_one_line_without(content, from_file)
    assert_one_line_without(content, from_config)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("".join(LINES[1:-1]), id="a key without BEGIN and END"),
        pytest.param(LINES[1], id="one line of a key"),
        pytest.param(r"\n".join(LINES[1:3]), id="lines of a key, line ends written out"),
        pytest.param(" ".join(LINES[1:3]), id="lines of a key, folded"),
    ],
)
def test_a_piece_of_a_key_is_not_shown_as_if_it_were_a_path(tmp_path: Path, text: str) -> None:
    with pytest.raises(SigningError, match="key: is neither a readable file nor a PEM text") as raised:
        load(text, tmp_path)
    for line in LINES[1:-1]:
        assert line not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "none.ppk",
            r"none\.ppk: no such file; give the path of the plug-in's key \(how to get one: `runbutton guide`\)$",
        ),
        ("C:\\keys\new\team.ppk", r"^key: the path has a line break, a tab .* put a Windows path in 'single quotes'"),
        ("keys\team.ppk", r"^key: the path has a line break, a tab"),
        (".", r": is a folder; give the path of the key file$"),
    ],
)
def test_a_path_that_leads_to_no_key_is_said_in_words(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SigningError, match=words):
        load(text, tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="no rights can keep this user from reading")
def test_a_key_that_may_not_be_read_is_said_in_words(tmp_path: Path) -> None:
    write_key(KEY, tmp_path / "private.ppk")
    (tmp_path / "private.ppk").chmod(0)
    with pytest.raises(SigningError, match=r"private\.ppk: cannot read: Permission denied"):
        load("private.ppk", tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(KEY.private.private_bytes(Encoding.DER, PKCS1, OPEN), id="DER"),
        pytest.param(pem(KEY).encode("utf-16"), id="UTF-16, as PowerShell's > writes it"),
    ],
)
def test_a_file_that_is_no_utf8_text_is_refused_with_the_way_to_convert_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(SigningError, match="is not a PEM text, perhaps DER or UTF-16; convert DER with"):
        load("key", tmp_path)


@pytest.mark.parametrize("part", ["MIICXAIBAAKBgQ", "9f86d081884c7d659a2feaa0c55ad015", "ab+cd/ef==", "-----END RSA"])
def test_no_part_of_a_key_is_repeated_though_it_may_be_a_path(tmp_path: Path, part: str) -> None:
    with pytest.raises(SigningError) as caught:
        load(part, tmp_path)
    assert part not in str(caught.value)
    assert str(caught.value).startswith("key: ")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no devices among its files")
def test_a_key_is_read_from_no_device_and_within_bounds(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="is a device"):
        load("/dev/zero", tmp_path)
    (tmp_path / "large.ppk").write_bytes(b"x" * 1_000_000)
    with pytest.raises(SigningError, match="must be at most 256 KiB"):
        load("large.ppk", tmp_path)
