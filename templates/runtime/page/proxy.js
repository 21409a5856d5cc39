import { textOf } from "../run/bounds.js";
/** @import { Clock } from "./clock.js" */
/** @import { CallProxy } from "./kintone.js" */

/**
 * `stored`: the plug-in's settings hold a part of the request.
 *
 * @typedef {( method: string, url: string, headers: Record<string, string>, data: unknown, stored?: boolean, ) => Promise<Answer>} Ask
 */

/**
 * What came of one proxy call. Without an answer `status` is 0 and `text` is what kintone's proxy said; of a success there is no text, because it may hold a token.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} text
 * @property {Record<string, unknown> | null} json
 * @property {Record<string, string>} headers in the service's casing, or in lower case
 * @property {true} [notSent] the request never left: nothing can have come of it
 */

/** How long a call may take, in milliseconds. How long kintone's proxy waits is not documented. */
const DEADLINE = 3 * 60 * 1000;

/** No service's answer is longer, in characters: the longest, krewData's status, has some 150 for each flow. */
const LONGEST_ANSWER = 1_000_000;

/**
 * Makes the function by which services send their requests. It never rejects, and it always comes to an end: a call
 * without an answer in time is an answer with status 0, because what it means differs from call to call. What comes later
 * is ignored.
 *
 * @param {CallProxy} callProxy
 * @param {CallProxy} callStored the same for requests to which a plug-in's settings add something
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
      // What is no JSON in the answer to a success may hold a token, cut off before its end: nobody gets to see it.
      // mutant success-text-shown: return { status, text, json: readObject(text), headers: answered ?? {} };
      return { status, text: succeeded ? "" : textOf(text), json: readObject(text), headers: answered ?? {} };
    } catch (/** @type {any} */ error) {
      // Only `runbutton run` knows: nothing left the machine.
      if (error?.notSent !== undefined) {
        return { status: 0, text: error.notSent, json: null, headers: {}, notSent: true };
      }
      // kintone's proxy rejects with a string: JSON, HTML or nothing at all.
      return { status: 0, text: textOf(typeof error === "string" ? error : String(error)), json: null, headers: {} };
    }
  };
}

/** @returns {never} */
function giveUp() {
  throw new Error(`No answer within ${DEADLINE / 1000} s.`);
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | null} null for what is no JSON object
 */
function readObject(text) {
  try {
    // Control characters inside texts occur in TROCCO's answers, and JSON does not allow them.
    const value = JSON.parse(text.replace(/\p{Cc}/gu, " "));
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
