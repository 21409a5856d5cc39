"""The stub's TROCCO: a host per region, definitions from the config; the user chooses how jobs go."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, cast, get_args

from generator.stub.services import ErrorAnswer, Words
from generator.stub.services.trocco.api import Region, Switches
from generator.stub.services.trocco.errors import ERRORS
from generator.stub.services.trocco.jobs import ApiKey, Definition, Outcome
from generator.stub.wire import Clock, Request, Response
from generator.units.trocco import TroccoJobUnit, TroccoWorkflowUnit
from generator.units.unit import Unit
from generator.words import by_language

STAND_IN = "stub-api-key-not-a-secret"
JAPAN = "https://trocco.io"
_NEVER = 7 * 24 * 3600


class Emulator:
    """TROCCO in all regions: Japan, and those that a unit names."""

    title: ClassVar[Words] = by_language("stub.trocco")
    handles: ClassVar[frozenset[str]] = frozenset({"trocco-job", "trocco-workflow"})
    calls: ClassVar[Mapping[str, Words]] = {
        "start": by_language("stub.troccoStart"),
        "job": by_language("stub.troccoJob"),
    }
    ends: ClassVar[Mapping[str, Words]] = {
        "succeeded": by_language("stub.troccoSucceeded"),
        "error": by_language("stub.troccoError"),
        "canceled": by_language("stub.troccoCanceled"),
        "skipped": by_language("stub.troccoSkipped"),
        "queued": by_language("stub.troccoQueued"),
    }
    stand_in: ClassVar[str] = STAND_IN

    def __init__(self, clock: Clock) -> None:
        self.unknown: list[str] = []
        self.switches = Switches()
        self._clock = clock
        self._regions: dict[str, Region] = {}
        self._seconds: float = 10
        self._end = "succeeded"
        self.japan = self.region(JAPAN)

    def region(self, base_url: str) -> Region:
        """The region at a host, created when first needed."""
        if base_url not in self._regions:
            self._regions[base_url] = Region(self._clock, base_url, self.switches)
        return self._regions[base_url]

    def owns(self, url: str) -> bool:
        """Whether it is a region's."""
        return any(region.owns(url) for region in self._regions.values())

    def call_of(self, request: Request) -> str:
        """A POST is a start, any other method a status request."""
        return "start" if request.method == "POST" else "job"

    def answer(self, request: Request) -> Response:
        """The region's answer."""
        region = next(region for region in self._regions.values() if region.owns(request.url))
        region.unknown = self.unknown
        return region.answer(request)

    def register(self, app_id: int, unit: Unit, secret: str) -> None:  # noqa: ARG002 - any app may ask TROCCO.
        """Creates the definition that the unit names, and accepts the key."""
        if not isinstance(unit, TroccoJobUnit | TroccoWorkflowUnit):
            raise TypeError(unit.service)
        region = self.region(unit.base_url)
        region.api_keys[secret] = ApiKey()
        if isinstance(unit, TroccoJobUnit):
            definition = Definition(unit.job_definition_id, unit.label.en)
            region.job_definitions[definition.id] = definition
        else:
            definition = Definition(unit.pipeline_definition_id, unit.label.en)
            region.pipeline_definitions[definition.id] = definition
        self._apply(definition)

    def forget_units(self) -> None:
        """Removes all definitions; the status of jobs is kept."""
        for region in self._regions.values():
            region.api_keys.clear()
            region.job_definitions.clear()
            region.pipeline_definitions.clear()

    def choose(self, seconds: float, end: str) -> None:
        """For all definitions."""
        self._seconds, self._end = seconds, end
        for region in self._regions.values():
            for definition in (*region.job_definitions.values(), *region.pipeline_definitions.values()):
                self._apply(definition)

    def _apply(self, definition: Definition) -> None:
        definition.seconds = self._seconds
        definition.queue_seconds = _NEVER if self._end == "queued" else 1
        definition.outcome = cast(Outcome, self._end) if self._end in get_args(Outcome) else "succeeded"

    def errors(self, call: str) -> Sequence[ErrorAnswer]:  # noqa: ARG002 - the same for each.
        """Every error answer observed from TROCCO."""
        return [
            ErrorAnswer(name, dict.fromkeys(("ja", "en"), f"{response.status} {name}"), response)
            for name, response in ERRORS.items()
        ]

    def reset(self) -> None:
        """Resets the limits too."""
        for region in self._regions.values():
            region.reset()
