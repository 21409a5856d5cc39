/**
 * The findings so far, stored in the browser from page to page: names of alternatives, codes, counts and times. It
 * contains no secret and nothing that identifies the tenant.
 *
 * @typedef {{step: number, facts: Record<string, string>, observations: Record<string, any>, saved?: string}} State
 *   step -1: not started; `saved`: the settings page's last save
 */

const KEY = "runbutton-probe";

/** @returns {State} */
export function load() {
  try {
    const state = JSON.parse(localStorage.getItem(KEY) ?? "");
    if (typeof state.step === "number") return state;
  } catch {
    // Nothing stored, or another script's value.
  }
  return { step: -1, facts: {}, observations: {} };
}

/** @param {State} state */
export function save(state) {
  localStorage.setItem(KEY, JSON.stringify(state));
}

export function forget() {
  localStorage.removeItem(KEY);
}

/**
 * @param {Record<string, string>} facts
 * @param {Record<string, any>} [observations]
 */
export function note(facts, observations = {}) {
  const state = load();
  Object.assign(state.facts, facts);
  Object.assign(state.observations, observations);
  save(state);
}

/** Removes a fact. @param {string} fact */
export function doubt(fact) {
  const state = load();
  delete state.facts[fact];
  save(state);
}

/** @param {string} version of Runbutton */
export function report(version) {
  const { facts, observations } = load();
  return { probe: 1, runbutton: version, facts: sorted(facts), observations: sorted(observations) };
}

/**
 * @template T
 * @param {Record<string, T>} values
 * @returns {Record<string, T>}
 */
function sorted(values) {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
