"""Reading a folder's journals, without kintone."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from generator.deploy.journal import AppRecord, Journal, PluginRecord
from generator.deploy.past import KEPT_DEPLOYS, Past, prune, read_past
from generator.errors import DeployError
from generator.kintone.answers import LISTS

ADDRESS = "https://example.cybozu.com/k"
NOW = datetime(2026, 11, 22, 22, 33, tzinfo=UTC)


def past(folder: Path, config: str = "units.yaml", kintone: str = ADDRESS, env_file: str = "") -> Past:
    return read_past(folder, config, kintone, env_file)


def deployed(folder: Path, *apps: int, now: datetime = NOW, plugin: str = "", **more: Any) -> Journal:
    """A deploy that came to its end, kept in the folder."""
    source = {key: more.pop(key) for key in ("config", "kintone", "env_file") if key in more}
    journal = past(folder, **source).begin("deploy", now)
    given = {"before": {name: [] for name in LISTS}, "after": {"desktop": "ab"}, "revision": 2, "stage": "done"}
    for app in apps:
        journal.record.apps.append(AppRecord(**{"app": app, "name": f"app-{app}"} | given | more))
    if plugin:
        journal.record.plugin = PluginRecord(
            id=plugin, sha256="cd", version="1", before=None, before_sha256="", units={}, stage="done"
        )
    journal.save()
    return journal


def test_the_order_of_deploys_does_not_hang_on_the_clock(tmp_path: Path) -> None:
    first = deployed(tmp_path, 45)
    second = deployed(tmp_path, 45, now=NOW - timedelta(days=400))
    assert [journal.folder for journal in past(tmp_path).deploys] == [second.folder, first.folder]


@pytest.mark.parametrize(
    ("kintone", "found"),
    [
        ("https://EXAMPLE.cybozu.com:443/k", 1),
        ("https://example.s.cybozu.com/k", 1),
        ("https://example.cybozu.com/k/guest/3", 0),
        ("https://other.cybozu.com/k", 0),
    ],
)
def test_journals_are_found_by_what_the_address_leads_to(tmp_path: Path, kintone: str, found: int) -> None:
    deployed(tmp_path, 45)
    assert len(past(tmp_path, kintone=kintone).deploys) == found


def test_deploys_of_other_configs_variables_and_kintones_are_named(tmp_path: Path) -> None:
    deployed(tmp_path, 45, config="other.yaml")
    deployed(tmp_path, 45, env_file="staging.env")
    deployed(tmp_path, 45, kintone="https://other.cybozu.com/k")
    here = past(tmp_path)
    assert here.deploys == ()
    assert tuple(map(str, here.others)) == (
        "units.yaml to https://other.cybozu.com/k",
        f"units.yaml --env-file staging.env to {ADDRESS}",
        f"other.yaml to {ADDRESS}",
    )


def test_the_last_ten_deploys_of_each_app_and_of_the_plugin_are_kept(tmp_path: Path) -> None:
    rare = deployed(tmp_path, 46)
    plugin = deployed(tmp_path, plugin="abc")
    often = [deployed(tmp_path, 45) for _ in range(KEPT_DEPLOYS + 2)]
    elsewhere = [deployed(tmp_path, 45, kintone="https://other.cybozu.com/k") for _ in range(KEPT_DEPLOYS + 1)]
    prune(past(tmp_path))
    kept = {folder.name for folder in (tmp_path / ".runbutton").iterdir() if folder.is_dir()}
    assert kept == {each.folder.name for each in (rare, plugin, *often[2:], *elsewhere)}


def test_the_next_deploy_has_a_number_of_its_own_after_some_were_dropped(tmp_path: Path) -> None:
    for _ in range(KEPT_DEPLOYS + 1):
        last = deployed(tmp_path, 45)
    prune(past(tmp_path))
    assert deployed(tmp_path, 45).number == last.number + 1


def test_a_folder_without_a_journal_does_not_count(tmp_path: Path) -> None:
    (tmp_path / ".runbutton" / "000001-20261122T000000000000Z").mkdir(parents=True)
    assert past(tmp_path).deploys == ()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: {"format": 1},
        lambda content: content | {"kintone": "http://[::1"},
        lambda content: content | {"kintone": "https://example.cybozu.com:99999/k"},
        lambda content: content | {"apps": [content["apps"][0] | {"before": {}}]},
        lambda content: content | {"apps": [content["apps"][0] | {"stage": "lost"}]},
    ],
)
def test_a_damaged_journal_is_told_with_what_it_costs(tmp_path: Path, damage: Any) -> None:
    file = deployed(tmp_path, 45).folder / "journal.json"
    file.write_text(json.dumps(damage(json.loads(file.read_text(encoding="utf-8")))), encoding="utf-8")
    with pytest.raises(DeployError, match=r"journal\.json: damaged, .* can then not be rolled back"):
        past(tmp_path)


def test_a_folder_of_somebody_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed(tmp_path, 45)

    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(DeployError, match=r"\.runbutton: cannot read: Permission denied"):
        past(tmp_path)


def test_what_is_in_a_list_is_known_at_the_revision_that_a_deploy_left(tmp_path: Path) -> None:
    deployed(tmp_path, 45, revision=4)
    deployed(tmp_path, 45, revision=7, after={"desktop": None, "mobile": "ef"})
    deployed(tmp_path, 45, revision=0, stage="open")
    files = past(tmp_path).files
    assert {place: sha256 for place, (_, sha256) in files.items()} == {
        (45, 4, "desktop.js"): "ab",
        (45, 7, "mobile.js"): "ef",
    }


def test_of_two_deploys_that_left_one_revision_the_newer_one_counts(tmp_path: Path) -> None:
    deployed(tmp_path, 45, after={"desktop": "old"})
    # A preview that was started again counts its revisions anew.
    again = deployed(tmp_path, 45, after={"desktop": "new"})
    journal, sha256 = past(tmp_path).files[45, 2, "desktop.js"]
    assert (journal.folder, sha256) == (again.folder, "new")


def test_an_app_has_something_of_ours_until_a_removal(tmp_path: Path) -> None:
    deployed(tmp_path, 45, 46)
    deployed(tmp_path, 47, config="other.yaml")
    assert past(tmp_path).apps == {45: "app-45", 46: "app-46"}
    removal = deployed(tmp_path, 46, after={"desktop": None, "mobile": None}, stage="open")
    assert past(tmp_path).apps == {45: "app-45", 46: "app-46"}
    removal.record.apps[0].stage = "done"
    removal.save()
    assert past(tmp_path).apps == {45: "app-45"}
    removal.record.apps[0].stage = "rolled back"
    removal.save()
    assert past(tmp_path).apps == {45: "app-45", 46: "app-46"}
    past(tmp_path).forget(46)
    assert past(tmp_path).apps == {45: "app-45"}
    deployed(tmp_path, 46)
    assert past(tmp_path).apps == {45: "app-45", 46: "app-46"}
