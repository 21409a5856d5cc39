"""The records of a log app 90 that tabs and users share, for tests of the log in an engine without a page."""

from typing import Any

from tests.tabs import BROWSER, IMPORTS
from tests.v8 import WORDS, evaluate

LOG_IMPORTS = """
import { openLog } from "./runtime/log/open-log.js";
import { inTime } from "./runtime/page/kintone-records.js";
import { createExclusive } from "./runtime/log/exclusive.js";
import { createSay } from "./runtime/view/say.js";
"""

# The records of the log app 90, as kintone keeps them. `faults` are the next requests that fail, by method: "lost" does
# nothing, "late" does it and loses the answer, "slow" does it when the test says so, "never" nothing without an answer,
# anything else is kintone's error code.
RECORDS = """
const records = [];
const faults = { GET: [], POST: [], PUT: [] };
const asked_log = { GET: 0, POST: 0, PUT: 0 };
const refusal = (code) => Promise.reject({ code, id: "x", message: `kintone says ${code}` });
let unreachable = null;
/** What a "slow" request does when it arrives. */
let arrive = null;
function openFor(clock, ledger, login, alive) {
  async function call(method, path, { app, query, id, revision, record }) {
    asked_log[method] += 1;
    const fault = unreachable ?? faults[method].shift();
    if (fault === "never") return new Promise(() => {});
    const arrives = () => answered(method, path, structured({ app, query, id, revision, record }), login);
    if (fault === "slow") return new Promise((resolve) => { arrive = () => arrives().then(resolve); });
    if (fault === "lost") throw new Error("no answer");
    if (fault && fault !== "late") return refusal(fault);
    const answer = await arrives();
    await alive();
    if (fault === "late") throw new Error("no answer");
    return answer;
  }
  const say = createSay("en", words);
  const page = {
    clock, ledger, say, appId: 45, timeZone: "Asia/Tokyo",
    urlOf: (id) => `https://example.cybozu.com/k/45/show#record=${id}`,
    unitOf: (id) => (id === "u" ? unit : undefined), serviceOf: () => "krewData",
  };
  const notes = [];
  const features = { createExclusive: unit.atOnce && createExclusive };
  const log = openLog(inTime(call, clock), 90, page, features, (key, note) => notes.push(note));
  return { ...log, notes };
}
async function answered(method, path, { query, id, revision, record }, login) {
  await null;
  if (method === "GET") {
    const wanted = [...query.matchAll(/(run_key|record_id) = "([^"]*)"/g)];
    const fits = (one) => query.includes(" or ") || wanted.every(([, code, value]) => one[code].value === value);
    const most = Number(query.match(/limit ([0-9]+)/)?.[1] ?? 100);
    return { records: structured(records.filter((one) => !one.gone && fits(one))).reverse().slice(0, most) };
  }
  const values = Object.fromEntries(Object.entries(record).map(([code, { value }]) => [code, value]));
  const twice = records.some((one) => !one.gone && one.$id.value !== String(id) &&
    ["run_key", "lock"].some((code) => values[code] && one[code]?.value === values[code]));
  if (twice) return refusal("CB_VA01");
  if (method === "POST") {
    const added = { $id: { value: String(records.length + 1) }, $revision: { value: "1" },
      作成者: { type: "CREATOR", value: { code: login, name: login } }, lock: { value: "" },
      作成日時: { type: "CREATED_TIME", value: `${new Date(now).toISOString().slice(0, 16)}:00Z` } };
    records.push(Object.assign(added, structured(record)));
    added.started_at.value = added.started_at.value.replace(/:\\d\\dZ/, ":00Z");
    return { id: added.$id.value, revision: "1" };
  }
  const kept = records.find((one) => one.$id.value === String(id) && !one.gone);
  if (!kept) return refusal("GAIA_RE01");
  if (kept.$revision.value !== String(revision)) return refusal("GAIA_CO02");
  Object.assign(kept, structured(record), { $revision: { value: String(Number(revision) + 1) } });
  return { revision: kept.$revision.value };
}
const structured = (value) => JSON.parse(JSON.stringify(value));
const shownRows = () => records.map((one) => [one.state.value, one.lock.value, one.作成者.value.code]);
const open = openFor;
"""


def play(story: str, *, at_once: str | None = None, **given: Any) -> Any:
    begin = f"const at_once = unit.atOnce = {at_once!r};" if at_once else ""
    return evaluate(IMPORTS + LOG_IMPORTS, f"{BROWSER}\n{RECORDS}\n{begin}\n{story}", words=WORDS, **given)
