"""How `runbutton run` shows a run on stderr: live on a terminal, else a line each time that something changed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from generator.cli.lossy import Lossy

if TYPE_CHECKING:
    from rich.console import RenderableType

    from generator.run import View

_MARKS = {"queued": "○", "running": "●", "succeeded": "✓", "failed": "✕", "unknown": "?"}
_STYLES = {"succeeded": "green", "failed": "red", "unknown": "yellow", "running": "cyan"}
# Nothing to report before the start.
_SILENT = {"idle", "confirming"}


class Display:
    """Keeps the last view of a run, and shows nothing."""

    last: "View | None" = None

    def show(self, view: "View") -> None:
        """Takes the next view."""
        self.last = view


@contextmanager
def shown_on(title: str, *, quiet: bool) -> Iterator[Display]:
    """A display of the run `title` for as long as the context lasts."""
    # The reader may close before the end; that does not affect the run.
    console = Console(file=Lossy(err=True), highlight=False, emoji=False)  # type: ignore[arg-type]
    if quiet:
        yield Display()
    elif console.is_terminal:
        screen = _Screen(title)
        with Live(console=console, get_renderable=screen.render, refresh_per_second=8):
            yield screen
    else:
        console.print(title, markup=False, soft_wrap=True)
        yield _Lines(console)


class _Screen(Display):
    """The current state of the run, redrawn several times a second."""

    def __init__(self, title: str) -> None:
        self._title = Text(title, style="bold")
        self._began = time.monotonic()
        self._spinner = Spinner("dots")

    def render(self) -> "RenderableType":
        view = self.last
        if view is None or view.state in _SILENT:
            return self._title
        if view.is_over:
            return Group(self._title, *(Text(line, style) for line, style in _end(view)))
        seconds = int(time.monotonic() - self._began)
        self._spinner.update(text=Text(f"{view.line}  {seconds // 60}:{seconds % 60:02}"))
        return Group(self._title, self._spinner, *(Text(line, style) for line, style in _steps(view)))


class _Lines(Display):
    """A line each time that the words change."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: list[str] = []

    def show(self, view: "View") -> None:
        self.last = view
        if view.is_over:
            lines = [line for line, _ in _end(view)]
        else:
            step = next((f" {step.name}" for step in view.steps if step.state == "running"), "")
            lines = [] if view.state in _SILENT else [view.line + step]
        if lines != self._shown:
            self._shown = lines
            for line in lines:
                self._console.print(line, markup=False, soft_wrap=True)


def _end(view: "View") -> list[tuple[str, str]]:
    """The lines of a run that has ended, each with its style."""
    line = f"{_MARKS.get(view.state, '–')} {view.line}"
    more = [text for text in (*view.words, view.own, view.link) if text]
    return [(line, _STYLES.get(view.state, "")), *_steps(view), *((f"  {text}", "") for text in more)]


def _steps(view: "View") -> list[tuple[str, str]]:
    return [
        (f"  {_MARKS.get(step.state, '–')} {step.name}  {step.words}", _STYLES.get(step.state, "dim"))
        for step in view.steps
    ]
