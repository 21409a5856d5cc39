// The states of a run and the allowed changes, as data. The ledger makes every change with move().
/** @import { Run } from "./entry.js" */
/** @import { RunView } from "./run.js" */

/**
 * @typedef {"starting" | "queued" | "running" | "succeeded" | "failed" | "canceled" | "skipped" | "unknown"} RunState
 */

/**
 * The events of a run; the table below has their old and new states.
 *
 * @typedef {"begin" | "wait" | "accept" | "lose" | "beat" | "progress" | "end" | "resume" | "dismiss"} RunEvent
 */

/** @type {RunState[]} */
export const ENDS = ["succeeded", "failed", "canceled", "skipped"];
/** @type {RunState[]} */
const FOLLOWED = ["queued", "running"];
/** @type {RunState[]} `unknown`: it may have started, but cannot be followed. */
const REST = ["unknown", ...ENDS];
/** @type {RunState[]} in the order in which a run goes through them */
export const STATES = ["starting", ...FOLLOWED, ...REST];

/** @type {Record<RunEvent, {from: (RunState | null)[], to: RunState[]}>} null: nothing has run at the place yet. */
export const MOVES = {
  /** The user clicked and confirmed. */
  begin: { from: [null, ...REST], to: ["starting"] },
  /** The reason why the start waits is shown. */
  wait: { from: ["starting"], to: ["starting"] },
  /** The answer may arrive after another page has given up the start. */
  accept: { from: ["starting", "unknown"], to: ["queued"] },
  /** The answer to the start is lost, or the page that started it was closed. */
  lose: { from: ["starting"], to: ["unknown"] },
  /** A page writes that it still follows the run. */
  beat: { from: FOLLOWED, to: FOLLOWED },
  progress: { from: FOLLOWED, to: FOLLOWED },
  end: { from: FOLLOWED, to: REST },
  /** The user resumes following a run whose status was lost. */
  resume: { from: ["unknown"], to: ["running"] },
  /** The user closes the result. */
  dismiss: { from: REST, to: REST },
};

/** @type {Omit<Run, "id" | "state" | "startedAt" | "deadline">} The values of a new run. */
export const BLANK = {
  steps: [],
  link: null,
  usual: null,
  doubt: null,
  before: null,
  doing: null,
  handle: null,
  at: 0,
  next: 0,
  name: null,
  times: null,
  endedAt: null,
  took: null,
  problem: null,
  offer: null,
  dismissed: false,
};

/** @type {RunView} The view of a place without a run. */
export const IDLE = { ...BLANK, id: "", state: "idle", startedAt: null, deadline: 0, canResume: false };

/**
 * Whether a page's button is disabled, from the click to the end.
 *
 * @param {RunView["state"]} state
 */
export function isBusy(state) {
  return state === "confirming" || state === "starting" || state === "queued" || state === "running";
}

/** @param {Run | null} run */
export function isUnderWay(run) {
  return run !== null && (run.state === "starting" || FOLLOWED.includes(run.state));
}

/** @param {Run | null} run */
export function isEnd(run) {
  return run !== null && ENDS.includes(run.state);
}

/**
 * @param {Run | null} run
 * @param {RunEvent} event
 * @param {Partial<Run>} news what changes; the state too, if the table has another one for the event
 * @returns {Run}
 */
export function move(run, event, news) {
  const { from, to } = MOVES[event];
  const state = run?.state ?? null;
  /** @type {any} */
  const next = { ...run, ...news };
  if (!from.includes(state) || !to.includes(next.state)) {
    throw new Error(`A run that is ${state} cannot ${event} and be ${next.state} then.`);
  }
  // Each state drops what it does not need: the previous run, the current activity, the token.
  // mutant doing-beside-end:
  next.doing = isUnderWay(next) ? next.doing : null;
  next.before = next.state === "starting" ? next.before : null;
  // mutant token-stays:
  next.handle = isEnd(next) ? null : next.handle;
  return next;
}
