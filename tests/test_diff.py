"""An app's new settings, as a pure function: no kintone, no files."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from generator.deploy import diff
from generator.deploy.diff import Change, is_done
from generator.deploy.journal import AppRecord, Item
from generator.deploy.state import Goal, Script, State
from generator.errors import DeployError
from generator.kintone.answers import LISTS, AppPlugin, Customization, Entry
from generator.origin import Origin
from tests.english import InEnglish

THEIRS, STYLE, URL = (
    Entry(file_key="t", name="theirs.js"),
    Entry(file_key="c", name="theirs.css"),
    Entry(url="https://a"),
)
NAMESAKE = Entry(file_key="n", name="runbutton.js", size=3)
OLD, NEW = b"old", b"new!"
OWN = Origin("units.yaml", 45, "orders", ("recalculate",))
ELSEWHERE = Origin("other.yaml", 45, "orders")


def change_for(goal: Goal, state: State) -> InEnglish:
    return InEnglish(diff.change_for(goal, state))


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def own(content: bytes, key: str = "") -> Entry:
    return Entry(file_key=key or f"key of {content.decode()}", name="runbutton.js", size=len(content))


def settings(*desktop: Entry, mobile: tuple[Entry, ...] = (), revision: int = 1, scope: str = "ALL") -> Customization:
    lists: dict[Any, tuple[Entry, ...]] = dict.fromkeys(LISTS, ())
    return Customization(scope, lists | {"desktop.js": desktop, "desktop.css": (STYLE,), "mobile.js": mobile}, revision)


def state(
    preview: Customization,
    live: Customization | None = None,
    *,
    plugins: Any = (),
    live_plugins: Any = (),
    origin: Origin | None = OWN,
) -> State:
    """A state, published unless `live` says otherwise; entries made by `own` are Runbutton's by their key."""
    entries = [entry for each in (preview, live or preview) for entries in each.lists.values() for entry in entries]
    scripts = {
        entry.file_key: Script(sha(entry.file_key.removeprefix("key of ").encode()), origin)
        for entry in entries
        if "key of" in entry.file_key
    }
    on, live_on = (dict.fromkeys(each, AppPlugin("Run", True)) for each in (plugins, live_plugins))
    return State(preview, live or preview, scripts, on, live_on)


def goal(script: bytes | None = NEW, **more: Any) -> Goal:
    return Goal(OWN, {"desktop": script}, **more)


def desktop(change: Change) -> list[str | bytes]:
    """The list after a change: keys and addresses of kept entries, bytes of uploads."""
    return [slot if isinstance(slot, bytes) else slot.file_key or slot.url for slot in change.lists["desktop.js"]]


def record(**more: Any) -> AppRecord:
    given: dict[str, Any] = {"before": {name: [] for name in LISTS}, "after": {"desktop": sha(NEW)}}
    return AppRecord(**{"app": 45, "name": "orders"} | given | more)


@pytest.mark.parametrize(
    ("before", "script", "after"),
    [
        ([], NEW, [NEW]),
        ([THEIRS, URL], NEW, ["t", "https://a", NEW]),
        ([URL, own(OLD), THEIRS], NEW, ["https://a", NEW, "t"]),
        ([URL, own(NEW), THEIRS], NEW, ["https://a", "key of new!", "t"]),
        ([own(OLD), THEIRS, own(b"older")], NEW, [NEW, "t"]),
        ([NAMESAKE, own(OLD)], NEW, ["n", NEW]),
        ([NAMESAKE], NEW, ["n", NEW]),
        ([THEIRS, own(OLD), URL], None, ["t", "https://a"]),
        ([THEIRS], None, ["t"]),
    ],
)
@pytest.mark.parametrize("scope", ["ALL", "ADMIN", "NONE"])
def test_all_that_is_not_ours_keeps_its_place(
    before: list[Entry], script: bytes | None, after: list[str | bytes], scope: str
) -> None:
    change = change_for(goal(script), state(settings(*before, scope=scope)))
    assert desktop(change) == after
    assert change.lists["desktop.css"] == (STYLE,)
    assert change.write is change.publish is (after != [entry.file_key or entry.url for entry in before])


def test_a_list_without_room_is_told() -> None:
    full = settings(*(Entry(url=f"https://a/{index}") for index in range(30)))
    with pytest.raises(DeployError, match=r"orders \(app 45\): desktop.js already has 30 files and URLs, the maximum"):
        change_for(goal(), state(full))
    # Runbutton's script is already one of the 30, and is replaced.
    change_for(goal(), state(settings(*full.lists["desktop.js"][:29], own(OLD))))


@pytest.mark.parametrize(
    ("scope", "words"), [("NONE", "nobody will see"), ("ADMIN", "only app administrators will see")]
)
def test_a_scope_that_hides_the_buttons_is_told(scope: str, words: str) -> None:
    change = change_for(goal(), state(settings(scope=scope)))
    assert [line for line in change.warnings if words in line]
    assert not change_for(goal(None), state(settings(scope=scope))).warnings


