"""TROCCO's job API, emulated: transfer jobs and workflow jobs are created, and asked how they go.

Fields and statuses are those of "trocco API Integration" (https://documents.trocco.io/docs/en/trocco-api), parameters
and limits those of the current reference (https://documents.trocco.io/apidocs/overview, …/post-job and
…/post-pipeline-job). Where they are silent, `Switches` has both readings.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from threading import Lock
from typing import Literal
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from generator.stub.wire import Clock, Request, Response

RATE_WINDOW = timedelta(minutes=10)
INTERRUPTING = timedelta(seconds=5)  # the emulator's own: how long a job takes to be canceled
PAGE_LIMIT = 100

_JST = timezone(timedelta(hours=9))
# The usual two by name: Windows has no time zone database for ZoneInfo to read.
_ZONES: Mapping[str, tzinfo] = {"Asia/Tokyo": _JST, "Etc/UTC": UTC}
_JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
_HTML_HEADERS = {"Content-Type": "text/html; charset=utf-8"}


def _json_response(status: int, body: object) -> Response:
    return Response(status, json.dumps(body, ensure_ascii=False), _JSON_HEADERS)


# What TROCCO has been seen to answer when something is wrong, by a name of ours, so that a test or a fault can go
# through them. It has three shapes for a 400, two for a 403, and at times no body at all; those of a 401 and a 429 are
# not published.
ERRORS: dict[str, Response] = {
    "unauthorized": _json_response(401, {"error": "Unauthorized"}),
    "unauthorized-empty": Response(401),
    "forbidden": _json_response(403, {"message": "Not Authorized"}),
    "forbidden-error": _json_response(403, {"error": "Not Authorized"}),
    "not-found": _json_response(404, {"error": "Not found"}),
    "bad-request": _json_response(
        400,
        {
            "message": "Bad request. Please check your request payload",
            "errors": [{"attribute": "job_definition_id", "message": "を入力してください"}],
        },
    ),
    "bad-request-message": _json_response(400, {"message": "リクエストが正しくありません", "errors": []}),
    "bad-request-error": _json_response(400, {"error": "Bad request"}),
    "bad-request-empty": Response(400),
    # Raw control characters within strings occur; strict JSON readers fail on them.
    "bad-request-control-character": Response(400, '{"message": "Bad\x0brequest", "errors": []}', _JSON_HEADERS),
    "invalid": _json_response(422, {"message": "Validation failed"}),
    "rate": _json_response(429, {"message": "Too Many Requests"}),
    "server-error": Response(500, "<!DOCTYPE html><title>500</title><h1>Internal Server Error</h1>", _HTML_HEADERS),
    "server-error-empty": Response(500),
    "ok-empty": Response(200),
    "ok-not-json": Response(200, "<!DOCTYPE html><title>TROCCO</title>", _HTML_HEADERS),
}


@dataclass
class ApiKey:
    """What the holder of a key may do; each permission is a tick of its own in TROCCO."""

    may_read: bool = True
    may_run: bool = True


@dataclass
class Definition:
    """A transfer setting or a workflow: how long its jobs take, and how they end. Changes count for new jobs."""

    id: int
    name: str
    seconds: float = 10  # in executing
    queue_seconds: float = 1  # in queued, if a slot is free
    setup_seconds: float = 1  # in setting_up
    outcome: Literal["succeeded", "error", "canceled", "skipped"] = "succeeded"
    parallel: bool = False  # a job that is created while another is unfinished: runs beside it, or is skipped
    retries: int = 0  # workflows only: so many attempts end in error before the one that ends with `outcome`
    retry_seconds: float = 60  # between two attempts


@dataclass
class Switches:
    """What the documents leave open; each may be switched at any time."""

    # Unconfirmed which of the two an id that is not there gets: 403 is confirmed for deleted ones.
    unknown_definition: Literal["404", "403"] = "404"
    # Unconfirmed whether the POST already says so, or only the next GET.
    skipped_in_answer: bool = False
    # Unconfirmed: the 2022 page leaves both times out of a job that is "incomplete": not begun, or not ended?
    started_at_while_running: bool = True


@dataclass(frozen=True)
class Job:
    """A job or workflow job as it was asked for, with the times at which it enters each status, given when created."""

    id: int
    definition_id: int
    name: str
    created: datetime
    phases: tuple[tuple[datetime, str], ...]
    context_time: datetime
    time_zone: str
    custom_variables: tuple[tuple[str, str], ...] = ()
    source: str = "api"

    @property
    def started(self) -> datetime | None:
        """When it begins to execute; None if it never does."""
        return next((moment for moment, status in self.phases if status == "executing"), None)

    @property
    def finished(self) -> datetime:
        """When it enters its last status."""
        return self.phases[-1][0]

    def status(self, now: datetime) -> str:
        """TROCCO's word for how it is then; at the moment of its creation it is in its first status, however short."""
        return next((status for moment, status in reversed(self.phases) if moment < now), self.phases[0][1])

    def holds_slot(self, since: datetime, until: datetime) -> bool:
        """Whether it is set up or executed at some time between the two."""
        return self.started is not None and self.phases[1][0] < until and self.finished > since


