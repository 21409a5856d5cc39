"""Waits for kintone's deploys: for Runbutton's own to end, and for another person's to finish first."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from generator.errors import DeployError
from generator.kintone.answers import PROCESSING, ConflictError, RefusedError
from generator.kintone.client import Kintone
from generator.words import Message, Text

# kintone publishes one setting within seconds, and large apps within less than a minute.
_DEADLINE = 600  # seconds
FIRST_PAUSE = 1  # second
_LONGEST_PAUSE = 5  # seconds
_PROGRESS = 10  # seconds

_ENDS = ("SUCCESS", "FAIL", "CANCEL")

_Result = TypeVar("_Result")


def wait_for_others(kintone: Kintone, titles: Mapping[int, Text]) -> bool:
    """Waits until no deploy of these apps is in progress; returns whether there was one."""
    if not titles:
        return False
    busy = [titles[app] for app, status in statuses(kintone, titles).items() if status == PROCESSING]
    if busy:
        kintone.say(Message("apply.waitingForOthers", apps=busy))
        wait_for_end(kintone, titles)
    return bool(busy)


def once_more_after_others(kintone: Kintone, titles: Mapping[int, Text], act: Callable[[], _Result]) -> _Result:
    """The result of `act`. If kintone refuses because another deploy of these apps has begun, waits for it and tries
    once more. The error of that refusal is not documented; it may be that of a conflict. After a true conflict `act`
    fails again, because it names the revision that it changes."""
    try:
        return act()
    except (RefusedError, ConflictError):
        if not wait_for_others(kintone, titles):
            raise
    return act()


def wait_for_end(kintone: Kintone, titles: Mapping[int, Text]) -> dict[int, str]:
    """How the apps' deploys ended: SUCCESS, FAIL or CANCEL; DeployError at the deadline."""
    start, pause, reported = kintone.clock(), float(FIRST_PAUSE), 0
    while True:
        found = statuses(kintone, titles)
        # An unknown status counts as not ended.
        open_apps = [title for app, title in titles.items() if found.get(app) not in _ENDS]
        if not open_apps:
            return found
        waited = kintone.clock() - start
        if waited >= _DEADLINE:
            raise DeployError(Message("apply.deadline", apps=open_apps, minutes=_DEADLINE // 60))
        if waited // _PROGRESS > reported:
            reported = int(waited // _PROGRESS)
            seconds = f"{waited:.0f}"
            kintone.say(Message("apply.stillWaiting", open=len(open_apps), apps=len(titles), seconds=seconds))
        kintone.pause(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def statuses(kintone: Kintone, titles: Mapping[int, Text]) -> dict[int, str]:
    """The status of each app's last deploy. KintoneError names an app without the right to read it."""
    try:
        return kintone.deploy_status(list(titles))
    except RefusedError as error:
        if error.status == 401:
            raise
        refusal = error
    # kintone refuses the whole request because of one app, and does not say which.
    for app, title in titles.items():
        try:
            kintone.deploy_status([app])
        except RefusedError as error:
            error.begin_with(title)
            raise
    raise refusal
