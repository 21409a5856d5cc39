"""A certificate authority of a test's own, and servers on the loopback address: one with TLS, one that is a proxy."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


class PrivateCa:
    """A self-made authority: `file` has its certificate."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Faster to generate than RSA keys.
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test CA")])
        self.file = folder / "ca.pem"
        self.file.write_bytes(self._certificate(self._name, self._key.public_key(), is_ca=True))

    def context(self, host: str, *, days: int = 30) -> ssl.SSLContext:
        """A server's context for `host`; with `days` below 0 its certificate has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        pem = self._folder / f"{host}.pem"
        pem.write_bytes(private + self._certificate(name, key.public_key(), host=host, days=days))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    def expired(self) -> Path:
        """A file with a certificate of this authority that has expired."""
        path = self._folder / "expired.pem"
        path.write_bytes(self._certificate(self._name, self._key.public_key(), is_ca=True, days=-1))
        return path

    def _certificate(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, *, is_ca: bool = False, host: str = "", days: int = 30
    ) -> bytes:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(
            self._name, name, key, x509.random_serial_number(), now - timedelta(days=40), now + timedelta(days=days)
        ).add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        own = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(own, critical=False)
        if is_ca:
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)


@contextmanager
def listening(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port of the loopback address that passes each connection to `handle` in a separate thread."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:  # The test is over.
                    return
                threading.Thread(target=_handled, args=(handle, connection), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)


def _handled(handle: Callable[[socket.socket], None], connection: socket.socket) -> None:
    try:
        with connection:
            handle(connection)
    except OSError:  # The other side has closed, as some tests intend.
        pass


def request_head(connection: socket.socket) -> str:
    """The first line and the headers of a request."""
    head = b""
    while b"\r\n\r\n" not in head and (part := connection.recv(1)):
        head += part
    return head.decode("latin-1")


def connect_proxy(port: int, asked: list[str], status: str = "200 OK") -> Callable[[socket.socket], None]:
    """A proxy that leads each CONNECT, whatever its host, to a port of the loopback address."""

    def handle(connection: socket.socket) -> None:
        asked.append(request_head(connection))
        if not status:
            return
        connection.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())
        if status.startswith("200"):
            with socket.create_connection(("127.0.0.1", port)) as inner:
                # Each direction ends separately: closing with unread data would discard the last data sent.
                back = threading.Thread(target=_pump, args=(inner, connection, socket.SHUT_WR), daemon=True)
                back.start()
                _pump(connection, inner, socket.SHUT_WR)
                back.join()

    return handle


def with_tls(context: ssl.SSLContext, port: int) -> Callable[[socket.socket], None]:
    """Terminates TLS, and forwards the data to a port of the loopback address."""

    def handle(connection: socket.socket) -> None:
        with (
            context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False) as plain,
            socket.create_connection(("127.0.0.1", port)) as inner,
        ):
            try:
                plain.do_handshake()
            except ssl.SSLError:
                # The client may have sent its request already: see connect_proxy.
                socket.socket.shutdown(plain, socket.SHUT_WR)
                while socket.socket.recv(plain, 65536):
                    pass
                return
            threading.Thread(target=_pump, args=(inner, plain), daemon=True).start()
            _pump(plain, inner)

    return handle


def _pump(source: socket.socket, sink: socket.socket, end: int = socket.SHUT_RDWR) -> None:
    try:
        while part := source.recv(65536):
            sink.sendall(part)
        sink.shutdown(end)
    except OSError:
        pass
