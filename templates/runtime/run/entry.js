// A place's entry in localStorage: its format, how it is read, and which of two values counts.
import { MOST_STEPS, MOST_TEXT } from "./bounds.js";
import { BLANK, ENDS, isEnd, STATES } from "./states.js";
/** @import { Problem } from "./problems.js" */
/** @import { RunState } from "./states.js" */
/** @import { Sentence } from "../view/say.js" */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {"queued" | "running" | "succeeded" | "failed" | "canceled"} state
 * @property {number} [took] its duration in milliseconds, if known
 * @property {number} [more] the number of further steps that this one represents
 */

/**
 * @typedef {object} Link
 * @property {string} href
 * @property {Sentence} words
 */

/**
 * A job that may be a run whose start was lost: its creation time, its description, and the words to follow it.
 *
 * @typedef {{at: number, words: Sentence, follow: Sentence}} Offer
 */

/**
 * The data that a service needs to follow a run; JSON values only.
 *
 * @typedef {Record<string, string | number>} Handle
 */

/**
 * A run, as the ledger keeps it; times are milliseconds since the epoch.
 *
 * @typedef {object} Run
 * @property {string} id
 * @property {RunState} state
 * @property {number} startedAt when the run was requested: shown, never compared
 * @property {number} deadline pages follow it until then
 * @property {Step[]} steps
 * @property {Link | null} link
 * @property {number | null} usual the usual duration of this unit in milliseconds; null if not known
 * @property {number | null} doubt the time of an earlier start at this place with an unknown result
 * @property {Run | null} before while it starts: the previous run at this place
 * @property {Sentence | null} doing replaces the words for the state
 * @property {Handle | null} handle for status requests: a token that can do nothing else any more, or a job's ID
 * @property {number} at the time of the service's last answer
 * @property {number} next the delay from then to the next request, in milliseconds
 * @property {{text: string, words: Sentence} | null} name the service's name for it, and the words for that
 * @property {{started: number | null, finished: number | null} | null} times by the service's own clock
 * @property {number | null} endedAt when a page received its end
 * @property {number | null} took its duration in milliseconds; null if not known, because it was not
 *   watched closely
 * @property {Problem | null} problem
 * @property {Offer | null} offer of a run whose start was lost: a job that may be it; followed if the user agrees
 * @property {boolean} dismissed whether the user has closed its result
 */

/**
 * The ledger's data of a unit at a place.
 *
 * @typedef {object} Entry
 * @property {number} turn
 * @property {number} seq
 * @property {Run | null} run
 */

/** @type {Entry} */
export const NOTHING = { turn: 0, seq: 0, run: null };

/**
 * Which of two values of an entry counts. An end is final, even if something was written later.
 *
 * @param {Entry} one
 * @param {Entry} other
 */
export function isNewer(one, other) {
  if (one.turn !== other.turn) {
    return one.turn > other.turn;
  }
  // mutant end-not-final: if (false) {
  if (one.run?.id === other.run?.id && isEnd(one.run) !== isEnd(other.run)) {
    return isEnd(one.run);
  }
  if (one.seq !== other.seq) {
    return one.seq > other.seq;
  }
  // Two pages wrote at once: all pages choose the same value.
  return orderOf(one.run) > orderOf(other.run);
}

/** @param {Run | null} run @returns {string} */
function orderOf(run) {
  return run ? `${STATES.indexOf(run.state)} ${run.id}` : "";
}

/**
 * The run and the previous one, without tokens whose time is over.
 *
 * @param {Run} run
 * @param {(run: Run) => boolean} isLate
 * @returns {Run}
 */
export function withoutToken(run, isLate) {
  const before = run.before && withoutToken(run.before, isLate);
  return { ...run, before, handle: isLate(run) ? null : run.handle };
}

/**
 * @param {any} value
 * @returns {Entry | null} null for anything else
 */
export function readEntry(value) {
  // mutant shape-not-checked: return value;
  const run = readRun(value?.run);
  const isEntry = isCount(value?.turn) && isCount(value.seq) && (run || value.run === null);
  return isEntry ? { turn: value.turn, seq: value.seq, run } : null;
}

/**
 * Reads the properties of a run in its state; invalid ones count as missing.
 *
 * @param {any} value
 * @param {boolean} [isBefore] whether it is the previous run of another one
 * @returns {Run | null} null if it is not a run
 */
function readRun(value, isBefore = false) {
  const { id, state, startedAt, deadline } = value ?? {};
  if (!isText(id) || !STATES.includes(state) || !isCount(startedAt) || !isCount(deadline)) {
    return null;
  }
  /** @type {any} */
  const run = { ...BLANK, id, state, startedAt, deadline };
  for (const [name, isValid] of Object.entries(PARTS)) {
    if (isValid(value[name])) {
      run[name] = value[name];
    }
  }
  run.before = state === "starting" && !isBefore ? readRun(value.before, true) : null;
  run.handle = state === "starting" || ENDS.includes(state) ? null : run.handle;
  return run;
}

const isText = (/** @type {unknown} */ value) => typeof value === "string" && value.length <= MOST_TEXT;
const isCount = (/** @type {unknown} */ value) => Number.isFinite(value) && Number(value) >= 0;
const isMap = (/** @type {any} */ value, /** @type {(part: any) => boolean} */ isPart) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isPart);
const isSentence = (/** @type {any} */ value) => isText(value) || isMap(value, isText);
const isValue = (/** @type {any} */ value) => isCount(value) || isSentence(value);
const isStep = (/** @type {any} */ step) => isText(step?.name) && isText(step.state);

/** @type {Record<string, (value: any) => boolean>} The checks of a run's properties. */
const PARTS = {
  usual: isCount,
  // mutant doubt-not-stored:
  doubt: isCount,
  at: isCount,
  next: isCount,
  endedAt: isCount,
  took: isCount,
  name: (value) => isText(value?.text) && isSentence(value.words),
  doing: isSentence,
  dismissed: (value) => value === true,
  handle: (value) => isMap(value, (part) => isText(part) || isCount(part)),
  steps: (value) => Array.isArray(value) && value.length <= MOST_STEPS + 1 && value.every(isStep),
  times: (value) => isMap(value, (part) => part === null || isCount(part)),
  offer: (value) => isCount(value?.at) && isSentence(value.words) && isSentence(value.follow),
  link: (value) => isText(value?.href) && value.href.startsWith("https://") && isSentence(value.words),
  problem: (value) =>
    [value?.happened, value?.advice].every(isSentence) && isMap(value, (part) => isValue(part) || isMap(part, isValue)),
};
