"""What an app's settings become, as the pure function that it is: no kintone, no files."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from generator.deploy.diff import Change, change_back, change_for, is_as_left, is_done
from generator.deploy.journal import AppRecord, Item
from generator.deploy.state import Goal, State
from generator.errors import DeployError
from generator.kintone.answers import LISTS, Customization, Entry

THEIRS, STYLE, URL = (
    Entry(file_key="t", name="theirs.js"),
    Entry(file_key="c", name="theirs.css"),
    Entry(url="https://a"),
)
NAMESAKE = Entry(file_key="n", name="runbutton.js", size=3)
OLD, NEW = b"old", b"new!"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def ours(content: bytes, key: str = "") -> Entry:
    return Entry(file_key=key or f"key of {content.decode()}", name="runbutton.js", size=len(content))


def settings(*desktop: Entry, mobile: tuple[Entry, ...] = (), revision: int = 1, scope: str = "ALL") -> Customization:
    lists: dict[Any, tuple[Entry, ...]] = dict.fromkeys(LISTS, ())
    return Customization(scope, lists | {"desktop.js": desktop, "desktop.css": (STYLE,), "mobile.js": mobile}, revision)


def state(
    preview: Customization, live: Customization | None = None, *, plugins: Any = (), live_plugins: Any = ()
) -> State:
    """A state, published unless `live` says otherwise; entries made by `ours` are known as ours by their key."""
    entries = [entry for each in (preview, live or preview) for entries in each.lists.values() for entry in entries]
    digests = {
        entry.file_key: sha(entry.file_key.removeprefix("key of ").encode())
        for entry in entries
        if "key of" in entry.file_key
    }
    on, live_on = dict.fromkeys(plugins, True), dict.fromkeys(live_plugins, True)
    return State(preview, live or preview, digests, on, live_on)


def goal(script: bytes | None = NEW, **more: Any) -> Goal:
    return Goal(45, "orders", {"desktop": script}, **more)


def desktop(change: Change) -> list[str | bytes]:
    """The list that a change makes: keys and addresses of what stays, bytes of what is uploaded."""
    return [slot if isinstance(slot, bytes) else slot.file_key or slot.url for slot in change.lists["desktop.js"]]


def record(**more: Any) -> AppRecord:
    given: dict[str, Any] = {"before": {name: [] for name in LISTS}, "after": {"desktop": sha(NEW)}, "revision": 2}
    return AppRecord(**{"app": 45, "name": "orders", "others_pending": False} | given | more)


@pytest.mark.parametrize(
    ("before", "script", "after"),
    [
        ([], NEW, [NEW]),
        ([THEIRS, URL], NEW, ["t", "https://a", NEW]),
        ([URL, ours(OLD), THEIRS], NEW, ["https://a", NEW, "t"]),
        ([URL, ours(NEW), THEIRS], NEW, ["https://a", "key of new!", "t"]),
        ([ours(OLD), THEIRS, ours(b"older")], NEW, [NEW, "t"]),
        ([NAMESAKE, ours(OLD)], NEW, ["n", NEW]),
        ([NAMESAKE], NEW, ["n", NEW]),
        ([THEIRS, ours(OLD), URL], None, ["t", "https://a"]),
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
    with pytest.raises(DeployError, match=r"orders \(app 45\): desktop.js has 30 files and URLs already"):
        change_for(goal(), state(full))
    # Ours is one of the thirty already, and is replaced.
    change_for(goal(), state(settings(*full.lists["desktop.js"][:29], ours(OLD))))


@pytest.mark.parametrize(
    ("scope", "words"), [("NONE", "nobody will see"), ("ADMIN", "only administrators of the app will see")]
)
def test_a_scope_that_hides_the_buttons_is_told(scope: str, words: str) -> None:
    change = change_for(goal(), state(settings(scope=scope)))
    assert [line for line in change.warnings if words in line]
    assert not change_for(goal(None), state(settings(scope=scope))).warnings


def test_a_plugin_that_is_switched_off_is_told() -> None:
    there = replace(state(settings()), plugins={"abc": False}, live_plugins={"abc": False})
    change = change_for(Goal(45, "orders", {}, plugin="abc"), there)
    assert change.empty
    assert change.warnings == ("the plug-in is switched off in this app: nobody sees the buttons",)


def test_a_copy_that_was_uploaded_by_hand_is_told() -> None:
    copy = Entry(file_key="x", name="runbutton (1).js")
    change = change_for(goal(), state(settings(copy)))
    assert change.warnings == (
        "runbutton (1).js may be a copy of runbutton.js that was uploaded by hand, with the same buttons",
    )


# --- whose file it is


@pytest.mark.parametrize(("known", "unknown"), [([], True), ([sha(OLD)], False)])
def test_a_file_that_nobody_deployed_from_here_is_replaced_with_a_warning(known: list[str], unknown: bool) -> None:
    change = change_for(goal(), state(settings(ours(OLD))), known=known)
    assert desktop(change) == [NEW]
    assert change.replaces_unknown is unknown
    assert bool(change.warnings) is unknown
    # The same content is no reason to ask.
    assert not change_for(goal(OLD), state(settings(ours(OLD)))).replaces_unknown


@pytest.mark.parametrize(("only", "left"), [([sha(OLD)], []), ([], ["key of old"])])
def test_a_plugin_in_the_scripts_place_takes_out_what_was_deployed_from_here(only: list[str], left: list[str]) -> None:
    change = change_for(goal(None, plugin="abc", only=frozenset(only)), state(settings(ours(OLD))), known=only)
    assert desktop(change) == left
    assert change.devices == (() if left else ("desktop",))
    assert bool(change.warnings) is bool(left)


def test_what_was_taken_out_and_is_still_live_is_published() -> None:
    last = record(stage="written", after={"desktop": None})
    taken_out = state(settings(revision=2), settings(ours(OLD), revision=1))
    change = change_for(goal(None, only=frozenset([sha(OLD)])), taken_out, last, [sha(OLD)])
    assert (change.write, change.publish, change.publishes_others) == (False, True, False)
    # A file of somebody else's that waits for being published is none of our business.
    theirs = state(settings(ours(NEW), revision=2), settings(ours(OLD), revision=1))
    assert change_for(goal(None, only=frozenset([sha(OLD)])), theirs, None, [sha(OLD)]).empty


def test_a_plugin_alone_does_not_discard_what_waits_of_the_script_beside_it() -> None:
    waiting = state(PENDING, LIVE, plugins=["abc"], live_plugins=["abc"])
    assert change_for(Goal(45, "orders", {}, plugin="abc"), waiting, record(stage="written")).empty


# --- what waits for being published

PENDING = settings(ours(NEW), revision=2)
LIVE = settings(ours(OLD), revision=1)


def test_settings_of_others_go_live_with_ours_and_are_told() -> None:
    change = change_for(goal(), state(settings(THEIRS, revision=7), settings()))
    assert change.publishes_others
    assert change.warnings == ("settings that somebody else has not published yet go live too (revision 7; live is 1)",)
    there_already = state(settings(ours(NEW), revision=7), settings(ours(NEW)))
    assert change_for(goal(), there_already).empty


def test_an_app_that_was_never_published_is_told() -> None:
    change = change_for(goal(), State(settings(), None))
    assert change.publishes_others
    assert change.warnings == ("the app was never published: all of its settings go live",)


@pytest.mark.parametrize(
    ("last", "explained"),
    [
        (record(stage="written"), True),
        (record(stage="done"), True),
        (record(stage="planned", revision=1, sending="script"), True),
        (record(stage="planned", revision=1), False),
        (record(stage="planned", revision=1, sending="script", after={"desktop": sha(OLD)}), False),
        (record(stage="written", others_pending=True), False),
        (record(stage="written", revision=3), False),
        (None, False),
    ],
)
def test_what_a_run_from_here_left_is_published_and_not_blamed_on_others(
    last: AppRecord | None, explained: bool
) -> None:
    change = change_for(goal(), state(PENDING, LIVE), last)
    assert (change.write, change.publish, change.revert) == (False, True, False)
    assert change.publishes_others is not explained
    assert change.lines == ("is in kintone already, but not live: will be published",)


@pytest.mark.parametrize(("others_pending", "revert"), [(False, True), (True, False)])
def test_what_a_run_from_here_left_is_discarded_where_live_is_what_is_wanted(
    others_pending: bool, revert: bool
) -> None:
    last = record(stage="written", others_pending=others_pending)
    change = change_for(goal(OLD), state(PENDING, LIVE), last)
    assert (change.revert, change.write, change.publish) == (revert, not revert, False)


def test_a_plugin_that_is_not_live_yet_is_discarded_by_a_rollback() -> None:
    last = record(stage="written", after={}, plugin="abc")
    pending = state(settings(revision=2), settings(), plugins=["abc"])
    change = change_back(last, lambda _: b"", pending, "page")
    assert change.revert
    assert change.warnings == ()


@pytest.mark.parametrize(("revision", "explained"), [(2, True), (3, True), (4, False)])
def test_what_a_revert_leaves_is_known_whichever_revision_it_has(revision: int, explained: bool) -> None:
    last = record(stage="rolling back", sending="revert")
    change = change_for(goal(), state(settings(ours(OLD), revision=revision), LIVE), last)
    assert change.publishes_others is not explained


# --- the way back


def back(before: list[Item], now: State, **more: Any) -> Change:
    lists = {name: before if name == "desktop.js" else [] for name in LISTS}
    kept = {sha(OLD): OLD, sha(b"older"): b"older"}
    return change_back(record(before=lists, stage="done", **more), kept.__getitem__, now, "https://page")


def items(*entries: Entry) -> list[Item]:
    digests = state(settings(*entries)).digests
    return [Item(url=each.url, name=each.name, sha256=digests.get(each.file_key, "")) for each in entries]


@pytest.mark.parametrize(
    ("before", "now", "after"),
    [
        ([], [ours(NEW)], []),
        ([URL, ours(OLD), THEIRS], [URL, ours(NEW), THEIRS], ["https://a", OLD, "t"]),
        ([URL, ours(OLD), THEIRS, ours(b"older")], [URL, ours(NEW), THEIRS], ["https://a", OLD, "t", b"older"]),
        ([NAMESAKE, ours(OLD)], [NAMESAKE, ours(NEW)], ["n", OLD]),
        ([URL, ours(OLD)], [THEIRS, ours(NEW), URL], ["t", OLD, "https://a"]),
        ([URL], [THEIRS, ours(NEW)], ["t"]),
        ([URL, ours(OLD)], [URL, ours(OLD)], ["https://a", "key of old"]),
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


@pytest.mark.parametrize("now", [[], [ours(b"from another computer")], [ours(NEW), ours(OLD)]])
def test_another_deploy_than_this_one_is_not_taken_back(now: list[Entry]) -> None:
    with pytest.raises(DeployError, match=r"orders \(app 45\): its runbutton.js for desktop is not the one that this"):
        back(items(ours(OLD)), state(settings(*now)))


def test_a_plugin_that_stays_in_the_app_is_told() -> None:
    there = state(settings(ours(NEW), revision=2), plugins=["abc"], live_plugins=["abc"])
    assert back([], there, plugin="abc").warnings == (
        "kintone has no REST API that takes a plug-in out of an app; it stays, see https://page",
    )


# --- whether it has arrived


def test_a_change_is_done_where_the_lists_are_what_it_makes_of_them() -> None:
    change = change_for(goal(), state(settings(THEIRS)))
    assert is_done(change, state(settings(THEIRS, ours(NEW))))
    for lists in ([THEIRS, ours(OLD)], [ours(NEW), THEIRS], [ours(NEW)], [THEIRS, NAMESAKE]):
        assert not is_done(change, state(settings(*lists)))


def test_a_deploy_is_as_left_where_its_file_or_its_plugin_is_there() -> None:
    assert is_as_left(record(), state(settings(THEIRS, ours(NEW))))
    assert not is_as_left(record(), state(settings(ours(OLD))))
    assert is_as_left(record(after={"desktop": None}), state(settings(THEIRS)))
    assert is_as_left(record(after={}, plugin="abc"), state(settings(), plugins=["abc"]))
    assert not is_as_left(record(after={}, plugin="abc"), state(settings()))
