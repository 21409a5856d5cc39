// Runbutton's sentences for TROCCO's errors.
/** @import { Problem } from "../run/problems.js" */
/** @import { WordKey } from "../view/say.js" */

/** @typedef {Pick<Problem, "happened" | "advice">} JobExplanation */

/** @type {Record<string, JobExplanation>} Problems that prevent sending a field's value. */
export const fieldProblems = {
  absent: { happened: "trocco.fieldAbsent", advice: "advice.setUp" },
  noText: { happened: "trocco.fieldNoText", advice: "advice.setUp" },
  empty: { happened: "trocco.fieldEmpty", advice: "advice.record" },
  noTime: { happened: "trocco.fieldNoTime", advice: "advice.record" },
};

/** @type {JobExplanation} For a job that is not the button's. */
export const otherDefinition = { happened: "trocco.otherDefinition", advice: "advice.admin" };

/** @type {Record<string, JobExplanation & {ran: WordKey}>} Ends of a job other than success. */
export const jobOutcomes = {
  error: { happened: "trocco.error", ran: "trocco.partly", advice: "trocco.errorAdvice" },
  canceled: { happened: "trocco.canceled", ran: "trocco.partly", advice: "trocco.canceledAdvice" },
  skipped: { happened: "trocco.skipped", ran: "ran.nothing", advice: "trocco.skippedAdvice" },
};

/** @type {Record<number, JobExplanation>} */
const jobRefusals = {
  400: { happened: "trocco.wrongSettings", advice: "advice.admin" },
  401: { happened: "trocco.unauthorized", advice: "trocco.unauthorizedAdvice" },
  403: { happened: "trocco.forbidden", advice: "advice.admin" },
  404: { happened: "trocco.wrongSettings", advice: "advice.admin" },
  422: { happened: "trocco.unusableValue", advice: "advice.admin" },
  429: { happened: "trocco.tooManyCalls", advice: "trocco.tooManyCallsAdvice" },
};

/** @type {Partial<Record<JobStage, JobExplanation>>} */
const lostAnswers = {
  notSent: { happened: "trocco.notSent", advice: "advice.retry" },
  startLost: { happened: "trocco.startLost", advice: "trocco.startLostAdvice" },
  statusLost: { happened: "trocco.statusLost", advice: "advice.resume" },
};

/** @typedef {"notSent" | "startRefused" | "startLost" | "statusRefused" | "statusLost"} JobStage */

/**
 * @param {number} status of HTTP; 0 without an answer
 * @param {JobStage} stage which request failed, and how
 * @returns {JobExplanation}
 */
export function jobErrorText(status, stage) {
  const lost = lostAnswers[stage];
  if (lost) {
    return lost;
  }
  if (stage === "statusRefused" && (status === 401 || status === 403)) {
    return { happened: "trocco.unreadable", advice: "advice.admin" };
  }
  return jobRefusals[status] ?? { happened: "trocco.unknownRefusal", advice: "advice.admin" };
}
