import json
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from generator.config import config_schema, parse_config, read_config
from generator.errors import ConfigError
from generator.units.krewdata import KrewDataUnit
from generator.units.trocco import TroccoWorkflowUnit

SAMPLES = Path(__file__).parent / "units"
BAD = sorted((SAMPLES / "bad").glob("*.yaml"))
GOOD = sorted((SAMPLES / "good").glob("*.yaml"))

ENVIRON = {
    "FAKE_SECRET": "FAKE-secret-0123456789",
    "WRONG_SERVICE": "krewdeta",
    "PASTED": "FAKE-pasted-value",
    "BLANK": "",
    "FAKE_VERSION": "1",
    "FAKE_APP": "45",
    "FAKE_FLAG": "true",
}

APP = """\
version: 1
apps:
  - app: 45
    name: orders
    target: script
    expose_secrets: true
    units:
      - id: nightly
        service: trocco-workflow
        pipeline_definition_id: 45
        api_key: ${FAKE_SECRET}
"""


def problems(text: str, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "units.yaml", ENVIRON if environ is None else environ)
    return [str(problem) for problem in caught.value.problems]


def unit_with(line: str) -> TroccoWorkflowUnit:
    unit = parse_config(f"{APP}        {line}\n", "units.yaml", ENVIRON).apps[0].units[0]
    assert isinstance(unit, TroccoWorkflowUnit)
    return unit


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_config_is_answered_with_the_problems_in_its_first_comment(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix("# ") for line in lines if line.startswith(f"# {path.name}:")]

    with pytest.raises(ConfigError) as caught:
        read_config(Path(path.name), ENVIRON)

    assert str(caught.value).split("\n") == expected


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_no_problem_repeats_a_secret(path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_config(path, ENVIRON)

    said = " ".join(str(problem) for problem in caught.value.problems)
    assert not any(secret in said for secret in ("FAKE-", "FAKE0", "123456789", "RkFLR"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_config_is_read(path: Path) -> None:
    assert read_config(path, ENVIRON).apps[0].app == 45


def test_the_environment_gives_numbers_and_truth_values_too() -> None:
    app = read_config(SAMPLES / "good" / "from-the-environment.yaml", ENVIRON).apps[0]

    assert (app.app, app.name, app.expose_secrets, app.units[0].confirm) == (45, "orders-45", True, True)
    assert app.units[0].label.en == "Load"


def test_an_alias_means_what_its_anchor_holds() -> None:
    apps = read_config(SAMPLES / "good" / "aliases.yaml", ENVIRON).apps

    assert apps[1].units[0] == apps[0].units[0]
    assert apps[1].units[1].label.en == "実行"


@pytest.mark.parametrize(
    ("line", "space"),
    [
        ("space: $ad_id$", "$ad_id$"),
        ("space: a$", "a$"),
        ("space: $$ $a {b}", "$$ $a {b}"),
        ("space: ${NOT_SET:-a b}", "a b"),
        ("space: ${BLANK:-a}", "a"),
        ("space: x-${WRONG_SERVICE}-${NOT_SET:-y}-$z$", "x-krewdeta-y-$z$"),
        ("space: ${NOT_SET:-}x", "x"),
        ('space: "${BLANK}x"', "x"),
        ("space: 1.10", "1.10"),
        ("space: 2019-11-18", "2019-11-18"),
        ("space: 1e5", "1e5"),
        ("space: .inf", ".inf"),
        ("space: '012'", "012"),
        ("space: !!str 012", "012"),
        ("space: =", "="),
        ('space: "no"', "no"),
        ("space: y", "y"),
    ],
)
def test_text_is_what_is_written(line: str, space: str) -> None:
    assert unit_with(line).space == space


@pytest.mark.parametrize(
    "written",
    [
        "${NEW:-${OLD}}",
        "${NEW:-$${OLD}}",
        '${NEW:-{"a":1}}',
        "${NEW:-$OLD}",
        "a${NEW:-b${OLD:-c}d}",
        "${FAKE_APP:-${X}}",
    ],
)
def test_a_default_is_plain_text(written: str) -> None:
    (problem,) = problems(f"{APP}        space: '{written}'\n")
    name = "FAKE_APP" if "FAKE_APP" in written else "NEW"
    assert problem == (
        f"units.yaml:12:16: apps[0].units[0].space: the default of ${{{name}}} must be plain text, without {{ and $NAME"
    )


def test_the_line_break_that_ends_a_block_or_a_variable_is_not_part_of_a_value() -> None:
    time = "context_time: |\n          2019-11-18 00:00:00\n"
    read = unit_with(f"{time}        label:\n          en: >\n            Load\n            it\n")
    assert (read.context_time, read.label.en, read.label.ja) == ("2019-11-18 00:00:00", "Load it", "Load it")
    environ = ENVIRON | {"LINE": "run-space\r\n", "EMPTY": "\n"}
    lines = "space: ${LINE}\n        label: '  ${EMPTY:-Load} '"
    unit = parse_config(f"{APP}        {lines}\n", "u", environ).apps[0].units[0]
    assert (unit.space, unit.label.en) == ("run-space", "Load")
    assert problems(f"{APP}        label: |\n          two\n          lines\n") == [
        "units.yaml:12:9: apps[0].units[0].label: must be one line"
    ]


@pytest.mark.parametrize(
    ("line", "place", "sign"),
    [
        ('label: "\\u200b"', "label", "200B"),
        ('label: "\\u202eRun"', "label", "202E"),
        ('label: {ja: "実行\\ufeff", en: Run}', "label.ja", "FEFF"),
        ('label: "\\u200dRun"', "label", "200D"),
        ('confirm: "Run\\u00ad?"', "confirm", "00AD"),
        ('space: "run\\u200d1"', "space", "200D"),
        ('show_if: [{field: "部門\\u200b名", filled: true}]', "show_if[0].field", "200B"),
        ('show_if: [{field: a, in: ["完了\\u2060"]}]', "show_if[0].in[0]", "2060"),
        ('context_time: {field: "a\\u3164"}', "context_time.field", "3164"),
    ],
)
def test_an_invisible_character_is_a_problem_where_it_stands(line: str, place: str, sign: str) -> None:
    (problem,) = problems(f"{APP}        {line}\n")
    assert f"apps[0].units[0].{place}: has the invisible character U+{sign}; remove it" in problem


def test_an_invisible_character_of_a_variable_names_it() -> None:
    (problem,) = problems(f"{APP}        space: ${{S}}\n", ENVIRON | {"S": "run\u200b"})
    assert problem.endswith("has the invisible character U+200B; remove it; the value comes from S")


@pytest.mark.parametrize("label", ["👨\u200d👩\u200d👧", "⚙\ufe0f", "葛\U000e0100城", "再 集計"])
def test_what_joins_and_varies_signs_is_no_problem(label: str) -> None:
    assert unit_with(f"label: {label}").label.ja == label


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        ('"tra_FAKE"', "has quotes around it; remove them; the value comes from FAKE_SECRET"),
        (
            "$TROCCO_API_KEY",
            "is a variable's name or a placeholder, not its value; give the value itself; the value",
        ),
        (
            "tra_\u200bFAKE",
            "has a space, a full-width or an invisible character inside; copy it again; the value",
        ),
    ],
)
def test_a_secret_that_cannot_be_right_names_its_variable_and_is_not_repeated(secret: str, problem: str) -> None:
    (found,) = problems(APP, {"FAKE_SECRET": secret})
    assert f"apps[0].units[0].api_key: {problem}" in found
    assert secret not in found


def test_a_variable_is_not_replaced_twice() -> None:
    environ = ENVIRON | {"OUTER": "${FAKE_SECRET}"}

    assert parse_config(f"{APP}        space: ${{OUTER}}\n", "u", environ).apps[0].units[0].space == "${FAKE_SECRET}"


@pytest.mark.parametrize(("word", "meaning"), [("yes", True), ("On", True), ("no", False), ("OFF", False)])
def test_yaml_1_1_truth_values_are_understood(word: str, meaning: bool) -> None:
    assert unit_with(f"confirm: {word}").confirm is meaning


@pytest.mark.parametrize("number", ["012", "0o12", "0x1F", "0b11", "1_000", "1:30", "+5", "1:30.5", "9" * 5000])
def test_a_number_that_is_not_read_as_written_is_a_problem(number: str) -> None:
    (problem,) = problems(f"{APP}        timeout: {number}\n")

    assert problem.startswith("units.yaml:12:9: apps[0].units[0].timeout: ")
    assert number not in problem


def test_a_problem_in_an_alias_stands_where_the_anchor_is() -> None:
    text = APP + "        show_if: &a [{field: 1, filled: true}]\n      - {id: b, show_if: *a}\n"

    assert 'units.yaml:12:23: apps[0].units[0].show_if[0].field: must be text; write "1" in quotes' in problems(text)


def test_problems_come_in_the_order_of_the_file() -> None:
    text = APP.replace("app: 45", "app: x").replace("id: nightly", "id: a b").replace("version: 1", "version: 2")

    assert [problem.split(": ")[1] for problem in problems(text)] == ["version", "apps[0].app", "apps[0].units[0].id"]


def test_a_problem_is_one_line_even_where_a_key_is_not() -> None:
    (problem,) = problems(APP + '        "a\\nb\\u2028c": 1\n')

    assert len(problem.splitlines()) == 1


def test_the_word_of_a_hint_is_what_was_written() -> None:
    assert problems(APP + "        space: NO\n") == [
        'units.yaml:12:9: apps[0].units[0].space: must be text; YAML reads NO as false; write "NO" in quotes'
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ":1:1: the file is empty; `runbutton init` writes an example"),
        (b"\xef\xbb\xbf", ":1:1: the file is empty; `runbutton init` writes an example"),
        (APP.encode("utf-16"), ":1:1: must be UTF-8 but is UTF-16; save the file as UTF-8"),
        (APP.encode("utf-16-be"), ":1:1: must be UTF-8 but is UTF-16; save the file as UTF-8"),
        (APP.encode("utf-32"), ":1:1: must be UTF-8 but is UTF-32; save the file as UTF-8"),
        (b"version: 1\r\n# \xe9\r\n", ":2:3: must be UTF-8; save the file as UTF-8"),
        (
            "version: 1\n# 日本".encode("shift_jis"),
            ":2:3: must be UTF-8 but seems to be Shift_JIS; save the file as UTF-8",
        ),
        (b"version: 1\napps: a\0b\n", ":2:8: the character U+0000 is not allowed in YAML; remove it"),
        (b"#" * 10_000_000, ":1:1: cannot read: must be at most 4096 KiB"),
    ],
    ids=["empty", "bom-only", "utf-16", "utf-16-no-bom", "utf-32", "latin-1", "shift-jis", "nul", "10-mb"],
)
def test_a_file_that_is_no_text_of_ours_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "units.yaml"
    path.write_bytes(content)

    with pytest.raises(ConfigError) as caught:
        read_config(path, ENVIRON)

    assert str(caught.value) == f"{path}{problem}"


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "units.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + APP.replace("\n", "\r\n").encode())

    assert read_config(path, ENVIRON) == parse_config(APP, "units.yaml", ENVIRON)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no devices among its files")
