"""A worker for all worlds of a test process."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import browser_type_launch_args  # noqa: F401 - a fixture: the same Chromium.
from tests.worlds.engine import Program, Worlds, program


@pytest.fixture(scope="session")
def worlds(browser: Browser) -> Iterator[Worlds]:
    with closing(browser.new_context()) as context:
        yield Worlds(context.new_page())


@pytest.fixture(scope="session")
def runtime() -> Program:
    return program()
