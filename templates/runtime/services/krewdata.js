// krewData's real-time execution over its API. Source: krewData API Reference (krew.mescius.com, "API Reference").
import { backOff } from "../run/poll.js";
import { codeOf, describeRefusal, isCertain, isRefusal, isSpent, standingOf } from "./krewdata-answers.js";
/** @import { KintoneRecord, Shown } from "../page/kintone.js" */
/** @import { Handle } from "../run/entry.js" */
/** @import { Problem } from "../run/problems.js" */

// A token starts one run, within 10 minutes of its creation. It is requested after the run is confirmed, so it expires
// only if the computer sleeps in between.
const TOKEN_LIFE = 10 * 60 * 1000;
const TOKEN_MARGIN = 30 * 1000;

// After a lost answer the same run request is sent again with the same token, which is valid for one run.
const REPEATS = 2;

// krewData allows 5 runs of a unit per minute, and disables a unit that exceeds this ("Points to note for real-time
// execution"). One is left for other browsers.
const LIMIT = {
  starts: 4,
  within: 60 * 1000,
  // The unit's path, because krewData has two host names.
  address: (/** @type {KrewDataUnit} */ { url }) => url.replace(/^https:\/\/[^/]+/, ""),
};

/**
 * @typedef {UnitConfig & {
 *   url: string,
 *   krewdataAppUrl?: string,
 *   serialNumber?: string,
 *   record: "all" | "none" | string[],
 * }} KrewDataUnit `serialNumber` is Base64 of the UTF-8 bytes; it and `krewdataAppUrl` are absent if the plug-in's
 *   settings contain them
 */

/** @type {Service} */
export const krewdata = {
  names: ["krewdata"],
  title: "krewData",
  refuse: refuseRecord,
  start: startExecutionUnit,
  status: taskStatus,
  sends: (unit) => (unit.record === "none" ? [] : unit.record),
  limit: LIMIT,
};

/**
 * @param {KrewDataUnit} unit
 * @param {Shown} shown
 * @returns {Problem | null}
 */
function refuseRecord(unit, shown) {
  const absent = Array.isArray(unit.record) ? unit.record.filter((code) => !Object.hasOwn(shown.record, code)) : [];
  return absent.length
    ? {
        happened: "krewdata.fieldAbsent",
        values: { fields: absent.join(", ") },
        ran: "ran.nothing",
        advice: "advice.setUp",
      }
    : null;
}

/**
 * Requests a token, then the run.
 *
 * @param {Call<KrewDataUnit>} call
 * @returns {Promise<Started>}
 */
async function startExecutionUnit(call) {
  const token = await freshToken(call);
  if ("problem" in token) {
    return token;
  }
  const problem = call.take();
  if (problem) {
    return { state: "failed", problem };
  }
  const { accessToken } = token;
  const body = {
    accessToken,
    // mutant serial-sent-everywhere: user: call.user.code, serialNumber: call.unit.serialNumber,
    user: call.user.code,
    appId: String(call.shown.appId),
    ...recordParameter(call.unit, call.shown.record),
  };
  for (let lost = 0; ; ) {
    const answer = await post(call, "run", JSON.stringify(body));
    if (codeOf(answer) === 200 && typeof answer.json?.taskId === "string") {
      // mutant serial-kept: return { handle: { accessToken, taskId: answer.json.taskId, serial: call.unit.serialNumber ?? "" } };
      return { handle: { accessToken, taskId: answer.json.taskId } };
    }
    // mutant refused-after-lost: if (isRefusal(answer)) {
    if (isRefusal(answer) && !lost) {
      return isCertain(answer)
        ? { state: "failed", problem: describeRefusal("run", answer, "ran.nothing") }
        : { state: "unknown", problem: describeRefusal("run", answer, "ran.maybe") };
    }
    if (answer.notSent && !lost) {
      return { state: "failed", problem: describeRefusal("token", answer, "ran.nothing") };
    }
    lost += 1;
    // A request that seems lost may have arrived or may still arrive: the next answer proves nothing about it.
    if (isRefusal(answer) || lost > REPEATS) {
      const happened = isSpent(answer) ? undefined : "krewdata.runLost";
      return { state: "unknown", problem: describeRefusal("run", answer, "ran.maybe", happened) };
    }
    await call.clock.sleep(backOff(lost));
  }
}

/**
 * @param {Call<KrewDataUnit>} call
 * @returns {Promise<{accessToken: string} | {problem: Problem, state: "failed"}>}
 */
async function freshToken(call) {
  for (let left = 3; ; left--) {
    const askedAt = call.clock.now();
    const answer = await post(call, "token", tokenBody(call.unit));
    if (codeOf(answer) !== 200 || typeof answer.json?.accessToken !== "string") {
      return { state: "failed", problem: describeRefusal("token", answer, "ran.nothing") };
    }
    if (left === 1 || call.clock.now() - askedAt < TOKEN_LIFE - TOKEN_MARGIN) {
      return { accessToken: answer.json.accessToken };
    }
  }
}

/** @param {KrewDataUnit} unit @returns {object | string} an object if the plug-in's settings add to it */
function tokenBody({ krewdataAppUrl, serialNumber }) {
  return serialNumber ? JSON.stringify({ krewdataAppUrl, serialNumber }) : {};
}

/**
 * @param {Question<KrewDataUnit>} call
 * @param {Handle} handle
 * @returns {Promise<Progress>}
 */
async function taskStatus(call, { accessToken, taskId }) {
  const answer = await post(call, "status", JSON.stringify({ accessToken, taskId }));
  const word = answer.json?.taskStatus;
  if (codeOf(answer) !== 200 || typeof word !== "string") {
    return { problem: describeRefusal("status", answer, "ran.underWay"), again: !isRefusal(answer) };
  }
  return standingOf(word, answer.json ?? {}, call.clock.now() - call.startedAt);
}

/**
 * @param {Question<KrewDataUnit>} call
 * @param {"token" | "run" | "status"} path
 * @param {object | string} body an object if the plug-in's settings add to it
 */
function post(call, path, body) {
  const headers = { "Content-Type": "application/json;charset=UTF-8" };
  const url = `${call.unit.url}/${path}`;
  // mutant address-with-more: return call.ask("POST", `${url}?at=${call.clock.now()}`, headers, body, typeof body === "object");
  return call.ask("POST", url, headers, body, typeof body === "object");
}

/**
 * The record in the run request: the fields that the unit names, each with only its type and value.
 *
 * @param {KrewDataUnit} unit
 * @param {KintoneRecord} record
 */
function recordParameter(unit, record) {
  if (unit.record === "none") {
    return {};
  }
  // mutant other-fields-sent: const codes = Object.keys(record);
  const codes = unit.record === "all" ? Object.keys(record) : unit.record;
  const fields = codes.map((code) => [code, { type: record[code].type, value: record[code].value }]);
  return { record: Object.fromEntries(fields) };
}
