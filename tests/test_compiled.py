"""Compiled programs are kept as long as nothing that makes them has changed, and never believed when damaged."""

import sys
from pathlib import Path

import pytest

from generator import compiled
from generator.compiled import kept


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "cache"


class Maker:
    def __init__(self, text: str = "program\n") -> None:
        self.text = text
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        return self.text


def programs(cache: Path) -> list[Path]:
    return sorted(cache.rglob("program-*"))


def test_a_program_is_made_again_when_its_name_or_a_source_changes(tmp_path: Path, cache: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "a.js").write_text("1", encoding="utf-8")
    make = Maker()
    assert kept("x", [sources], make) == kept("x", [sources], make) == "program\n"
    assert make.asked == 1
    kept("y", [sources], make)
    (sources / "a.js").write_text("2", encoding="utf-8")
    kept("x", [sources], make)
    (sources / "b.js").write_text("", encoding="utf-8")
    kept("x", [sources], make)
    assert make.asked == 4
    assert len(programs(cache)) == 4


@pytest.mark.parametrize("damage", [b"", b"program\n", b"\xff", b"0" * 64 + b"\nprogram\n"])
def test_a_damaged_program_is_made_again(cache: Path, damage: bytes) -> None:
    make = Maker()
    kept("x", [], make)
    (path,) = programs(cache)
    path.write_bytes(damage)
    assert kept("x", [], make) == "program\n"
    assert kept("x", [], make) == "program\n"
    assert make.asked == 2


def test_only_so_many_are_kept(cache: Path) -> None:
    for number in range(compiled._KEPT + 5):
        kept(str(number), [], Maker())
    assert len(programs(cache)) == compiled._KEPT


def test_where_nothing_can_be_kept_it_is_made_each_time(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Maker()
    cache.write_text("a file where the folder should be", encoding="utf-8")
    assert kept("x", [], make) == kept("x", [], make) == "program\n"
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "other"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept("x", [], make)
    assert make.asked == 3
    assert programs(tmp_path / "other") == []
