"""A unit's run without a page: the page's own modules in an embedded V8, and an HTTP client in kintone's proxy's place.

So the terminal and the page follow the same rules and use the same words. No exception passes through the engine,
because it would become a text with a traceback, paths and headers.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from py_mini_racer import MiniRacer
from pydantic import SecretStr

from generator.customization import terminal_program, unit_for_page
from generator.failures import Departure
from generator.invisible import in_one_line
from generator.masking import Mask
from generator.network import Network
from generator.starts import Starts
from generator.units.unit import Unit
from generator.units.values import Json
from generator.words import Message, Text

Outcome = Literal["succeeded", "failed", "not started", "unknown"]

# Services answer within seconds; an answer after kintone's own proxy timeout counts as lost.
_ANSWER_WITHIN = 120
# Longer than any answer of the services; a longer text would only fill the terminal and logs.
_LONGEST_ANSWER = 4 * 1024 * 1024
_LONGEST_TEXT = 1000
_MOST_STEPS = 200


@dataclass(frozen=True)
class Step:
    """A step of the run: its name, its state as in the page, and the words for that."""

    name: str
    state: str
    words: str


@dataclass(frozen=True)
class View:
    """The status of a run, in the user's language.

    `state` is one of the page's, `started` whether the service accepted the run, `reason` the error, `line` the current
    activity, `words` whether anything ran and what to do, `own` the service's own code and text, `link` the run's
    address in the service; each can be empty. Times are milliseconds since 1970, None if not known yet.
    """

    state: str
    started: bool
    reason: str
    line: str
    steps: tuple[Step, ...]
    words: tuple[str, ...]
    own: str
    link: str
    startedAt: int | None  # noqa: N815 - as the modules name it.
    endedAt: int | None  # noqa: N815

    @property
    def is_over(self) -> bool:
        """Whether the run is over."""
        return self.state not in {"idle", "confirming", "starting", "queued", "running"}

    @property
    def outcome(self) -> Outcome:
        """How it ended. A job that its service skipped has not run."""
        if self.state in {"succeeded", "unknown"}:
            return "succeeded" if self.state == "succeeded" else "unknown"
        return "failed" if self.started and self.state != "skipped" else "not started"


@dataclass(frozen=True)
class LogApp:
    """The app that a run is recorded in. `call` sends a request to its kintone (method, path after /k/v1/, body), and
    returns `answer` or `error`; `location` has the `origin` and `pathname` of kintone's pages. `unit` has more keys of
    the unit for the runtime, and `features` are the parts of the runtime that the run needs."""

    unit: dict[str, Json]
    features: tuple[str, ...]
    location: Json
    call: Callable[[str, str, Json], Json]


@dataclass(frozen=True)
class Start:
    """The inputs of a start: the unit, with `secret` if its config has none, the app and its record, and the user.

    `record` is in the format of kintone's REST API; `user` is a login name, `language` "ja" or "en". `wait`: if the
    service's rate limit allows no start yet, wait for it.
    """

    unit: Unit
    secret: str
    app_id: int
    record_id: int | None
    record: Json
    user: str
    language: str
    wait: bool = True
    log: LogApp | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    """The values of the unit's `ask`, all of them right."""
    location: Json = None
    """As LogApp's; needed if a variable has the record's address."""


