// The sentences of the page, to identify what a user reads.
import { remembered } from "./remembered.js";

/**
 * @param {Record<string, Record<string, Record<string, string>>>} words by language, section and key
 */
export function createWords(words) {
  const languages = Object.values(words);
  const isIn = (/** @type {string} */ text, /** @type {RegExp[]} */ patterns) => patterns.some((one) => one.test(text));
  /** @param {string} section @param {string} key */
  const says = (section, key) => {
    const patterns = languages.map((sections) => pattern(sections[section][key]));
    return remembered((/** @type {string} */ text) => isIn(text, patterns));
  };
  /** @type {[string, (line: string) => boolean][]} */
  const states = ["succeeded", "failed", "canceled", "skipped", "unknown"].map((state) => [state, says("states", state)]);
  const last = ["succeeded", "failed", "canceled", "unknown"].map((state) => ({
    state,
    patterns: languages.map(({ page, last: words }) => pattern(page.last.replace("{word}", words[state]))),
  }));
  const [resume, follow, couldNotRun, nothing] = [says("page", "resume"), says("trocco", "follow"), says("page", "couldNotRun"), says("ran", "nothing")];
  return {
    warns: says("page", "confirmUnknown"),
    offers: says("trocco", "offer"),
    nothingRan: (/** @type {string} */ text) => nothing(text) || couldNotRun(text),
    unexpected: says("run", "unexpected"),
    taken: says("log", "taken"),
    unsure: says("log", "unsure"),
    notRecorded: says("log", "notSaved"),
    mayBeOver: says("log", "mayBeOver"),
    cannotRead: says("run", "formBusy"),
    asksOn: (/** @type {string} */ text) => resume(text) || follow(text),
    renews: says("page", "renew"),
    /** The state in a status line, or "couldNotRun"; null for a run in progress. */
    stateIn: remembered((/** @type {string} */ line) =>
      couldNotRun(line) ? "couldNotRun" : (states.find(([, fits]) => fits(line))?.[0] ?? null),
    ),
    /** The state in a line about the last run. */
    lastIn: (/** @type {string} */ line) => last.find(({ patterns }) => isIn(line, patterns))?.state ?? null,
  };
}

/** @param {string} template */
function pattern(template) {
  const parts = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").trim());
  return new RegExp(parts.join(".*?"));
}
