// Runbutton's sentences for krewData's errors. The keys are the beginnings of krewData's own texts in its API
// Reference. Errors that an end user cannot fix share a sentence; krewData's own words are under "Details".
/** @import { Problem } from "../run/problems.js" */
/** @import { WordKey } from "../view/say.js" */

/** @typedef {Pick<Problem, "happened" | "advice">} Explanation */

/** @type {Explanation} */
const inUse = { happened: "krewdata.inUse", advice: "advice.retry" };
/** @type {Explanation} */
const notFound = { happened: "krewdata.notFound", advice: "krewdata.checkLog" };
/** @type {Explanation} */
const licence = { happened: "krewdata.licence", advice: "advice.admin" };
/** @type {Explanation} */
const disabled = { happened: "krewdata.disabled", advice: "krewdata.enable" };

/** @type {Record<string, Explanation>} */
const errorRows = {
  "Illegal License": licence,
  "The rate limit": disabled,
  "Specified token has been created": { happened: "krewdata.tokenExpired", advice: "advice.retry" },
  "Specified token has been used": { happened: "krewdata.tokenUsed", advice: "krewdata.checkLog" },
  "Specified token is invalid": { happened: "krewdata.tokenInvalid", advice: "advice.retry" },
  "Other User": inUse,
  "Specified accessToken": notFound,
  "Specified taskId": notFound,
};

/** The rows about the settings, and about a call's path, its body and its parameters. */
const SETTINGS_ERROR = RegExp(
  "^(krewdataAppUrl |Specified (krewdataAppUrl|unit) is|Request (path|type) |serialNumber is|app \\(appId\\) is|" +
    "\\w+ (request body schema is wrong|data type is wrong|is empty))",
);

/** @type {Record<number, Explanation>} The meaning of a code whose text is unknown. */
const byCode = { 401: licence, 409: inUse, 429: disabled };

/** @type {Record<"token" | "run" | "status", WordKey>} */
const noAnswer = { token: "krewdata.tokenLost", run: "krewdata.runLost", status: "krewdata.statusLost" };

/**
 * The row of krewData's table whose text this one begins with.
 *
 * @param {string} description
 * @returns {Explanation | undefined}
 */
function rowOf(description) {
  return Object.entries(errorRows).find(([beginning]) => description.startsWith(beginning))?.[1];
}

/**
 * Whether krewData's reference has this text.
 *
 * @param {string} description
 */
export function isDocumented(description) {
  return Boolean(rowOf(description)) || SETTINGS_ERROR.test(description);
}

/**
 * Explains a refusal or a missing answer.
 *
 * @param {"token" | "run" | "status"} path
 * @param {string | null} description krewData's text; null without an answer
 * @param {number} code used if the text is not documented
 * @returns {Explanation}
 */
export function errorText(path, description, code) {
  if (description === null) {
    return { happened: noAnswer[path], advice: path === "token" ? "advice.retry" : "advice.resume" };
  }
  return (
    rowOf(description) ??
    (path === "status" ? undefined : byCode[code]) ?? {
      happened: SETTINGS_ERROR.test(description) ? "krewdata.wrongSettings" : "krewdata.unknownRefusal",
      advice: path === "status" ? "advice.resume" : "advice.admin",
    }
  );
}

/**
 * Explains why a run failed.
 *
 * @param {string} code krewData's errorCode
 * @returns {Explanation}
 */
export function flowErrorText(code) {
  if (code === "134") {
    return inUse;
  }
  return { happened: code === "33" ? "krewdata.flowSettings" : "krewdata.flowFailed", advice: "advice.admin" };
}
