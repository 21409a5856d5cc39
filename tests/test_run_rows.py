"""The terminal decides and says what the page does, for every row of both services' errors."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest

from generator.run import Start, View, run_unit
from generator.stub.services import emulators
from generator.stub.wire import Clock
from generator.units.unit import Unit
from tests.conftest import KREWDATA_UNIT, config_of
from tests.test_run import RECORD, TROCCO_UNIT, in_thread, time_flies
from tests.v8 import answer, drive

__all__ = ["time_flies"]

UNITS = config_of(KREWDATA_UNIT, TROCCO_UNIT).apps[0].units


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_row_of_both_services_is_decided_and_said_as_on_the_page(language: str) -> None:
    for unit in UNITS:
        service = next(each for each in emulators(Clock()).values() if unit.service in each.handles)
        token = '{"code": 200, "status": "OK", "accessToken": "a-token"}'
        before = {"run": [answer(body=token)]}
        rows = [
            (call, row) for call in service.calls for row in service.errors(call) if call in {"token", "run", "start"}
        ]
        assert rows
        answers = [
            [*before.get(call, []), answer(row.response.status, row.response.body, row.response.headers)]
            for call, row in rows
        ]
        on_page = drive(unit, answers, record=RECORD, language=language)
        for row, given, page in zip(rows, answers, on_page, strict=True):
            view = in_terminal(unit, given, language)
            started = page["started"]
            assert (view.state, view.started) == (started["state"], False), row
            assert started["problem"]["happened"] in view.line, row
            assert started["problem"]["advice"] in view.words, row
            assert view.own == started["problem"]["details"], row


def in_terminal(unit: Unit, answers: Sequence[Mapping[str, Any]], language: str) -> View:
    """The end of a run whose requests get these answers, the last one again and again."""
    left = list(answers)

    def next_answer(_: httpx.Request) -> httpx.Response:
        given = left.pop(0) if len(left) > 1 else left[0]
        return httpx.Response(given["status"], text=given["body"], headers=given["headers"])

    async def work() -> View:
        start = Start(unit, "", 45, 1, RECORD, "kato", language)
        async with httpx.AsyncClient(transport=httpx.MockTransport(next_answer)) as client:
            return await run_unit(start, client, lambda _: None)

    return in_thread(lambda: asyncio.run(work()))