def test_a_plugin_that_is_switched_off_is_told() -> None:
    off = {"abc": AppPlugin("Run", False)}
    there = replace(state(settings()), plugins=off, live_plugins=off)
    change = change_for(Goal(OWN, {}, plugin="abc"), there)
    assert change.empty
    assert change.warnings == ("the plug-in is disabled in this app, so the buttons do not appear",)


def test_a_copy_that_was_uploaded_by_hand_is_told() -> None:
    copy = Entry(file_key="x", name="runbutton (1).js")
    change = change_for(goal(), state(settings(copy)))
    assert change.warnings == (
        "runbutton (1).js may be a copy of runbutton.js that was uploaded by hand, with the same buttons",
    )


# --- whose file it is

OF = "runbutton.js in orders (app 45) was deployed from "


@pytest.mark.parametrize(
    ("origin", "question"),
    [
        (OWN, []),
        (ELSEWHERE, ["runbutton.js in orders (app 45) was deployed from other.yaml. It will be replaced or removed."]),
        (
            None,
            [f"{OF}an unknown config. It will be replaced or removed."],
        ),
        (Origin("units.yaml", 45, "invoices"), [f"{OF}units.yaml, invoices (app 45). It will be replaced or removed."]),
        (Origin("units.yaml", 99, "orders"), [f"{OF}units.yaml, orders (app 99). It will be replaced or removed."]),
    ],
)
@pytest.mark.parametrize("script", [NEW, None])
def test_a_script_of_another_origin_is_replaced_or_removed_with_a_question(
    origin: Origin | None, question: list[str], script: bytes | None
) -> None:
    change = change_for(goal(script), state(settings(own(OLD)), origin=origin))
    assert desktop(change) == ([script] if script else [])
    assert list(change.questions) == question
    assert len(change.warnings) == len(question)
    # The same content is no reason to ask.
    assert not change_for(goal(OLD), state(settings(own(OLD)), origin=origin)).questions


@pytest.mark.parametrize(("origin", "left"), [(OWN, []), (ELSEWHERE, ["key of old"]), (None, ["key of old"])])
def test_a_plugin_in_the_scripts_place_removes_what_this_config_built(origin: Origin | None, left: list[str]) -> None:
    change = change_for(goal(None, plugin="abc", only_own=True), state(settings(own(OLD)), origin=origin))
    assert desktop(change) == left
    assert change.devices == (() if left else ("desktop",))
    assert bool(change.warnings) is bool(left)
    assert change.questions == ()


def test_an_app_that_the_config_does_not_name_is_judged_by_config_and_id_alone() -> None:
    unnamed = Goal(replace(OWN, name=""), {"desktop": None})
    assert change_for(unnamed, state(settings(own(OLD)))).questions == ()
    assert change_for(unnamed, state(settings(own(OLD)), origin=ELSEWHERE)).questions


def test_what_was_removed_and_is_still_live_is_published() -> None:
    removed = state(settings(revision=2), settings(own(OLD), revision=1))
    change = change_for(goal(None, only_own=True), removed)
    assert (change.write, change.publish, change.questions) == (False, True, ())
    # A script of another origin is ignored, pending or not.
    theirs = state(settings(own(NEW), revision=2), settings(own(OLD), revision=1), origin=ELSEWHERE)
    assert change_for(goal(None, only_own=True), theirs).empty


HOSTS = frozenset(["https://api.krewdata.grapecity.com"])


@pytest.mark.parametrize(
    ("allowed", "blocked"),
    [
        ((), False),
        (("https://api.example.com",), True),
        (("https://api.krewdata.grapecity.com",), False),
        (("https://*.grapecity.com",), False),
        (("*",), False),
    ],
)
def test_a_sandbox_without_the_services_host_is_warned_of(allowed: tuple[str, ...], blocked: bool) -> None:
    there = replace(settings(), allowed_hosts=allowed)
    warnings = change_for(goal(hosts=HOSTS), state(there)).warnings
    assert list(warnings) == blocked * [
        "the buttons may not work: the JavaScript and CSS customization of this app allows connections only to its "
        "allowed_hosts; add https://api.krewdata.grapecity.com there"
    ]


# --- pending changes

PENDING = settings(own(NEW), revision=2)
LIVE = settings(own(OLD), revision=1)


def test_settings_of_others_go_live_with_ours_and_are_told() -> None:
    change = change_for(goal(), state(settings(THEIRS, revision=7), settings()))
    assert change.questions == (
        "orders (app 45) has pending changes that may be another person's. They will go live too.",
    )
    assert change.warnings == ("pending changes by other people may go live too (revision 7; live: 1)",)
    there_already = state(settings(own(NEW), revision=7), settings(own(NEW)))
    assert change_for(goal(), there_already).empty


