"""The command line killed, by SIGKILL, around every request that it sends: nothing is lost, and the next run goes on.

Each case stands for itself: a kintone, a folder, a run that dies before or after one request was answered, and then
either the same command again or a rollback. `pytest -m exhaustive` has all of them, the default run a sample.
"""

import multiprocessing
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.build import make, write
from generator.config import parse_config
from generator.errors import DeployError
from generator.signing import new_key, plugin_id, write_key
from generator.stub.rest import Settings
from generator.units.config import Config
from tests import killed
from tests.conftest import KREWDATA_UNIT
from tests.deploying import FOREIGN, STYLE, URL, Bench, Lists
from tests.loopback import Loopback, environ

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills and forks")

KEY = new_key()
ID = plugin_id(KEY)
THEIRS: Lists = {("desktop", "js"): (URL, FOREIGN), ("mobile", "css"): (STYLE,)}


def config_text(*apps: tuple[int, str, str], label: str = "Run", version: int = 1) -> str:
    """units.yaml with these apps: ID, name and target; each has one unit."""
    shown: dict[str, Any] = {"version": 1, "apps": []}
    for app, name, target in apps:
        unit = dict(KREWDATA_UNIT) | {"label": label, "record": "none"}
        if target == "plugin":
            unit.pop("serial_number")
            shown["plugin"] = {"name": {"en": "Run"}, "version": version, "key": "private.ppk"}
        secrets = {"expose_secrets": True} if target == "script" else {}
        shown["apps"].append({"app": app, "name": name, "target": target, **secrets, "units": [unit]})
    return yaml.safe_dump(shown, allow_unicode=True, sort_keys=False)


BOTH = ((45, "orders", "script"), (46, "stock", "script"))
MIXED = ((45, "orders", "script"), (46, "stock", "plugin"))
PLUGINS = ((45, "orders", "plugin"), (46, "stock", "plugin"))

SCENARIOS: Mapping[str, tuple[str | None, str]] = {
    "two new apps": (None, config_text(*BOTH)),
    "two changed apps": (config_text(*BOTH), config_text(*BOTH, label="Again")),
    "a script and a plug-in": (None, config_text(*MIXED)),
    "a newer plug-in": (config_text(*PLUGINS), config_text(*PLUGINS, version=2)),
    "from script to plug-in": (config_text(*BOTH), config_text(*MIXED)),
    "an app that left": (config_text(*BOTH), config_text(BOTH[0], label="Again")),
}
"""What was deployed before, and what the run that is killed deploys."""


@dataclass
class Case:
    """A kintone and a folder in the state before the run that is killed."""

    loopback: Loopback
    bench: Bench
    config: Config
    files: Mapping[str, bytes]

    def deploy(self) -> list[str]:
        return self.bench.deploy(list(self.config.apps), self.files).lines

    def content(self) -> tuple[Any, ...]:
        """What is live and what is before publishing, of both apps."""
        found: list[Any] = []
        for app in (45, 46):
            settled = self.loopback.rest.settled(app)
            found += [_shown(settled.live or Settings()), _shown(settled.preview)]
        installed = self.loopback.rest.plugins.get(ID)
        return (*found, installed.version if installed else None)


def _shown(settings: Settings) -> tuple[Any, ...]:
    lists = {place: entries for place, entries in settings.lists.items() if entries}
    return (settings.scope, lists, settings.plugins)


@lru_cache
def parsed(text: str) -> Config:
    return parse_config(text, "units.yaml", {})


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Mapping[str, bytes]]]:
    """The folder that a config's text is built to, with the config and the key beside dist/; and dist/ by path."""

    @lru_cache
    def built(text: str) -> tuple[Path, Mapping[str, bytes]]:
        folder = tmp_path_factory.mktemp("built")
        write_key(KEY, folder / "private.ppk")
        (folder / "units.yaml").write_text(text, encoding="utf-8")
        files = make(parsed(text), folder)
        write(files, folder / "dist")
        return folder, files

    return built


