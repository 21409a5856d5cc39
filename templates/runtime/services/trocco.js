// TROCCO's jobs (transfer jobs) and workflows over its API. Source: "trocco API Integration" and the API reference
// (documents.trocco.io): Run Job, Check Job Status, Run Workflow Job, Check Workflow Job Status.
import { fieldText } from "../fields.js";
import { advices, ranTexts } from "../messages.js";
import { jobErrorText, jobTexts, outcomeTexts } from "./trocco-messages.js";

/** @type {Record<string, {path: string, parameter: string}>} */
const KINDS = {
  "trocco-job": { path: "jobs", parameter: "job_definition_id" },
  "trocco-workflow": { path: "pipeline_jobs", parameter: "pipeline_definition_id" },
};

/** @type {Record<string, RunState>} A word that is not here is no end. */
const JOB_STATES = {
  queued: "queued",
  succeeded: "succeeded",
  error: "failed",
  canceled: "canceled",
  skipped: "skipped",
};

/** @type {Record<string, Words>} */
const DOING = {
  queued: jobTexts.queued,
  setting_up: jobTexts.settingUp,
  interrupting: jobTexts.interrupting,
  retry_waiting: jobTexts.retryWaiting,
};

const DEFAULT_ZONE = "Asia/Tokyo";

// Below this share of the account's requests, which all its keys share, the page asks only as often as they last.
const SCARCE = 0.2;
const LONGEST_WAIT = 10 * 60 * 1000;

/** @type {Service} */
export const trocco = {
  names: Object.keys(KINDS),
  refuse: (unit, shown) => jobBody(unit, shown.record).problem ?? null,
  start: startJob,
  status: jobStatus,
  sends: variableFields,
  link: (unit, handle) =>
    handle
      ? { href: `${unit.baseUrl}/${KINDS[unit.service].path}/${handle.id}`, words: jobTexts.openJob }
      : { href: unit.baseUrl, words: jobTexts.openTrocco },
};

/**
 * One POST, never repeated: TROCCO knows no way to tell a repetition from a second start.
 *
 * @param {Call<TroccoUnit>} call
 * @returns {Promise<Started>}
 */
async function startJob({ unit, shown, ask }) {
  const { path, parameter } = KINDS[unit.service];
  // A plug-in's settings hold the address with the `&`, so that it is no beginning of another definition's.
  const url = `${unit.baseUrl}/api/${path}?${parameter}=${unit.definitionId}${unit.apiKey ? "" : "&"}`;
  const body = JSON.stringify(jobBody(unit, shown.record).body);
  const answer = await ask("POST", url, { ...keyHeader(unit), "Content-Type": "application/json" }, body);
  const id = answer.json?.id;
  if (isSuccess(answer) && (typeof id === "number" || typeof id === "string")) {
    return { handle: { id } };
  }
  // 408 tells of a request that took too long, and not of what became of it.
  return answer.status >= 400 && answer.status < 500 && answer.status !== 408
    ? { state: "failed", problem: { ...describeJobError(answer, "start"), ran: ranTexts.nothing } }
    : { state: "unknown", problem: { ...describeJobError(answer, "startLost"), ran: ranTexts.maybe } };
}

/**
 * @param {Question<TroccoUnit>} question
 * @param {Handle} handle
 * @returns {Promise<Progress>}
 */
async function jobStatus({ unit, ask, clock }, handle) {
  const answer = await ask("GET", `${unit.baseUrl}/api/${KINDS[unit.service].path}/${handle.id}`, keyHeader(unit), "");
  const wait = waitForRequests(answer, clock.now());
  const word = answer.json?.status;
  if (answer.status === 429) {
    return { state: "running", steps: [], doing: jobTexts.busy, wait };
  }
  if (!isSuccess(answer) || typeof word !== "string") {
    const again = !(answer.status >= 400 && answer.status < 500);
    return { problem: { ...describeJobError(answer, "status"), ran: ranTexts.underWay }, again };
  }
  const state = JOB_STATES[word] ?? "running";
  const outcome = outcomeTexts[word];
  return {
    state,
    steps: [],
    doing: DOING[word],
    wait,
    times: { started: timeOf(answer.json?.started_at), finished: timeOf(answer.json?.finished_at) },
    ...(outcome && { problem: { ...outcome, code: word } }),
  };
}

