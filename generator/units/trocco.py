"""TROCCO's transfer jobs and workflows (TROCCO API: Run transfer job, Run workflow job)."""

import re
import zoneinfo
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from generator.units.input_uses import AskedTime
from generator.units.problems import Violation, did_you_mean, find_duplicates, mappings, problem
from generator.units.record import FieldTime
from generator.units.refusals import SecretRefusal
from generator.units.unit import SERVICE, Asked, StoredRequest, Unit
from generator.units.values import DateAndTime, Id, Json, Secret, Untagged, https_address, listed, required_text
from generator.units.variables import MOST_IDS, CustomVariable
from generator.words import Message


@cache
def _time_zones() -> frozenset[str]:
    # The system's, and those of tzdata, because Windows and slim containers have none.
    return frozenset(zoneinfo.available_timezones())


# Common names of Japan's time that are no IANA names; the nearest IANA names are other zones.
_TOKYO = frozenset(("JST", "JST-9", "TOKYO", "UTC+9", "UTC+09:00", "GMT+9", "GMT+09:00", "+09:00", "東京", "日本"))


def _time_zone(value: object) -> str:
    text = required_text(value)
    zones = _time_zones()
    if text in zones:
        return text
    tokyo = text.upper().replace(" ", "") in _TOKYO
    near = "Asia/Tokyo" if tokyo else did_you_mean(value, zones)
    raise problem(Message("problem.timeZoneNear" if near else "problem.timeZone", near=near))


def _trocco_url(value: object) -> str:
    address = https_address(value, "https://trocco.io")
    if address.path not in ("", "/"):
        raise problem(Message("problem.troccoPath"))
    return f"https://{address.netloc}"


def _context_time_kind(value: object) -> str:
    if isinstance(value, AskedTime) or (isinstance(value, Mapping) and "ask" in value):
        return "ask"
    return "field" if isinstance(value, Mapping | FieldTime) else "time"


def _definition_id(text: str) -> object:
    """The ID from the address of a definition's page; other values are returned unchanged for the key's own check."""
    numbers = re.findall(r"/([0-9]+)(?=[/?#]|$)", text) if text.startswith("https://") else [text]
    return int(numbers[0]) if numbers and numbers[0].isascii() and numbers[0].isdigit() else text


class _TroccoUnit(Unit):
    jobs: ClassVar[str]
    """The name of the unit's kind of job in addresses of TROCCO's API."""

    runtime = "trocco"
    secret_key = "api_key"
    secret_words = "units.troccoSecret"
    secret_shape = "tra_[!-~]+"
    secret_refusals = (SecretRefusal(r"^[Tt][Oo][Kk][Ee][Nn](\s|$)", "units.troccoToken"),)

    api_key: Secret | None = Field(None, description="schema.apiKey")
    base_url: Annotated[str, BeforeValidator(_trocco_url)] = Field("https://trocco.io", description="schema.troccoUrl")
    context_time: (
        Annotated[
            Annotated[DateAndTime, Tag("time")] | Annotated[FieldTime, Tag("field")] | Annotated[AskedTime, Tag("ask")],
            Discriminator(_context_time_kind),
            Untagged,
        ]
        | None
    ) = Field(None, description="schema.contextTime")
    time_zone: Annotated[str, BeforeValidator(_time_zone)] = Field("Asia/Tokyo", description="schema.timeZone")

    @property
    def account(self) -> str:
        """Each TROCCO region has its own accounts; jobs and workflows of a region use the same API key."""
        return self.base_url

    @property
    def record_fields(self) -> tuple[str, ...]:
        """The field codes that the unit reads from the record, each once."""
        time = [self.context_time.field] if isinstance(self.context_time, FieldTime) else []
        return tuple(dict.fromkeys([*super().record_fields, *time]))

    def for_page(self) -> dict[str, Json]:
        """What the page's script needs for either kind of TROCCO unit."""
        page: dict[str, Json] = {"baseUrl": self.base_url}
        if self.api_key:
            page["apiKey"] = self.api_key.get_secret_value()
        if self.context_time:
            time = self.context_time
            page["contextTime"] = time if isinstance(time, str) else time.for_page()
        if "time_zone" in self.model_fields_set:
            page["timeZone"] = self.time_zone
        return page

    def _stored_requests(self, start_query: str) -> tuple[StoredRequest, ...]:
        """The start of this definition and the status of any job: kintone compares only how an address begins.

        The `&` at the end keeps the definition 12 from opening 123 as well.
        """
        key = {"Authorization": "Token {secret}", "Accept": "application/json"}
        address = f"{self.base_url}/api/{self.jobs}"
        start = {**key, "Content-Type": "application/json"}
        return (
            StoredRequest("POST", f"{address}?{start_query}&", start, {}),
            StoredRequest("GET", f"{address}/", key, {}),
        )


