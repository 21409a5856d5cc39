"""Every command speaks Japanese or English, and never a sentence of the other language."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.assets import TEMPLATES
from generator.cli import language as cli_language
from generator.cli import main
from generator.config import read_config
from generator.errors import ConfigError
from generator.words import page_sections, sections
from tests.conftest import JAPANESE
from tests.test_config import BAD, ENVIRON

# Parts that are the same in every language: names, paths, commands, options, placeholders, and quoted text.
_SAME = re.compile(
    r"https?://\S+|`[^`]*`|\"[^\"]*\"|'[^']*'|「[^」]*」|\[[^\]]*\]|\{[^}]*\}|\([^)]*\)|--?[\w-]+(?:[ =][A-Z|_]+)?|"
    r"[\w./-]*[._/][\w./-]+|\b[A-Z][A-Z0-9_]+\b"
)
_ENGLISH = re.compile(r"\b[a-z]{2,} +[a-z]{2,} +[a-z]{2,}\b")
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])


def prose(text: str) -> str:
    """The text without the parts that are the same in every language."""
    return _SAME.sub("", text)


def foreign(text: str, language: str) -> list[str]:
    """The lines that are not in the language."""
    other = JAPANESE if language == "en" else _ENGLISH
    return [line for line in text.splitlines() if other.search(prose(line))]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(language: str, *arguments: str) -> Result:
    result = CliRunner().invoke(main, [*arguments, "--lang", language])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_the_measure_finds_what_is_foreign() -> None:
    assert foreign("エラー: units.yaml: the file is empty", "ja") == ["エラー: units.yaml: the file is empty"]
    assert foreign("units.yaml: 整数を指定してください", "en") == ["units.yaml: 整数を指定してください"]
    assert not foreign("次のコマンド: runbutton preview units.yaml --open", "ja")


@LANGUAGES
@pytest.mark.parametrize("name", ["", *main.commands])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_is_in_the_language_wherever_lang_stands(language: str, name: str, option: str) -> None:
    arguments = [name] if name else []
    last = CliRunner().invoke(main, [*arguments, option, "--lang", language])
    assert last.exit_code == 0
    assert CliRunner().invoke(main, [*arguments, "--lang", language, option]).stdout == last.stdout
    example = last.stdout.rstrip().splitlines()[-1]
    assert example.startswith(f"  runbutton {name}")
    own = last.stdout.replace(example, "")
    assert foreign(own, language) == []
    assert bool(JAPANESE.search(own)) == (language == "ja")


def test_help_has_the_commands_by_headings_in_the_order_of_use() -> None:
    printed = CliRunner().invoke(main, ["-h"]).stdout
    order = re.findall(r"^  (\w+) +[A-Z]|^(\w[\w ]+):$", printed, re.MULTILINE)
    assert [command or heading for command, heading in order] == [
        *("Start", "init", "preview", "check", "Deploy", "build", "deploy", "rollback", "remove"),
        *("Run and test", "run", "probe", "More", "guide", "keygen", "schema", "Options", "Example"),
    ]


@LANGUAGES
@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["chekc"],
        ["check", "--jsn"],
        ["check", "--nonsense"],
        ["check", "a.yaml", "b.yaml"],
        ["check", "--env-file"],
        ["check", "--json=x"],
        ["run"],
        ["preview", "--port", "x"],
        ["rollback", "--to", "-1"],
        ["probe", "--direct", "x"],
        ["build", "--check", "--watch"],
        ["deploy", "--exit-code"],
        ["init", "--set", "x"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_in_the_language(language: str, arguments: list[str]) -> None:
    result = CliRunner().invoke(main, ["--lang", language, *arguments], prog_name="runbutton")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert foreign(result.stderr, language) == []
    usage, hint, error = result.stderr.splitlines()
    assert usage.startswith("使い方: " if language == "ja" else "Usage: ")
    assert hint.removesuffix("' for help.").endswith(" -h")
    assert error.startswith("エラー: " if language == "ja" else "error: ")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_problem_of_a_config_is_in_the_language_at_the_same_place(path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(path, ENVIRON)
    japanese, english = (caught.value.text(language).splitlines() for language in ("ja", "en"))
    for one, other in zip(japanese, english, strict=True):
        place = one.removeprefix(str(path)).split(": ")[0]
        assert other.removeprefix(str(path)).split(": ")[0] == place
        assert JAPANESE.search(one)
        assert one.endswith(("。", "）"))
        assert foreign(one.removeprefix(str(path)), "ja") == []
        assert foreign(other.removeprefix(str(path)), "en") == []


@LANGUAGES
def test_json_and_exit_codes_are_the_same_in_every_language(folder: Path, language: str) -> None:
    (folder / "units.yaml").write_text("version: ２\n", encoding="utf-8")
    result = run(language, "check", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    problem = json.loads(result.stdout)["problems"][1]
    assert problem == {
        "file": "units.yaml",
        "line": 1,
        "column": 1,
        "where": "version",
        "message": 'must be a whole number, such as 45; "２" has full-width characters: type 2',
    }


@LANGUAGES
def test_check_of_a_good_config_says_so_and_its_json_is_empty_of_problems(language: str) -> None:
    assert run(language, "init").exit_code == 0
    done = run(language, "check")
    assert done.exit_code == 0
    counts = {"ja": "アプリ1個、ボタン1個、エラーはありません", "en": "1 app, 1 button, no problems"}[language]
    assert done.stderr == f"✓ units.yaml: {counts}\n"
    assert json.loads(run(language, "check", "--json").stdout) == {"problems": [], "warnings": []}


@LANGUAGES
def test_init_and_its_files_are_in_the_language(folder: Path, language: str) -> None:
    done = run(language, "init")
    assert done.exit_code == 0
    assert foreign(done.stderr, language) == []
    schema = json.loads((folder / "units.schema.json").read_text(encoding="utf-8"))
    about = schema["$defs"]["App"]["properties"]["units"]["description"]
    assert about == {"ja": "アプリのボタン", "en": "buttons of the app"}[language]
    assert json.loads(run(language, "schema").stdout) == schema


def test_schemas_differ_in_nothing_but_their_descriptions() -> None:
    def bare(schema: object) -> object:
        if isinstance(schema, dict):
            return {key: bare(value) for key, value in schema.items() if key not in ("description", "title")}
        return [bare(each) for each in schema] if isinstance(schema, list) else schema

    japanese, english = (json.loads(run(language, "schema").stdout) for language in ("ja", "en"))
    assert bare(japanese) == bare(english)
    descriptions = re.findall(r'"description": "([^"]+)"', json.dumps(japanese, ensure_ascii=False))
    assert descriptions
    assert all(JAPANESE.search(each) for each in descriptions)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "C"}, "en"),
        ({"LC_MESSAGES": "C", "LC_ALL": "ja_JP"}, "ja"),
        ({"LC_ALL": "ja_JP.UTF-8", "RUNBUTTON_LANG": "en"}, "en"),
        ({"RUNBUTTON_LANG": "ja"}, "ja"),
        ({"RUNBUTTON_LANG": "", "LANG": "ja"}, "ja"),
        ({"RUNBUTTON_LANG": "fr", "LANG": "ja"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_decides_without_lang(
    environ: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("RUNBUTTON_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    cli_language.choose(None)
    assert cli_language.language() == expected
    printed = CliRunner().invoke(main, ["check", "-h"]).stdout
    assert printed.startswith("使い方" if expected == "ja" else "Usage")


def test_lang_is_an_option_of_every_command() -> None:
    for command in (main, *main.commands.values()):
        assert "--lang" in {name for param in command.params for name in param.opts}


def test_no_sentence_of_the_commands_is_in_the_scripts_of_apps() -> None:
    assert page_sections("en").keys() < sections("en").keys()
    own = json.loads((TEMPLATES / "words" / "command" / "en.json").read_text(encoding="utf-8"))
    assert not page_sections("en").keys() & own.keys()


def test_marks_are_colored_on_a_terminal_unless_no_color_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("en", "init").exit_code == 0
    colored = CliRunner().invoke(main, ["check"], color=True).stderr
    assert colored.startswith("\x1b[32m\x1b[1m✓\x1b[0m units.yaml: ")
    monkeypatch.setenv("NO_COLOR", "1")
    assert CliRunner().invoke(main, ["check"], color=True).stderr.startswith("✓ units.yaml: ")


def test_a_package_that_is_too_large_is_a_problem_as_json_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("en", "init").exit_code == 0
    monkeypatch.setattr("generator.plugin._FILE_LIMIT", 1000)
    done = run("ja", "check", "--json")
    problems = json.loads(done.stdout)["problems"]
    assert done.exit_code == 1
    assert all(problem["file"] == "units.yaml" for problem in problems)
    assert "kintone allows at most 1,000" in problems[0]["message"]
