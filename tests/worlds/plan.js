import { chance } from "./chance.js";
import { FAULTS } from "./proxy.js";

/** What a world may have, each with how often: rare mixtures come up because each world has few of them. */
const FEATURES = {
  mobile: 0.2,
  japanese: 0.5,
  plugin: 0.25,
  oldKintone: 0.2,
  noLocks: 0.12,
  twoUsers: 0.25,
  twoAddresses: 0.5,
  concurrent: 0.6,
  noConfirmation: 0.3,
  reloadAfterSuccess: 0.3,
  inForms: 0.4,
  inLists: 0.15,
  lateConfirmations: 0.4,
  cancels: 0.4,
  slowNetwork: 0.3,
  slowHandlers: 0.2,
  throttled: 0.3,
  stoppedTimers: 0.5,
  viewThrows: 0.1,
  unknownZone: 0.1,
  scrolled: 0.2,
  badEnds: 0.4,
  longRuns: 0.4,
  queues: 0.3,
  scarceRequests: 0.1,
  oneWindow: 0.4,
  leftHidden: 0.25,
  brokenCalls: 0.3,
};

/** What users do, with how often a world has it and how often they do it then. */
const ACTIONS = {
  click: [1, 5],
  doubleClick: [0.4, 2],
  openTab: [0.6, 2],
  reload: [0.5, 1.5],
  close: [0.4, 1],
  duplicate: [0.35, 1.5],
  hide: [0.4, 1.5],
  show: [0.5, 1.5],
  page: [0.4, 1.5],
  back: [0.4, 1.5],
  edit: [0.4, 1],
  save: [0.4, 1],
  askOn: [0.6, 1.5],
  dismiss: [0.2, 0.7],
  sleep: [0.25, 0.6],
  clear: [0.06, 0.5],
  flood: [0.06, 2],
  race: [0.3, 2],
};

/**
 * What is to happen in the world of a seed. All else in it follows from this and from the seed.
 *
 * @param {number} seed
 * @returns {Plan}
 */
export function planOf(seed) {
  const roll = (/** @type {string} */ what, n = 0) => chance(seed, what, n);
  const features = Object.fromEntries(Object.entries(FEATURES).map(([name, often]) => [name, roll(name) < often]));
  const quiet = roll("quiet") < 0.15;
  const faults = quiet ? [] : FAULTS.filter((name) => roll(name) < 0.3);
  const possible = Object.entries(ACTIONS).filter(([name, [often]]) => roll(`may ${name}`) < often);
  const all = possible.reduce((sum, [, [, weight]]) => sum + weight, 0);
  const pace = 300 * 10 ** (2 * roll("pace"));
  let at = 1000;
  const actions = [];
  const count = 2 + Math.floor(9 * roll("actions") ** 1.5);
  for (let n = 0; n < count; n++) {
    let left = roll("action", n) * all;
    const [kind] = possible.find(([, [, weight]]) => (left -= weight) < 0) ?? possible[0];
    at += pace * roll("gap", n) * (roll("pause", n) < 0.2 ? 20 : 1);
    actions.push({ at: Math.round(at), kind: n === 0 ? "click" : kind, tab: roll("tab", n), choice: roll("choice", n) });
  }
  return {
    seed,
    features,
    faults,
    faultRate: 0.03 + 0.4 * roll("faultRate") ** 2,
    storage: roll("storage") < 0.05 ? (roll("refuses") < 0.5 ? "refuses" : "full") : "works",
    timeout: [60_000, 120_000, 300_000][Math.floor(roll("timeout") * 3)],
    switches: {
      http200: roll("http200") < 0.3,
      otherWords: roll("otherWords") < 0.15,
      conflict: ["409", "134", "409-without-task-id"][Math.floor(roll("conflict") * 3)],
      conflictFirst: roll("conflictFirst") < 0.3,
      burnToken: roll("burnToken") < 0.4,
      statusTokenExpires: roll("statusTokenExpires") < 0.1,
      created: roll("created") < 0.3,
      unreadable: roll("unreadable") < 0.08 ? (roll("unreadable401") < 0.5 ? 401 : 403) : 0,
    },
    actions,
    calm: [],
  };
}
