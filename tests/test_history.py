"""What the journals of a folder tell: by themselves, without a kintone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from generator.deploy.history import KEPT_DEPLOYS, History, read_history
from generator.deploy.journal import AppRecord, Journal, PluginRecord
from generator.errors import DeployError
from generator.kintone.answers import LISTS

ADDRESS = "https://example.cybozu.com/k"
NOW = datetime(2026, 11, 22, 22, 33, tzinfo=UTC)


def history(folder: Path, config: str = "units.yaml", kintone: str = ADDRESS) -> History:
    return read_history(folder, config, kintone)


def deployed(folder: Path, *apps: int, now: datetime = NOW, plugin: str = "", **more: Any) -> Journal:
    """A deploy that came to its end, kept in the folder."""
    before = history(folder, **{key: more.pop(key) for key in ("config", "kintone") if key in more})
    journal = before.new(now, {})
    given = {"before": {name: [] for name in LISTS}, "after": {"desktop": "ab"}, "revision": 2, "others_pending": False}
    for app in apps:
        journal.record.apps.append(AppRecord(**{"app": app, "name": f"app-{app}", "stage": "done"} | given | more))
    if plugin:
        journal.record.plugin = PluginRecord(id=plugin, sha256="cd", version="1", before=None, stage="done")
    journal.save()
    return journal


def test_the_order_of_deploys_does_not_hang_on_the_clock(tmp_path: Path) -> None:
    first = deployed(tmp_path, 45)
    second = deployed(tmp_path, 45, now=NOW - timedelta(days=400))
    assert [journal.folder for journal in history(tmp_path).journals] == [second.folder, first.folder]


@pytest.mark.parametrize(
    ("kintone", "found"),
    [
        ("https://EXAMPLE.cybozu.com:443/k", 1),
        ("https://example.cybozu.com/k/guest/3", 0),
        ("https://other.cybozu.com/k", 0),
    ],
)
def test_journals_are_found_by_what_the_address_leads_to(tmp_path: Path, kintone: str, found: int) -> None:
    deployed(tmp_path, 45)
    assert len(history(tmp_path, kintone=kintone).journals) == found


def test_a_rollback_at_another_kintone_says_where_there_are_deploys(tmp_path: Path) -> None:
    deployed(tmp_path, 45)
    with pytest.raises(DeployError) as caught:
        history(tmp_path, kintone="https://other.cybozu.com/k").to_take_back(None)
    assert str(caught.value) == (
        f"{tmp_path / '.runbutton'}: has no deploy of units.yaml to https://other.cybozu.com/k to take back; "
        f"there are deploys to {ADDRESS}"
    )


def test_the_last_ten_deploys_of_each_app_and_of_the_plugin_are_kept(tmp_path: Path) -> None:
    rare = deployed(tmp_path, 46)
    plugin = deployed(tmp_path, plugin="abc")
    unfinished = deployed(tmp_path, 45, stage="written")
    often = [deployed(tmp_path, 45) for _ in range(KEPT_DEPLOYS + 2)]
    elsewhere = [deployed(tmp_path, 45, kintone="https://other.cybozu.com/k") for _ in range(KEPT_DEPLOYS + 1)]
    history(tmp_path).prune()
    kept = {folder.name for folder in (tmp_path / ".runbutton").iterdir() if folder.is_dir()}
    assert kept == {each.folder.name for each in (rare, plugin, unfinished, *often[2:], *elsewhere)}


def test_the_next_deploy_has_a_number_of_its_own_after_some_were_dropped(tmp_path: Path) -> None:
    for _ in range(KEPT_DEPLOYS + 1):
        last = deployed(tmp_path, 45)
    history(tmp_path).prune()
    assert deployed(tmp_path, 45).number == last.number + 1


def test_a_folder_without_a_journal_does_not_count(tmp_path: Path) -> None:
    (tmp_path / ".runbutton" / "000001-20261122T000000000000Z").mkdir(parents=True)
    assert history(tmp_path).journals == []


def test_a_damaged_journal_is_told_with_what_it_costs(tmp_path: Path) -> None:
    folder = deployed(tmp_path, 45).folder
    (folder / "journal.json").write_text('{"format": 1}', encoding="utf-8")
    with pytest.raises(DeployError, match=r"journal\.json: cannot be read as the journal of .* cannot be rolled back"):
        history(tmp_path)


def test_a_folder_of_somebody_else_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed(tmp_path, 45)

    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refused)
    with pytest.raises(DeployError, match=r"\.runbutton: cannot be read: Permission denied"):
        history(tmp_path)


def test_what_is_in_a_list_is_known_at_the_revision_that_a_deploy_left(tmp_path: Path) -> None:
    deployed(tmp_path, 45, revision=4)
    deployed(tmp_path, 45, revision=7, after={"desktop": None, "mobile": "ef"})
    deployed(tmp_path, 45, revision=9, stage="planned")
    found = history(tmp_path)
    assert {name: file.sha256 for name, file in found.files_at(45, 4).items()} == {"desktop.js": "ab"}
    assert {name: file.sha256 for name, file in found.files_at(45, 7).items()} == {"mobile.js": "ef"}
    assert found.files_at(45, 5) == found.files_at(45, 9) == found.files_at(46, 4) == {}


def test_an_app_has_something_of_ours_until_a_removal(tmp_path: Path) -> None:
    deployed(tmp_path, 45, 46)
    deployed(tmp_path, 47, config="other.yaml")
    assert history(tmp_path).names() == {45: "app-45", 46: "app-46"}
    removal = deployed(tmp_path, 46, after={"desktop": None, "mobile": None}, stage="written")
    assert history(tmp_path).names() == {45: "app-45", 46: "app-46"}
    removal.record.apps[0].stage = "done"
    removal.save()
    assert history(tmp_path).names() == {45: "app-45"}
    removal.record.apps[0].stage = "rolled back"
    removal.save()
    assert history(tmp_path).names() == {45: "app-45", 46: "app-46"}
