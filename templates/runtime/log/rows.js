// The records of the log app, one for each run. generator/log_form.py has its form.
import { textOf } from "../run/bounds.js";
/** @import { RunState } from "../run/states.js" */

/**
 * Sends a request to kintone's REST API for records. Rejects with kintone's error object, which has a `code`, or with
 * anything else if there is no answer.
 *
 * @typedef {(method: "GET" | "POST" | "PUT", path: string, body: Record<string, unknown>) => Promise<any>} CallRecords
 */

/**
 * A record of the log app, as far as runs need it. `lock` is empty for all but exclusive runs that have not ended. The
 * app keeps its times to the minute, and `took` in seconds; all are milliseconds here.
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} revision
 * @property {string} runKey
 * @property {string} lock
 * @property {string} unit
 * @property {string} recordId
 * @property {RunState} state
 * @property {number} startedAt by the clock of the user's machine
 * @property {number} addedAt by kintone's clock
 * @property {number | null} took
 * @property {{code: string, name: string}} user who started it: the record's creator
 */

/** @typedef {Record<string, string | number | null>} Values of a log record, by field code. */

/** @typedef {ReturnType<typeof createRows>} Rows */

/**
 * @param {CallRecords} call
 * @param {number} app the log app's ID
 */
export function createRows(call, app) {
  /** @param {string} query @returns {Promise<Row[]>} */
  async function list(query) {
    const { records } = await call("GET", "records.json", { app, query });
    return records.map(readRow);
  }

  return {
    list,

    /** @param {string} runKey @returns {Promise<Row | null>} null if there is none */
    async find(runKey) {
      // kintone compares words in text fields without unique values, so the whole value is compared here.
      return (await list(`run_key = "${runKey}"`)).find((row) => row.runKey === runKey) ?? null;
    },

    /** @param {Values} values @returns {Promise<{id: string, revision: string}>} */
    add: (values) => call("POST", "record.json", { app, record: fieldsOf(values) }),

    /**
     * Changes a record, if it is at this revision.
     *
     * @param {{id: string, revision: string}} row
     * @param {Values} values
     */
    async change({ id, revision }, values) {
      const answer = await call("PUT", "record.json", { app, id, revision, record: fieldsOf(values) });
      return { id, revision: String(answer.revision) };
    },
  };
}

/**
 * The record ID of a run's place, empty for lists and create pages, which have none.
 *
 * @param {string} place
 */
export function recordIdOf(place) {
  return /^\d+$/.test(place) ? place : "";
}

/** How long after its timeout a run without an end counts as over, in milliseconds: the log keeps its start to the minute. */
const GRACE = 60 * 1000;

/**
 * Whether a run without an end is older than its timeout, so that it may be over: its page may have been closed.
 *
 * @param {Pick<Row, "startedAt">} row
 * @param {UnitConfig} unit
 * @param {number} now
 */
export function isExpired({ startedAt }, { timeout }, now) {
  return now > startedAt + timeout + GRACE;
}

/** @param {Values} values */
function fieldsOf(values) {
  return Object.fromEntries(Object.entries(values).map(([code, value]) => [code, { value }]));
}

/** @param {Record<string, {type: string, value: any}>} record @returns {Row} */
function readRow(record) {
  const text = (/** @type {string} */ code) => String(record[code]?.value ?? "");
  // The codes of built-in fields depend on the language in which the app was created.
  const builtIn = (/** @type {string} */ kind) => Object.values(record).find(({ type }) => type === kind)?.value;
  const creator = builtIn("CREATOR");
  const startedAt = Date.parse(text("started_at"));
  return {
    id: text("$id"),
    revision: text("$revision"),
    runKey: text("run_key"),
    lock: text("lock"),
    unit: text("unit"),
    recordId: text("record_id"),
    state: /** @type {RunState} */ (text("state")),
    startedAt,
    // A field that the user may not view is not there.
    addedAt: Date.parse(builtIn("CREATED_TIME")) || startedAt,
    took: text("took") ? Number(text("took")) * 1000 : null,
    user: { code: creator?.code ?? "", name: creator?.name ?? "?" },
  };
}

/**
 * Whether a failed request may succeed later: there was no answer, kintone was busy, or another request came first.
 *
 * @param {{code?: string} | null | undefined} error
 */
export function mayPass(error) {
  const { code } = error ?? {};
  // "Record conflicts" and "unique values" are answered 409 and 400; a database lock 400; an overload 520.
  return typeof code !== "string" || ["GAIA_CO02", "CB_VA01", "GAIA_DA02", "GAIA_RE18", "GAIA_RE01"].includes(code);
}

/** @param {any} error @returns {string} kintone's message, in the user's language */
export function reasonOf(error) {
  return textOf([error?.code, error?.message].filter((part) => typeof part === "string").join(" "));
}
