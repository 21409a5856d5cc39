"""How long is waited after lost answers; tests/worlds/test_polling.py has all other waits."""

import pytest

from tests.v8 import evaluate


@pytest.mark.parametrize(("lost", "delay"), [(1, 2000), (2, 4000), (3, 8000), (9, 30_000)])
def test_lost_answers_are_asked_again_with_back_off(lost: int, delay: int) -> None:
    assert evaluate('import { backOff } from "./runtime/run/poll.js";', "return backOff(lost);", lost=lost) == delay
