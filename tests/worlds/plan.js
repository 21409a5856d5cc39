import { chance } from "./chance.js";
import { FAULTS } from "./proxy.js";
import { LOG_FAULTS } from "./records.js";

/** Possible features of a world with their frequency; each world has few, so that rare combinations occur. */
const FEATURES = {
  mobile: 0.2,
  japanese: 0.5,
  plugin: 0.25,
  halfSetUp: 0.04,
  noFieldNames: 0.1,
  noLocks: 0.1,
  oneProcess: 0.35,
  slowStorage: 0.3,
  keptForBack: 0.5,
  backFreesLocks: 0.3,
  backKeepsLocks: 0.2,
  backDropsEvents: 0.4,
  wrongClock: 0.15,
  twoBrowsers: 0.2,
  threeBrowsers: 0,
  twoApps: 0.15,
  twoAddresses: 0.5,
  concurrent: 0.6,
  noConfirmation: 0.3,
  reloadAfterSuccess: 0.3,
  inForms: 0.4,
  inLists: 0.3,
  lateConfirmations: 0.4,
  cancels: 0.4,
  slowNetwork: 0.3,
  slowHandlers: 0.2,
  throttled: 0.6,
  stoppedTimers: 0.5,
  unknownZone: 0.1,
  scrolled: 0.2,
  badEnds: 0.4,
  longRuns: 0.4,
  queues: 0.3,
  scarceRequests: 0.1,
  oneWindow: 0.4,
  leftHidden: 0.25,
  brokenCalls: 0.3,
  inspected: 0.35,
  asks: 0.2,
  log: 0.1,
};

/** User actions, with the share of worlds that have them and their frequency there. */
const ACTIONS = {
  click: [1, 5],
  doubleClick: [0.4, 2],
  openTab: [0.6, 2],
  reload: [0.5, 1.5],
  close: [0.4, 1],
  duplicate: [0.35, 1.5],
  hide: [0.4, 1.5],
  show: [0.5, 1.5],
  freeze: [0.2, 1],
  page: [0.4, 1.5],
  toFirst: [0.4, 1.5],
  leave: [0.2, 1],
  back: [0.35, 1.5],
  create: [0.25, 1],
  edit: [0.3, 1],
  save: [0.4, 1.5],
  type: [0.15, 0.7],
  askOn: [0.6, 1.5],
  renew: [0.1, 0.5],
  dismiss: [0.2, 0.7],
  sleep: [0.2, 0.6],
  clock: [0.12, 0.6],
  clear: [0.06, 0.5],
  fill: [0.05, 0.7],
  relogin: [0.1, 0.7],
  others: [0.25, 1],
  flood: [0.06, 2],
  race: [0.3, 2],
};

/** The plan for locks: clicks, quick changes of tabs, holders that are hidden, frozen, left. */
const LOCK_ACTIONS = {
  click: [1, 5],
  openTab: [0.8, 1],
  duplicate: [0.5, 1],
  reload: [0.6, 1.2],
  close: [0.4, 0.6],
  hide: [0.8, 2.5],
  show: [1, 4],
  freeze: [0.4, 1],
  page: [0.3, 0.7],
  leave: [0.3, 0.7],
  back: [0.4, 0.8],
  askOn: [0.3, 0.7],
  race: [0.3, 1],
};
const LOCK_FEATURES = {
  asks: 0,
  noLocks: 0,
  oneProcess: 0.1,
  slowStorage: 0.7,
  twoBrowsers: 0,
  noConfirmation: 0.7,
  inLists: 0.1,
  throttled: 0.8,
  oneWindow: 0.8,
  slowHandlers: 0.05,
  lateConfirmations: 0.2,
  cancels: 0.1,
  log: 0,
};
const LOCK_UNITS = [["k1"], ["k1"], ["t1"], ["k1", "t1"]];