def test_a_config_is_read_as_other_small_files_are_so_that_nothing_is_waited_for_without_an_end() -> None:
    with pytest.raises(ConfigError, match="/dev/zero:1:1: cannot read: is a device, not a file"):
        read_config(Path("/dev/zero"), ENVIRON)


def test_a_missing_file_a_directory_and_an_impossible_name_are_named(tmp_path: Path) -> None:
    for path, words in [
        (tmp_path / "none.yaml", "no such file; `runbutton init`"),
        (tmp_path, "is a folder; give the units.yaml in it"),
        (tmp_path / ("x" * 5000), "cannot read: "),
        (tmp_path / "a\0b", "cannot read: "),
    ]:
        with pytest.raises(ConfigError, match=words) as caught:
            read_config(path, ENVIRON)
        assert len(caught.value.problems) == 1


def billion_laughs() -> str:
    levels = [f"{name}: &{name} [{', '.join([f'*{inner}'] * 9)}]" for inner, name in pairwise("abcdefghi")]
    return "\n".join(["a: &a [x]", *levels])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "must not be nested more than 32 levels"),
        ("{a: " * 100_000, "must not be nested more than 32 levels"),
        ("- " * 100_000, "must not be nested more than 32 levels"),
        ("? " * 100_000, "must not be nested more than 32 levels"),
        (billion_laughs(), "aliases make more than"),
        ("a: &a {b: *a}", "aliases make more than"),
        ("&a [*a, *a, *a]", "aliases make more than"),
        ("\n".join(f"k{n}: &k{n} [[[[[[[[*k{n - 1}]]]]]]]]" for n in range(1, 9)).replace("*k0", "x"), "levels"),
        ("[" + "a," * 300_000 + "]", "has more than 250000 values"),
    ],
    ids=["lists", "mappings", "block-lists", "keys", "billion-laughs", "self", "selves", "chain", "many"],
)
def test_a_file_made_to_exhaust_the_reader_is_refused_at_once(text: str, words: str) -> None:
    began = time.process_time()
    (problem,) = problems(text)

    assert words in problem
    assert time.process_time() - began < 5  # takes a fifth of a second; without the limits, minutes or the whole stack


