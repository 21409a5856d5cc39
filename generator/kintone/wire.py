"""Requests to kintone: signed in, repeated if that can help, and with a message for every failure."""

import random
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from generator.errors import KintoneError
from generator.failures import NO_CLIENT_CERTIFICATE, causes_of
from generator.kintone.answers import ConflictError, Json, LostAnswerError, RefusedError, json_of, refusal
from generator.kintone.connection import Connection
from generator.words import Message, Text, of

_ATTEMPTS = 5
_LONGEST_PAUSE = 60  # seconds; a server may ask for more
_PATIENCE = 10.0  # seconds without an answer until a message
# Connecting is quick or fails; uploading a plug-in on a slow line can take long.
_TIMEOUT = httpx.Timeout(120, connect=15)


@dataclass(frozen=True)
class Call:
    """A request. `path` is what follows /k/v1/; `for_domain`: not in the guest space; `once`: it may have no second
    effect, so it is repeated only if kintone has certainly done nothing."""

    method: str
    path: str
    params: Mapping[str, str] | None = None
    body: Json = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None
    for_domain: bool = False
    once: bool = False


class Wire:
    """Sends requests to kintone. Several threads may use it at once."""

    def __init__(self, connection: Connection, pause: Callable[[float], None], say: Callable[[Text], None]) -> None:
        self._connection = connection
        self._pause = pause
        self._say = say
        host = urlsplit(connection.base_url).netloc
        proxy = connection.network.proxy_for(connection.base_url)
        self._host: Text = Message("network.through", host=host, proxy=proxy.described) if proxy else host
        self._reached = False
        self._waiting = False
        self._client = connection.client(timeout=_TIMEOUT)

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def json(self, call: Call) -> Json:
        """The answer's JSON. Fails as `send` does, and with KintoneError if it is not JSON."""
        try:
            return json_of(self.send(call))
        except ValueError:
            raise KintoneError(of(f"{call.method} {call.path}", Message("kintone.noJson"))) from None

    def send(self, call: Call, before_again: Callable[[], None] = lambda: None) -> httpx.Response:
        """The answer, after up to 5 attempts. `before_again` is called before each repetition; if it raises, they end.

        Raises RefusedError or ConflictError if kintone refuses, KintoneError if no answer arrives, and LostAnswerError
        if none arrives for a request that may be sent only once.
        """
        what = f"{call.method} {call.path}"
        trouble: tuple[Text, ...] = ()
        for attempt in range(1, _ATTEMPTS + 1):
            asked_for = 0.0
            try:
                with self._patience():
                    return self._once(what, call)
            except httpx.RequestError as error:
                trouble = (of(what, self._why_unreachable(error)),)
                if self._is_hopeless(error):
                    raise KintoneError(*trouble) from None
                if call.once and not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                    raise LostAnswerError(*trouble) from None
                short = Message("kintone.noAnswer", host=self._host)
            except RefusedError as error:
                if not error.passes:
                    raise
                if call.once and not error.did_nothing:
                    raise LostAnswerError(*error.lines) from None
                trouble, asked_for = error.lines, error.retry_after
                answer = f"{error.status} {error.code}".rstrip()
                short = Message("kintone.returned", host=self._host, answer=answer)
            if attempt < _ATTEMPTS:
                self._say(Message("kintone.again", what=short, attempt=attempt + 1, attempts=_ATTEMPTS))
                # Jitter, so that builds that failed together do not retry together.
                pause = max(2 ** (attempt - 1), min(asked_for, _LONGEST_PAUSE))
                self._pause(pause + random.uniform(0, 1))  # noqa: S311 - no secret depends on it.
                before_again()
        raise KintoneError(*trouble, Message("kintone.tried", attempts=_ATTEMPTS))

    def _once(self, what: str, call: Call) -> httpx.Response:
        base = f"{self._connection.base_url}/k" if call.for_domain else self._connection.address
        response = self._client.request(
            call.method, f"{base}/v1/{call.path}", params=call.params, json=call.body, files=call.files
        )
        self._reached = True
        if response.is_success:
            return response
        refused = refusal(what, response, self._connection.guest_space, self._connection.mask)
        if refused.status == 409:
            raise ConflictError(*refused.lines)
        raise refused

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """Reports that no answer has arrived for a while; of several waiting requests, only one reports it."""

        def say() -> None:
            if not self._waiting:
                self._waiting = True
                self._say(Message("kintone.waiting", host=self._host))

        timer = threading.Timer(_PATIENCE, say)
        timer.daemon = True
        timer.start()
        try:
            yield
            self._waiting = False
        finally:
            timer.cancel()

    def _is_hopeless(self, error: httpx.RequestError) -> bool:
        """Whether the next attempt will fail too: the cause is a setting, not a temporary fault."""
        causes = list(causes_of(error))
        if any(isinstance(cause, ssl.SSLError) for cause in causes) and "EOF" not in str(error):
            return True
        # A name that was resolved a moment ago will be resolved again.
        unknown_name = any(isinstance(cause, socket.gaierror) for cause in causes) and not self._reached
        return unknown_name or isinstance(
            error, httpx.ProxyError | httpx.UnsupportedProtocol | httpx.LocalProtocolError
        )

    def _why_unreachable(self, error: httpx.RequestError) -> Text:
        why = self._connection.network.why(error, self._connection.base_url)
        if why.value("why") == NO_CLIENT_CERTIFICATE:
            why += Message("kintone.setPfx")
        return self._connection.mask.text(why)
