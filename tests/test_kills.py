"""The command line killed, by SIGKILL, around every request that it sends: nothing is lost, and the next run goes on.

Each case stands for itself: a kintone, a folder, a run that dies before or after one request was answered, and then
either the same command again or a rollback. `pytest -m exhaustive` has all of them, the default run a sample.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from generator.build import make, write
from generator.deploy.past import read_past
from generator.errors import DeployError
from generator.signing import write_key
from tests.deploying import FOREIGN, STYLE, URL, Bench
from tests.killing import KEY, SCENARIOS, THEIRS, Case, killed_at, parsed, stopped_at
from tests.loopback import Loopback

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills and forks")


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Mapping[str, bytes]]]:
    """The folder that a config's text is built to, with the config and the key next to dist/; and dist/ by path."""

    @lru_cache
    def built(text: str) -> tuple[Path, Mapping[str, bytes]]:
        folder = tmp_path_factory.mktemp("built")
        write_key(KEY, folder / "private.ppk")
        (folder / "units.yaml").write_text(text, encoding="utf-8")
        files = make(parsed(text), KEY)
        write(files, folder / "dist")
        return folder, files

    return built


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
        loopback.clock.speed = 1  # The command's pauses are in a separate process, and do not move this clock.
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


def blamed(case: Case) -> list[str]:
    """Messages about another person, although there is none."""
    return [line for line in case.loopback.said if "somebody" in line or "another person" in line]


def check_that_the_next_deploy_finishes(case: Case, scenario: str) -> None:
    lines = case.deploy()
    assert [line for line in lines if "somebody" in line or "another person" in line] == []
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
    # Before the first change nothing has to be saved: a rollback then undoes the previous deploy.
    changed = any(record.can_go_back for record in _last_records(case))
    if changed:
        lines = case.bench.roll_back().lines
        assert [line for line in lines if "somebody" in line or "another person" in line] == []
    after = case.content()
    for index in (0, 2):
        # A live plug-in cannot be removed from an app; everything else is restored, live and pending.
        plugins = after[index][2]
        assert after[index] == (*before[index][:2], plugins)
        assert after[index + 1] == after[index]
        assert set(plugins) >= set(before[index][2])
    lines = case.deploy()
    assert [line for line in lines if "somebody" in line or "another person" in line] == []


def _last_records(case: Case) -> list[Any]:
    past = read_past(case.bench.folder, "units.yaml", f"{case.loopback.address}/k")
    begun = [journal for journal in past.deploys if journal.number > (1 if case.bench.deploys else 0)]
    return [record for journal in begun for record in journal.record.apps]


def sweep(case_of: Callable[[str], Case], scenario: str, requests: Iterable[int]) -> int:
    """Every kill of the scenario at these requests, up to its last; the number of the last one that was killed."""
    for at in requests:
        for answered in (False, True):
            case = case_of(scenario)
            before = case.content()
            reached = killed_at(case, "deploy", at, answered=answered)
            check_that_the_next_deploy_finishes(case, scenario)
            if reached:
                case = case_of(scenario)
                killed_at(case, "deploy", at, answered=answered)
                check_that_a_rollback_leads_back(case, before)
        if not reached:
            break
    return at if reached else at - 1


def sweep_back(case_of: Callable[[str], Case], requests: Iterable[int]) -> int:
    """Every kill of a rollback at these requests, up to its last, then the same again or a deploy; as sweep."""
    for at in requests:
        for answered in (False, True):
            for again in ("rollback", "deploy"):
                case = case_of("two changed apps")
                before = case.content()
                case.deploy()
                reached = killed_at(case, "rollback", at, answered=answered)
                if again == "deploy":
                    check_that_the_next_deploy_finishes(case, "two changed apps")
                    continue
                with suppress(DeployError):
                    while case.content()[:4] != before[:4]:
                        case.bench.roll_back()
                assert blamed(case) == []
                assert case.content() == before
        if not reached:
            break
    return at if reached else at - 1


def sweep_removal(case_of: Callable[[str], Case], requests: Iterable[int]) -> int:
    """Every kill of a removal at these requests, up to its last, then the same again, a deploy or a rollback; as
    sweep."""
    for at in requests:
        for answered in (False, True):
            for again in ("remove", "deploy", "rollback"):
                case = case_of("two changed apps")
                before = case.content()
                reached = killed_at(case, "remove", at, answered=answered)
                if again == "remove":
                    assert case.bench.remove(list(case.config.apps)).questions == []
                    live_45, preview_45, live_46, preview_46, _ = case.content()
                    assert live_45 == preview_45 == ("ALL", THEIRS, ())
                    assert live_46 == preview_46 == ("ALL", {}, ())
                elif again == "deploy":
                    check_that_the_next_deploy_finishes(case, "two changed apps")
                elif reached:
                    check_that_a_rollback_leads_back(case, before)
        if not reached:
            break
    return at if reached else at - 1


@pytest.mark.exhaustive
@pytest.mark.timeout(900)
def test_a_removal_that_is_killed_at_any_request_is_finished_or_undone(case_of: Callable[[str], Case]) -> None:
    assert sweep_removal(case_of, count(1)) >= 5


def test_a_removal_that_is_killed_is_finished_or_undone(case_of: Callable[[str], Case]) -> None:
    assert sweep_removal(case_of, [8]) == 8


@pytest.mark.exhaustive
@pytest.mark.timeout(900)
def test_a_rollback_that_is_killed_at_any_request_is_finished_or_done_again(case_of: Callable[[str], Case]) -> None:
    assert sweep_back(case_of, count(1)) >= 5


def test_a_rollback_that_is_killed_is_finished_or_done_again(case_of: Callable[[str], Case]) -> None:
    assert sweep_back(case_of, [7]) == 7


def test_a_cancelled_ci_job_says_how_far_each_app_came(case_of: Callable[[str], Case]) -> None:
    case = case_of("two changed apps")
    said = stopped_at(case, "POST", "deploy.json")
    assert said.splitlines()[-4:] == [
        "error: interrupted",
        "orders (app 45): pending, not live",
        "stock (app 46): pending, not live",
        "To continue, run the same command again; to undo: runbutton rollback",
    ]
    check_that_the_next_deploy_finishes(case, "two changed apps")


def test_a_cancelled_ci_job_says_so_where_nothing_was_changed(case_of: Callable[[str], Case]) -> None:
    said = stopped_at(case_of("two changed apps"), "GET", "app/customize.json")
    assert said.splitlines()[-1] == "error: interrupted; nothing was changed"


@pytest.mark.exhaustive
@pytest.mark.timeout(900)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_deploy_that_is_killed_at_any_request_is_finished_or_taken_back(
    case_of: Callable[[str], Case], scenario: str
) -> None:
    assert sweep(case_of, scenario, count(1)) >= 5


@pytest.mark.parametrize(("scenario", "at"), [("two changed apps", 9), ("a script and a plug-in", 12)])
def test_a_deploy_that_is_killed_is_finished_or_taken_back(
    case_of: Callable[[str], Case], scenario: str, at: int
) -> None:
    assert sweep(case_of, scenario, [at]) == at
