"""Several apps at a time: kintone takes a hundred requests at once from all of a domain's users together."""

import queue
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from generator.errors import DeployError, RunbuttonError

WORKERS = 6

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def in_parallel(
    act: Callable[[_Item], _Result], items: Sequence[_Item], *, despite: tuple[type[RunbuttonError], ...] = ()
) -> list[_Result]:
    """The results of `act` for each item, in their order.

    The first item runs alone, so an error common to all, such as a wrong password, reaches kintone only once. After a
    failure no new item begins, unless the error is one of `despite`. DeployError has the lines of several failures; a
    single one is raised unchanged.
    """
    if not items:
        return []
    results: dict[int, _Result] = {0: act(items[0])}
    failures: dict[int, BaseException] = {}
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for index in range(1, len(items)):
        waiting.put(index)

    def work() -> None:
        while all(isinstance(failure, despite) for failure in list(failures.values())):
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                results[index] = act(items[index])
            except BaseException as error:  # Raised again below, in the calling thread.
                failures[index] = error

    # Daemons, so Ctrl+C ends the program during a request: a deploy may be interrupted anywhere.
    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(WORKERS, len(items) - 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        # On Windows, a wait without a timeout ignores Ctrl+C.
        while thread.is_alive():
            thread.join(0.2)
    _raise(failures)
    return [results[index] for index in range(len(items))]


def _raise(failures: dict[int, BaseException]) -> None:
    errors = [failures[index] for index in sorted(failures)]
    for error in errors:
        if not isinstance(error, RunbuttonError):
            raise error
    if len(errors) == 1:
        raise errors[0]
    if errors:
        lines = [line for error in errors if isinstance(error, RunbuttonError) for line in error.lines]
        raise DeployError(*dict.fromkeys(lines))