def test_depth_is_counted_from_the_top_whatever_stood_there_before() -> None:
    siblings = "[{}, [], [[]]], " * 40
    deepest = f"[{siblings}{'[' * 31}{']' * 31}]"
    too_deep = f"[{siblings}{'[' * 32}{']' * 32}]"

    assert "deep" not in "\n".join(problems(deepest))
    assert problems(too_deep) == [f"units.yaml:1:{len(siblings) + 33}: must not be nested more than 32 levels"]


def test_a_thousand_apps_are_read_in_a_moment() -> None:
    header, app = APP.split("  - ", 1)
    text = header + "".join(f"  - {app}".replace("45", f"{at}").replace("orders", f"a{at}") for at in range(1, 1301))
    assert text.count("\n") > 11_000

    began = time.process_time()
    config = parse_config(text, "units.yaml", ENVIRON)

    assert [app.app for app in config.apps] == list(range(1, 1301))
    assert time.process_time() - began < 10  # takes a third of a second; a quadratic step would take minutes


VARIABLE = {"type": "string", "pattern": r"\$\{"}


@pytest.mark.parametrize(
    ("model", "key", "alone"),
    [
        ("App", "app", {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}),
        ("App", "name", {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 64}),
        ("App", "target", {"type": "string", "enum": ["plugin", "script"]}),
        ("App", "expose_secrets", {"type": "boolean"}),
    ],
)
def test_the_schema_takes_a_variable_wherever_not_every_text_will_do(
    model: str, key: str, alone: dict[str, Any]
) -> None:
    assert config_schema()["$defs"][model]["properties"][key]["anyOf"] == [alone, VARIABLE]


