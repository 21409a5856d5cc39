"""The README is short, has a Japanese twin, and its two commands are each a line."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.config import parse_config
from generator.guide import FOLDER
from tests.fenced import blocks_in

README = Path(__file__).parent.parent / "README.md"
TWIN = FOLDER / "ja" / "README.md"


def code_blocks(path: Path, language: str) -> list[str]:
    return blocks_in(path.read_text(encoding="utf-8"), language)


def test_it_can_be_read_in_five_minutes() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count("\n") <= 110
    assert len(text.split()) <= 800


def test_the_japanese_twin_has_the_same_chapters_and_the_same_code() -> None:
    chapters, chapters_of_twin = (
        re.findall(r"^#+ ", path.read_text(encoding="utf-8"), re.MULTILINE) for path in (README, TWIN)
    )
    assert chapters == chapters_of_twin
    for language in ("sh", "yaml"):
        assert code_blocks(README, language) == code_blocks(TWIN, language)


@pytest.mark.parametrize("path", [README, TWIN], ids=["en", "ja"])
def test_its_links_and_pictures_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)\s#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []


def test_the_example_is_a_config_without_problems() -> None:
    (example,) = code_blocks(README, "yaml")
    parse_config(example, "README.md", {})


def test_the_two_commands_stand_alone() -> None:
    assert [block.count("\n") for block in code_blocks(README, "sh")[:2]] == [1, 1]


def test_help_names_every_command_in_a_line() -> None:
    printed = CliRunner().invoke(main, ["--help"]).output
    assert [name for name in main.commands if not re.search(rf"^  {name} +\S", printed, re.MULTILINE)] == []


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_help_of_every_command_has_an_example(name: str) -> None:
    printed = " ".join(CliRunner().invoke(main, [name, "--help"]).output.split())
    assert f"Example: runbutton {name}" in printed