/** The plan for what users share: the log of runs, and exclusive runs on the same record; clicks close together. */
const SHARED_ACTIONS = {
  click: [1, 6],
  doubleClick: [0.2, 1],
  openTab: [0.4, 0.7],
  reload: [0.5, 0.7],
  close: [0.6, 0.9],
  duplicate: [0.2, 0.5],
  hide: [0.4, 0.8],
  show: [0.6, 1],
  freeze: [0.3, 0.7],
  page: [0.3, 0.7],
  toFirst: [0.4, 1],
  leave: [0.2, 0.5],
  back: [0.3, 0.6],
  create: [0.1, 0.5],
  save: [0.2, 0.7],
  askOn: [0.6, 1.5],
  dismiss: [0.2, 0.5],
  sleep: [0.15, 0.6],
  relogin: [0.1, 0.5],
  others: [0.1, 0.7],
  removeRecord: [0.2, 0.8],
};
const SHARED_FEATURES = {
  log: 1,
  twoBrowsers: 1,
  threeBrowsers: 0.6,
  wrongClock: 0.08,
  noConfirmation: 0.5,
  inForms: 0.15,
  inLists: 0.15,
  twoApps: 0.05,
  slowStorage: 0.15,
  noLocks: 0.05,
  longRuns: 0.55,
  scarceRequests: 0.02,
};

const SHARES = { days: FEATURES, locks: { ...FEATURES, ...LOCK_FEATURES }, shared: { ...FEATURES, ...SHARED_FEATURES } };

/** Events that are critical for lock timings: actions follow right after them. */
const OCCASIONS = ["request", "answer", "granted", "stored"];
const SHARED_OCCASIONS = ["request", "answer", "logRequest", "recorded"];

/**
 * The plan of a seed's world. Everything else follows from the plan and the seed.
 *
 * @param {number} seed
 * @param {PlanKind} kind
 * @returns {Plan}
 */
export function planOf(seed, kind = "days") {
  const isLocks = kind === "locks";
  const isShared = kind === "shared";
  const roll = (/** @type {string} */ what, n = 0) => chance(seed, what, n);
  // A copy is faster to read than an object that is filled name by name.
  const features = /** @type {any} */ ({ ...SHARES[kind] });
  for (const name of Object.keys(features)) {
    features[name] = roll(name) < features[name];
  }
  const quiet = roll("quiet") < (isLocks || isShared ? 0.6 : 0.15);
  const faults = quiet ? [] : FAULTS.filter((name) => roll(name) < 0.3);
  return {
    seed,
    kind,
    features,
    faults,
    faultRate: 0.03 + 0.4 * roll("faultRate") ** 2,
    storage: !isLocks && roll("storage") < 0.05 ? (roll("refuses") < 0.5 ? "refuses" : "full") : "works",
    timeout: [60_000, 120_000, 300_000][Math.floor(roll("timeout") * 3)],
    switches: {
      http200: roll("http200") < 0.3,
      otherWords: roll("otherWords") < 0.15,
      conflict: ["409", "134", "409-without-task-id"][Math.floor(roll("conflict") * 3)],
      conflictFirst: roll("conflictFirst") < 0.3,
      burnToken: roll("burnToken") < 0.4,
      statusTokenExpires: roll("statusTokenExpires") < 0.1,
      created: roll("created") < 0.3,
      dated: roll("dated") < 0.7,
      timeless: roll("timeless") < 0.15,
      unreadable: roll("unreadable") < 0.08 ? (roll("unreadable401") < 0.5 ? 401 : 403) : 0,
    },
    ...(features.log && logOf(roll, isShared)),
    ...((isLocks || isShared) && { units: LOCK_UNITS[Math.floor(roll("units") * LOCK_UNITS.length)] }),
    actions: isLocks ? quickActions(roll) : isShared ? sharedActions(roll) : daysActions(roll),
    calm: [],
  };
}

/** @param {(what: string, n?: number) => number} roll */
function daysActions(roll) {
  const pick = picker(ACTIONS, roll);
  const pace = 300 * 10 ** (2 * roll("pace"));
  let at = 1000;
  const actions = [];
  const count = 2 + Math.floor(9 * roll("actions") ** 1.5);
  for (let n = 0; n < count; n++) {
    at += pace * roll("gap", n) * (roll("pause", n) < 0.2 ? 20 : 1);
    actions.push({ at: Math.round(at), kind: n === 0 ? "click" : pick(n), tab: roll("tab", n), choice: roll("choice", n) });
  }
  return actions;
}

/**
 * Which units are exclusive, and what goes wrong with the log.
 *
 * @param {(what: string, n?: number) => number} roll
 * @param {boolean} isShared
 */
