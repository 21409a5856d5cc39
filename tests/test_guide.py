"""The guide says the same in both languages, and what it says is there: commands, options, keys, examples, links."""

import re
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner

from generator.assets import TEMPLATES
from generator.cli import main
from generator.config import parse_config
from generator.guide import FOLDER, order, read_page, title
from generator.units.config import App, Config, Plugin
from generator.units.unit import SERVICES
from generator.words import LANGUAGES, say
from tests.conftest import KREWDATA_UNIT, config_of
from tests.fenced import blocks_in

PAGES = sorted(path.name for path in (FOLDER / "en").glob("*.md"))
TEXTS = {
    (language, name): (FOLDER / language / name).read_text(encoding="utf-8") for language in LANGUAGES for name in PAGES
}
WHOLE = {language: "\n".join(TEXTS[language, name] for name in PAGES) for language in LANGUAGES}


def test_both_languages_have_the_same_pages() -> None:
    assert sorted(path.name for path in (FOLDER / "ja").glob("*.md")) == PAGES


@pytest.mark.parametrize("name", [name for name in PAGES if name != "README.md"])
def test_both_languages_have_the_same_chapters_tables_and_examples(name: str) -> None:
    shapes = [
        (
            re.findall(r"^(#+) ", TEXTS[language, name], re.MULTILINE),
            [line.count("|") for line in TEXTS[language, name].splitlines() if line.lstrip().startswith("|")],
            [block for kind in ("sh", "yaml", "powershell") for block in blocks_in(TEXTS[language, name], kind)],
        )
        for language in LANGUAGES
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize(("language", "name"), TEXTS)
def test_links_and_pictures_lead_somewhere(language: str, name: str) -> None:
    page = FOLDER / language / name
    targets = re.findall(r"\]\(([^)\s#]+)", TEXTS[language, name])
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_reached_from_the_first(language: str) -> None:
    assert [name for name in PAGES if name != "README.md" and f"({name})" not in TEXTS[language, "README.md"]] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_its_place_in_the_order(language: str) -> None:
    assert sorted(order(language)) == sorted(PAGES)
    assert order(language)[0] == "README.md"


@pytest.mark.parametrize(("language", "name"), TEXTS)
def test_every_chapter_has_an_address_of_its_own(language: str, name: str) -> None:
    page = read_page(FOLDER / language / name)
    ids = [chapter.id for chapter in page.chapters]
    assert len(ids) == len(set(ids)) == TEXTS[language, name].count("\n## ")
    assert all(ids)
    assert [chapter.id for chapter in page.chapters if f'<h2 id="{chapter.id}">' not in page.html] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_of_a_config_has_no_problems(language: str) -> None:
    examples = blocks_in(WHOLE[language], "yaml")
    assert examples
    for example in examples:
        parse_config(example, "guide", {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_is_written_is_there_with_its_options(language: str) -> None:
    code = "\n".join([*blocks_in(WHOLE[language], "sh"), *re.findall(r"`(runbutton [^`\n]+)`", WHOLE[language])])
    written = re.findall(r"^runbutton (.+?)(?: >.*)?$", code, re.MULTILINE)
    assert len(written) > 20
    for line in written:
        name, *rest = line.split()
        command = main.commands[name]
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word.split("=")[0] for word in rest if word.startswith("--")} <= options, line


# The reference says them once for several commands.
IN_SEVERAL_ROWS = {"--lang", "--env-file", "--base-url", "--username", "--guest-space-id", "--proxy"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_option_and_key_is_in_the_reference(language: str) -> None:
    text = TEXTS[language, "reference.md"]
    missing = [name for name in main.commands if f"`runbutton {name}" not in text]
    options = {
        option.opts[0]
        for command in main.commands.values()
        for option in command.params
        if isinstance(option, click.Option)
    }
    missing += sorted(option for option in options if option not in text)
    for name, command in main.commands.items():
        row = next((line for line in text.splitlines() if line.startswith(f"| `runbutton {name}")), "")
        own = {option.opts[0] for option in command.params if isinstance(option, click.Option)} - IN_SEVERAL_ROWS
        missing += sorted(f"{name} {option}" for option in own if option not in row)
    keys = {
        field.alias or key
        for model in (Config, Plugin, App, *SERVICES.values())
        for key, field in model.model_fields.items()
    }
    missing += sorted(key for key in keys if f"`{key}`" not in text)
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_names_values_as_the_help_does(language: str) -> None:
    text = TEXTS[language, "reference.md"]
    for name, command in main.commands.items():
        ((what, row),) = re.findall(rf"^\| `runbutton {name}( [^`]+)?` (.*)$", text, re.MULTILINE)
        usage = CliRunner().invoke(main, [name, "-h"]).output.splitlines()[0]
        assert what.split() == usage.partition("[OPTIONS]")[2].split(), usage
        values = {f"{one.opts[0]} {one.metavar}" for one in command.params if isinstance(one, click.Option)}
        assert set(re.findall(r"`(--[\w-]+ [A-Z][^`\s]*)`", row)) <= values, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_request_that_kintone_stores_is_in_the_table_of_what_users_can_do(language: str) -> None:
    job = {"id": "a", "service": "trocco-job", "job_definition_id": 12, "api_key": "fake-key"}
    workflow = {"id": "b", "service": "trocco-workflow", "pipeline_definition_id": 45, "api_key": "fake-key"}
    requests = [
        each for unit in config_of(KREWDATA_UNIT, job, workflow).apps[0].units for each in unit.stored_requests()
    ]
    paths = [each.url.partition("//")[2].partition("/")[2].replace("abcdefghijklmn", "{unit}") for each in requests]
    assert len(paths) == 6
    text = TEXTS[language, "security.md"]
    written = [f"`{each.method} …/{path}`" for each, path in zip(requests, paths, strict=True)]
    assert [one for one in written if one not in text] == []


@pytest.mark.parametrize(("language", "name"), TEXTS)
def test_pages_become_html_with_nothing_of_markdown_left(language: str, name: str) -> None:
    page = read_page(FOLDER / language / name).html
    assert f"<h1>{title(FOLDER / language / name)}</h1>" in page
    outside_code = re.sub(r"<(pre|code).*?</\1>", "", page, flags=re.DOTALL)
    assert re.findall(r"\*\*|^\||```|\]\(", outside_code, re.MULTILINE) == []


def test_the_example_for_github_checks_each_push_and_builds_and_deploys_only_by_hand() -> None:
    jobs = yaml.safe_load((FOLDER / "github-actions.yml").read_text(encoding="utf-8"))["jobs"]
    commands = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    # A name that nobody has published yet is no source of a program that gets the password of kintone.
    install = "pip install ./runbutton"
    assert commands == {
        "check": [install, "runbutton check"],
        "deploy": [install, "runbutton build", "runbutton deploy --yes"],
    }
    assert jobs["deploy"]["if"] == "github.event_name == 'workflow_dispatch'"
    assert jobs["deploy"]["environment"]


def test_the_example_for_github_pins_its_actions_uploads_nothing_and_gives_secrets_to_steps_alone() -> None:
    text = (FOLDER / "github-actions.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = {step["uses"] for step in steps if "uses" in step}
    assert [
        action for action in used if not re.fullmatch(r"actions/(checkout|setup-python)@[0-9a-f]{40}", action)
    ] == []
    with_secrets = {step["run"]: set(step["env"]) for step in steps if "secrets." in str(step)}
    assert with_secrets == {
        "runbutton build": {"RUNBUTTON_KEY"},
        "runbutton deploy --yes": {"RUNBUTTON_KEY", "KINTONE_BASE_URL", "KINTONE_USERNAME", "KINTONE_PASSWORD"},
    }
    assert text.count("secrets.") == sum(map(len, with_secrets.values()))


def test_the_projects_own_checks_run_on_three_systems() -> None:
    checks = Path(__file__).parent.parent / ".github" / "workflows" / "checks.yml"
    matrix = yaml.safe_load(checks.read_text(encoding="utf-8"))["jobs"]["tests"]["strategy"]["matrix"]
    assert [name.split("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]


def test_every_problem_that_the_page_tells_is_explained_in_both_languages() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "runtime").rglob("*.js"))
    keys = {key for told in re.findall(r"\bhappened:[^,;]*", code) for key in re.findall(r'"(\w+\.\w+)"', told)}
    keys |= {f"krewdata.{call}Lost" for call in ("token", "run", "status")}
    assert len(keys) > 30
    told = {language: {re.sub(r"\{\w+\}", "…", say(language, key)) for key in keys} for language in LANGUAGES}
    assert [text for language in LANGUAGES for text in told[language] if f"| {text} |" not in WHOLE[language]] == []


@pytest.mark.parametrize("name", PAGES)
def test_japanese_paragraphs_are_one_line_since_a_line_break_shows_as_a_space(name: str) -> None:
    prose = re.sub(r"```.*?```", "", TEXTS["ja", name], flags=re.DOTALL)
    assert re.findall(r"^(?![|#>])(?! +\|).*[^\x00-\x7f]\n(?![-*|#! \n]|\d+\. ).+", prose, re.MULTILINE) == []
