"""Waiting for kintone's deploys: for our own to end, and for somebody else's to be out of the way."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from generator.errors import DeployError
from generator.kintone.answers import PROCESSING, ConflictError, RefusedError
from generator.kintone.client import Kintone
from generator.words import Message, Text

# kintone publishes one setting within seconds, and large apps within some tens of them.
_DEADLINE = 600  # seconds
FIRST_PAUSE = 1  # second
_LONGEST_PAUSE = 5  # seconds
_PROGRESS = 10  # seconds

_ENDS = ("SUCCESS", "FAIL", "CANCEL")

_Result = TypeVar("_Result")


def wait_for_others(kintone: Kintone, titles: Mapping[int, Text]) -> bool:
    """Waits until no deploy is under way in these apps; whether there was one."""
    if not titles:
        return False
    busy = [titles[app] for app, status in statuses(kintone, titles).items() if status == PROCESSING]
    if busy:
        kintone.say(Message("apply.waitingForOthers", apps=busy))
        wait_for_end(kintone, titles)
    return bool(busy)


def once_more_after_others(kintone: Kintone, titles: Mapping[int, Text], act: Callable[[], _Result]) -> _Result:
    """What `act` gives. Where kintone refuses since somebody else's deploy of these apps has begun meanwhile, that is
    waited for, once. With which error kintone refuses then is documented nowhere; it may be a conflict's. Where it
    was a true one, `act` meets it again, for it names the revision that it changes."""
    try:
        return act()
    except (RefusedError, ConflictError):
        if not wait_for_others(kintone, titles):
            raise
    return act()


def wait_for_end(kintone: Kintone, titles: Mapping[int, Text]) -> dict[int, str]:
    """How the apps' deploys ended: SUCCESS, FAIL or CANCEL; DeployError at the deadline."""
    start, pause, told = kintone.clock(), float(FIRST_PAUSE), 0
    while True:
        found = statuses(kintone, titles)
        # A status that nobody knows yet counts as not ended.
        open_apps = [title for app, title in titles.items() if found.get(app) not in _ENDS]
        if not open_apps:
            return found
        waited = kintone.clock() - start
        if waited >= _DEADLINE:
            raise DeployError(Message("apply.deadline", apps=open_apps, minutes=_DEADLINE // 60))
        if waited // _PROGRESS > told:
            told = int(waited // _PROGRESS)
            seconds = f"{waited:.0f}"
            kintone.say(Message("apply.stillWaiting", open=len(open_apps), apps=len(titles), seconds=seconds))
        kintone.pause(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def statuses(kintone: Kintone, titles: Mapping[int, Text]) -> dict[int, str]:
    """How the last deploy of each app stands. KintoneError names the app that may not be asked for."""
    try:
        return kintone.deploy_status(list(titles))
    except RefusedError as error:
        if error.status == 401:
            raise
        refusal = error
    # kintone refuses the whole question for one app, and does not say for which.
    for app, title in titles.items():
        try:
            kintone.deploy_status([app])
        except RefusedError as error:
            error.begin_with(title)
            raise
    raise refusal
