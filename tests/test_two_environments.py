"""The guide's recipe for two environments, typed as the guide has it: both in one kintone environment."""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.guide import FOLDER
from tests.calling import Called, command_line, project_bench, write_config
from tests.deploying import Bench
from tests.fenced import blocks_in

TEAMS = (FOLDER / "en" / "teams.md").read_text(encoding="utf-8")
RECIPE = TEAMS[TEAMS.index("## Development and production") : TEAMS.index("## Guest spaces")]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with project_bench(tmp_path, monkeypatch) as made:
        monkeypatch.chdir(made.folder)
        for name in ("KINTONE_BASE_URL", "KINTONE_USERNAME", "KINTONE_PASSWORD"):
            monkeypatch.delenv(name, raising=False)
        made.rest.users["deployer"] = "not-a-real-password"
        for name, text in zip(("production.env", "staging.env"), blocks_in(RECIPE, "ini"), strict=True):
            assert f"`{name}`:" in RECIPE
            here = text.replace("https://yourdomain.cybozu.com", made.loopback.address)
            Path(name).write_text(here, encoding="utf-8")
        yield made


@pytest.fixture
def called(bench: Bench) -> Called:
    call = command_line(bench)

    def with_variables_of_the_file(*arguments: str, answer: str = "") -> object:
        return call(*arguments, answer=answer, KINTONE_BASE_URL=None, KINTONE_USERNAME=None, KINTONE_PASSWORD=None)

    return with_variables_of_the_file


def type_all(called: Called) -> list[str]:
    """Types the recipe's commands, agreeing to each question; returns their output."""
    (commands,) = blocks_in(RECIPE, "sh")
    said = []
    for line in commands.splitlines():
        done = called(*line.split()[1:], answer="y\n")
        assert done.exit_code == 0, f"{line}: {done.output}"
        said.append(done.output)
    return said


def test_plugins_with_two_keys_leave_each_other_alone(bench: Bench, called: Called) -> None:
    Path("units.yaml").write_text(blocks_in(RECIPE, "yaml")[0], encoding="utf-8")
    said = type_all(called)
    assert [
        line for text in said for line in text.splitlines() if "buttons disappear" in line or "no longer in" in line
    ] == []
    names = [[plugin.name for plugin in bench.rest.live_plugins(app)] for app in (45, 46)]
    assert names == [["Run buttons"], ["Run buttons (staging)"]]
    scripts = [bench.rest.live_plugins(app)[0].files["runbutton.js"] for app in (45, 46)]
    assert [b'"45"' in scripts[0], b'"46"' in scripts[1]] == [True, True]


def test_scripts_leave_each_other_alone(bench: Bench, called: Called) -> None:
    config = blocks_in(RECIPE, "yaml")[0]
    config = re.sub(r"plugin:\n(  .*\n)+", "", config).replace(
        "    name: orders\n", "    name: orders\n    target: script\n    expose_secrets: true\n"
    )
    config += "        serial_number: abcdef-jklmno-pqrstu-xyz123-456789\n"
    Path("units.yaml").write_text(config, encoding="utf-8")
    said = type_all(called)
    lines = [line for text in said for line in text.splitlines()]
    assert [line for line in lines if "removed" in line or "no longer in" in line] == []
    live = [bench.live(app)["desktop", "js"] for app in (45, 46)]
    again = called("deploy", "--env-file", "staging.env", "--out", "dist-staging")
    assert again.output.splitlines()[-2] == "orders (app 46): nothing to change"
    assert called("rollback", "--env-file", "production.env", "--yes").exit_code == 0
    assert bench.live(45) == {}
    assert bench.live(46)["desktop", "js"] == live[1]


def test_with_one_key_the_apps_that_lose_their_buttons_are_named_and_nothing_is_done_unasked(
    bench: Bench, called: Called
) -> None:
    Path("units.yaml").write_text(blocks_in(RECIPE, "yaml")[0], encoding="utf-8")
    staging = Path("staging.env").read_text(encoding="utf-8").replace("staging.ppk", "private.ppk")
    Path("staging.env").write_text(staging + "VERSION=4\n", encoding="utf-8")
    text = Path("units.yaml").read_text(encoding="utf-8").replace("version: 3", "version: ${VERSION:-3}")
    Path("units.yaml").write_text(text, encoding="utf-8")
    assert called("keygen", "private.ppk").exit_code == 0
    for stage, answer in (("production", "y\n"), ("staging", "")):
        called("build", "--env-file", f"{stage}.env", "--out", f"dist-{stage}")
        done = called("deploy", "--env-file", f"{stage}.env", "--out", f"dist-{stage}", answer=answer)
    assert done.exit_code == 1
    assert "app-45 (app 45): the buttons will disappear, because the plug-in no longer has them." in done.output
    assert (
        "error: nothing was changed, because no terminal can answer; add --yes to go on without asking\n" in done.output
    )
    (plugin,) = bench.rest.plugins.values()
    assert plugin.version == "3"


@pytest.mark.skipif(os.name != "posix", reason="other systems quote a space in another way")
def test_what_a_deploy_suggests_acts_on_the_same_kintone_environment(bench: Bench, called: Called) -> None:
    """ "To undo: runbutton rollback" would have undone the last deploy with the usual .env, in another environment."""
    write_config(Path(), "orders", "stock")
    Path("envs").mkdir()
    staging = Path("envs", "my staging.env")
    Path("staging.env").rename(staging)
    variables = ("--env-file", str(staging))
    called("build")
    done = called("deploy", *variables, "--username", "deployer", answer="y\n")
    undo = ["runbutton rollback --env-file 'envs/my staging.env' --username deployer"]
    assert re.findall(r"To undo: (.*)", done.output) == undo
    write_config(Path(), "orders")
    called("build")
    done = called("deploy", *variables, "--proxy", "http://me:hidden@localhost:1", "--dry-run")
    assert re.findall(r"To remove them: (.*)", done.output) == [
        "runbutton remove --env-file 'envs/my staging.env' --app 46"
    ]
    assert called(*shlex.split(undo[0])[1:], "--yes").exit_code == 0
    assert bench.live(45) == bench.live(46) == {}


def test_the_usual_file_of_variables_may_be_named(bench: Bench, called: Called) -> None:
    """It used to count as another environment: nothing to roll back, and no word about apps that left the config."""
    write_config(Path(), "orders", "stock")
    Path("staging.env").rename(".env")
    called("build")
    assert called("deploy", answer="y\n").exit_code == 0
    write_config(Path(), "orders")
    called("build")
    assert "stock (app 46): no longer in units.yaml" in called("deploy", "--env-file", "./.env", "--dry-run").output
    assert called("rollback", "--env-file", str(Path(".env").resolve()), "--yes").exit_code == 0
    assert bench.live(45) == bench.live(46) == {}
