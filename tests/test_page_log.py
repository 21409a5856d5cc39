"""What a page shows of the log of runs."""

import pytest

from tests.v8 import WORDS, evaluate

IMPORTS = """
import { openPageLog } from "./runtime/log/page-log.js";
import { createSay } from "./runtime/view/say.js";
"""


@pytest.mark.parametrize(("state", "told"), [("succeeded", "2 minutes ago · kato"), ("skipped", None)])
def test_a_run_that_the_service_skipped_is_nobodys_last_run(state: str, told: str | None) -> None:
    assert (
        evaluate(
            IMPORTS,
            """
      const at = "2026-11-22T09:00:00Z";
      const row = { unit: "u", record_id: "1", run_key: "r", state, started_at: at, took: "" };
      const fields = Object.fromEntries(Object.entries(row).map(([code, value]) => [code, { value }]));
      fields.creator = { type: "CREATOR", value: { code: "kato", name: "kato" } };
      globalThis.kintone = { api: Object.assign(async () => ({ records: [fields] }), { url: (path) => path }) };
      const clock = { now: () => Date.parse(at) + 120_000, sleep: () => new Promise(() => {}) };
      const unit = { id: "u", log: 90, timeout: 3_600_000 };
      const page = { clock, say: createSay("en", words), appId: 45, timeZone: "Asia/Tokyo" };
      const log = openPageLog([unit], page, {});
      const run = { last: () => null, view: () => ({ startedAt: null }), changed: () => {} };
      await log.show("1", [run]);
      return log.faceOf(unit, run).told()?.short ?? null;
    """,
            words=WORDS,
            state=state,
        )
        == told
    )
