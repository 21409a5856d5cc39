"""TROCCO's job API, emulated: creates transfer jobs and workflow jobs, and returns their status.

Fields and statuses are those of "trocco API Integration" (https://documents.trocco.io/docs/en/trocco-api), parameters
and limits those of the current reference (https://documents.trocco.io/apidocs/overview, …/post-job and
…/post-pipeline-job). Where they are silent, `Switches` has both readings.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal
from urllib.parse import urlsplit

from generator.stub.services.trocco.errors import ERRORS, AnswerError, bad_request, json_response
from generator.stub.services.trocco.jobs import ApiKey, Definition, Job, phases_from
from generator.stub.services.trocco.parameters import (
    JST,
    header_of,
    parameters_of,
    read_context_time,
    read_custom_variables,
    read_integer,
    read_time,
    read_zone,
    refuse_others,
)
from generator.stub.wire import Clock, Request, Response

RATE_WINDOW = timedelta(minutes=10)
# The reference's limit for lists in general; that for a definition's jobs is not documented.
PAGE_LIMIT, LONGEST_PAGE = 50, 200


@dataclass
class Switches:
    """Facts that the documents leave open; each can be changed at any time."""

    # Unconfirmed which of the two an unknown id gets: 403 is confirmed for deleted ones.
    unknown_definition: Literal["404", "403"] = "404"
    # Unconfirmed whether the POST already says so, or only the next GET.
    skipped_in_answer: bool = False
    # Unconfirmed: the 2022 page leaves both times out of a job that is "incomplete": not begun, or not ended?
    started_at_while_running: bool = True
    # Unconfirmed what a status request gets with a key that may start jobs, but not read them.
    unreadable: Literal["403", "401"] = "403"
    # Unconfirmed: the pages show parameters in the query; whether those of a body count is not said.
    body_parameters: bool = True


class Region:
    """TROCCO at one region's host, with the definitions and keys that are put in; `jobs`, `pipeline_jobs` and `unknown`
    record its requests for tests. `limit` is requests in 10 minutes, `slots` jobs at a time, both set by the plan."""

    def __init__(self, clock: Clock, base_url: str = "https://trocco.io", switches: Switches | None = None) -> None:
        self.base_url = base_url
        self.api_keys: dict[str, ApiKey] = {}
        self.address_blocked = False  # an account can allow only some addresses; others get the 401 of a wrong key
        self.job_definitions: dict[int, Definition] = {}
        self.pipeline_definitions: dict[int, Definition] = {}
        self.slots = 50
        self.limit = 3500
        self.switches = switches or Switches()
        self.jobs: list[Job] = []
        self.pipeline_jobs: list[Job] = []
        self.unknown: list[str] = []  # method and address of requests that this emulator does not have
        self._clock = clock
        self._lock = Lock()
        self._window_end = clock.now()
        self._window_requests = 0

    def reset(self) -> None:
        """Forgets every job and request."""
        with self._lock:
            self.jobs.clear()
            self.pipeline_jobs.clear()
            self._window_requests = 0

    def owns(self, url: str) -> bool:
        """Whether an address is this region's."""
        return urlsplit(url).netloc.lower() == urlsplit(self.base_url).netloc.lower()

    def answer(self, request: Request) -> Response:
        """Answers a request as TROCCO would; every request counts toward the limit, refused ones too."""
        with self._lock:
            self._count_request()
            try:
                response = self._answer(request) if self._window_requests <= self.limit else ERRORS["rate"]
            except AnswerError as refused:
                response = refused.response
            return self._with_limit(response)

    def error_response(self, name: str) -> Response:
        """The answer for an entry of `ERRORS`, in any state; KeyError if there is none."""
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
        scheme, _, key = header_of(request, "Authorization").partition(" ")
        if self.address_blocked or scheme != "Token" or key not in self.api_keys:
            raise AnswerError(ERRORS["unauthorized"])
        rights = self.api_keys[key]
        if request.method == "POST" and not rights.may_run:
            raise AnswerError(ERRORS["forbidden"])
        if request.method != "POST" and not rights.may_read:
            raise AnswerError(ERRORS["forbidden" if self.switches.unreadable == "403" else "unauthorized"])

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
                return route(parameters_of(request, in_body=self.switches.body_parameters), *map(int, match.groups()))
        self.unknown.append(f"{request.method} {request.url}")
        return ERRORS["not-found"]

    def _post_job(self, parameters: Mapping[str, object]) -> Response:
        refuse_others(parameters, "job_definition_id", "context_time", "time_zone", "custom_variables")
        definition = self._definition(self.job_definitions, "job_definition_id", parameters)
        now = self._clock.now()
        context_time, time_zone = read_context_time(parameters, now)
        job = Job(
            id=len(self.jobs) + 1,
            definition_id=definition.id,
            name=definition.name,
            created=now,
            phases=self._phases(definition, now, self.jobs, retries=0, slots=self.slots),
            context_time=context_time,
            time_zone=time_zone,
            custom_variables=read_custom_variables(parameters),
        )
        self.jobs.append(job)
        return json_response(200, self._job(job, now))

    def _post_pipeline_job(self, parameters: Mapping[str, object]) -> Response:
        # A workflow takes no custom_variables: the reference has none, and they would be ignored silently.
        refuse_others(parameters, "pipeline_definition_id", "context_time", "time_zone")
        definition = self._definition(self.pipeline_definitions, "pipeline_definition_id", parameters)
        now = self._clock.now()
        context_time, time_zone = read_context_time(parameters, now)
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
        return json_response(200, self._pipeline_job(job, now))

    def _get_job(self, _: Mapping[str, object], job_id: int) -> Response:
        return json_response(200, self._job(_find(self.jobs, job_id), self._clock.now()))

    def _get_pipeline_job(self, _: Mapping[str, object], job_id: int) -> Response:
        return json_response(200, self._pipeline_job(_find(self.pipeline_jobs, job_id), self._clock.now()))

    def _list_jobs(self, parameters: Mapping[str, object], definition_id: int) -> Response:
        """A definition's jobs, newest first; unconfirmed are the order, and that the times are those of creation."""
        refuse_others(parameters, "start_time", "end_time", "time_zone", "limit", "cursor")
        if definition_id not in self.job_definitions:
            raise AnswerError(self._unknown_definition())
        zone = read_zone(parameters)
        since = read_time("start_time", parameters["start_time"], zone) if "start_time" in parameters else None
        until = read_time("end_time", parameters["end_time"], zone) if "end_time" in parameters else None
        limit = read_integer("limit", parameters.get("limit", PAGE_LIMIT))
        if not 1 <= limit <= LONGEST_PAGE:
            raise bad_request("limit", f"must be between 1 and {LONGEST_PAGE}")
        before = read_integer("cursor", parameters["cursor"]) if "cursor" in parameters else len(self.jobs) + 1
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
        return json_response(200, {"items": [self._job(job, now) for job in found[:limit]], "next_cursor": cursor})

    def _definition(
        self, definitions: Mapping[int, Definition], attribute: str, parameters: Mapping[str, object]
    ) -> Definition:
        if parameters.get(attribute) in (None, ""):
            raise bad_request(attribute, "can't be blank")
        definition = definitions.get(read_integer(attribute, parameters[attribute]))
        if definition is None:
            raise AnswerError(self._unknown_definition())
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
        phases = phases_from(definition, start, retries)
        if slots is not None:
            # A full plan is not an error: jobs wait in queued. Earlier jobs have planned ends, so the first possible
            # moment is one of these.
            length = phases[-1][0] - start
            starts = sorted({start, *(job.finished for job in others if job.finished > start)})
            free = next(t for t in starts if sum(job.holds_slot(t, t + length) for job in others) < max(slots, 1))
            phases = phases_from(definition, free, retries)
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


def _find(jobs: list[Job], job_id: int) -> Job:
    if not 1 <= job_id <= len(jobs):
        raise AnswerError(ERRORS["not-found"])
    return jobs[job_id - 1]


def _japan_time(moment: datetime) -> str:
    return moment.astimezone(JST).isoformat(timespec="milliseconds")
