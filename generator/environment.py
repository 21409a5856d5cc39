"""The environment that settings and ${VAR}s come from: the process's own, and a .env file for what it has not."""

import re
from collections.abc import Mapping
from pathlib import Path

from generator.errors import ConfigError, Problem
from generator.smallfile import read_small

_NAME = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=[ \t]*")
_REFERENCE = re.compile(r"(?<!\\)\$\{")
_NOTHING_PUT_IN = "has ${, for which nothing is put in here; write the value out, or put it in 'single quotes'"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


def with_env_file(path: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` with what the .env file at `path` adds to it; without one, `environ` alone.

    A variable that both have keeps the environment's value, as with docker compose and python-dotenv. ConfigError
    as read_env_text has it, or where the file cannot be read.
    """
    try:
        text = read_small(path).decode("utf-8-sig")
    except FileNotFoundError:
        return dict(environ)
    except UnicodeDecodeError:
        raise ConfigError([Problem(str(path), 1, 1, "", "is not UTF-8; save it as UTF-8")]) from None
    except OSError as error:
        raise ConfigError([Problem(str(path), 1, 1, "", f"cannot be read: {error.strerror or error}")]) from None
    return {**read_env_text(text, str(path)), **environ}


def read_env_text(text: str, file: str) -> dict[str, str]:
    r"""The variables in the text of a .env file; `file` is what problems call it.

    NAME=value, one a line; `export` before it and comments after ` #` are allowed. 'single quotes' take everything as
    it is, "double quotes" know \n \r \t \" \\ \$; both may go over several lines. Nothing is put in for ${NAME}, which
    is a problem outside of single quotes. ConfigError, never with a value in it, for all lines that are something
    else: all at once, which is why this is no library's parser.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    at, text = 0, text.replace("\r\n", "\n")
    while at < len(text):
        line = text.count("\n", 0, at) + 1
        end = _line_end(text, at)
        name = _NAME.match(text, at, end)
        if name is None:
            if text[at:end].strip() and not text[at:end].lstrip().startswith("#"):
                problems.append(Problem(file, line, 1, "", "is no NAME=value; start a comment with #"))
        elif text[name.end() : name.end() + 1] in ("'", '"'):
            closing = _closing_quote(text, name.end())
            end = _line_end(text, closing if closing is not None else name.end())
            if closing is None:
                problems.append(Problem(file, line, 1, name[1], "the quote that starts here is never closed"))
            elif not re.fullmatch(r"\s*(#.*)?", text[closing + 1 : end]):
                problems.append(Problem(file, line, 1, name[1], "has text after its closing quote"))
            elif text[closing] == '"' and _REFERENCE.search(text, name.end(), closing):
                problems.append(Problem(file, line, 1, name[1], _NOTHING_PUT_IN))
            else:
                found[name[1]] = _unquoted(text[name.end() : closing + 1])
        else:
            value = re.split(r"(?:^|\s)#", text[name.end() : end], maxsplit=1)[0].strip()
            if _REFERENCE.search(value):
                problems.append(Problem(file, line, 1, name[1], _NOTHING_PUT_IN))
            elif re.match(r"\s*export\s", text[at:end]) and re.search(r"\s[A-Za-z_]\w*=", value):
                problems.append(Problem(file, line, 1, name[1], "has a second NAME= behind it; give each a line"))
            found[name[1]] = value
        at = end + 1
    if problems:
        raise ConfigError(problems)
    return found


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
