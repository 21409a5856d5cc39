"""What a page shows of the log of runs."""

import pytest

from tests.log_records import play
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


@pytest.mark.parametrize(
    ("at_once", "wait", "words"),
    [
        (None, 1, "sato started it at 2026-11-22 09:00, and it does not seem to have ended."),
        ("one", 62, "sato started it at 2026-11-22 09:00. It is not known whether that run has ended."),
    ],
)
def test_a_run_that_the_service_skipped_hides_no_run_that_may_be_going_on(
    at_once: str | None, wait: int, words: str
) -> None:
    story = """
      const a = tab({ open });
      await a.start();
      await advance(3000);
      a.close();
      await advance(wait * MINUTE);
      const b = tab({ open, login: "kato" });
      status = { state: "skipped", steps: [], problem };
      b.click();
      await advance(500);
      b.answer(true);
      await advance(20_000);
      const c = tab({ open, login: "suzuki" });
      c.click();
      await advance(500);
      return [shownRows().map(([state]) => state), c.before.warning];
    """
    assert play(story, at_once=at_once, wait=wait) == [["running", "skipped"], words]
