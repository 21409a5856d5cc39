"""Observations T1 to T4: TROCCO, called from the terminal."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from generator.probe.http import Answer, Caller, Findings

_NONE = 999_999_999
"""An ID far above those of real jobs and definitions."""

_ENDED = {"succeeded", "error", "canceled", "skipped"}
_POLLS, _POLL_SECONDS = 60, 2


@dataclass(frozen=True)
class TroccoProbe:
    """The inputs: TROCCO's host, a key, and the definition of a job made for the probe, only for `allow_run`."""

    base_url: str
    api_key: str
    definition: int
    caller: Caller
    sleep: Callable[[float], None] = time.sleep

    def look(self, *, allow_run: bool) -> Findings:
        """Observes without starting anything; with `allow_run` it starts the definition twice at once."""
        found = Findings()
        self._keys(found)
        self._unknown(found)
        if allow_run:
            self._runs(found)
        return found

    def _keys(self, found: Findings) -> None:
        """T1."""
        found.saw("T1 no key", self.caller.ask("GET", f"{self.base_url}/api/jobs/1"))
        bad = found.saw("T1 wrong key", self._ask("GET", "jobs/1", key="runbutton-probe"))
        if bad.status == 401:
            found.facts["trocco.unauthorized"] = "Not Authorized" if _is_known(bad) else "another body"
        found.observations["T1 limit headers"] = sorted(name for name in bad.headers if name.startswith("x-rate"))

    def _unknown(self, found: Findings) -> None:
        """T2 and T3: missing IDs, in the address and in the body."""
        found.saw("T2 unknown job", self._ask("GET", f"jobs/{_NONE}"))
        post = found.saw("T2 unknown definition", self._ask("POST", f"jobs?job_definition_id={_NONE}"))
        if post.status in {403, 404}:
            found.facts["trocco.unknown_definition"] = str(post.status)
        in_body = self._ask("POST", "jobs", {"job_definition_id": _NONE})
        found.saw("T3 definition in the body", in_body)
        if post.status in {403, 404} and in_body.status in {400, post.status}:
            found.facts["trocco.body_parameters"] = "yes" if in_body.status == post.status else "no"
        twice = f"jobs?job_definition_id={_NONE}&job_definition_id={_NONE - 1}"
        found.saw("T3 definition twice", self._ask("POST", twice))

    def _runs(self, found: Findings) -> None:
        """T4: the definition's job, and once more while it runs."""
        start = f"jobs?job_definition_id={self.definition}"
        first = found.saw("T4 start", self._ask("POST", start))
        job = first.member("id")
        if not isinstance(job, int):
            return
        second = found.saw("T4 start beside it", self._ask("POST", start))
        if second.member("status") == "skipped":
            found.facts["trocco.skipped_in_answer"] = "yes"
        for _ in range(_POLLS):
            status = self._ask("GET", f"jobs/{job}")
            if status.status in {401, 403}:
                found.saw("T4 status that the key may not see", status)
                found.facts["trocco.unreadable"] = str(status.status)
                return
            if status.member("status") == "executing":
                found.facts["trocco.started_at_while_running"] = "yes" if status.member("started_at") else "no"
            if status.member("status") in _ENDED:
                break
            self.sleep(_POLL_SECONDS)
        other = second.member("id")
        if "trocco.skipped_in_answer" not in found.facts and isinstance(other, int):
            later = found.saw("T4 status of the second", self._ask("GET", f"jobs/{other}"))
            # A job that runs next to the first shows nothing.
            if later.member("status") == "skipped":
                found.facts["trocco.skipped_in_answer"] = "no"

    def _ask(self, method: str, path: str, body: dict[str, int] | None = None, key: str | None = None) -> Answer:
        headers = {"Authorization": f"Token {self.api_key if key is None else key}", "Accept": "application/json"}
        return self.caller.ask(method, f"{self.base_url}/api/{path}", headers, body)


def _is_known(answer: Answer) -> bool:
    return bool(answer.body == {"error": "Not Authorized"})
