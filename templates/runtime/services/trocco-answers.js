// The meaning of TROCCO's answers.
import { textOf } from "../run/bounds.js";
import { jobErrorText } from "./trocco-errors.js";
/** @import { Answer } from "../page/proxy.js" */
/** @import { Problem } from "../run/problems.js" */

// Below this share of the account's remaining requests, which all its keys share, the page spreads its requests.
const SCARCE = 0.2;
const LONGEST_WAIT = 10 * 60 * 1000;

/**
 * A job's ID: a number, as such or as text.
 *
 * @param {unknown} id
 * @returns {string | number | null} null for anything else
 */
export function jobId(id) {
  return (typeof id === "number" || typeof id === "string") && /^\d+$/.test(String(id)) ? id : null;
}

/** @param {Answer} answer */
export function isSuccess({ status }) {
  return status >= 200 && status < 300;
}

/**
 * Whether TROCCO refused the request. 408 only means that the request took too long; its effect is unknown.
 *
 * @param {Answer} answer
 */
export function refusesJob({ status }) {
  return status >= 400 && status < 500 && status !== 408;
}

/**
 * The letter case of kintone's header names is not documented.
 *
 * @param {Answer} answer
 * @param {string} name in lower case
 */
export function headerOf({ headers }, name) {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

/**
 * How long to wait, from X-Rate-Limit-Limit, -Remaining and -Reset (UNIX time), which every answer has.
 *
 * @param {Answer} answer
 * @param {number} now
 * @returns {number} milliseconds
 */
export function waitForRequests(answer, now) {
  const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
    Number(headerOf(answer, `x-rate-limit-${name}`)),
  );
  const untilReset = Math.min(Math.max(reset * 1000 + 1000 - now, 0) || 0, LONGEST_WAIT);
  if (answer.status === 429) {
    return untilReset || 60_000;
  }
  return remaining < limit * SCARCE ? untilReset / (Math.max(remaining, 0) + 1) : 0;
}

/**
 * @param {Answer} answer
 * @param {import("./trocco-errors.js").JobStage} stage
 * @returns {Problem}
 */
export function describeJobError(answer, stage) {
  return {
    ...jobErrorText(answer.status, stage),
    code: answer.status ? String(answer.status) : "",
    text: errorTextOf(answer),
  };
}

/**
 * TROCCO's errors have several shapes: `error`, `message`, and `errors` with an attribute each. Any other text is
 * returned unchanged.
 *
 * @param {Answer} answer
 */
function errorTextOf({ json, text }) {
  const errors = Array.isArray(json?.errors) ? json.errors : [];
  const lines = [
    textOf(json?.error) || textOf(json?.message),
    ...errors.map((one) => [textOf(one?.attribute), textOf(one?.message)].filter(Boolean).join(": ")),
  ];
  return textOf(lines.filter(Boolean).join("\n")) || text;
}

/**
 * @param {unknown} text a time with its offset, such as 2023-08-23T03:00:00.000+09:00
 * @returns {number | null}
 */
export function timeOf(text) {
  return typeof text === "string" ? Date.parse(text) || null : null;
}