class _RefusedError(Exception):
    def __init__(self, response: Response) -> None:
        self.response = response


class Trocco:
    """TROCCO with the definitions and keys that are put in; `jobs`, `pipeline_jobs` and `unknown` tell tests what was
    asked of it. `limit` is of requests in 10 minutes, `slots` of jobs at a time, both by plan."""

    def __init__(self, clock: Clock) -> None:
        self.base_url = "https://trocco.io"
        self.api_keys: dict[str, ApiKey] = {}
        self.address_blocked = False  # an account may admit some addresses only; others get the 401 of a wrong key
        self.job_definitions: dict[int, Definition] = {}
        self.pipeline_definitions: dict[int, Definition] = {}
        self.slots = 50
        self.limit = 3500
        self.switches = Switches()
        self.jobs: list[Job] = []
        self.pipeline_jobs: list[Job] = []
        self.unknown: list[str] = []  # method and address of requests that this emulator does not have
        self._clock = clock
        self._lock = Lock()
        self._window_end = clock.now()
        self._window_requests = 0

    def owns(self, url: str) -> bool:
        """Whether an address is TROCCO's."""
        return urlsplit(url).netloc.lower() == urlsplit(self.base_url).netloc.lower()

    def answer(self, request: Request) -> Response:
        """Answers a request as TROCCO would; every request counts against the limit, refused ones too."""
        with self._lock:
            self._count_request()
            try:
                response = self._answer(request) if self._window_requests <= self.limit else ERRORS["rate"]
            except _RefusedError as refused:
                response = refused.response
            return self._with_limit(response)

    def error_response(self, name: str) -> Response:
        """The answer for an entry of `ERRORS`, whatever the state of things; KeyError if there is none."""
        with self._lock:
            self._count_request()
            return self._with_limit(ERRORS[name])

    def _count_request(self) -> None:
        now = self._clock.now()
        if now >= self._window_end:
            self._window_end = now + RATE_WINDOW
            self._window_requests = 0
        self._window_requests += 1

    def _with_limit(self, response: Response) -> Response:
        limit = {
            "X-Rate-Limit-Limit": str(self.limit),
            "X-Rate-Limit-Remaining": str(max(0, self.limit - self._window_requests)),
            "X-Rate-Limit-Reset": str(math.ceil(self._window_end.timestamp())),
        }
        return Response(response.status, response.body, {**response.headers, **limit})

    def _check_key(self, request: Request) -> None:
        scheme, _, key = _header(request, "Authorization").partition(" ")
        if self.address_blocked or scheme != "Token" or key not in self.api_keys:
            raise _RefusedError(ERRORS["unauthorized"])
        rights = self.api_keys[key]
        if not (rights.may_run if request.method == "POST" else rights.may_read):
            raise _RefusedError(ERRORS["forbidden"])

    def _answer(self, request: Request) -> Response:
        place = request.url.partition("?")[0]
        routes: tuple[tuple[str, str, Callable[..., Response]], ...] = (
            ("POST", r"/api/jobs", self._post_job),
            ("GET", r"/api/jobs/([0-9]{1,18})", self._get_job),
            ("GET", r"/api/job_definitions/([0-9]{1,18})/jobs", self._list_jobs),
            ("POST", r"/api/pipeline_jobs", self._post_pipeline_job),
            ("GET", r"/api/pipeline_jobs/([0-9]{1,18})", self._get_pipeline_job),
        )
        for method, path, route in routes:
            match = re.fullmatch(re.escape(self.base_url) + path, place)
            if match and method == request.method:
                self._check_key(request)
                return route(_parameters(request), *map(int, match.groups()))
        self.unknown.append(f"{request.method} {request.url}")
        return ERRORS["not-found"]

    def _post_job(self, parameters: Mapping[str, object]) -> Response:
        _refuse_others(parameters, "job_definition_id", "context_time", "time_zone", "custom_variables")
        definition = self._definition(self.job_definitions, "job_definition_id", parameters)
        now = self._clock.now()
        context_time, time_zone = _context_time(parameters, now)
        job = Job(
            id=len(self.jobs) + 1,
            definition_id=definition.id,
            name=definition.name,
            created=now,
            phases=self._phases(definition, now, self.jobs, retries=0, slots=self.slots),
            context_time=context_time,
            time_zone=time_zone,
            custom_variables=_custom_variables(parameters),
        )
        self.jobs.append(job)
        return _json_response(200, self._job(job, now))

    def _post_pipeline_job(self, parameters: Mapping[str, object]) -> Response:
        # A workflow takes no custom_variables: the reference has none, and they would be lost without a word.
        _refuse_others(parameters, "pipeline_definition_id", "context_time", "time_zone")
        definition = self._definition(self.pipeline_definitions, "pipeline_definition_id", parameters)
        now = self._clock.now()
        context_time, time_zone = _context_time(parameters, now)
        job = Job(
            id=len(self.pipeline_jobs) + 1,
            definition_id=definition.id,
            name=definition.name,
            created=now,
            # The plan's slots are for the jobs in a workflow, not for the workflow.
            phases=self._phases(definition, now, self.pipeline_jobs, retries=definition.retries, slots=None),
            context_time=context_time,
            time_zone=time_zone,
        )
        self.pipeline_jobs.append(job)
        return _json_response(200, self._pipeline_job(job, now))

    def _get_job(self, _: Mapping[str, object], job_id: int) -> Response:
        return _json_response(200, self._job(_find(self.jobs, job_id), self._clock.now()))

    def _get_pipeline_job(self, _: Mapping[str, object], job_id: int) -> Response:
        return _json_response(200, self._pipeline_job(_find(self.pipeline_jobs, job_id), self._clock.now()))

    def _list_jobs(self, parameters: Mapping[str, object], definition_id: int) -> Response:
        """A definition's jobs, newest first; unconfirmed are the order, and that the times are those of creation."""
        _refuse_others(parameters, "start_time", "end_time", "time_zone", "limit", "cursor")
        if definition_id not in self.job_definitions:
            raise _RefusedError(self._unknown_definition())
        zone = _zone(parameters)
        since = _time("start_time", parameters["start_time"], zone) if "start_time" in parameters else None
        until = _time("end_time", parameters["end_time"], zone) if "end_time" in parameters else None
        limit = _integer("limit", parameters.get("limit", PAGE_LIMIT))
        if not 1 <= limit <= PAGE_LIMIT:
            raise _bad_request("limit", f"must be between 1 and {PAGE_LIMIT}")
        before = _integer("cursor", parameters["cursor"]) if "cursor" in parameters else len(self.jobs) + 1
        found = [
            job
            for job in reversed(self.jobs)
            if job.definition_id == definition_id
            and job.id < before
            and (since is None or job.created >= since)
            and (until is None or job.created <= until)
        ]
        now = self._clock.now()
        cursor = str(found[limit - 1].id) if len(found) > limit else None
        return _json_response(200, {"items": [self._job(job, now) for job in found[:limit]], "next_cursor": cursor})

    def _definition(
        self, definitions: Mapping[int, Definition], attribute: str, parameters: Mapping[str, object]
    ) -> Definition:
        if parameters.get(attribute) in (None, ""):
            raise _bad_request(attribute, "can't be blank")
        definition = definitions.get(_integer(attribute, parameters[attribute]))
        if definition is None:
            raise _RefusedError(self._unknown_definition())
        return definition

    def _unknown_definition(self) -> Response:
        return ERRORS["not-found" if self.switches.unknown_definition == "404" else "forbidden"]

    def _phases(
        self, definition: Definition, now: datetime, others: list[Job], *, retries: int, slots: int | None
    ) -> tuple[tuple[datetime, str], ...]:
        """When a new job enters each status."""
        start = now + timedelta(seconds=definition.queue_seconds)
        queued = (now, "queued")
        busy = any(job.definition_id == definition.id and job.finished >= now for job in others)
        if definition.outcome == "skipped" or (busy and not definition.parallel):
            return ((now, "skipped"),) if self.switches.skipped_in_answer else (queued, (start, "skipped"))
        phases = _phases_from(definition, start, retries)
        if slots is not None:
            # A full plan is not an error: jobs wait in queued. Those before are planned to their end, so the first
            # moment that will do is found among their ends.
            length = phases[-1][0] - start
            starts = sorted({start, *(job.finished for job in others if job.finished > start)})
            free = next(t for t in starts if sum(job.holds_slot(t, t + length) for job in others) < max(slots, 1))
            phases = _phases_from(definition, free, retries)
        return queued, *phases

    def _job(self, job: Job, now: datetime) -> dict[str, object]:
        return {
            "id": job.id,
            "job_definition_id": job.definition_id,
            "job_definition_name": job.name,
            "status": job.status(now),
            "created_at": _japan_time(job.created),
            **self._times(job, now),
        }

    def _pipeline_job(self, job: Job, now: datetime) -> dict[str, object]:
        return {
            "id": job.id,
            "pipeline_definition_id": job.definition_id,
            "name": job.name,
            "status": job.status(now),
            "created_at": _japan_time(job.created),
            **self._times(job, now),
            "context_time": _japan_time(job.context_time),
        }

    def _times(self, job: Job, now: datetime) -> dict[str, str]:
        """The times that are known; the others have no key."""
        ended = job.finished < now
        times = {}
        if job.started and job.started < now and (ended or self.switches.started_at_while_running):
            times["started_at"] = _japan_time(job.started)
        if ended:
            times["finished_at"] = _japan_time(job.finished)
        return times


