"""Fixtures for several test files: configs from short texts, and a browser."""

import gc
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from generator.config import parse_config
from generator.units.config import Config
from tests import node
from tests.browser.chromium import ensure_chromium

if TYPE_CHECKING:
    from tests.calling import Called
    from tests.deploying import Bench
    from tests.host import Host
    from tests.loopback import Loopback
    from tests.recording import Records

# Tests assert the English sentences, whatever the language of the machine.
os.environ["RUNBUTTON_LANG"] = "en"

KREWDATA_UNIT: Mapping[str, Any] = {
    "id": "recalculate",
    "service": "krewdata",
    "url": "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn",
    "krewdata_app_url": "https://yourdomain.cybozu.com/k/123",
    "serial_number": "abcdef-jklmno-pqrstu-xyz123-456789",
    "record": ["部門名", "入荷日"],
    "label": {"ja": "再集計", "en": "Recalculate"},
}

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
HTML = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1><script>throw 1</script></body></html>"


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: a test waits for its browser about as long as it works."""
    return (os.cpu_count() or 1) + 1


def pytest_sessionstart(session: pytest.Session) -> None:
    """Sees to a browser once, before the processes that share the tests want one."""
    config = session.config
    if not hasattr(config, "workerinput") and any(Path(arg).is_dir() or "browser" in arg for arg in config.args):
        ensure_chromium()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is marked `exhaustive` or `node` unless -m names it or the test itself is named.

    The default run is for everybody, and `node` needs programs that users do not need: those tests are skipped where
    Node.js or the packages of templates/package.json are missing."""
    for marker in ("exhaustive", "node"):
        if marker not in config.option.markexpr and not any("::" in arg for arg in config.args):
            items[:] = [item for item in items if not item.get_closest_marker(marker)]
    if not node.installed():
        skip = pytest.mark.skip(reason="needs Node.js, and `npm install` in templates/")
        for item in items:
            if item.get_closest_marker("node"):
                item.add_marker(skip)


def pytest_collection_finish() -> None:
    """Tells Python that what was collected lasts: to look through it for garbage took a tenth of the tests' time."""
    gc.freeze()


def config_of(*units: Mapping[str, Any], **app: Any) -> Config:
    """A config with one app of script target and these units, as units.yaml would give it."""
    filled = {"app": 45, "name": "orders", "target": "script", "expose_secrets": True, **app, "units": list(units)}
    return config_from({"version": 1, "apps": [filled]})


def config_from(content: Mapping[str, Any]) -> Config:
    """The config that units.yaml with this content gives."""
    return parse_config(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "units.yaml", {})


@pytest.fixture(scope="session")
def host() -> "Iterator[Host]":
    """The server that all tests of the process share."""
    from tests.host import Host

    with ExitStack() as stack:
        yield Host(stack)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Bench]":
    """A stubbed kintone, and a project that is deployed to it."""
    from tests.calling import project_bench

    with project_bench(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def called(bench: "Bench") -> "Called":
    """The command line in that project."""
    from tests.calling import command_line

    return command_line(bench)


@pytest.fixture
def log_bench(bench: "Bench", called: "Called") -> "Bench":
    """The same kintone with a complete log app."""
    assert called("log-app", "--yes").exit_code == 0
    bench.sent()
    return bench


@pytest.fixture
def served_log() -> "Iterator[Loopback]":
    """A kintone's REST side with the log app of tests/recording.py."""
    from tests.recording import serve_log

    with serve_log() as served:
        yield served


@pytest.fixture
def log(served_log: "Loopback") -> "Iterator[Records]":
    """That app's records, for sato."""
    from tests.recording import LOG, Records

    records = Records(served_log, LOG, "sato")
    with records.client:
        yield records


@pytest.fixture
def krewdata_unit() -> dict[str, Any]:
    """The seed's values, as a unit of units.yaml."""
    return dict(KREWDATA_UNIT)
