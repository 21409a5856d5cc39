"""The same modules, joined by the real esbuild bundler, work the same: so the linker is checked."""

from typing import Any

import pytest

from tests.bench.page import bundled
from tests.browser.record_page import Serve
from tests.browser.test_run import watch_to_success
from tests.conftest import config_of

pytestmark = pytest.mark.node


def test_the_bundlers_script_passes_the_same_page_test(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    page = serve_config(config_of(krewdata_unit), build=bundled)
    watch_to_success(page.open())