class TroccoJobUnit(_TroccoUnit):
    """A TROCCO transfer job (TROCCO API: Run transfer job)."""

    jobs = "jobs"
    service_words = "units.troccoJob"

    asked = (Asked("job_definition_id", "units.troccoJobId", "123", _definition_id),)

    service: Literal["trocco-job"] = Field(description=SERVICE)
    job_definition_id: Id = Field(description="schema.jobDefinition")
    custom_variables: tuple[CustomVariable, ...] = Field((), description="schema.customVariables")

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """A variable has one value, only the record list has a list, and a new record has no address."""
        yield from super().rules(given)
        pages = listed(given.get("pages"))
        lists = [at for at, entry in mappings(given.get("custom_variables")) if "list" in entry]
        if lists and pages not in (("index",), ["index"]):
            yield Violation(("custom_variables", lists[0], "list"), Message("problem.listPages"))
        urls = [entry for _, entry in mappings(given.get("custom_variables")) if "record" in entry]
        if urls and isinstance(pages, list | tuple) and "create" in pages:
            yield Violation(("pages", pages.index("create")), Message("problem.createUrl"))
        advice = Message("problem.oneValue")
        yield from find_duplicates("custom_variables", given.get("custom_variables"), "name", advice)

    @property
    def record_fields(self) -> tuple[str, ...]:
        """The field codes that the unit reads from the record, each once."""
        variables = [variable.field for variable in self.custom_variables if variable.field is not None]
        return tuple(dict.fromkeys([*super().record_fields, *variables]))

    def for_page(self) -> dict[str, Json]:
        """What the page's script needs for a TROCCO job."""
        variables = [variable.for_page() for variable in self.custom_variables]
        limits = [variable.limit or MOST_IDS for variable in self.custom_variables if variable.list == "ids"]
        limit: dict[str, Json] = {"listLimit": min(limits)} if limits else {}
        return super().for_page() | {"definitionId": self.job_definition_id, "customVariables": variables} | limit

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """Starting this job definition, the status of transfer jobs, and the list of this definition's jobs, which is
        read after a lost answer to a start."""
        jobs = f"{self.base_url}/api/job_definitions/{self.job_definition_id}/jobs?limit=20"
        status = self._stored_requests(f"job_definition_id={self.job_definition_id}")
        return (*status, StoredRequest("GET", jobs, status[-1].headers, {}))


class TroccoWorkflowUnit(_TroccoUnit):
    """A TROCCO workflow (TROCCO API: Run workflow job)."""

    jobs = "pipeline_jobs"
    service_words = "units.troccoWorkflow"
    not_here: ClassVar[Mapping[str, Message]] = {"custom_variables": Message("problem.workflowVariables")}

    asked = (Asked("pipeline_definition_id", "units.troccoWorkflowId", "45", _definition_id),)

    service: Literal["trocco-workflow"] = Field(description=SERVICE)
    pipeline_definition_id: Id = Field(description="schema.workflowDefinition")

    def for_page(self) -> dict[str, Json]:
        """What the page's script needs for a TROCCO workflow."""
        return super().for_page() | {"definitionId": self.pipeline_definition_id}

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """Starting this workflow, and the status of workflow jobs."""
        return self._stored_requests(f"pipeline_definition_id={self.pipeline_definition_id}")
