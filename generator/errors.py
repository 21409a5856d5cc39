"""What can go wrong, one class for each stage; only cli/ turns these into words on stderr and an exit code."""

from collections.abc import Sequence
from dataclasses import dataclass


class RunbuttonError(Exception):
    """Something is wrong with what was given; the text says what, where and what to do, and holds no secret."""

    exit_code = 1


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a config: `units.yaml:12:9: apps[0].units[1].url: …`; counted from 1."""

    file: str
    line: int
    column: int
    where: str
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.where}: {self.text}" if self.where else f"{place}: {self.text}"


class ConfigError(RunbuttonError):
    """A config that cannot be used; `problems` has all that is wrong with it, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class BuildError(RunbuttonError):
    """The browser sources do not link or compile, or dist/ cannot be written."""


class ProbeError(RunbuttonError):
    """A report of the probe that cannot be read, or an observation that cannot be made."""


class SigningError(RunbuttonError):
    """A plug-in key that cannot be read or used."""


class NetworkError(RunbuttonError):
    """Settings of the way out of this machine that cannot be used; a line for each."""


class KintoneError(RunbuttonError):
    """kintone refused a request or cannot be reached; the text has kintone's own message and code."""


class DeployError(RunbuttonError):
    """A deploy or rollback that could not be finished; the text says how far it came."""