class Way:
    """Sends requests to the services, and hides secrets in their answers.

    `leading_to` maps a service's address to the one to use. The services' clock is `ahead` by so many milliseconds, and
    `speed` times as fast. `has_sent` is set once a request may have arrived.
    """

    def __init__(
        self,
        network: Network,
        mask: Mask,
        leading_to: Callable[[str], str] = str,
        *,
        ahead: float = 0,
        speed: float = 1,
        language: str = "en",
    ) -> None:
        self.mask = mask
        self._language = language
        self.clock: Json = {"ahead": ahead, "speed": speed}
        self.has_sent = False
        self._network = network
        self._leading_to = leading_to
        self._client = network.async_client(timeout=_ANSWER_WITHIN)

    async def close(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def answer(self, method: str, url: str, headers: dict[str, str], data: str) -> Json:
        """kintone's triple; or why there is none, in one line: `notSent` if nothing left this machine, else `lost`."""
        departure = Departure()
        try:
            return await self._sent(method, self._leading_to(url), headers, data, departure)
        except Exception as error:
            if departure.has_left(error):
                self.has_sent = True
                return {"lost": self._why(error, url)}
            return {"notSent": self._why(error, url)}

    def _why(self, error: Exception, url: str) -> str:
        return self.mask(self._network.why(error, url).text(self._language))

    async def _sent(self, method: str, url: str, headers: dict[str, str], data: str, departure: Departure) -> Json:
        content = data.encode() if method in {"POST", "PUT"} else None
        body = bytearray()
        extensions = {"trace": departure}
        async with self._client.stream(method, url, headers=headers, content=content, extensions=extensions) as answer:
            self.has_sent = True
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _LONGEST_ANSWER:
                    limit = f"{_LONGEST_ANSWER // 1024 // 1024} MiB"
                    long = Message("start.longAnswer", host=answer.url.host, limit=limit)
                    return {"lost": long.text(self._language)}
        return [body.decode(errors="replace"), answer.status_code, dict(answer.headers)]


async def run_unit(
    start: Start, way: Way, starts: Starts, show: Callable[[View], None], say: Callable[[Text], None]
) -> View:
    """Starts the unit once and follows it to its end, or until its status is lost; returns the last view.

    `show` gets each view, `say` a line about anything else. No error of the network or the
    service is raised: it ends the run with a message.
    """

    async def send(request: str) -> str:
        return json.dumps(await way.answer(**json.loads(request)))

    async def take(limit: str) -> float:
        try:
            return starts.take(**json.loads(limit))
        except OSError as error:
            say(Message("start.notCounted", error=error))
            return 0

    async def call_records(request: str) -> str:
        answer = await asyncio.to_thread(start.log.call, *json.loads(request)) if start.log else {}
        return json.dumps(answer)

    async def show_view(view: str) -> None:
        show(_view(json.loads(view), way.mask))

    with MiniRacer() as engine:
        engine.eval(terminal_program(start.unit.module(), start.log.features if start.log else ()))
        async with (
            engine.wrap_py_function(send) as js_send,
            engine.wrap_py_function(take) as js_take,
            engine.wrap_py_function(call_records) as js_records,
            engine.wrap_py_function(show_view) as js_show,
        ):
            run_in_engine: Any = engine.eval("runUnit")
            job = json.dumps(_job(start, way))
            end = json.loads(await run_in_engine(job, js_send, js_take, js_records, js_show))
            if end["note"]:
                say(way.mask(end["note"]))
            return _view(end["view"], way.mask)


def _job(start: Start, way: Way) -> Json:
    unit = start.unit
    if start.secret and unit.secret_key:
        unit = unit.model_copy(update={unit.secret_key: SecretStr(start.secret)})
    return {
        "unit": unit_for_page(unit) | (start.log.unit if start.log else {}),
        "shown": {
            "device": "desktop",
            "page": "index" if start.record_id is None else "detail",
            "appId": start.app_id,
            "recordId": start.record_id,
            "record": start.record,
        },
        "user": {"code": start.user, "name": start.user, "language": start.language, "timezone": ""},
        "location": start.location or (start.log.location if start.log else None),
        "answers": dict(start.answers),
        "wait": start.wait,
        "clock": way.clock,
    }


def _view(view: dict[str, Any], mask: Mask) -> View:
    def shown(part: str) -> str:
        masked = in_one_line(mask(part))
        return masked if len(masked) <= _LONGEST_TEXT else f"{masked[:_LONGEST_TEXT]}…"

    steps = tuple(Step(shown(step["name"]), step["state"], step["words"]) for step in view["steps"][:_MOST_STEPS])
    texts = {name: shown(view[name]) for name in ("reason", "line", "own", "link")}
    return View(**{**view, **texts, "steps": steps, "words": tuple(map(shown, view["words"]))})