def _phases_from(definition: Definition, start: datetime, retries: int) -> tuple[tuple[datetime, str], ...]:
    phases = []
    moment = start
    for attempt in range(retries + 1):
        phases.append((moment, "setting_up"))
        moment += timedelta(seconds=definition.setup_seconds)
        phases.append((moment, "executing"))
        moment += timedelta(seconds=definition.seconds)
        if attempt < retries:
            phases.append((moment, "retry_waiting"))
            moment += timedelta(seconds=definition.retry_seconds)
    if definition.outcome == "canceled":
        phases.append((moment, "interrupting"))
        moment += INTERRUPTING
    return *phases, (moment, definition.outcome)


def _find(jobs: list[Job], job_id: int) -> Job:
    if not 1 <= job_id <= len(jobs):
        raise _RefusedError(ERRORS["not-found"])
    return jobs[job_id - 1]


def _japan_time(moment: datetime) -> str:
    return moment.astimezone(_JST).isoformat(timespec="milliseconds")


def _bad_request(attribute: str, message: str) -> _RefusedError:
    body = {
        "message": "Bad request. Please check your request payload",
        "errors": [{"attribute": attribute, "message": message}],
    }
    return _RefusedError(_json_response(400, body))


def _header(request: Request, name: str) -> str:
    return next((value for key, value in request.headers.items() if key.lower() == name.lower()), "")


