"""What the commands that change a kintone share: signing in, which kintone it is, and being stopped."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from generator.cli.terminal import Project, ask, say
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.deploy.history import History
    from generator.deploy.plan import Plan
    from generator.kintone.client import Kintone


@contextmanager
def signed_in(project: Project) -> "Iterator[tuple[Kintone, History]]":
    """The kintone that the environment names, said in a line, and what was deployed to it from this config.

    Ctrl+C and SIGTERM, with which a CI job is cancelled, end in words.
    """
    from generator.deploy.history import read_history
    from generator.kintone.client import Kintone
    from generator.kintone.connection import read_connection

    connection = read_connection(project.environ)
    say(f"kintone: {connection.described}")
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        with Kintone(connection, say) as kintone:
            yield kintone, read_history(project.folder, project.path.name, connection.address)
    except KeyboardInterrupt:
        raise RunbuttonError("stopped before anything was changed") from None
    finally:
        signal.signal(signal.SIGTERM, before)


def show(plan: "Plan") -> None:
    """Says what a plan will do."""
    for line in plan.lines:
        say(line)


def agreed_to(plan: "Plan", kintone: "Kintone", verb: str, *, yes: bool, doubts: tuple[str, ...] = ()) -> None:
    """Asks whether to carry out a plan. RunbuttonError where that is not agreed to.

    `verb` is such as `Deploy to`; `doubts` come before those that the plan has itself.
    """
    if not plan.empty:
        ask(" ".join([*doubts, *plan.doubts, f"{verb} {kintone.connection.described}?"]), yes)


def _stop(_signal: int, _frame: Any) -> None:  # noqa: ANN401 - as the signal module hands it in.
    raise KeyboardInterrupt
