// TROCCO's jobs (transfer jobs) and workflows over its API. Source: "trocco API Integration" and the API reference
// (documents.trocco.io): Run Job, Check Job Status, Run Workflow Job, Check Workflow Job Status.
import { textOf } from "../run/bounds.js";
import { describeJobError, headerOf, isSuccess, jobId, refusesJob, timeOf, waitForRequests } from "./trocco-answers.js";
import { jobOutcomes, otherDefinition } from "./trocco-errors.js";
import { jobBody, variableFields } from "./trocco-parameters.js";
/** @import { Handle, Offer } from "../run/entry.js" */
/** @import { RunState } from "../run/states.js" */
/** @import { WordKey } from "../view/say.js" */

/**
 * The names of each kind of job in TROCCO's API: its path, its definition's ID in a request, its name in an answer,
 * and, if there is one, the path of all jobs of a definition.
 *
 * @type {Record<string, {path: string, parameter: string, name: string, definitions?: string}>}
 */
const KINDS = {
  "trocco-job": {
    path: "jobs",
    parameter: "job_definition_id",
    name: "job_definition_name",
    definitions: "job_definitions",
  },
  "trocco-workflow": { path: "pipeline_jobs", parameter: "pipeline_definition_id", name: "name" },
};

/** @type {Map<string, RunState>} An unknown state does not count as an end. */
const JOB_STATES = new Map([
  ["queued", "queued"],
  ["succeeded", "succeeded"],
  ["error", "failed"],
  ["canceled", "canceled"],
  // mutant skipped-succeeded: ["skipped", "succeeded"],
  ["skipped", "skipped"],
]);

/** @type {Map<string, WordKey>} */
const DOING = new Map([
  ["queued", "trocco.queued"],
  ["setting_up", "trocco.settingUp"],
  ["interrupting", "trocco.interrupting"],
  ["retry_waiting", "trocco.retryWaiting"],
]);

// How long after a lost start a job may be created and still be it, in milliseconds: the start may have been slow.
const LOOKS = [2000, 10_000];

// The remaining difference of the clocks, after correction by the time in the answers' headers, in milliseconds.
const SKEW = 5000;

/** @typedef {import("./trocco-parameters.js").ParameterSource} ParameterSource */

/**
 * @typedef {UnitConfig & {
 *   baseUrl: string,
 *   definitionId: number,
 *   apiKey?: string,
 *   customVariables?: ({name: string} & ParameterSource)[],
 *   contextTime?: string | ParameterSource,
 *   timeZone?: string,
 * }} TroccoUnit `apiKey` is absent if the plug-in's settings contain it
 */

/** @type {Service} */
export const trocco = {
  names: Object.keys(KINDS),
  title: "TROCCO",
  refuse: (unit, shown) => jobBody(unit, shown.record).problem ?? null,
  start: startJob,
  status: jobStatus,
  sends: variableFields,
  link: (unit, handle) =>
    handle
      ? { href: `${unit.baseUrl}/${KINDS[unit.service].path}/${handle.id}`, words: "trocco.openJob" }
      : { href: unit.baseUrl, words: "trocco.openTrocco" },
};

/**
 * One POST, never repeated: TROCCO cannot distinguish a repetition from a second start.
 *
 * @param {Call<TroccoUnit>} call
 * @returns {Promise<Started>}
 */
async function startJob(call) {
  const { unit, shown, ask } = call;
  const { path, parameter } = KINDS[unit.service];
  // A plug-in's settings have the address with the `&`, so that it is not the beginning of another definition's.
  const url = `${unit.baseUrl}/api/${path}?${parameter}=${unit.definitionId}${unit.apiKey ? "" : "&"}`;
  const body = JSON.stringify(jobBody(unit, shown.record).body);
  const answer = await ask("POST", url, { ...keyHeader(unit), "Content-Type": "application/json" }, body, !unit.apiKey);
  if (isSuccess(answer) && isOther(unit, answer.json)) {
    return { state: "unknown", problem: { ...otherDefinition, ran: "ran.maybe" } };
  }
  // mutant post-repeated: const id = jobId(answer.json?.id); if (!answer.status) { await ask("POST", url, keyHeader(unit), body, !unit.apiKey); }
  const id = jobId(answer.json?.id);
  if (isSuccess(answer) && id !== null) {
    return { handle: { id } };
  }
  if (answer.notSent) {
    return { state: "failed", problem: { ...describeJobError(answer, "notSent"), ran: "ran.nothing" } };
  }
  return refusesJob(answer)
    ? { state: "failed", problem: { ...describeJobError(answer, "startRefused"), ran: "ran.nothing" } }
    : {
        state: "unknown",
        // mutant lost-is-nothing: problem: { ...describeJobError(answer, "startLost"), ran: "ran.nothing" },
        problem: { ...describeJobError(answer, "startLost"), ran: "ran.maybe" },
        found: await findJob(call),
      };
}

