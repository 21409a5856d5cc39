"""A third service is one Python module and one browser module, and nothing else changes for it."""

import json
from pathlib import Path

import pytest

from tests.third_service import Copy


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return Copy(tmp_path_factory.mktemp("third"), emulated=False)


def test_a_third_service_is_checked_and_built(copy: Copy) -> None:
    copy.run("keygen")
    copy.run("check")
    copy.run("build")
    assert (copy.folder / "dist/plugin/plugin.zip").exists()


def test_a_third_service_is_in_the_schema(copy: Copy) -> None:
    schema = copy.run("schema")
    assert json.loads(schema)
    assert '"open-courier"' in schema


def test_a_third_service_as_a_script(tmp_path: Path, copy: Copy) -> None:
    target = "name: orders\n    target: script\n    expose_secrets: true"
    text = (copy.folder / "units.yaml").read_text(encoding="utf-8").replace("name: orders", target)
    config = tmp_path / "units.yaml"
    config.write_text(text.replace("parcel: 7,", "parcel: 7, token: not-a-secret,"), encoding="utf-8")
    copy.run("build", str(config), "--out", str(tmp_path / "dist"))
    assert "courier.example" in (tmp_path / "dist/orders/runbutton.js").read_text(encoding="ascii")
