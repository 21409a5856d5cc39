// The sentences of the page, to tell what a user reads.

/**
 * @param {Record<string, Record<string, string>>} words by name, in ja and en
 */
export function createWords(words) {
  const patterns = Object.fromEntries(Object.entries(words).map(([name, text]) => [name, Object.values(text).map(pattern)]));
  const says = (/** @type {string} */ name) => (/** @type {string} */ text) =>
    patterns[name].some((one) => one.test(text));
  const found = (/** @type {string} */ text, /** @type {string[]} */ names) => names.find((name) => says(name)(text)) ?? null;
  return {
    warns: says("doubt"),
    offers: says("offer"),
    nothingRan: (/** @type {string} */ text) => says("nothing")(text) || says("couldNotRun")(text),
    unexpected: says("unexpected"),
    lostSight: (/** @type {string} */ text) => says("tabGone")(text) || says("left")(text),
    leftWhileStarting: says("left"),
    timedOut: says("timeout"),
    asksOn: (/** @type {string} */ text) => says("resume")(text) || says("follow")(text),
    renews: says("renew"),
    /** The state that a status line speaks of. */
    stateIn: (/** @type {string} */ line) => found(line, ["couldNotRun", "succeeded", "failed", "canceled", "skipped", "unknown"]),
    /** The state in a line about the last run. */
    lastIn: (/** @type {string} */ line) => found(line, ["lastSucceeded", "lastFailed", "lastCanceled", "lastUnknown"])?.slice(4).toLowerCase() ?? null,
  };
}

/** @param {string} template */
function pattern(template) {
  const parts = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").trim());
  return new RegExp(parts.join(".*?"));
}
