// The meaning of krewData's answers.
import { MOST_STEPS, textOf } from "../run/bounds.js";
import { isBusy } from "../run/states.js";
import { errorText, flowErrorText, isDocumented } from "./krewdata-errors.js";
/** @import { Answer } from "../page/proxy.js" */
/** @import { Step } from "../run/entry.js" */
/** @import { Problem } from "../run/problems.js" */
/** @import { WordKey } from "../view/say.js" */

/** @type {Map<unknown, Step["state"]>} */
const TASK_STATES = new Map([
  ["Queuing", "queued"],
  // mutant krewdata-running-done: ["Running", "succeeded"],
  ["Running", "running"],
  ["Success", "succeeded"],
  ["Failure", "failed"],
]);
/** @type {typeof TASK_STATES} */
const FLOW_STATES = new Map([...TASK_STATES, ["Cancel", "canceled"]]);

// While a scheduled flow of the same domain runs, real-time runs wait until it has ended ("Real-time execution").
const LONG_QUEUE = 30_000;

/**
 * Whether the HTTP status equals the body's `code` is not documented, so the body takes precedence.
 *
 * @param {Answer} answer
 * @returns {number}
 */
export function codeOf(answer) {
  const code = Number(answer.json?.code);
  return code > 0 ? code : answer.status;
}

/**
 * krewData's own refusal. Any other failure (no answer, 5xx, a success without content) is a lost answer, and so is 408:
 * it only means that the request took too long.
 *
 * @param {Answer} answer
 */
export function isRefusal(answer) {
  const code = codeOf(answer);
  return code >= 400 && code < 500 && code !== 408;
}

/**
 * Whether krewData says that the token has started a run already: proof that a request with it arrived.
 *
 * @param {Answer} answer
 */
export function isSpent(answer) {
  return descriptionOf(answer).startsWith("Specified token has been used");
}

/**
 * Whether a refusal of the first run request proves that nothing ran: a known text, or a known code. A refusal that is
 * incomplete, not krewData's own, or undocumented may mean that the token is used up. A conflicting run (409) counts as
 * another one: krewData returns it for any token of the unit, so its task ID does not show whether it is this run,
 * which kintone's proxy may have sent twice.
 *
 * @param {Answer} answer
 */
export function isCertain(answer) {
  const description = descriptionOf(answer);
  // mutant spent-token-certain: return description !== "" && (isDocumented(description) || codeOf(answer) !== 400);
  return description !== "" && !isSpent(answer) && (isDocumented(description) || codeOf(answer) !== 400);
}

/** @param {Answer} answer */
function descriptionOf(answer) {
  return textOf(answer.json?.description);
}

/**
 * @param {"token" | "run" | "status"} path
 * @param {Answer} answer
 * @param {WordKey} ran
 * @param {WordKey} [happened] replaces the words for the answer itself
 * @returns {Problem}
 */
export function describeRefusal(path, answer, ran, happened) {
  const code = codeOf(answer);
  return {
    ...errorText(path, isRefusal(answer) ? descriptionOf(answer) : null, code),
    ...(happened && { happened }),
    ...(ran === "ran.maybe" && { advice: "krewdata.checkLog" }),
    ran,
    code: code ? String(code) : "",
    text: descriptionOf(answer) || answer.text,
  };
}

/**
 * @param {string} word for the task
 * @param {Record<string, unknown>} body of the status answer
 * @param {number} elapsed milliseconds since the run was requested
 * @returns {Standing}
 */
export function standingOf(word, body, elapsed) {
  const flows = Array.isArray(body.flowInfo) ? body.flowInfo.filter(Boolean) : [];
  const steps = flowSteps(flows);
  // A state that is not in the reference does not count as an end.
  const state = TASK_STATES.get(word) ?? "running";
  /** @type {WordKey | null} */
  const doing = state === "queued" && elapsed > LONG_QUEUE ? "krewdata.longQueue" : null;
  const standing = { state, steps, doing, ...(!isBusy(state) && flowsTook(flows)) };
  return state === "failed" ? { ...standing, problem: failure(body, steps) } : standing;
}

/**
 * The flows in their order. Unknown times are absent, empty or null.
 *
 * @param {any[]} flows
 * @returns {Step[]}
 */
function flowSteps(flows) {
  /** @type {Step[]} */
  const steps = flows.map((flow) => {
    const took = millisecondsOf(flow.endTime) - millisecondsOf(flow.startTime);
    return {
      name: textOf(flow.flowName),
      state: FLOW_STATES.get(flow.status) ?? "running",
      ...(took >= 0 && { took }),
    };
  });
  const rest = steps.slice(MOST_STEPS);
  // Flows that are shown as one are in progress until all are in the same state.
  const state = rest.every((step) => step.state === rest[0].state) ? rest[0]?.state : "running";
  return rest.length ? [...steps.slice(0, MOST_STEPS), { name: "", state, more: rest.length }] : steps;
}

/**
 * krewData's times name no time zone. Only differences between them are needed, so they are read as UTC: in a zone that
 * changes its clocks, an hour could be missing. Times in another form are read as they are.
 *
 * @param {unknown} text such as 2020-12-01 09:00:00
 * @returns {number} milliseconds; NaN for anything else
 */
function millisecondsOf(text) {
  const given = textOf(text);
  return Date.parse(`${given.replace(" ", "T")}Z`) || Date.parse(given);
}

/**
 * @param {any[]} flows
 * @returns {{took?: number}} from the first flow's start to the last one's end, in milliseconds, if krewData returns
 *   them
 */
function flowsTook(flows) {
  const times = (/** @type {string} */ key) => flows.map((flow) => millisecondsOf(flow[key])).filter(Boolean);
  const took = Math.max(...times("endTime")) - Math.min(...times("startTime"));
  return took >= 0 ? { took } : {};
}

/**
 * @param {Record<string, unknown>} body a status answer of a failed run
 * @param {Step[]} steps
 * @returns {Problem}
 */
function failure(body, steps) {
  const code = textOf(body.errorCode);
  const nothingRan = steps.length > 0 && steps.every((step) => step.state === "canceled");
  return {
    ...flowErrorText(code),
    ran: nothingRan ? "ran.nothing" : "krewdata.partly",
    code,
    text: textOf(body.errorMessage),
  };
}