def _parameters(request: Request) -> dict[str, object]:
    """The parameters from the query and the body in one, as Rails has them: the query wins."""
    query = _form(urlsplit(request.url).query)
    if request.method == "GET" or not request.body:
        return query
    content_type = _header(request, "Content-Type").partition(";")[0].strip().lower()
    if content_type == "application/x-www-form-urlencoded":
        return {**_form(request.body), **query}
    if content_type != "application/json":
        # Rails would leave such a body unread, and the job would run without what it says.
        message = f"a body of the type {content_type or '(none)'} is not read; send JSON or a form"
        raise _RefusedError(_json_response(400, {"message": message, "errors": []}))
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _RefusedError(ERRORS["bad-request-error"])
    return {**body, **query}


def _form(text: str) -> dict[str, object]:
    """Form parameters; of `list[][key]` a new element starts when a key comes again."""
    plain: dict[str, object] = {}
    lists: dict[str, list[dict[str, str]]] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        nested = re.fullmatch(r"(\w+)\[\]\[(\w+)\]", key)
        if nested is None:
            plain[key] = value
            continue
        elements = lists.setdefault(nested[1], [])
        if not elements or nested[2] in elements[-1]:
            elements.append({})
        elements[-1][nested[2]] = value
    return {**plain, **lists}


