import { textOf } from "../run/bounds.js";
/** @import { Clock } from "./clock.js" */
/** @import { CallProxy } from "./kintone.js" */

/**
 * `stored`: the plug-in's settings contain a part of the request.
 *
 * @typedef {( method: string, url: string, headers: Record<string, string>, data: unknown, stored?: boolean, ) => Promise<Answer>} Ask
 */

/**
 * The result of a proxy call. Without an answer `status` is 0 and `text` is the message of kintone's proxy. A success
 * has no text, because it may contain a token.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} text
 * @property {Record<string, unknown> | null} json
 * @property {Record<string, string>} headers in the service's casing, or in lower case
 * @property {true} [notSent] the request was never sent, so it had no effect
 */

/** The timeout of a call in milliseconds. That of kintone's proxy is not documented. */
const DEADLINE = 3 * 60 * 1000;

/** The maximum length of an answer in characters: the longest, krewData's status, has about 150 per flow. */
const LONGEST_ANSWER = 1_000_000;

/**
 * Creates the function that services send requests with. It never rejects, and always finishes: a call without an
 * answer in time has status 0, because its meaning depends on the call. A later answer is ignored.
 *
 * @param {CallProxy} callProxy
 * @param {CallProxy} callStored the same for requests with data from a plug-in's settings
 * @param {Clock} clock
 * @returns {Ask}
 */
export function createAsk(callProxy, callStored, clock) {
  return async (method, url, headers, data, stored = false) => {
    try {
      const call = (stored ? callStored : callProxy)(url, method, headers, data);
      // mutant never-times-out: const [text, status, answered] = await call;
      const [text, status, answered] = await Promise.race([call, clock.sleep(DEADLINE).then(giveUp)]);
      if (text.length > LONGEST_ANSWER) {
        throw new Error(`The answer is longer than ${LONGEST_ANSWER} characters.`);
      }
      const succeeded = status >= 200 && status < 300;
      // A success that is not JSON may contain a token in an incomplete answer, so it is never shown.
      // mutant success-text-shown: return { status, text, json: readObject(text), headers: answered ?? {} };
      return { status, text: succeeded ? "" : textOf(text), json: readObject(text), headers: answered ?? {} };
    } catch (/** @type {any} */ error) {
      // Only `runbutton run` can know that nothing was sent.
      if (error?.notSent !== undefined) {
        return { status: 0, text: error.notSent, json: null, headers: {}, notSent: true };
      }
      // kintone's proxy rejects with a string: JSON, HTML or empty.
      return { status: 0, text: textOf(String(error)), json: null, headers: {} };
    }
  };
}

/** @returns {never} */
function giveUp() {
  throw new Error(`No answer within ${DEADLINE / 1000} s.`);
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | null} null if it is not a JSON object
 */
function readObject(text) {
  try {
    // TROCCO's answers can contain control characters inside texts, which JSON does not allow.
    const value = JSON.parse(text.replace(/\p{Cc}/gu, " "));
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
