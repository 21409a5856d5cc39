"""Single requests for records of a log app, for `runbutton run`: the runtime decides what to repeat."""

from collections.abc import Mapping

import httpx

from generator.errors import KintoneError
from generator.kintone.answers import Json, json_of
from generator.kintone.connection import Connection, read_connection, read_location
from generator.words import Text, in_words

# kintone answers such requests within seconds, and the runtime gives up after ten.
_ANSWER_WITHIN = 15


class Records:
    """Sends requests for records with the rights of the user or API token of `environ`.

    Without usable settings every request fails with the reason, because a log must not prevent a run.
    """

    def __init__(self, environ: Mapping[str, str], language: str) -> None:
        self._language = language
        self._connection: Connection | None = None
        self._problem: tuple[Text, ...] = ()
        self.location: Json = {"origin": "", "pathname": "/k/"}
        """The origin and path of kintone's pages, as in a browser's `location`; empty if the address is not known."""
        try:
            self._connection = read_connection(environ, to_read_records=True)
            self.location = read_location(environ)
        except KintoneError as error:
            self._problem = error.lines

    def call(self, method: str, path: str, body: Json) -> Json:
        """`answer`, or `error` in the format of kintone's errors; an error without `code` means no answer."""
        if self._connection is None:
            message = " ".join(in_words(self._language, line) for line in self._problem)
            return {"error": {"code": "KINTONE", "message": message}}
        try:
            with self._connection.client(timeout=_ANSWER_WITHIN) as client:
                given = {"params": body} if method == "GET" else {"json": body}
                response = client.request(method, f"{self._connection.address}/v1/{path}", **given)
            answer = json_of(response)
        except httpx.RequestError as error:
            why = self._connection.network.why(error, self._connection.base_url)
            return {"error": {"message": self._connection.mask(why.text(self._language))}}
        except ValueError:
            return {"error": {"message": str(response.status_code)}}
        if response.is_success and isinstance(answer, dict):
            return {"answer": answer}
        said = answer if isinstance(answer, dict) else {}
        code, message = str(said.get("code", response.status_code)), str(said.get("message", ""))
        # A failure of the server itself may pass, whatever its code.
        known = {"code": code} if response.status_code < 500 or code == "GAIA_RE18" else {}
        return {"error": {**known, "message": self._connection.mask(message)}}