@pytest.mark.parametrize(
    ("model", "key"),
    [("Condition", "field"), ("KrewDataUnit", "url"), ("KrewDataUnit", "service"), ("KrewDataUnit", "space")],
)
def test_the_schema_adds_no_variable_to_what_is_any_text_or_names_the_model(model: str, key: str) -> None:
    assert "anyOf" not in config_schema()["$defs"][model]["properties"][key]


def described(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        for key, value in schema.get("properties", {}).items():
            yield f"{path}.{key}", value
        for key, value in schema.items():
            yield from described(value, f"{path}.{key}")
    if isinstance(schema, list):
        for value in schema:
            yield from described(value, path)


def test_the_schema_describes_every_key_in_one_line() -> None:
    schema = config_schema()
    keys = {path: value for path, value in described(schema) if not path.endswith((".ja", ".en"))}

    assert "krewdata_app_url" in json.dumps(schema)
    assert [path for path, value in keys.items() if not value.get("description")] == []
    assert [path for path, value in keys.items() if "\n" in value.get("description", "")] == []
    assert {path.rsplit(".", 1)[1] for path in keys} >= {*KrewDataUnit.keys(), *TroccoWorkflowUnit.keys(), "plugin"}


def test_the_schema_allows_variables_where_it_wants_numbers() -> None:
    app = config_schema()["$defs"]["App"]["properties"]["app"]

    assert [kind["type"] for kind in app["anyOf"]] == ["integer", "string"]
    assert "default" not in app


def test_the_schema_allows_no_empty_keys_and_lets_a_text_be_a_variable_too() -> None:
    unit = config_schema()["$defs"]["TroccoJobUnit"]["properties"]

    assert '"null"' not in json.dumps(config_schema())
    assert "oneOf" not in unit["confirm"]  # "${CONFIRM}" is a variable and a text: one of both would refuse it
    assert unit["space"]["type"] == "string"


def test_the_schema_says_timeouts_as_they_are_written() -> None:
    assert config_schema()["$defs"]["KrewDataUnit"]["properties"]["timeout"]["default"] == "60m"
