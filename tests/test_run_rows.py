"""The terminal behaves and reports as the page does, for every row of both services' errors."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from generator.masking import Mask
from generator.network import Network
from generator.run import Start, View, Way, run_unit
from generator.starts import Starts
from generator.stub.services import emulators
from generator.stub.wire import Clock
from generator.units.unit import Unit
from generator.units.values import Json
from tests.conftest import KREWDATA_UNIT, config_of
from tests.running import RECORD, TROCCO_UNIT, in_thread, make_time_fly
from tests.v8 import answer, drive

UNITS = config_of(KREWDATA_UNIT, TROCCO_UNIT).apps[0].units


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_row_of_both_services_is_decided_and_said_as_on_the_page(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_time_fly(monkeypatch)
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
        for at, (row, given, page) in enumerate(zip(rows, answers, on_page, strict=True)):
            view = in_terminal(unit, given, language, Starts(tmp_path / str(at)))
            started = page["started"]
            assert (view.state, view.started) == (started["state"], False), row
            assert started["problem"]["happened"] in view.line, row
            assert started["problem"]["happened"] == view.reason, row
            assert started["problem"]["advice"] in view.words, row
            assert view.own == started["problem"]["details"].replace("\n", " "), row


class Told(Way):
    """Answers by itself, with the last one again and again."""

    def __init__(self, answers: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(Network(), Mask([]))
        self._left = list(answers)

    async def answer(self, *_: str, **__: Any) -> Json:
        given = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        return [given["body"], given["status"], given["headers"]]


def in_terminal(unit: Unit, answers: Sequence[Mapping[str, Any]], language: str, starts: Starts) -> View:
    """The end of a run whose requests get these answers."""

    async def work() -> View:
        start = Start(unit, "", 45, 1, RECORD, "kato", language, wait=False)
        return await run_unit(start, Told(answers), starts, show=lambda _: None, say=lambda _: None)

    return in_thread(lambda: asyncio.run(work()))
