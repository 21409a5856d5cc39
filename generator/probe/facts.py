"""All facts, and what a tenant's report says of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator import __version__
from generator.errors import ProbeError
from generator.probe.fact import Fact
from generator.probe.kintone_facts import KINTONE
from generator.probe.rest_facts import REST
from generator.probe.service_facts import SERVICES
from generator.probe.unobserved import UNOBSERVED
from generator.units.values import Json

if TYPE_CHECKING:
    from generator.stub.tenant import Stub

FACTS: tuple[Fact, ...] = (*KINTONE, *REST, *SERVICES, *UNOBSERVED)
_LONGEST = 1024 * 1024


@dataclass(frozen=True)
class Difference:
    """A fact that a tenant says otherwise than the stub; `can_be_set`: the stub has a switch that can be set so."""

    fact: Fact
    stub: str
    tenant: str
    can_be_set: bool


def read_report(path: Path) -> Mapping[str, str]:
    """What a report says, by the facts' names. ProbeError where the file is none."""
    try:
        if path.stat().st_size > _LONGEST:
            raise ProbeError(f"{path}: is too large for a report of the probe")
        report = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ProbeError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError:
        raise ProbeError(f"{path}: is no JSON; save what the probe shows at its end, from {{ to }}") from None
    facts = report.get("facts") if isinstance(report, dict) and report.get("probe") == 1 else None
    if not isinstance(facts, dict) or not all(isinstance(told, str) for told in facts.values()):
        raise ProbeError(f'{path}: is no report of the probe; it has "probe": 1 and "facts"')
    return facts


def read_reports(paths: Iterable[Path]) -> dict[str, str]:
    """What several reports of one tenant say together; a later one counts. ProbeError where one is none."""
    return {name: told for path in paths for name, told in read_report(path).items()}


def report_of(facts: Mapping[str, str], observations: Mapping[str, Json]) -> Json:
    """What was found, as a report."""
    return {"probe": 1, "runbutton": __version__, "facts": dict(facts), "observations": dict(observations)}


def differences(report: Mapping[str, str], stub: "Stub") -> list[Difference]:
    """Where the tenant differs from the stub as it is set, in the order of the facts."""
    found = []
    for fact in FACTS:
        told = report.get(fact.name)
        ours = fact.set_in(stub)
        if told is None or ours in {"", told}:
            continue
        found.append(Difference(fact, ours, told, fact.takes(told)))
    return found


def like(report: Mapping[str, str], stub: "Stub") -> None:
    """Sets the stub's switches as the report says; what it does not say, or says in other words, stays."""
    for fact in FACTS:
        if fact.name in report:
            fact.turn(stub, report[fact.name])
