"""krewData's API for real-time execution, emulated: requests a token, runs an execution unit, returns its status.

Rules without another source are those of the "krewData API Reference"
(https://krew.mescius.com/docs/online-krewdata/api.html). Where it is unclear, `Switches` has both readings.
"""

import base64
import binascii
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal
from urllib.parse import urlsplit

from generator.stub.services.krewdata.errors import ERRORS, ROWS
from generator.stub.services.krewdata.runs import ExecutionUnit, Run, Step
from generator.stub.wire import Clock, Request, Response

HOSTS = frozenset({"api.krewdata.grapecity.com", "api.krewdata.mescius.com"})
TOKEN_LIFE = timedelta(minutes=10)
# "Notes on real-time execution" (krew.mescius.com/docs/online-krewdata/realtime_cution.html): 5 runs a minute and unit.
RUNS_A_MINUTE = 5

# Never sends Access-Control-Allow-Origin: krewData refuses browsers, so only kintone's proxy can call it.
_HEADERS = {"Content-Type": "application/json; charset=utf-8"}


@dataclass
class Switches:
    """Facts that the reference leaves open; each can be changed at any time."""

    # Unconfirmed whether the HTTP status follows the body's `code`: the vendor's samples look at the body only.
    http_status: Literal["code", "200"] = "code"
    # Unconfirmed: "409" and status code "134" are both documented for one and the same cause, and whether the 409 body
    # has the `taskId` of the run in progress is not clear from the incomplete row.
    conflict: Literal["409", "134", "409-without-task-id"] = "409"
    # Unconfirmed: the reference has the 429 for /token; the notes on real-time execution say that surplus runs are
    # logged as failed.
    rate: Literal["429", "failure"] = "429"
    # Unconfirmed whether a token is still valid after a run that was refused for another reason.
    burn_token_on_error: bool = False
    # Unconfirmed: the 10 minutes are documented for /run, and the vendor's sample polls with its token for ever.
    status_token_expires: bool = False
    # Unconfirmed: the parameter table allows a number, the error row demands text.
    strict_app_id: bool = False
    # Unconfirmed which of two wrong parameters /token complains of.
    checks: Literal["app first", "licence first"] = "app first"
    # Unconfirmed whether /status takes any token of the unit or only the one that the run was started with.
    status_token: Literal["any", "own"] = "any"


@dataclass
class _Token:
    unit: str
    issued: datetime
    used: bool = False


class _RowError(Exception):
    def __init__(self, call: str, name: str, task_id: str | None = None) -> None:
        self.call, self.name, self.task_id = call, name, task_id


