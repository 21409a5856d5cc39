"""A Chromium for the browser tests: Playwright's own, else one on the machine, else one that is installed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

AS_ROOT = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
"""The arguments without which Chromium refuses to start for root."""

# The first one draws no window around the page, which takes the others 50 % more time.
_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
    "chrome",
)
_PLACES = (
    # Debian's, for a PATH whose folders of links are older than the installation.
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "C:/Program Files/Microsoft/Edge/Application/msedge.exe",
)


def find_chromium(playwrights_own: Path) -> Path | None:
    """The program to start: one on the machine, or None for Playwright's own, which it finds itself."""
    if playwrights_own.is_file():
        return None
    return _on_this_machine() or pytest.exit("no Chromium found: install Chromium, Chrome or Edge", 1)


@contextmanager
def launched(*arguments: str) -> Iterator[Browser]:
    """A separate browser, outside of pytest."""
    with sync_playwright() as playwright:
        program = find_chromium(Path(playwright.chromium.executable_path))
        with playwright.chromium.launch(executable_path=program, args=[*arguments, *AS_ROOT]) as browser:
            yield browser


def ensure_chromium() -> None:
    """Installs a Chromium if there is none; ends the test run with one line if that is not possible."""
    if _on_this_machine():
        return
    with sync_playwright() as playwright:
        playwrights_own = Path(playwright.chromium.executable_path)
    playwrights_own.is_file() or _downloaded(playwrights_own) or _after_apt() or pytest.exit(
        "no Chromium found: install Chromium, Chrome or Edge, or run `playwright install chromium`", 1
    )


def _on_this_machine() -> Path | None:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    return Path(found) if found else next(filter(Path.is_file, map(Path, _PLACES)), None)


def _downloaded(program: Path) -> bool:
    """Playwright's own download."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, stdout=sys.stderr)
    return program.is_file()


def _after_apt() -> Path | None:
    """Debian's package, if this user may install it."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], check=False, stdout=sys.stderr)
    for package in ("chromium-headless-shell", "chromium"):
        install = [apt, "install", "-y", "-qq", "--no-install-recommends", package, "fonts-noto-cjk"]
        if subprocess.run(install, check=False, stdout=sys.stderr, env=quietly).returncode == 0:
            break
    return _on_this_machine()
