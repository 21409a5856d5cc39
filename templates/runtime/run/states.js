// The life of one unit's run on one record, as data. What is not here does not happen: run.js makes every move by move().

/** @type {RunState[]} */
const ENDS = ["succeeded", "failed", "canceled", "skipped", "unknown"];
/** @type {RunState[]} In which the button is free. */
const REST = ["idle", ...ENDS];
/** @type {RunState[]} */
const FOLLOWED = ["queued", "running"];
/** @type {RunState[]} */
const UNDER_WAY = ["starting", ...FOLLOWED];

/**
 * What can happen to a run: in which states, to which states that leads, and whose the run is then. `mine` is a run that
 * this tab does, `theirs` one that another tab of this browser does and this one only shows. `of` says whose it has to
 * be before; without it that does not matter, because a run at rest is nobody's.
 *
 * @type {Record<RunEvent, {of?: Holder, from: RunState[], to: RunState[], then: Holder}>}
 */
export const MOVES = {
  /** The user clicked, and is asked. */
  ask: { from: REST, to: ["confirming"], then: "mine" },
  /** The user said no. */
  cancel: { from: ["confirming"], to: REST, then: "mine" },
  /** Something that is known beforehand keeps the unit from running. */
  refuse: { from: [...REST, "confirming"], to: ["failed"], then: "mine" },
  begin: { from: ["confirming"], to: ["starting"], then: "mine" },
  /** What keeps the start waiting is said. */
  wait: { of: "mine", from: ["starting"], to: ["starting"], then: "mine" },
  accept: { of: "mine", from: ["starting"], to: ["queued"], then: "mine" },
  progress: { of: "mine", from: FOLLOWED, to: FOLLOWED, then: "mine" },
  end: { of: "mine", from: UNDER_WAY, to: ENDS, then: "mine" },
  /** The user wants to ask on for a run that was lost sight of. */
  resume: { from: ["unknown"], to: ["running"], then: "mine" },
  /** The end that was on view before the page was reloaded. */
  recall: { from: ["idle"], to: ENDS, then: "mine" },
  /** Another tab told of a run, or this one finds what was kept of it and has yet to see whether it may go on. */
  hear: { from: [...REST, "confirming"], to: [...UNDER_WAY, ...ENDS], then: "theirs" },
  hearMore: { of: "theirs", from: UNDER_WAY, to: [...UNDER_WAY, ...ENDS], then: "theirs" },
  /** This tab goes on with a run that no other one does any more. */
  take: { of: "theirs", from: UNDER_WAY, to: FOLLOWED, then: "mine" },
  /** No tab does the run any more, and this one cannot go on. */
  lose: { of: "theirs", from: UNDER_WAY, to: ["unknown"], then: "mine" },
  /** The user puts the end away. */
  dismiss: { from: ENDS, to: ["idle"], then: "mine" },
  /** A mistake of ours. */
  break: { from: [...REST, "confirming", ...UNDER_WAY], to: ["failed", "unknown"], then: "mine" },
};

/** @type {RunView} */
export const IDLE = {
  state: "idle",
  startedAt: null,
  endedAt: null,
  took: null,
  steps: [],
  problem: null,
  doing: null,
  name: null,
  times: null,
  link: null,
  usual: null,
  offer: null,
  elsewhere: false,
  canResume: false,
};

/**
 * Whether a run is under way, from the click to its final state.
 *
 * @param {RunState} state
 */
export function isBusy(state) {
  return state === "confirming" || UNDER_WAY.includes(state);
}

/**
 * @param {RunView} view
 * @param {RunEvent} event
 * @param {Partial<RunView>} news
 * @returns {RunView}
 */
export function move(view, event, news) {
  const { of, from, to, then } = MOVES[event];
  const holder = view.elsewhere ? "theirs" : "mine";
  const next = { ...view, ...news, elsewhere: then === "theirs" };
  if ((of && of !== holder) || !from.includes(view.state) || !to.includes(next.state)) {
    throw new Error(`A run that is ${view.state} and ${holder} cannot ${event} and be ${next.state} then.`);
  }
  return next;
}