function logOf(roll, isShared) {
  const often = isShared ? 0.8 : 0.3;
  const exclusive = ["k1", "k2", "t1", "w1"].filter((unit, n) => roll("exclusive", n) < often);
  const isQuiet = roll("logQuiet") < 0.3;
  return {
    atOnce: Object.fromEntries(exclusive.map((unit, n) => [unit, roll("atOnce", n) < 0.5 ? "one" : "one_per_record"])),
    logFaults: isQuiet ? [] : LOG_FAULTS.filter((name) => roll(`log-${name}`) < 0.3),
    logFaultRate: 0.03 + 0.6 * roll("logFaultRate") ** 2,
    // Users without any right to the log app.
    logRefused: ["Aoki", "Baba", "Doi"].filter((user, n) => roll("logRefused", n) < 0.05),
  };
}

/** @param {(what: string, n?: number) => number} roll */
function sharedActions(roll) {
  const pick = picker(SHARED_ACTIONS, roll);
  const pace = 30 * 10 ** (2.5 * roll("pace"));
  // Some worlds wait until locks expire.
  const long = roll("expires") < 0.4 ? 150_000 : 20_000;
  let at = 800;
  const actions = [];
  const count = 4 + Math.floor(12 * roll("actions"));
  for (let n = 0; n < count; n++) {
    const kind = n < 2 ? "click" : pick(n);
    // Mostly the same record, so that users are in each other's way.
    const action = { kind, tab: n < 2 ? n * 0.5 : roll("tab", n), choice: roll("choice", n) * 0.6 };
    if (n > 1 && roll("on", n) < 0.25) {
      const occasion = SHARED_OCCASIONS[Math.floor(roll("occasion", n) * SHARED_OCCASIONS.length)];
      actions.push({ ...action, on: `${occasion}:${1 + Math.floor(12 * roll("nth", n) ** 1.5)}`, delay: 300 * roll("after", n) ** 3 });
    } else {
      at += pace * roll("gap", n) + (roll("pause", n) < 0.3 ? long * roll("pauses", n) : 0);
      actions.push({ ...action, at: Math.round(at) });
    }
  }
  actions.push({ at: Math.round(at + 60_000 * roll("rest")), kind: "show", tab: roll("last"), choice: 0 });
  return actions;
}

/** @param {(what: string, n?: number) => number} roll */
function quickActions(roll) {
  const pick = picker(LOCK_ACTIONS, roll);
  const pace = 40 * 10 ** (2 * roll("pace"));
  let at = 800;
  const actions = [];
  const count = 4 + Math.floor(14 * roll("actions"));
  for (let n = 0; n < count; n++) {
    const kind = n === 1 && roll("second") < 0.7 ? "openTab" : n < 3 && n !== 1 ? "click" : pick(n);
    // Mostly the same record, so that the tabs share a run.
    const action = { kind, tab: roll("tab", n), choice: roll("choice", n) * 0.6 };
    if (n > 2 && roll("on", n) < 0.35) {
      const occasion = OCCASIONS[Math.floor(roll("occasion", n) * OCCASIONS.length)];
      actions.push({ ...action, on: `${occasion}:${1 + Math.floor(12 * roll("nth", n) ** 1.5)}`, delay: 150 * roll("after", n) ** 3 });
    } else {
      at += pace * roll("gap", n) * (roll("pause", n) < 0.12 ? 40 : 1);
      actions.push({ ...action, at: Math.round(at) });
    }
  }
  // Time for actions that follow events.
  actions.push({ at: Math.round(at + 40_000 * roll("rest")), kind: "show", tab: roll("last"), choice: 0 });
  return actions;
}

/** @param {Record<string, number[]>} kinds @param {(what: string, n?: number) => number} roll */
function picker(kinds, roll) {
  const possible = Object.entries(kinds).filter(([name, [share]]) => roll(`may ${name}`) < share);
  const all = possible.reduce((sum, [, [, weight]]) => sum + weight, 0);
  return (/** @type {number} */ n) => {
    let left = roll("action", n) * all;
    return (possible.find(([, [, weight]]) => (left -= weight) < 0) ?? possible[0])[0];
  };
}
