"""A unit's run without a page: the page's own modules in an embedded V8, and an HTTP client in kintone's proxy's place.

So the terminal and the page cannot decide or say different things.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import httpx
from py_mini_racer import MiniRacer
from pydantic import SecretStr

from generator.customization import terminal_program, unit_for_page
from generator.units.unit import Unit
from generator.units.values import Json

Outcome = Literal["succeeded", "failed", "not started", "unknown"]

# A service answers in seconds; what takes longer than kintone's own proxy would wait counts as lost.
_ANSWER_WITHIN = 120


@dataclass(frozen=True)
class Step:
    """A part of the run: its name, its state as the page has it, and the words for that."""

    name: str
    state: str
    words: str


@dataclass(frozen=True)
class View:
    """Where a run stands, in the user's language.

    `state` is one of the page's, `started` whether the service accepted the run, `line` what goes on, `words` whether
    anything ran and what to do, `own` the service's own code and text, `link` where to see the run, each maybe empty.
    """

    state: str
    started: bool
    line: str
    steps: tuple[Step, ...]
    words: tuple[str, ...]
    own: str
    link: str

    @property
    def is_over(self) -> bool:
        """Whether this is the end of it."""
        return self.state not in {"idle", "confirming", "starting", "queued", "running"}

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        if self.state in {"succeeded", "unknown"}:
            return "succeeded" if self.state == "succeeded" else "unknown"
        return "failed" if self.started else "not started"


@dataclass(frozen=True)
class Start:
    """What a start takes: the unit, with `secret` where its config has none, the app and its record, and who starts it.

    `record` is as kintone's REST API gives it; `user` is a login name, `language` "ja" or "en".
    """

    unit: Unit
    secret: str
    app_id: int
    record_id: int | None
    record: Json
    user: str
    language: str


async def run_unit(start: Start, client: httpx.AsyncClient, show: Callable[[View], None]) -> View:
    """Starts the unit once and follows it to its end, or until it is lost sight of; returns the last view.

    `show` gets each view on the way. No error of the network or the service is raised: they end the run, in words.
    """

    async def send(request: str) -> str:
        return json.dumps(await _answer(client, **json.loads(request)))

    async def show_view(view: str) -> None:
        show(_view(view))

    with MiniRacer() as engine:
        engine.eval(terminal_program(start.unit.module()))
        async with engine.wrap_py_function(send) as js_send, engine.wrap_py_function(show_view) as js_show:
            run_in_engine: Any = engine.eval("runUnit")
            return _view(await run_in_engine(json.dumps(_job(start)), js_send, js_show))


def open_client(preview: str | None) -> httpx.AsyncClient:
    """The client for `run_unit`: to the services themselves, or to those that a preview at this address emulates."""
    return httpx.AsyncClient(transport=_Emulated(preview) if preview else None)


class _Emulated(httpx.AsyncHTTPTransport):
    """Sends what is meant for https://host/path to /services/host/path of a preview."""

    def __init__(self, preview: str) -> None:
        super().__init__()
        self._preview = httpx.URL(preview)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = f"/services/{request.url.host}".encode() + request.url.raw_path
        headers = {**request.headers, "host": self._preview.netloc.decode()}
        url = self._preview.copy_with(raw_path=path)
        return await super().handle_async_request(
            httpx.Request(request.method, url, headers=headers, stream=request.stream, extensions=request.extensions)
        )


def _job(start: Start) -> Json:
    unit = start.unit
    if start.secret and unit.secret_key:
        unit = unit.model_copy(update={unit.secret_key: SecretStr(start.secret)})
    return {
        "unit": unit_for_page(unit),
        "shown": {
            "device": "desktop",
            "page": "index" if start.record_id is None else "detail",
            "appId": start.app_id,
            "recordId": start.record_id,
            "record": start.record,
        },
        "user": {"code": start.user, "language": start.language, "timezone": ""},
    }


async def _answer(client: httpx.AsyncClient, method: str, url: str, headers: dict[str, str], data: str) -> list[Any]:
    content = data.encode() if method in {"POST", "PUT"} else None
    try:
        answer = await client.request(method, url, headers=headers, content=content, timeout=_ANSWER_WITHIN)
    except httpx.HTTPError as error:
        # Neither headers nor body: they hold secrets.
        raise ConnectionError(f"{httpx.URL(url).host}: {type(error).__name__}: {error}") from None
    return [answer.text, answer.status_code, dict(answer.headers)]


def _view(text: str) -> View:
    view = json.loads(text)
    steps = tuple(Step(**step) for step in view.pop("steps"))
    return View(**{**view, "steps": steps, "words": tuple(view["words"])})
