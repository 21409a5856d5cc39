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
  {
    name: "a saved record takes no other new record's run along",
    units: ["k1"],
    features: ["inForms"],
    starts: { 1: { length: 60 * SECOND } },
    actions: [
      does(1, "create", 1),
      does(2, "openTab", 1, { page: { app: 45, kind: "create", record: "new77" } }),
      does(5, "click", 2),
      does(15, "save", 1, { loads: false }),
      does(30, "show", 1),
    ],
  },
  {
    name: "a copy of a new record that was saved knows nothing of its run",
    units: ["k1"],
    features: ["inForms"],
    starts: { 1: { length: 60 * SECOND } },
    actions: [does(1, "create", 1), does(3, "duplicate", 1), does(5, "click", 1), does(15, "save", 1, { loads: true }), does(40, "show", 2)],
  },
  {
    name: "a page that Back brings again follows its run",
    units: ["k1"],
    features: ["keptForBack", "backFreesLocks"],
    starts: { 1: { length: 250 * SECOND } },
    actions: [does(1, "click", 1), does(10, "leave", 1), does(60, "back", 1), does(200, "show", 1)],
  },
  {
    name: "a page that was left in a browser that keeps its locks gives the run up",
    units: ["k1"],
    features: ["keptForBack", "backKeepsLocks"],
    starts: { 1: { length: 100 * SECOND } },
    actions: [does(1, "click", 1), does(3, "openTab", 1, { page: record(1) }), does(20, "leave", 1), does(150, "show", 2)],
  },
  {
    name: "no page is loaded again that shows another record by then",
    units: ["k1"],
    features: ["reloadAfterSuccess"],
    starts: { 1: { length: 20 * SECOND } },
    actions: [does(1, "click", 1), { ...does(0, "page", 1, { page: record(2) }), on: "ended:1", delay: 500 }, does(60, "show", 1)],
  },
  {
    name: "a storage that is full loses the token all the same",
    units: ["k1"],
    starts: { 1: { length: 30 * SECOND } },
    actions: [does(1, "click", 1), does(10, "fill", 1), does(60, "show", 1)],
  },
  {
    name: "a page is not loaded again where its end cannot be kept",
    units: ["k1"],
    features: ["reloadAfterSuccess"],
    starts: { 1: { length: 30 * SECOND } },
    actions: [does(1, "click", 1), does(10, "fill", 1), does(60, "show", 1)],
  },
  {
    name: "a page that is out of sight hands its run over",
    units: ["k1"],
    starts: { 1: { length: 250 * SECOND } },
    actions: [does(1, "click", 1), does(3, "openTab", 1, { page: record(1) }), does(20, "hide", 1), does(250, "show", 2)],
  },
  {
    name: "two pages wait for one that is frozen",
    units: ["k1"],
    roundTrip: 8 * SECOND,
    starts: { 1: { length: 250 * SECOND } },
    actions: [
      does(1, "click", 1),
      does(40, "openTab", 1, { page: record(1) }),
      does(42, "openTab", 1, { page: record(1) }),
      does(60, "freeze", 1),
      does(250, "show", 2),
    ],
  },
  {
    name: "the end comes late to the page that waits for the run",
    units: ["k1"],
    features: ["noConfirmation"],
    onTheWay: 70,
    starts: { 1: { length: 20 * SECOND } },
    actions: [does(1, "click", 1), does(3, "openTab", 1, { page: record(1) }), does(60, "show", 1)],
  },
  {
    name: "a starter is closed the moment its run was accepted",
    units: ["k1"],
    onTheWay: 70,
    starts: { 1: { length: 40 * SECOND } },
    actions: [
      does(0.5, "openTab", 1, { page: record(1) }),
      does(2, "click", 1),
      { ...does(0, "close", 1), on: "answer:2", delay: 2 },
      does(80, "show", 2),
    ],
  },
  {
    name: "two tabs are clicked in at once",
    units: ["k1"],
    features: ["noConfirmation"],
    onTheWay: 70,
    starts: { 1: { length: 40 * SECOND } },
    actions: [does(0.5, "openTab", 1, { page: record(1) }), does(2, "click", 1), does(2.001, "click", 2), does(60, "show", 1)],
  },
  {
    name: "a run comes and goes while the user is asked in another tab",
    units: ["k1"],
    starts: { 1: { length: 1 * SECOND } },
    dialogs: { 1: { after: 20 * SECOND } },
    actions: [does(0.5, "openTab", 1, { page: record(1) }), does(2, "click", 1), does(4, "click", 2), does(60, "show", 1)],
  },
  {
    name: "an old value does not take an end back, even if it looks newer",
    units: ["k1"],
    starts: { 1: { length: 10 * SECOND } },
    actions: [does(1, "click", 1), does(30, "replay", 1, { later: 50 }), does(40, "show", 1)],
  },
  {
    name: "an old run's value does not take a later one's place",
    units: ["k1"],
    starts: { 1: { length: 10 * SECOND }, 2: { length: 40 * SECOND } },
    actions: [does(1, "click", 1), does(30, "click", 1), does(50, "replay", 1, { later: 50 }), does(60, "show", 1)],
  },
  {
    name: "somebody else's value is nothing",
    units: ["k1"],
    actions: [
      does(1, "garble", 1, {
        key: "runbutton/Aoki/worlds/45/k1/1",
        value: JSON.stringify({ turn: 5, seq: 1, run: { id: "x", state: "running", steps: "none", problem: 7 } }),
      }),
      does(3, "reload", 1),
      does(10, "click", 1),
      does(40, "garble", 1, { key: "runbutton/Aoki/worlds/45/k1/2", value: JSON.stringify({ turn: [], run: 1 }) }),
      does(45, "page", 1, { page: record(2) }),
    ],
  },
  {
    name: "a warning outlives the page and another run",
    units: ["k1"],
    starts: { 1: { length: 250 * SECOND }, 2: { length: 5 * SECOND } },
    faults: { "run:1": "loseAnswer", "run:2": "loseAnswer", "run:3": "loseAnswer" },
    actions: [does(1, "click", 1), does(80, "click", 1), does(120, "reload", 1), does(125, "click", 1)],
  },
  {
    name: "a run that was asked on for leaves no warning",
    units: ["k1"],
    starts: { 1: { length: 20 * SECOND } },
    faults: Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`status:${n}`, "serverError"])),
    actions: [does(1, "click", 1), does(90, "askOn", 1), does(120, "click", 1), does(140, "show", 1)],
  },
  {
    name: "a clock that is put back does not keep a page asking",
    units: ["k1"],
    starts: { 1: { length: 1e9 } },
    actions: [does(1, "click", 1), does(30, "clock", 1, { by: -3600 * SECOND }), does(60, "show", 1)],
  },
  {
    name: "a run after the clock was put back is the later one",
    units: ["k1"],
    starts: { 1: { length: 5 * SECOND }, 2: { length: 120 * SECOND } },
    actions: [
      does(1, "click", 1),
      does(2, "openTab", 1, { page: record(1) }),
      does(30, "clock", 1, { by: -3600 * SECOND }),
      does(40, "click", 1),
      does(140, "show", 1),
    ],
  },
  {
    name: "six clicks in a minute at one address are too many",
    units: ["k1"],
    features: ["noConfirmation"],
    starts: Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [n, { length: 200, queue: 0 }])),
    actions: [
      does(0.5, "openTab", 1, { page: record(2) }),
      ...[2, 9, 16, 23, 30, 37].map((at, n) => does(at, "click", 1 + (n % 2))),
      does(50, "show", 1),
    ],
  },
  {
    name: "an unknown result of the day before yesterday is no news",
    units: ["k1"],
    starts: { 1: { length: 5 * SECOND } },
    faults: { "run:1": "loseAnswer", "run:2": "loseAnswer", "run:3": "loseAnswer" },
    actions: [does(1, "click", 1), does(100, "clock", 1, { by: 90_000 * SECOND }), does(110, "reload", 1), does(120, "show", 1)],
  },
  {
    name: "a lost start's job is found where clocks differ",
    units: ["t1"],
    starts: { 1: { length: 60 * SECOND } },
    faults: { "post:1": "loseAnswer" },
    offset: 2_400_000,
    actions: [does(1, "click", 1), does(40, "askOn", 1), does(120, "show", 1)],
  },
  {
    name: "of two jobs none is offered",
    units: ["t1"],
    starts: { 1: { length: 60 * SECOND }, 2: { length: 60 * SECOND } },
    faults: { "post:1": "loseAnswer" },
    actions: [does(1, "click", 1), does(3, "others", 1, { unit: "t1" }), does(90, "show", 1)],
  },
  {
    name: "a run that did nothing is not the last run",
    units: ["k1"],
    features: ["notConcurrent"],
    switches: { conflict: "134" },
    starts: { 1: { length: 100 * SECOND } },
    actions: [does(1, "others", 1, { unit: "k1" }), does(3, "click", 1), does(20, "dismiss", 1), does(30, "reload", 1)],
  },
  {
    name: "a click that is refused leaves the last run where it was",
    units: ["k1"],
    starts: { 1: { length: 5 * SECOND } },
    faults: { "token:2": "serverError" },
    actions: [does(1, "click", 1), does(30, "click", 1), does(50, "reload", 1)],
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
    features: {
      concurrent: !features.includes("notConcurrent"),
      inspected: true,
      ...Object.fromEntries(features.map((name) => [name, true])),
    },
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
