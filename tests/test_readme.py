"""The README says what is true: commands, keys, examples."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.config import parse_config
from generator.units.config import App, Config
from generator.units.plugin import Plugin
from generator.units.unit import SERVICES

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_in_the_readme(name: str) -> None:
    row = re.search(rf"^\| `{name}[ `].*", README, re.MULTILINE)
    assert row is not None
    options = {parameter.opts[0] for parameter in main.commands[name].params if isinstance(parameter, click.Option)}
    # Said once for all commands that have them, below the table.
    shared = {"--lang", "--env-file", "--base-url", "--username", "--guest-space-id", "--proxy"}
    below = README.partition("CONFIG is `units.yaml` unless given")[2].partition("## ")[0]
    assert [option for option in shared if f"`{option}" not in below] == []
    assert [option for option in options - shared if option not in row.group()] == []


def test_the_readme_promises_no_command_that_is_not_there() -> None:
    promised = re.findall(r"^\| `([a-z]+)[ `]", README, re.MULTILINE)
    commands = promised[: promised.index("schema") + 1]
    assert set(commands) == set(main.commands)


@pytest.mark.parametrize("model", [Config, Plugin, App, *SERVICES.values()], ids=lambda model: model.__name__)
def test_every_key_is_in_the_readme(model: type) -> None:
    keys = [field.alias or name for name, field in model.model_fields.items()]  # type: ignore[attr-defined]
    assert [key for key in keys if not re.search(rf"\b{key}\b", README)] == []


def test_the_example_is_a_config_without_problems() -> None:
    for example in code_blocks("yaml"):
        parse_config(example, "README.md", {})


def test_the_two_commands_stand_alone() -> None:
    assert [block.count("\n") for block in code_blocks("sh")[:2]] == [1, 1]


def test_help_names_every_command_in_a_line() -> None:
    printed = CliRunner().invoke(main, ["--help"]).output
    assert [name for name in main.commands if not re.search(rf"^  {name} +\S", printed, re.MULTILINE)] == []


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_help_of_every_command_has_an_example(name: str) -> None:
    printed = " ".join(CliRunner().invoke(main, [name, "--help"]).output.split())
    assert f"Example: runbutton {name}" in printed
