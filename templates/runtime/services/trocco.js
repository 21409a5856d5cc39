// TROCCO's jobs (transfer jobs) and workflows over its API. Source: "trocco API Integration" and the API reference
// (documents.trocco.io): Run Job, Check Job Status, Run Workflow Job, Check Workflow Job Status.
import { ranTexts } from "../messages.js";
import { jobErrorText, jobTexts, outcomeTexts } from "./trocco-messages.js";
import { jobBody, variableFields } from "./trocco-parameters.js";

/** @type {Record<string, {path: string, parameter: string}>} */
const KINDS = {
  "trocco-job": { path: "jobs", parameter: "job_definition_id" },
  "trocco-workflow": { path: "pipeline_jobs", parameter: "pipeline_definition_id" },
};

/** @type {Map<string, RunState>} A word that is not here is no end. */
const JOB_STATES = new Map([
  ["queued", "queued"],
  ["succeeded", "succeeded"],
  ["error", "failed"],
  ["canceled", "canceled"],
  ["skipped", "skipped"],
]);

/** @type {Map<string, Words>} */
const DOING = new Map([
  ["queued", jobTexts.queued],
  ["setting_up", jobTexts.settingUp],
  ["interrupting", jobTexts.interrupting],
  ["retry_waiting", jobTexts.retryWaiting],
]);

// Below this share of the account's requests, which all its keys share, the page asks only as often as they last.
const SCARCE = 0.2;
const LONGEST_WAIT = 10 * 60 * 1000;

/** @typedef {import("./trocco-parameters.js").ParameterSource} ParameterSource */

/**
 * @typedef {UnitConfig & {
 *   baseUrl: string,
 *   definitionId: number,
 *   apiKey?: string,
 *   customVariables?: ({name: string} & ParameterSource)[],
 *   contextTime?: string | ParameterSource,
 *   timeZone?: string,
 * }} TroccoUnit `apiKey` is absent where the plug-in's settings hold it
 */

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
  const answer = await ask("POST", url, { ...keyHeader(unit), "Content-Type": "application/json" }, body, !unit.apiKey);
  const id = answer.json?.id;
  if (isSuccess(answer) && (typeof id === "number" || typeof id === "string")) {
    return { handle: { id } };
  }
  return refusesJob(answer)
    ? { state: "failed", problem: { ...describeJobError(answer, "startRefused"), ran: ranTexts.nothing } }
    : { state: "unknown", problem: { ...describeJobError(answer, "startLost"), ran: ranTexts.maybe } };
}

/**
 * @param {Question<TroccoUnit>} question
 * @param {Handle} handle
 * @returns {Promise<Progress>}
 */
async function jobStatus({ unit, ask, clock }, handle) {
  const answer = await ask(
    "GET",
    `${unit.baseUrl}/api/${KINDS[unit.service].path}/${handle.id}`,
    keyHeader(unit),
    "",
    !unit.apiKey,
  );
  const wait = waitForRequests(answer, clock.now());
  const status = answer.json?.status;
  if (answer.status === 429) {
    return { state: "running", steps: [], doing: jobTexts.busy, wait };
  }
  if (!isSuccess(answer) || typeof status !== "string") {
    const again = !refusesJob(answer);
    const problem = describeJobError(answer, again ? "statusLost" : "statusRefused");
    return { problem: { ...problem, ran: ranTexts.underWay }, again };
  }
  // The page of 2022 writes some of the words with a capital.
  const word = status.toLowerCase();
  const state = JOB_STATES.get(word) ?? "running";
  const outcome = JOB_STATES.has(word) ? outcomeTexts[word] : undefined;
  const started = timeOf(answer.json?.started_at);
  const finished = timeOf(answer.json?.finished_at);
  return {
    state,
    steps: [],
    doing: DOING.get(word),
    wait,
    times: { started, finished },
    ...(started && finished && { took: finished - started }),
    ...(outcome && { problem: { ...outcome, code: status } }),
  };
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
 * Whether TROCCO says that it did not do what it was asked. 408 tells of a request that took too long, and not of what
 * became of it.
 *
 * @param {Answer} answer
 */
function refusesJob({ status }) {
  return status >= 400 && status < 500 && status !== 408;
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
 * @param {import("./trocco-messages.js").JobStage} stage
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
 * TROCCO tells of errors in several shapes: `error`, `message`, and `errors` with an attribute each. Anything else is
 * given as it is.
 *
 * @param {Answer} answer
 */
function errorTextOf({ json, text }) {
  const errors = Array.isArray(json?.errors) ? json.errors : [];
  const lines = [
    json?.error ?? json?.message,
    ...errors.map((one) => one?.message && `${one.attribute}: ${one.message}`),
  ];
  return lines.filter(Boolean).join("\n") || text;
}

/**
 * @param {unknown} text a time with its offset, such as 2023-08-23T03:00:00.000+09:00
 * @returns {number | null}
 */
function timeOf(text) {
  return typeof text === "string" ? Date.parse(text) || null : null;
}