/**
 * The body of a start: only what was configured, with the record's values put in.
 *
 * @param {TroccoUnit} unit
 * @param {KintoneRecord} record
 * @returns {{body: Record<string, unknown>, problem?: Problem}}
 */
function jobBody({ customVariables = [], contextTime, timeZone }, record) {
  const zone = timeZone ?? DEFAULT_ZONE;
  /** @type {Problem | undefined} */
  let problem;

  /**
   * @param {{value?: string, field?: string, default?: string}} source
   * @param {boolean} isTime
   */
  const textOf = (source, isTime) => {
    if (source.field === undefined) {
      return source.value;
    }
    const field = record[source.field];
    let text = field ? fieldText(field, zone) : null;
    if (isTime && field?.type === "DATE" && text) {
      text += " 00:00:00";
    }
    text = text === "" ? (source.default ?? text) : text;
    const wrong =
      (!field && jobTexts.fieldAbsent) ||
      (text === null && jobTexts.fieldNoText) ||
      (text === "" && jobTexts.fieldEmpty) ||
      (isTime && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(text)) && jobTexts.fieldNoTime);
    if (wrong) {
      problem ??= { happened: wrong, values: { field: source.field }, ran: ranTexts.nothing, advice: advices.record };
    }
    return text;
  };

  return {
    body: {
      ...(contextTime && { context_time: typeof contextTime === "string" ? contextTime : textOf(contextTime, true) }),
      ...(timeZone && { time_zone: timeZone }),
      ...(customVariables.length && {
        custom_variables: customVariables.map((variable) => ({ name: variable.name, value: textOf(variable, false) })),
      }),
    },
    problem,
  };
}

/**
 * @param {TroccoUnit} unit
 * @returns {string[]} the field codes whose values are sent
 */
function variableFields({ customVariables = [], contextTime }) {
  const sources = [...customVariables, ...(typeof contextTime === "object" ? [contextTime] : [])];
  return sources.flatMap(({ field }) => field ?? []);
}

/**
 * Absent where the plug-in's settings hold the key.
 *
 * @param {TroccoUnit} unit
 * @returns {Record<string, string>}
 */
function keyHeader({ apiKey }) {
  return apiKey ? { Authorization: `Token ${apiKey}`, Accept: "application/json" } : { Accept: "application/json" };
}

/** @param {Answer} answer */
function isSuccess({ status }) {
  return status >= 200 && status < 300;
}

/**
 * How long to keep from asking, by X-Rate-Limit-Limit, -Remaining and -Reset (UNIX time), which every answer carries.
 *
 * @param {Answer} answer
 * @param {number} now
 * @returns {number} milliseconds
 */
function waitForRequests({ status, headers }, now) {
  const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
    Number(headers[`x-rate-limit-${name}`]),
  );
  const untilReset = Math.min(Math.max(reset * 1000 + 1000 - now, 0) || 0, LONGEST_WAIT);
  if (status === 429) {
    return untilReset || 60_000;
  }
  return remaining < limit * SCARCE ? untilReset / (remaining + 1) : 0;
}

/**
 * @param {Answer} answer
 * @param {"start" | "startLost" | "status"} stage
 * @returns {Problem}
 */
function describeJobError(answer, stage) {
  return {
    ...jobErrorText(answer.status, stage),
    code: answer.status ? String(answer.status) : "",
    text: errorTextOf(answer),
  };
}

/**
 * TROCCO tells of errors in several shapes: `error`, `message`, and `errors` with an attribute each; or not at all.
 *
 * @param {Answer} answer
 */
function errorTextOf({ json, text }) {
  if (!json) {
    return text;
  }
  const attributes = Array.isArray(json.errors) ? json.errors : [];
  return [json.error ?? json.message, ...attributes.map(({ attribute, message }) => `${attribute}: ${message}`)]
    .filter(Boolean)
    .join("\n");
}

/**
 * @param {unknown} text a time with its offset, such as 2023-08-23T03:00:00.000+09:00
 * @returns {number | null}
 */
function timeOf(text) {
  return typeof text === "string" ? Date.parse(text) || null : null;
}