def test_an_app_that_was_never_published_is_told() -> None:
    change = change_for(goal(), State(settings(), None))
    assert change.questions
    assert change.warnings == ("the app was never live; all of its settings go live",)


@pytest.mark.parametrize(
    ("pending", "plugins", "others"),
    [
        (PENDING, [], False),
        (settings(own(NEW), revision=3), ["abc"], False),
        (settings(own(OLD), revision=2), ["abc"], False),
        # Each write raises the revision; one without a difference here may have changed a form.
        (settings(own(NEW), revision=3), [], True),
        (settings(own(OLD), revision=2), [], True),
        (settings(own(NEW), revision=2), ["abc"], True),
        (settings(own(NEW), revision=3), ["xyz"], True),
        (settings(own(NEW), THEIRS, revision=2), [], True),
        (settings(own(NEW), revision=2, scope="NONE"), [], True),
    ],
)
def test_pending_changes_are_this_configs_own_where_nothing_else_can_have_been_written(
    pending: Customization, plugins: list[str], others: bool
) -> None:
    assert state(pending, LIVE, plugins=plugins).others_pending("abc") is others


def test_what_an_interrupted_run_left_is_published() -> None:
    change = change_for(goal(), state(PENDING, LIVE))
    assert (change.write, change.publish, change.questions) == (False, True, ())
    assert change.lines == ("the pending changes will go live",)


def test_what_an_interrupted_run_left_is_replaced_where_live_is_what_is_wanted() -> None:
    change = change_for(goal(OLD), state(PENDING, LIVE))
    assert (change.write, change.publish, change.revert, change.questions) == (True, True, False, ())


def test_a_plugin_that_is_not_live_yet_is_discarded_by_a_rollback() -> None:
    last = record(after={}, plugin="abc")
    pending = state(settings(revision=2), settings(), plugins=["abc"])
    change = diff.change_back([last], lambda _: b"", pending, "page")
    assert (change.revert, change.write) == (True, False)
    assert change.warnings == ()


# --- the way back


def back(before: list[Item], now: State, **more: Any) -> Change:
    lists = {name: before if name == "desktop.js" else [] for name in LISTS}
    kept = {sha(OLD): OLD, sha(b"older"): b"older"}
    return InEnglish(
        diff.change_back([record(before=lists, stage="done", **more)], kept.__getitem__, now, "https://page")
    )


def items(*entries: Entry) -> list[Item]:
    scripts = state(settings(*entries)).scripts
    return [
        Item(url=each.url, name=each.name, sha256=scripts[each.file_key].sha256 if each.file_key in scripts else "")
        for each in entries
    ]


@pytest.mark.parametrize(
    ("before", "now", "after"),
    [
        ([], [own(NEW)], []),
        ([URL, own(OLD), THEIRS], [URL, own(NEW), THEIRS], ["https://a", OLD, "t"]),
        ([URL, own(OLD), THEIRS, own(b"older")], [URL, own(NEW), THEIRS], ["https://a", OLD, "t", b"older"]),
        ([NAMESAKE, own(OLD)], [NAMESAKE, own(NEW)], ["n", OLD]),
        ([URL, own(OLD)], [THEIRS, own(NEW), URL], ["t", OLD, "https://a"]),
        ([URL], [THEIRS, own(NEW)], ["t"]),
        ([URL, own(OLD)], [URL, own(OLD)], ["https://a", "key of old"]),
    ],
)
def test_what_was_there_comes_back_to_its_place(
    before: list[Entry], now: list[Entry], after: list[str | bytes]
) -> None:
    change = back(items(*before), state(settings(*now, revision=2)))
    assert desktop(change) == after
    foreign = [entry.identity for entry in before if "key of" not in entry.file_key]
    moved = foreign != [entry.identity for entry in now if "key of" not in entry.file_key]
    assert bool(change.warnings) is moved


@pytest.mark.parametrize("now", [[], [own(b"from another computer")], [own(NEW), own(OLD)]])
def test_another_deploy_than_this_one_is_not_taken_back(now: list[Entry]) -> None:
    with pytest.raises(DeployError, match=r"orders \(app 45\): its runbutton.js for desktop is not the one of"):
        back(items(own(OLD)), state(settings(*now)))


def test_a_plugin_that_stays_in_the_app_is_told() -> None:
    there = state(settings(own(NEW), revision=2), plugins=["abc"], live_plugins=["abc"])
    assert back([], there, plugin="abc").warnings == (
        "the plug-in stays, because kintone has no REST API that deletes it from an app; delete it here: https://page",
    )


# --- whether it has arrived


def test_a_change_is_done_where_the_lists_are_what_it_makes_of_them() -> None:
    change = change_for(goal(), state(settings(THEIRS)))
    assert is_done(change.what, state(settings(THEIRS, own(NEW))))
    for lists in ([THEIRS, own(OLD)], [own(NEW), THEIRS], [own(NEW)], [THEIRS, NAMESAKE]):
        assert not is_done(change.what, state(settings(*lists)))