def _refuse_others(parameters: Mapping[str, object], *known: str) -> None:
    """Refuses parameters that the reference does not have: stricter than Rails, so that a slip of the pen is seen."""
    others = sorted(parameters.keys() - set(known))
    if others:
        message = f"unknown parameters: {', '.join(others)}"
        raise _RefusedError(_json_response(400, {"message": message, "errors": []}))


def _integer(attribute: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        return int(value)
    raise _bad_request(attribute, "is not a number")


def _zone(parameters: Mapping[str, object]) -> tzinfo:
    name = parameters.get("time_zone", "Asia/Tokyo")
    if isinstance(name, str):
        if name in _ZONES:
            return _ZONES[name]
        try:
            return ZoneInfo(name)
        except (LookupError, OSError, ValueError):
            pass
    raise _bad_request("time_zone", "is not a time zone")


def _time(attribute: str, value: object, zone: tzinfo) -> datetime:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", value, re.ASCII):
        try:
            return datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
        except ValueError:
            pass
    raise _bad_request(attribute, "must be YYYY-MM-DD HH:MM:SS")


def _context_time(parameters: Mapping[str, object], now: datetime) -> tuple[datetime, str]:
    """The moment that "time and date (when queuing)" variables are expanded from, and the zone's name."""
    zone = _zone(parameters)
    name = str(parameters.get("time_zone", "Asia/Tokyo"))
    if "context_time" not in parameters:
        return now, name
    return _time("context_time", parameters["context_time"], zone), name


def _custom_variables(parameters: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    variables = parameters.get("custom_variables", [])
    if not isinstance(variables, list):
        raise _bad_request("custom_variables", "must be a list of name and value")
    read = []
    for variable in variables:
        if not isinstance(variable, dict) or variable.keys() != {"name", "value"}:
            raise _bad_request("custom_variables", "must be a list of name and value")
        name, value = variable["name"], variable["value"]
        if not isinstance(name, str) or not isinstance(value, str):
            raise _bad_request("custom_variables", "name and value must be text")
        if not re.fullmatch(r"\$[^$]+\$", name):
            message = f"custom_variables: {name} must be wrapped in $"
            raise _RefusedError(_json_response(422, {"message": message}))
        read.append((name, value))
    return tuple(read)