@pytest.fixture(scope="module")
def forked() -> Any:
    """Processes that have the command line loaded already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.killed"])
    return context


@pytest.fixture
def case_of(
    tmp_path: Path, builds: Callable[[str], tuple[Path, Mapping[str, bytes]]]
) -> Iterator[Callable[[str], Case]]:
    """Makes the beginning of a scenario, each time anew."""
    opened: list[Loopback] = []
    numbers = iter(range(10_000))

    def case(scenario: str) -> Case:
        while opened:
            opened.pop().__exit__(None, None, None)
        before, text = SCENARIOS[scenario]
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        loopback = Loopback(45, 46).__enter__()
        opened.append(loopback)
        loopback.rest.deploy_seconds = 0.03
        bench = Bench(loopback, folder)
        bench.set(THEIRS)
        if before is not None:
            bench.deploy(list(parsed(before).apps), builds(before)[1])
        built, files = builds(text)
        for path in (built / "units.yaml", built / "private.ppk"):
            shutil.copy(path, folder)
        (folder / "dist").symlink_to(built / "dist")
        loopback.rest.requests.clear()
        loopback.said.clear()
        return Case(loopback, bench, parsed(text), files)

    yield case
    while opened:
        opened.pop().__exit__(None, None, None)


def killed_at(case: Case, forked: Any, command: str, at: int, *, answered: bool) -> bool:
    """Runs the command and kills it at its request number `at`, before its answer or after it; whether it got there."""
    process, said = _process(case, forked, command)
    lock = threading.Lock()
    count = 0

    def watch(_method: str, _path: str, answer: Callable[[], None]) -> None:
        nonlocal count
        with lock:
            count += 1
            this = count
        if this == at and not answered:
            process.kill()
        elif this < at or (this == at and answered):
            answer()
        if this == at and answered:
            process.kill()

    case.loopback.watch = watch
    process.start()
    process.join()
    case.loopback.watch = lambda _method, _path, answer: answer()
    if count < at:
        assert process.exitcode == 0, said.read_text(encoding="utf-8")
    return count >= at


def stopped_at(case: Case, forked: Any, method: str, path: str) -> str:
    """Runs a deploy and ends it by SIGTERM when a request has arrived; what it says, having ended with exit code 1."""
    process, said = _process(case, forked, "deploy")

    def watch(asked: str, address: str, answer: Callable[[], None]) -> None:
        if asked == method and address.endswith(path):
            process.terminate()
            process.join(20)
        else:
            answer()

    case.loopback.watch = watch
    process.start()
    process.join()
    case.loopback.watch = lambda _method, _path, answer: answer()
    assert process.exitcode == 1
    return said.read_text(encoding="utf-8")


def _process(case: Case, forked: Any, command: str) -> tuple[Any, Path]:
    variables = {"PATH": os.environ["PATH"], **environ(case.loopback.address)}
    said = case.bench.folder / "said.txt"
    arguments = (str(case.bench.folder), [command, "--yes"], variables, str(said))
    return forked.Process(target=killed.run, args=arguments), said


def blamed(case: Case) -> list[str]:
    """What was said of somebody else, though there is nobody."""
    return [line for line in case.loopback.said if "somebody" in line]


def check_that_the_next_deploy_finishes(case: Case, scenario: str) -> None:
    lines = case.deploy()
    assert [line for line in lines if "somebody" in line] == []
    assert blamed(case) == []
    assert [line for line in case.deploy() if "will be" in line or "cut off" in line or "discarded" in line] == []
    live_45, preview_45, live_46, preview_46, version = case.content()
    assert live_45 == preview_45
    assert live_46 == preview_46
    assert version == (None if "plug-in" not in scenario else "2" if scenario == "a newer plug-in" else "1")
    assert live_45[1]["desktop", "js"][:2] == (URL, FOREIGN)
    assert live_45[1]["mobile", "css"] == (STYLE,)
    script = case.files.get("orders/runbutton.js")
    assert [entry.content for entry in live_45[1]["desktop", "js"][2:]] == ([script] if script else [])
    stock = case.files.get("stock/runbutton.js")
    assert [entry.content for entry in live_46[1].get(("desktop", "js"), ())] == ([stock] if stock else [])
    plugin_apps = [app.app for app in case.config.apps if app.target == "plugin"]
    assert [bool(shown[2]) for shown in (live_45, live_46)] == [app in plugin_apps for app in (45, 46)]


def check_that_a_rollback_leads_back(case: Case, before: tuple[Any, ...]) -> None:
    # Before the first change nothing is kept, and nothing needs to be: then what is taken back is the deploy before.
    changed = any(record.unfinished or record.stage == "done" for record in _last_records(case))
    if changed:
        lines = case.bench.roll_back().lines
        assert [line for line in lines if "somebody" in line] == []
    after = case.content()
    for index in (0, 2):
        # A plug-in that is live cannot be taken out of an app; everything else is as it was, live and before it.
        plugins = after[index][2]
        assert after[index] == (*before[index][:2], plugins)
        assert after[index + 1] == after[index]
        assert set(plugins) >= set(before[index][2])
    lines = case.deploy()
    assert [line for line in lines if "somebody" in line] == []


def _last_records(case: Case) -> list[Any]:
    from generator.deploy.history import read_history

    history = read_history(case.bench.folder, "units.yaml", f"{case.loopback.address}/k")
    begun = [journal for journal in history.journals if journal.number > (1 if case.bench.deploys else 0)]
    return [record for journal in begun for record in journal.record.apps]


def sweep(case_of: Callable[[str], Case], forked: Any, scenario: str, chosen: Callable[[int], bool]) -> int:
    """Every kill of the scenario at the requests that are chosen; how many requests there are."""
    at = 0
    reached = True
    while reached:
        at += 1
        if not chosen(at):
            continue
        for answered in (False, True):
            case = case_of(scenario)
            before = case.content()
            reached = killed_at(case, forked, "deploy", at, answered=answered)
            check_that_the_next_deploy_finishes(case, scenario)
            if reached:
                case = case_of(scenario)
                killed_at(case, forked, "deploy", at, answered=answered)
                check_that_a_rollback_leads_back(case, before)
    return at - 1


def sweep_back(case_of: Callable[[str], Case], forked: Any, chosen: Callable[[int], bool]) -> int:
    """Every kill of a rollback at the requests that are chosen; then the same again, or a deploy."""
    at = 0
    reached = True
    while reached:
        at += 1
        if not chosen(at):
            continue
        for answered in (False, True):
            for again in ("rollback", "deploy"):
                case = case_of("two changed apps")
                before = case.content()
                case.deploy()
                reached = killed_at(case, forked, "rollback", at, answered=answered)
                if again == "deploy":
                    check_that_the_next_deploy_finishes(case, "two changed apps")
                    continue
                with suppress(DeployError):
                    while case.content()[:4] != before[:4]:
                        case.bench.roll_back()
                assert blamed(case) == []
                assert case.content() == before
    return at - 1


@pytest.mark.exhaustive
@pytest.mark.timeout(900)
def test_a_rollback_that_is_killed_at_any_request_is_finished_or_done_again(
    case_of: Callable[[str], Case], forked: Any
) -> None:
    assert sweep_back(case_of, forked, lambda _: True) >= 5


def test_a_rollback_that_is_killed_is_finished_or_done_again(case_of: Callable[[str], Case], forked: Any) -> None:
    sweep_back(case_of, forked, lambda this: this == 7 or this > 60)


def test_a_cancelled_ci_job_says_how_far_each_app_came(case_of: Callable[[str], Case], forked: Any) -> None:
    case = case_of("two changed apps")
    said = stopped_at(case, forked, "POST", "deploy.json")
    assert said.splitlines()[-4:] == [
        "stopped",
        "orders (app 45): its new settings are in kintone, but not live",
        "stock (app 46): its new settings are in kintone, but not live",
        "`runbutton deploy` again goes on from here; `runbutton rollback` takes it back",
    ]
    check_that_the_next_deploy_finishes(case, "two changed apps")


def test_a_cancelled_ci_job_says_so_where_nothing_was_changed(case_of: Callable[[str], Case], forked: Any) -> None:
    said = stopped_at(case_of("two changed apps"), forked, "GET", "app/customize.json")
    assert said.splitlines()[-1] == "stopped before anything was changed"


@pytest.mark.exhaustive
@pytest.mark.timeout(900)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_deploy_that_is_killed_at_any_request_is_finished_or_taken_back(
    case_of: Callable[[str], Case], forked: Any, scenario: str
) -> None:
    assert sweep(case_of, forked, scenario, lambda _: True) >= 5


@pytest.mark.parametrize(("scenario", "at"), [("two changed apps", 9), ("a script and a plug-in", 12)])
def test_a_deploy_that_is_killed_is_finished_or_taken_back(
    case_of: Callable[[str], Case], forked: Any, scenario: str, at: int
) -> None:
    sweep(case_of, forked, scenario, lambda this: this == at or this > 60)
