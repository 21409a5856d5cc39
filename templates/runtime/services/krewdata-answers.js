// What krewData's answers say.
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
 * Whether HTTP's status follows the body's `code` is not documented, so the body speaks first.
 *
 * @param {Answer} answer
 * @returns {number}
 */
export function codeOf(answer) {
  const code = Number(answer.json?.code);
  return code > 0 ? code : answer.status;
}

/**
 * krewData's own no. Everything else that is no success (nothing at all, 5xx, a success without content) is a lost answer.
 *
 * @param {Answer} answer
 */
export function isRefusal(answer) {
  const code = codeOf(answer);
  return code >= 400 && code < 500;
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
 * Whether a refusal of the first request to run says for certain that nothing ran: a known one, or one that its code
 * tells. What is cut off, not krewData's own, or worded as nobody documented, may be that of a spent token. A run that is
 * in the way (409) counts as another's: krewData answers to any token of the unit about it, so that its task's ID would
 * not tell whether it is this one, which kintone's proxy sent twice by itself.
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
 * @param {WordKey} [happened] said instead of the words for the answer itself
 * @returns {Problem}
 */
export function describeRefusal(path, answer, ran, happened) {
  const known = errorText(path, isRefusal(answer) ? descriptionOf(answer) : null, codeOf(answer));
  return {
    ...known,
    ...(happened && { happened }),
    ...(ran === "ran.maybe" && { advice: "krewdata.checkLog" }),
    ran,
    code: codeOf(answer) ? String(codeOf(answer)) : "",
    text: descriptionOf(answer) || answer.text,
  };
}

/**
 * @param {string} word for the task
 * @param {Record<string, unknown>} body of the status answer
 * @param {number} elapsed milliseconds since the run was asked for
 * @returns {Standing}
 */
export function standingOf(word, body, elapsed) {
  const steps = flowSteps(body.flowInfo);
  // A word that the reference does not know is no end.
  const state = TASK_STATES.get(word) ?? "running";
  /** @type {WordKey | null} */
  const doing = state === "queued" && elapsed > LONG_QUEUE ? "krewdata.longQueue" : null;
  const standing = { state, steps, doing, ...(!isBusy(state) && flowsTook(body.flowInfo)) };
  return state === "failed" ? { ...standing, problem: failure(body, steps) } : standing;
}

/**
 * The flows in their order. Times are absent, empty or null while they are not known.
 *
 * @param {unknown} flowInfo
 * @returns {Step[]}
 */
function flowSteps(flowInfo) {
  const flows = Array.isArray(flowInfo) ? flowInfo.filter(Boolean) : [];
  /** @type {Step[]} */
  const steps = flows.map((flow) => {
    const took = Date.parse(flow.endTime) - Date.parse(flow.startTime);
    return {
      name: textOf(flow.flowName),
      state: FLOW_STATES.get(flow.status) ?? "running",
      ...(took >= 0 && { took }),
    };
  });
  const rest = steps.slice(MOST_STEPS);
  // Those that are shown as one are under way until all are in one state.
  const state = rest.every((step) => step.state === rest[0].state) ? rest[0]?.state : "running";
  return rest.length ? [...steps.slice(0, MOST_STEPS), { name: "", state, more: rest.length }] : steps;
}

/**
 * @param {unknown} flowInfo
 * @returns {{took?: number}} from the first flow's start to the last one's end, in milliseconds, if krewData tells
 */
function flowsTook(flowInfo) {
  const flows = Array.isArray(flowInfo) ? flowInfo.filter(Boolean) : [];
  const times = (/** @type {string} */ key) => flows.map((flow) => Date.parse(flow[key])).filter(Boolean);
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
