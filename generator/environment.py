"""The environment for settings and ${VAR}: the process's, and a .env file for missing variables."""

import re
from collections.abc import Mapping
from pathlib import Path

from generator.errors import ConfigError, Problem
from generator.invisible import invisible_in
from generator.smallfile import read_small
from generator.system import reason_of
from generator.words import Message

_NAME = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=[ \t]*")
_REFERENCE = re.compile(r"(?<!\\)\$\{")
_NOTHING_PUT_IN = Message("env.reference")
# A drive, a network share, or a path below a folder, in which a known escape would make a line break or a tab.
_WINDOWS_PATH = re.compile(r'"(?:[A-Za-z]:\\(?!\\)|\\\\[\w.-]+\\[A-Za-z]|\.{1,2}\\[A-Za-z]|%\w+%\\[A-Za-z])')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


def with_env_file(path: Path, environ: Mapping[str, str], *, required: bool = False) -> dict[str, str]:
    """`environ` plus the variables of the .env file at `path`, which may be missing unless it is `required`.

    The environment's value takes precedence, as with docker compose and python-dotenv. ConfigError as in read_env_text,
    or if the file cannot be read.
    """
    try:
        text = read_small(path).decode("utf-8-sig")
    except FileNotFoundError:
        if required:
            raise ConfigError([Problem(str(path), 1, 1, "", Message("env.noFile"))]) from None
        return dict(environ)
    except UnicodeDecodeError:
        raise ConfigError([Problem(str(path), 1, 1, "", Message("env.encoding"))]) from None
    except OSError as error:
        raise ConfigError(
            [Problem(str(path), 1, 1, "", Message("env.unreadable", strerror=reason_of(error)))]
        ) from None
    return {**read_env_text(text, str(path)), **environ}


def read_env_text(text: str, file: str) -> dict[str, str]:
    r"""The variables in the text of a .env file; `file` is what problems call it.

    NAME=value, one a line; `export` before it and comments after ` #` are allowed. 'single quotes' take everything as
    it is, "double quotes" know \n \r \t \" \\ \$; both may go over several lines. ${NAME} is not replaced, and is a
    problem outside of single quotes. So is a line that other .env readers would read differently. ConfigError, never
    with a value in it, for all invalid lines at once, which no library's parser reports.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    at, text = 0, text.replace("\r\n", "\n")
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        raise ConfigError([Problem(file, line, 1, "", Message("env.cr"))])
    while at < len(text):
        line = text.count("\n", 0, at) + 1
        end = _line_end(text, at)
        name = _NAME.match(text, at, end)
        if name is None:
            if text[at:end].strip() and not text[at:end].lstrip().startswith("#"):
                problems.append(Problem(file, line, 1, "", Message("env.noPair")))
        else:
            if text[name.end() : name.end() + 1] in ("'", '"'):
                value, wrong, end = _quoted(text, name.end())
            else:
                exported = text[at:end].lstrip().startswith("export")
                value, wrong = _plain(text[name.end() - 1 : end], exported=exported)
            if wrong or (wrong := _unseen(value)):
                problems.append(Problem(file, line, 1, name[1], wrong))
            found[name[1]] = value
        at = end + 1
    if problems:
        raise ConfigError(problems)
    return found


def _plain(written: str, *, exported: bool) -> tuple[str, Message | None]:
    """The unquoted value after a name, from the sign before it on; and its problem."""
    value = re.split(r"\s#", written, maxsplit=1)[0][1:].strip(" \t")
    if written.startswith("=#"):
        return value, Message("env.hash")
    if _REFERENCE.search(value):
        return value, _NOTHING_PUT_IN
    if exported and re.search(r"\s[A-Za-z_]\w*=", value):
        return value, Message("env.second")
    if value != value.strip():
        return value, Message("env.wideSpace")
    return value, None


def _quoted(text: str, opening: int) -> tuple[str, Message | None, int]:
    """The value in the quotes that open there, its problem, and the end of its last line."""
    closing = _closing_quote(text, opening)
    if closing is None:
        return "", Message("env.open"), _line_end(text, opening)
    end, quoted = _line_end(text, closing), text[opening : closing + 1]
    if not re.fullmatch(r"\s*(#.*)?", text[closing + 1 : end]):
        return "", Message("env.afterQuote"), end
    return _unquoted(quoted), _wrong_in_double_quotes(quoted) if quoted[0] == '"' else None, end


def _wrong_in_double_quotes(quoted: str) -> Message | None:
    """Why a value would not be read as it looks; None if nothing is wrong."""
    if _WINDOWS_PATH.match(quoted):
        return Message("env.windowsPath")
    if any(escaped not in _ESCAPES for escaped in re.findall(r"\\(.)", quoted[1:-1], re.DOTALL)):
        return Message("env.backslash")
    return _NOTHING_PUT_IN if _REFERENCE.search(quoted) else None


def _unseen(value: str) -> Message | None:
    # A PEM text has line ends; a file of secrets from Windows has CR LF.
    strange = invisible_in(value, allowed="\t\n\r")
    return Message("problem.invisible", character=strange) if strange else None


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _closing_quote(text: str, opening: int) -> int | None:
    """The next quote of the same kind; inside double quotes a backslash hides one."""
    pattern = r'"(?:[^"\\]|\\.)*"' if text[opening] == '"' else "'[^']*'"
    quoted = re.compile(pattern, re.DOTALL).match(text, opening)
    return quoted.end() - 1 if quoted else None


def _unquoted(quoted: str) -> str:
    inside = quoted[1:-1]
    if quoted[0] == "'":
        return inside
    return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[0]), inside, flags=re.DOTALL)
