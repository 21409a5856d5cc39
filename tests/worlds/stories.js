// Worlds that are written down, each for a mistake that was made once or that random worlds seldom come to.

const SECOND = 1000;

/** @param {number} at seconds @param {string} kind @param {number} tab its number @param {object} [more] */
const does = (at, kind, tab, more) => ({ at: at * SECOND, kind, tab, choice: 0.5, ...more });
const record = (/** @type {number} */ n) => ({ app: 45, kind: "detail", record: n });
const list = { app: 45, kind: "index", record: "index" };

/**
 * @typedef {object} Story
 * @property {string} name
 * @property {string[]} mutants those that it is told for
 * @property {string[]} units
 * @property {string[]} [features]
 * @property {Action[]} actions
 */

/** @type {Story[]} */
export const stories = [
  {
    name: "a tab comes back with an older run",
    units: ["k1"],
    starts: { 1: { length: 60 * SECOND }, 2: { length: 30 * SECOND, outcome: "failed" } },
    actions: [
      does(1, "click", 1),
      does(20, "leave", 1),
      does(25, "openTab", 1, { page: record(1) }),
      does(45, "click", 2),
      does(80, "click", 2),
      does(300, "back", 1),
    ],
  },
  {
    name: "a refused click does not take the warning away",
    units: ["k1"],
    starts: { 1: { length: 250 * SECOND } },
    faults: { "run:1": "loseAnswer", "run:2": "loseAnswer", "run:3": "loseAnswer", "token:2": "serverError" },
    actions: [does(1, "click", 1), does(100, "click", 1), does(120, "click", 1)],
  },
  {
    name: "a tab that was duplicated during the start gets the lock before it can read the end",
    units: ["k1"],
    features: ["noConfirmation"],
    onTheWay: 40,
    starts: { 1: { length: 1500, queue: 0 } },
    actions: [does(1, "click", 1), does(1.05, "duplicate", 1, { apart: true })],
  },
  {
    name: "a tab that was duplicated during the run gets the lock before it can read the end",
    units: ["k1"],
    features: ["noConfirmation"],
    onTheWay: 40,
    starts: { 1: { length: 10 * SECOND } },
    actions: [does(1, "click", 1), does(5, "duplicate", 1, { apart: true }), does(30, "click", 2)],
  },
  {
    name: "two new records are two places",
    units: ["k1"],
    features: ["inForms"],
    starts: { 1: { length: 60 * SECOND } },
    actions: [
      does(1, "create", 1),
      does(2, "openTab", 1, { page: { app: 45, kind: "create", record: "new77" } }),
      does(5, "click", 1),
      does(15, "save", 1, { loads: true }),
      does(25, "click", 2),
    ],
  },
  {
    name: "a new record in the same tab knows nothing of one that was given up",
    units: ["k1"],
    features: ["inForms"],
    starts: { 1: { length: 60 * SECOND } },
    actions: [does(1, "create", 1), does(5, "click", 1), does(15, "toFirst", 1), does(20, "create", 1)],
  },
  {
    name: "a run from the list is followed on a record",
    units: ["w1"],
    features: ["inLists"],
    first: list,
    starts: { 1: { length: 200 * SECOND } },
    actions: [does(1, "click", 1), does(12, "page", 1, { page: record(1) }), does(260, "show", 1)],
  },
  {
    name: "somebody else's job is followed as what it is",
    units: ["t1"],
    starts: { 1: { length: 40 * SECOND }, 2: { length: 200 * SECOND } },
    faults: { "post:1": "deliverLate" },
    actions: [does(1, "click", 1), does(3.5, "others", 1, { unit: "t1" }), does(30, "askOn", 1), does(120, "click", 1)],
  },
  {
    name: "a clock that is put back does not make a question wait",
    units: ["k1"],
    features: ["noConfirmation"],
    starts: { 1: { length: 100 * SECOND } },
    actions: [does(1, "click", 1), does(20, "hide", 1), does(30, "clock", 1, { by: -3600 * SECOND }), does(35, "show", 1)],
  },
  {
    name: "one end is told once, however many tabs have it",
    units: ["k1"],
    features: ["noConfirmation"],
    starts: { 1: { length: 60 * SECOND } },
    actions: [
      does(1, "click", 1),
      does(3, "openTab", 1, { page: record(1) }),
      does(4, "openTab", 1, { page: record(1) }),
      does(5, "openTab", 1, { page: record(2) }),
      does(6, "hide", 2),
      does(6, "hide", 3),
      does(10, "close", 1),
      does(100, "show", 4),
    ],
  },
];

const NO_FAULTS = {
  http200: false,
  otherWords: false,
  conflict: "409",
  conflictFirst: false,
  burnToken: false,
  statusTokenExpires: false,
  created: false,
  dated: true,
  timeless: false,
  unreadable: 0,
};

/** @param {any} story @returns {Plan} */
export function planOfStory({ units, features = [], faults = {}, actions, storage = "works", timeout = 300 * SECOND, ...more }) {
  return {
    ...more,
    seed: 1,
    kind: "story",
    units,
    features: { concurrent: true, inspected: true, ...Object.fromEntries(features.map((name) => [name, true])) },
    scripted: faults,
    faults: [],
    faultRate: 0,
    storage,
    timeout,
    switches: { ...NO_FAULTS, ...more.switches },
    actions,
    calm: [],
  };
}
