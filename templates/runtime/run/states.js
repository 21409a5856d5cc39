// The life of a run, as data. What is not here does not happen: the ledger makes every change by move().
/** @import { Run } from "./entry.js" */
/** @import { RunView } from "./run.js" */

/**
 * @typedef {"starting" | "queued" | "running" | "succeeded" | "failed" | "canceled" | "skipped" | "unknown"} RunState
 */

/**
 * What can happen to a run; run/states.js says when, and what it leads to.
 *
 * @typedef {"begin" | "wait" | "accept" | "lose" | "beat" | "progress" | "end" | "resume" | "dismiss"} RunEvent
 */

/** @type {RunState[]} */
export const ENDS = ["succeeded", "failed", "canceled", "skipped"];
/** @type {RunState[]} */
const FOLLOWED = ["queued", "running"];
/** @type {RunState[]} `unknown`: it may have started, and cannot be followed. */
const REST = ["unknown", ...ENDS];
/** @type {RunState[]} in the order in which a run goes through them */
export const STATES = ["starting", ...FOLLOWED, ...REST];

/** @type {Record<RunEvent, {from: (RunState | null)[], to: RunState[]}>} null: nothing has run at the place yet. */
export const MOVES = {
  /** The user clicked and confirmed. */
  begin: { from: [null, ...REST], to: ["starting"] },
  /** What keeps the start waiting is said. */
  wait: { from: ["starting"], to: ["starting"] },
  /** The answer may come after another page has given the start up. */
  accept: { from: ["starting", "unknown"], to: ["queued"] },
  /** The answer to the start is lost, or the page that started it is gone. */
  lose: { from: ["starting"], to: ["unknown"] },
  /** A page says that it follows the run. */
  beat: { from: FOLLOWED, to: FOLLOWED },
  progress: { from: FOLLOWED, to: FOLLOWED },
  end: { from: FOLLOWED, to: REST },
  /** The user wants to ask on for a run that was lost sight of. */
  resume: { from: ["unknown"], to: ["running"] },
  /** The user puts the end away. */
  dismiss: { from: REST, to: REST },
};

/** @type {Omit<Run, "id" | "state" | "startedAt" | "deadline">} What a run has before anything is known of it. */
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

/** @type {RunView} What a page shows of a place where there is nothing to show. */
export const IDLE = { ...BLANK, id: "", state: "idle", startedAt: null, deadline: 0, canResume: false };

/**
 * Whether a page's button is taken, from the click to the end.
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
 * @param {Partial<Run> & {state: RunState}} news
 * @returns {Run}
 */
export function move(run, event, news) {
  const { from, to } = MOVES[event];
  const state = run?.state ?? null;
  if (!from.includes(state) || !to.includes(news.state)) {
    throw new Error(`A run that is ${state} cannot ${event} and be ${news.state} then.`);
  }
  /** @type {any} */
  const next = { ...run, ...news };
  // What a state has not, it does not keep: the run before, what is being done, the token.
  // mutant doing-beside-end:
  next.doing = isUnderWay(next) ? next.doing : null;
  next.before = next.state === "starting" ? next.before : null;
  // mutant token-stays:
  next.handle = isEnd(next) ? null : next.handle;
  return next;
}