/**
 * The only job of the definition created since the click. It may be another person's, so the user decides.
 *
 * @param {Call<TroccoUnit>} call
 * @returns {Promise<Found | null>} null if there is none, or more than one
 */
async function findJob({ unit, ask, clock, startedAt }) {
  const { definitions } = KINDS[unit.service];
  for (const look of definitions ? LOOKS : []) {
    await clock.sleep(look);
    const url = `${unit.baseUrl}/api/${definitions}/${unit.definitionId}/jobs?limit=20`;
    const askedAt = clock.now();
    const answer = await ask("GET", url, keyHeader(unit), "", !unit.apiKey);
    const ahead = (Date.parse(headerOf(answer, "date") ?? "") || clock.now()) - clock.now();
    // An answer that was long on its way does not tell how much the clocks differ.
    const isUsable = isSuccess(answer) && clock.now() - askedAt <= SKEW;
    /** @type {any[]} */
    const items = isUsable && Array.isArray(answer.json?.items) ? answer.json.items : [];
    const jobs = items
      // mutant trocco-clock-sign: .map((item) => ({ handle: { id: jobId(item?.id) ?? "" }, at: (timeOf(item?.created_at) ?? 0) + ahead, item }))
      .map((item) => ({ handle: { id: jobId(item?.id) ?? "" }, at: (timeOf(item?.created_at) ?? 0) - ahead, item }))
      .filter(({ handle, at, item }) => handle.id && at >= startedAt - SKEW && !isOther(unit, item));
    if (jobs.length) {
      const [{ handle, at }] = jobs;
      /** @type {Offer} */
      const offer = { at, words: "trocco.offer", follow: "trocco.follow" };
      // mutant newest-of-several: return { handle, offer };
      return jobs.length === 1 ? { handle, offer } : null;
    }
  }
  return null;
}

/**
 * Whether an answer is about a job of another definition than the unit's.
 *
 * @param {TroccoUnit} unit
 * @param {Record<string, unknown> | null} job
 */
function isOther({ service, definitionId }, job) {
  const id = job?.[KINDS[service].parameter];
  // mutant other-definition: return false;
  return id !== undefined && id !== null && String(id) !== String(definitionId);
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
    return { state: "running", steps: [], doing: "trocco.busy", wait };
  }
  if (!isSuccess(answer) || typeof status !== "string") {
    const again = !refusesJob(answer);
    const problem = describeJobError(answer, again ? "statusLost" : "statusRefused");
    return { problem: { ...problem, ran: "ran.underWay" }, again };
  }
  if (isOther(unit, answer.json)) {
    return { problem: { ...otherDefinition, ran: "ran.underWay" }, again: false };
  }
  // TROCCO's page of 2022 capitalizes some of the states.
  const word = status.toLowerCase();
  const state = JOB_STATES.get(word) ?? "running";
  const outcome = JOB_STATES.has(word) ? jobOutcomes[word] : undefined;
  const text = textOf(answer.json?.[KINDS[unit.service].name]);
  const started = timeOf(answer.json?.started_at);
  const finished = timeOf(answer.json?.finished_at);
  return {
    state,
    steps: [],
    doing: DOING.get(word) ?? null,
    name: text ? { text, words: "trocco.job" } : null,
    wait,
    times: { started, finished },
    ...(started && finished && finished >= started && { took: finished - started }),
    ...(outcome && { problem: { ...outcome, code: status } }),
  };
}

/**
 * Empty if the plug-in's settings contain the key.
 *
 * @param {TroccoUnit} unit
 * @returns {Record<string, string>}
 */
function keyHeader({ apiKey }) {
  return apiKey ? { Authorization: `Token ${apiKey}`, Accept: "application/json" } : { Accept: "application/json" };
}
