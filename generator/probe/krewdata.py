"""Observations S1 to S5: krewData, called from the terminal with an execution unit made for the probe."""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from generator.probe.http import Answer, Caller, Findings
from generator.units.krewdata import KrewDataUnit
from generator.units.values import Json

_NO_APP = "https://runbutton-probe.invalid/k/1"
_NO_SERIAL = "runbutton-probe"
_USER = "runbutton-probe"
_RUNS_A_MINUTE = 5
_POLLS, _POLL_SECONDS = 120, 2
_ENDED = {"Success", "Failure"}


@dataclass(frozen=True)
class KrewDataProbe:
    """The inputs: the unit, its app's ID and its serial number. `sleep` waits between two requests."""

    unit: KrewDataUnit
    app_id: int
    serial_number: str
    caller: Caller
    sleep: Callable[[float], None] = time.sleep

    def look(self, *, allow_run: bool, allow_disable: bool) -> Findings:
        """Observes without starting anything; with `allow_run` it runs the unit 2 or 3 times; with `allow_disable` it
        runs it six times in a minute, for which krewData disables a unit."""
        found = Findings()
        self._errors(found)
        if allow_run:
            self._runs(found)
        if allow_disable:
            self._rate(found)
        return found

    def _errors(self, found: Findings) -> None:
        """S1: invalid calls of /token."""
        schema = found.saw("S1 body is a list", self._post("token", []))
        found.saw("S1 empty body", self._post("token", {}))
        code = schema.member("code")
        if isinstance(code, int) and code != 200:
            found.facts["krewdata.http_status"] = "code" if schema.status == code else str(schema.status)
        both = found.saw("S1 app and serial number are wrong", self._token(_NO_APP, _NO_SERIAL))
        if _code(both) in {400, 401}:
            found.facts["krewdata.checks"] = "app first" if _code(both) == 400 else "licence first"
        found.saw("S1 serial number is wrong", self._token(self.unit.krewdata_app_url, _NO_SERIAL))
        texts = {self._post("token", {}, language).member("description") for language in ("ja", "en")}
        found.facts["krewdata.language"] = "English alone" if len(texts) == 1 else "the caller's"

    def _runs(self, found: Findings) -> None:
        """S2 to S4."""
        token, other = self._good_token(found), self._good_token(found)
        if token is None or other is None:
            return
        found.saw("S2 run without user", self._post("run", {"accessToken": token, "appId": str(self.app_id)}))
        first = found.saw("S2 run with the same token", self._run(token))
        if _code(first) == 400:
            found.facts["krewdata.burn_token_on_error"] = "yes"
            token = self._good_token(found)
            first = found.saw("S2 run with a fresh token", self._run(str(token)))
        elif _code(first) == 200:
            found.facts["krewdata.burn_token_on_error"] = "no"
        task = first.member("taskId")
        if token is None or not task:
            return
        self._beside(found, other, str(task))
        self._wait(token, str(task))
        third = self._good_token(found)
        if third is not None:
            as_number = found.saw("S4 appId is a number", self._run(third, app_id=self.app_id))
            if _code(as_number) in {200, 400}:
                found.facts["krewdata.strict_app_id"] = "no" if _code(as_number) == 200 else "yes"

    def _beside(self, found: Findings, token: str, task: str) -> None:
        """S3: another token and another run while one runs."""
        status = found.saw("S3 status by another token", self._status(token, task))
        if _code(status) in {200, 400}:
            found.facts["krewdata.status_token"] = "any" if _code(status) == 200 else "own"
        self._zone(found, status)
        second = found.saw("S3 run beside a running one", self._run(token))
        if _code(second) == 409:
            found.facts["krewdata.conflict"] = "409" if second.member("taskId") else "409-without-task-id"
        elif second.member("taskId"):
            ended = self._wait(token, str(second.member("taskId")))
            if ended is not None and str(ended.member("errorCode")) == "134":
                found.facts["krewdata.conflict"] = "134"

    def _zone(self, found: Findings, status: Answer) -> None:
        try:
            started = datetime.fromisoformat(status.member("flowInfo")[0]["startTime"])
            now = parsedate_to_datetime(status.headers["date"]).replace(tzinfo=None)
        except (KeyError, IndexError, ValueError, TypeError):
            return
        found.observations["S4 hours from UTC"] = round((started - now).total_seconds() / 3600)

    def _rate(self, found: Findings) -> None:
        """S5: one run more in a minute than is allowed."""
        for number in range(_RUNS_A_MINUTE + 1):
            asked = self._token(self.unit.krewdata_app_url, self.serial_number)
            if _code(asked) == 429:
                found.saw("S5 token after so many runs", asked, runs=number)
                found.facts["krewdata.rate"] = "429"
                return
            token = str(asked.member("accessToken"))
            run = found.saw("S5 run", self._run(token), runs=number)
            task = run.member("taskId")
            if not task:
                return
            ended = self._wait(token, str(task))
            if number == _RUNS_A_MINUTE and ended is not None and ended.member("taskStatus") == "Failure":
                found.facts["krewdata.rate"] = "failure"

    def _good_token(self, found: Findings) -> str | None:
        asked = found.saw("S2 token", self._token(self.unit.krewdata_app_url, self.serial_number))
        token = asked.member("accessToken")
        return str(token) if token else None

    def _token(self, app_url: str, serial_number: str) -> Answer:
        encoded = base64.b64encode(serial_number.encode()).decode()
        return self._post("token", {"krewdataAppUrl": app_url, "serialNumber": encoded})

    def _run(self, token: str, app_id: int | None = None) -> Answer:
        app: Json = str(self.app_id) if app_id is None else app_id
        return self._post("run", {"accessToken": token, "user": _USER, "appId": app})

    def _status(self, token: str, task: str) -> Answer:
        return self._post("status", {"accessToken": token, "taskId": task})

    def _wait(self, token: str, task: str) -> Answer | None:
        """The status that the run ended with; None if it does not end within minutes, or its status cannot be read."""
        for _ in range(_POLLS):
            answer = self._status(token, task)
            if _code(answer) != 200:
                return None
            if answer.member("taskStatus") in _ENDED:
                return answer
            self.sleep(_POLL_SECONDS)
        return None

    def _post(self, call: str, body: Json, language: str = "en") -> Answer:
        return self.caller.ask("POST", f"{self.unit.url}/{call}", {"Accept-Language": language}, body)


def _code(answer: Answer) -> int:
    code = answer.member("code")
    return code if isinstance(code, int) else answer.status
