"""The language that the command line speaks, ja or en: --lang, else RUNBUTTON_LANG, else the terminal's."""

import os
from collections.abc import Sequence
from itertools import pairwise

import click

from generator.words import LANGUAGES

# One process speaks one language, whichever of its threads does.
_chosen: list[str] = []


def choose(language: str | None) -> None:
    """Sets the language; None selects the environment's."""
    _chosen[:] = [language] if language in LANGUAGES else []


def choose_by(arguments: Sequence[str]) -> None:
    """Sets the language of --lang before the other arguments are parsed, so that their errors use it too."""
    own = arguments[: arguments.index("--")] if "--" in arguments else arguments
    given = [each.removeprefix("--lang=") for each in own if each.startswith("--lang=")]
    given += [value for name, value in pairwise(own) if name == "--lang"]
    choose(given[-1] if given else None)


def language() -> str:
    """The language to speak, ja or en."""
    if _chosen:
        return _chosen[0]
    # POSIX looks at the three after RUNBUTTON_LANG in this order.
    variables = ("RUNBUTTON_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    given = next((os.environ[name] for name in variables if os.environ.get(name)), None) or _of_windows()
    return "ja" if given.lower().startswith("ja") else "en"


def _of_windows() -> str:
    """The language of Windows' own screens, such as ja_JP; empty elsewhere."""
    import ctypes
    import locale

    windll = getattr(ctypes, "windll", None)
    return locale.windows_locale.get(windll.kernel32.GetUserDefaultUILanguage(), "") if windll else ""


def lang_option() -> click.Option:
    """The option --lang, which every command has; `choose_by` has read it."""
    return click.Option(["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help="help.lang")
