"""`runbutton probe`."""

from collections.abc import Mapping
from pathlib import Path

import click

from generator.cli.terminal import FILE, LANG, say

_NEXT = {
    "ja": "手順は {readme} にあります（テスト用のアプリで行います）。",
    "en": "{readme} says what to do with them, in an app made for the test.",
}


@click.command()
@click.option("--out", type=FILE, default=Path("probe"), show_default=True, help="The folder that is made.")
@click.option("--compare", "report", type=FILE, help="Say where a report differs from the stub, and what rests on it.")
@LANG
def probe(out: Path, report: Path | None, lang: str) -> None:
    """Settle on your own kintone and services what no document says.

    Without an option it writes a page and a plug-in for an app made for the test.

    Example: runbutton probe --out probe
    """
    if report is not None:
        _compare(report)
        return
    from generator.probe.write import probe_files, write_probe

    files = probe_files()
    write_probe(out, files)
    for name, content in files.items():
        say(f"wrote {out / name} ({len(content):,} bytes)")
    say(_NEXT[lang].format(readme=out / "README.md"))


def _compare(path: Path) -> None:
    from generator.probe.facts import FACTS, differences, read_report
    from generator.stub.tenant import Script, Stub
    from generator.stub.wire import Clock

    report = read_report(path)
    stub = Stub([], lambda _: Script(), Clock())
    found = differences(report, stub)
    for difference in found:
        fact = difference.fact
        click.echo(f"{fact.name}: the tenant says {difference.tenant!r}, the stub {difference.stub!r}")
        click.echo(f"  {fact.fact}")
        click.echo(f"  Rests on it: {fact.rests}")
        if not difference.can_be_set:
            click.echo("  The stub has no such alternative.")
    _summary(report, {fact.name for fact in FACTS if fact.switch}, len(found))


def _summary(report: Mapping[str, str], known: set[str], differing: int) -> None:
    told = len(known & report.keys())
    say(f"{differing} of {told} facts differ from the stub; the report says nothing of {len(known) - told} others.")
    if differing:
        say("`runbutton preview --like REPORT` previews with the stub set so.")
