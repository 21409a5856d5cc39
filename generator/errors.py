"""What can go wrong, one class for each stage; only cli/ turns these into words on stderr and an exit code."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.words import Text, in_words, of


class RunbuttonError(Exception):
    """Invalid input; the lines say what is wrong, where, and what to do, and contain no secret."""

    exit_code = 1

    def __init__(self, *lines: Text) -> None:
        super().__init__(*lines)
        self.lines = lines
        self.title: Text = ""

    def text(self, language: str) -> str:
        """The lines in one language, ja or en."""
        return "\n".join(in_words(language, line) for line in self.lines)

    def __str__(self) -> str:
        return self.text("en")

    def begin_with(self, title: Text) -> None:
        """Adds the subject in front of the text."""
        self.title = title
        self.lines = (of(title, self.lines[0]), *self.lines[1:])


@dataclass(frozen=True)
class Problem:
    """One problem of a config: `units.yaml:12:9: apps[0].units[1].url: …`; counted from 1."""

    file: str
    line: int
    column: int
    where: str
    problem: Text

    @property
    def place(self) -> str:
        """Where it is: file:line:column."""
        return f"{self.file}:{self.line}:{self.column}"

    def as_json(self) -> dict[str, str | int]:
        """The problem for other programs, the same in every language."""
        message = in_words("en", self.problem)
        return {"file": self.file, "line": self.line, "column": self.column, "where": self.where, "message": message}

    def text(self, language: str) -> str:
        """The problem in one line, in one language."""
        return ": ".join(part for part in (self.place, self.where, in_words(language, self.problem)) if part)

    def __str__(self) -> str:
        return self.text("en")


class ConfigError(RunbuttonError):
    """A config that cannot be used; `problems` has all of them, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda each: (each.file, each.line, each.column, str(each))))
        super().__init__(*self.problems)


class BuildError(RunbuttonError):
    """The browser sources do not link or compile, or dist/ cannot be written."""


class ProbeError(RunbuttonError):
    """A report of the probe that cannot be read, or an observation that cannot be made."""


class SigningError(RunbuttonError):
    """A plug-in key that cannot be read or used."""


class NetworkError(RunbuttonError):
    """Invalid proxy or certificate settings; a line for each."""


class KintoneError(RunbuttonError):
    """kintone refused a request or cannot be reached; the text has kintone's own message and code."""


class DeployError(RunbuttonError):
    """A deploy or rollback that could not be finished; the text says how far it came."""
