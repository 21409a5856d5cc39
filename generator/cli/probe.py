"""`runbutton probe`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.command import Command, spoken
from generator.cli.run_inputs import chosen_unit, secret_of
from generator.cli.terminal import ENV_FILE, FILE, YES, Project, ask, remind, say
from generator.errors import ProbeError
from generator.words import Message, of, titled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.probe.http import Findings


@click.command(
    cls=Command,
    about="help.probe",
    more=["help.probeMore"],
    example="runbutton probe --direct krewdata --unit orders/test > krewdata.json",
)
@click.option("--out", type=FILE, default=Path("probe"), metavar="FOLDER", help="help.probeOut")
@click.option("--compare", "reports", type=FILE, multiple=True, metavar="REPORT", help="help.compare")
@click.option("--direct", type=click.Choice(["krewdata", "trocco"]), help="help.direct")
@click.option("--unit", "which", metavar="APP/UNIT", help="help.unit")
@click.option("--config", type=FILE, default=Path("units.yaml"), metavar="FILE", help="help.config")
@ENV_FILE
@click.option("--allow-run", is_flag=True, help="help.allowRun")
@click.option("--allow-disable", is_flag=True, help="help.allowDisable")
@click.option("--rest", "app", type=click.IntRange(1), metavar="APP_ID", help="help.rest")
@YES
@click.option("--preview", metavar="URL", help="help.probePreview")
def probe(
    *,
    out: Path,
    reports: tuple[Path, ...],
    direct: str | None,
    which: str | None,
    config: Path,
    env_file: Path | None,
    allow_run: bool,
    allow_disable: bool,
    preview: str | None,
    app: int | None,
    yes: bool,
) -> None:
    """Writes the probe's page and plug-in, asks a service or kintone's REST API, or compares reports."""
    if reports:
        _compare(reports)
    elif direct is not None:
        _ask(direct, which, Project(config, env_file), preview, allow_run=allow_run, allow_disable=allow_disable)
    elif app is not None:
        _rest(app, Project(config, env_file), yes=yes)
    else:
        _write(out)


def _write(out: Path) -> None:
    from generator.probe.write import probe_files, write_probe

    files = probe_files()
    write_probe(out, files)
    for name, content in files.items():
        say(Message("build.wrote", path=out / name, bytes=f"{len(content):,}"))
    say(Message("probe.next", readme=out / "README.md"))


def _ask(
    service: str, which: str | None, project: Project, preview: str | None, *, allow_run: bool, allow_disable: bool
) -> None:
    from contextlib import closing

    from generator.network import Network, read_network
    from generator.probe.http import Caller
    from generator.probe.krewdata import KrewDataProbe
    from generator.probe.trocco import TroccoProbe
    from generator.running_preview import find_preview
    from generator.units.krewdata import KrewDataUnit
    from generator.units.trocco import TroccoJobUnit

    shown = None if preview is None else find_preview(preview)
    network = read_network(project.environ) if shown is None else Network()
    kind = {"krewdata": "krewdata", "trocco": "trocco-job"}[service]
    if which is None:
        raise ProbeError(Message("test.needsUnit", service=service, kind=kind))
    app, unit = chosen_unit(project.read(), which)
    if unit.service != kind:
        raise ProbeError(of(f"--unit {which}", Message("test.otherService", service=unit.service, kind=kind)))
    secret = secret_of(unit, project.environ, preview=shown is not None)
    with closing(Caller(network, shown)) as caller:
        match unit:
            case KrewDataUnit():
                probing = KrewDataProbe(unit, app.app, secret, caller)
                found = probing.look(allow_run=allow_run, allow_disable=allow_disable)
            case TroccoJobUnit():
                found = TroccoProbe(unit.base_url, secret, unit.job_definition_id, caller).look(allow_run=allow_run)
    _print(found)


def _rest(app: int, project: Project, *, yes: bool) -> None:
    from generator.kintone.connection import read_connection
    from generator.probe.rest import RestProbe

    connection = read_connection(project.environ)
    say(of("kintone", connection.described))
    remind(Message("test.changes", app=titled(app, "")))
    ask(Message("test.goOn"), yes)
    _print(RestProbe(connection, app).look())


def _print(found: "Findings") -> None:
    from generator.probe.facts import report_of

    click.echo(json.dumps(report_of(found.facts, found.observations), ensure_ascii=False, indent=2))


def _compare(paths: tuple[Path, ...]) -> None:
    from generator.probe.facts import FACTS, differences, read_reports
    from generator.stub.tenant import Script, Stub
    from generator.stub.wire import Clock

    report = read_reports(paths)
    found = differences(report, Stub([], lambda _: Script(), Clock()))
    for difference in found:
        fact = difference.fact
        click.echo(spoken("test.differs", fact=fact.name, found=difference.tenant, stub=difference.stub))
        click.echo(f"  {fact.fact}")
        click.echo(f"  {spoken('test.rests', rests=fact.rests)}")
        if not difference.can_be_set:
            click.echo(f"  {spoken('test.cannotSet')}")
    _summary(report, {fact.name for fact in FACTS if fact.switch or fact.documented}, len(found))


def _summary(report: "Mapping[str, str]", known: set[str], differing: int) -> None:
    reported = len(known & report.keys())
    say(Message("test.summary", differing=differing, told=reported, others=len(known) - reported))
    if differing:
        say(Message("test.like"))
