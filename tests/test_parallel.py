import threading

import pytest

from generator.deploy.parallel import WORKERS, in_parallel
from generator.errors import DeployError, KintoneError


def test_results_come_in_the_order_of_the_items() -> None:
    assert in_parallel(lambda item: item * item, range(50)) == [item * item for item in range(50)]
    assert in_parallel(lambda item: item, []) == []


def test_a_few_are_under_way_at_once_and_the_first_alone() -> None:
    gate, busy, most = threading.Barrier(WORKERS), 0, 0
    lock = threading.Lock()

    def act(item: int) -> None:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        if item > 0:
            gate.wait(10)  # Only as many as there shall be can pass together.
        else:
            assert busy == 1
        with lock:
            busy -= 1

    in_parallel(act, range(1 + 2 * WORKERS))
    assert most == WORKERS


def test_a_failure_of_the_first_ends_it_before_the_others_begin() -> None:
    done: list[int] = []

    def act(item: int) -> None:
        done.append(item)
        raise KintoneError("wrong password")

    with pytest.raises(KintoneError, match="wrong password"):
        in_parallel(act, range(9))
    assert done == [0]


def test_every_failure_is_told() -> None:
    together = threading.Barrier(2)

    def act(item: int) -> None:
        if item:
            together.wait(10)
            raise KintoneError(f"app {item}")

    with pytest.raises(DeployError) as caught:
        in_parallel(act, range(3))
    assert str(caught.value) == "app 1\napp 2"


def test_a_failure_that_is_expected_of_several_keeps_none_from_being_asked() -> None:
    class RefusalError(KintoneError):
        pass

    def act(item: int) -> None:
        if item:
            raise RefusalError(f"app {item}")

    with pytest.raises(DeployError) as caught:
        in_parallel(act, range(4 * WORKERS), despite=(RefusalError,))
    assert str(caught.value).split("\n") == [f"app {item}" for item in range(1, 4 * WORKERS)]


def test_what_is_no_error_of_ours_is_raised_as_it_is() -> None:
    def act(item: int) -> None:
        if item:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_parallel(act, range(3))