class KrewData:
    """krewData with the execution units in `units` (by id); `runs` and `unknown` record its requests for tests."""

    def __init__(self, clock: Clock) -> None:
        self.units: dict[str, ExecutionUnit] = {}
        self.switches = Switches()
        self.unknown: list[str] = []  # method and address of requests that no version of the reference has
        self._clock = clock
        self._lock = Lock()
        self._tokens: dict[str, _Token] = {}
        self._runs: dict[str, Run] = {}
        self._flows_started = 0

    @property
    def runs(self) -> list[Run]:
        """Every accepted run, oldest first."""
        return list(self._runs.values())

    def forget_runs(self) -> None:
        """Removes all runs and tokens."""
        with self._lock:
            self._runs.clear()
            self._tokens.clear()

    def owns(self, url: str) -> bool:
        """Whether an address is krewData's: one of its two documented hosts, or a unit's."""
        host = urlsplit(url).netloc.lower()
        return host in HOSTS or any(urlsplit(unit.url).netloc.lower() == host for unit in list(self.units.values()))

    def answer(self, request: Request) -> Response:
        """Answers a request as krewData would. The order of the checks is not documented; the emulator's is path,
        schema, types, presence, formats, look-ups, licence, rate."""
        with self._lock:
            try:
                return self._answer(request)
            except _RowError as refused:
                return self.error_response(refused.call, refused.name, refused.task_id)

    def error_response(self, call: str, name: str, task_id: str | None = None) -> Response:
        """The answer for a row of `ERRORS`, in any state; KeyError if there is no such row."""
        row = ROWS[call, name]
        body: dict[str, object] = {"code": row.code, "status": row.status, "description": row.description}
        if task_id is not None:
            body["taskId"] = task_id
        return Response(row.code if self.switches.http_status == "code" else 200, _json(body), _HEADERS)

    def _answer(self, request: Request) -> Response:
        base, _, call = urlsplit(request.url)._replace(query="", fragment="").geturl().rpartition("/")
        if call not in ERRORS or not urlsplit(base).path.startswith("/trigger/v1/"):
            self.unknown.append(f"{request.method} {base}/{call}")
            raise _RowError("token", "path")
        unit = self.units.get(base.rpartition("/")[2])
        if request.method != "POST" or unit is None or unit.url.rstrip("/") != base:
            raise _RowError(call, "path")
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            raise _RowError(call, "schema")
        answer = {"token": self._token, "run": self._run, "status": self._status}[call](unit, body)
        return Response(200, _json({"code": 200, "status": "OK", **answer}), _HEADERS)

    def _token(self, unit: ExecutionUnit, body: Mapping[str, object]) -> dict[str, object]:
        app_url, serial = _texts("token", body, "krewdataAppUrl", "serialNumber")
        if not re.fullmatch(r"https://[^/]+/k/[0-9]+/?", app_url):
            raise _RowError("token", "krewdataAppUrl-format")
        try:
            serial_number = base64.b64decode(serial, validate=True)
        except (binascii.Error, ValueError):
            raise _RowError("token", "serialNumber-format") from None
        licensed = serial_number == unit.serial_number.encode()
        if self.switches.checks == "licence first" and not licensed:
            raise _RowError("token", "licence")
        if app_url.rstrip("/") != unit.krewdata_app_url.rstrip("/"):
            raise _RowError("token", "krewdataAppUrl-unknown")
        if unit.method != "API":
            raise _RowError("token", "method")
        if not unit.enabled or not unit.flows:
            raise _RowError("token", "unit-disabled")
        if not licensed:
            raise _RowError("token", "licence")
        if self.switches.rate == "429":
            self._keep_rate(unit)
        token = secrets.token_hex(7)
        self._tokens[token] = _Token(unit.id, self._clock.now())
        return {"accessToken": token}

    def _run(self, unit: ExecutionUnit, body: Mapping[str, object]) -> dict[str, object]:
        try:
            return self._checked_run(unit, body)
        except _RowError:
            token = self._tokens.get(str(body.get("accessToken")))
            if token and self.switches.burn_token_on_error:
                token.used = True
            raise

    def _checked_run(self, unit: ExecutionUnit, body: Mapping[str, object]) -> dict[str, object]:
        app_id = body.get("appId")
        if isinstance(app_id, int) and not isinstance(app_id, bool) and not self.switches.strict_app_id:
            body = {**body, "appId": str(app_id)}
        record = body.get("record")
        if "record" in body and not _is_record(record):
            raise _RowError("run", "record-type")
        token_text, user, app_id = _texts("run", body, "accessToken", "user", "appId")
        token = self._tokens.get(token_text)
        # /run has no separate row for a unit that was disabled or emptied after the token was issued.
        if token is None or token.unit != unit.id or not unit.enabled or not unit.flows:
            raise _RowError("run", "accessToken-unknown")
        if token.used:
            raise _RowError("run", "accessToken-used")
        now = self._clock.now()
        if now - token.issued > TOKEN_LIFE:
            raise _RowError("run", "accessToken-expired")
        if unit.source_app not in (None, app_id):
            raise _RowError("run", "appId-unknown")
        not_executed = self._not_executed(unit, now)
        token.used = True
        run = Run(
            unit=unit.id,
            user=user,
            app_id=app_id,
            record=record if isinstance(record, dict) else None,
            task_id=secrets.token_hex(7),
            token=token_text,
            started=now,
            steps=self._steps(unit, now),
            not_executed=not_executed,
        )
        self._runs[run.task_id] = run
        return {"taskId": run.task_id}

    def _status(self, unit: ExecutionUnit, body: Mapping[str, object]) -> dict[str, object]:
        token_text, task_id = _texts("status", body, "accessToken", "taskId")
        now = self._clock.now()
        token = self._tokens.get(token_text)
        if token is None or token.unit != unit.id:
            raise _RowError("status", "accessToken-unknown")
        if self.switches.status_token_expires and now - token.issued > TOKEN_LIFE:
            raise _RowError("status", "accessToken-unknown")
        run = self._runs.get(task_id)
        if run is None or run.unit != unit.id:
            raise _RowError("status", "taskId-unknown")
        if self.switches.status_token == "own" and run.token != token_text:
            raise _RowError("status", "accessToken-unknown")
        return run.report(now)

    def _not_executed(self, unit: ExecutionUnit, now: datetime) -> tuple[str, str] | None:
        """The error of a run that is accepted and not executed; raises if it is not even accepted."""
        if self.switches.rate == "429":
            self._keep_rate(unit)
        elif self._runs_this_minute(unit) >= RUNS_A_MINUTE:
            # The real code is not published; this one is the emulator's own.
            return "stub-rate", "The maximum number of executions per minute has been exceeded."
        running = [run for run in self._runs.values() if run.unit == unit.id and not run.ended(now)]
        if unit.concurrent or not running:
            return None
        if self.switches.conflict == "134":
            return (
                "134",
                # The space at the end is the reference's.
                "Another user is running the execution unit. This execution unit is not allowed to run concurrently. ",
            )
        with_task = self.switches.conflict == "409"
        raise _RowError("run", "conflict", running[-1].task_id if with_task else None)

    def _keep_rate(self, unit: ExecutionUnit) -> None:
        """Refuses the sixth run of a minute, and disables the unit. The error is documented for /token, which precedes
        the next run; a run with an earlier token gets the same error."""
        if self._runs_this_minute(unit) >= RUNS_A_MINUTE:
            unit.enabled = False
            raise _RowError("token", "rate")

    def _runs_this_minute(self, unit: ExecutionUnit) -> int:
        """Counts only executed runs: the limit is for executions, so tokens, status requests and refused runs do not
        count."""
        since = self._clock.now() - timedelta(minutes=1)
        return sum(
            run.unit == unit.id and run.not_executed is None and run.started > since for run in self._runs.values()
        )

    def _steps(self, unit: ExecutionUnit, now: datetime) -> tuple[Step, ...]:
        steps = []
        start = now + timedelta(seconds=unit.queue_seconds)
        for flow in unit.flows:
            self._flows_started += 1
            end = start + timedelta(seconds=flow.seconds)
            steps.append(Step(f"{self._flows_started:08}", replace(flow), start, end))
            start = end
        return tuple(steps)


def _texts(call: str, body: Mapping[str, object], *parameters: str) -> tuple[str, ...]:
    """The required text parameters of a body, in the order given."""
    texts = []
    for parameter in parameters:
        # null counts as missing.
        value = body.get(parameter)
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise _RowError(call, f"{parameter}-type")
        texts.append(value)
    for parameter, text in zip(parameters, texts, strict=True):
        if not text:
            raise _RowError(call, f"{parameter}-empty")
    return tuple(texts)


def _is_record(record: object) -> bool:
    """Whether it is shaped like kintone's records; the vendor's samples sometimes omit `type`."""
    return isinstance(record, dict) and all(
        isinstance(value, dict) and "value" in value and isinstance(value.get("type", ""), str)
        for value in record.values()
    )


def _json(body: Mapping[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False)
