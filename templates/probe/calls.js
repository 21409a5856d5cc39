// Observations K1 to K6: the behaviour of kintone.proxy. All calls only read, and all but K2, K4 and K5 go to this
// tenant itself.

import { ask, home } from "./tenant.js";

/** @typedef {{facts: Record<string, string>, observations: Record<string, any>}} Found */

const PARALLEL = 12;
const AT_ONCE = 500;

/** K1: the tenant's own API, not signed in. @returns {Promise<Found>} */
export async function ownApi() {
  const answer = await ask({ url: ownAddress() });
  if (!("status" in answer)) return found({}, { K1: shape(answer) });
  const cased = answer.headers.some((name) => name !== name.toLowerCase());
  return found({ header_case: cased ? "original" : "lower" }, { K1: shape(answer) });
}

/** K2: a host that does not exist: .invalid never does (RFC 2606). @returns {Promise<Found>} */
export async function unknownHost() {
  const answer = await ask({ url: "https://runbutton-probe.invalid/" });
  /** @type {Record<string, string>} */
  const facts = {};
  if ("rejected" in answer) facts.unknown_host = "reject";
  else if ("status" in answer) facts.unknown_host = String(answer.status);
  return found(facts, { K2: shape(answer) });
}

/** K3: a method and a header that are not allowed. @returns {Promise<Found>} */
export async function refusedCalls() {
  const method = await ask({ url: ownAddress(), method: "PATCH" });
  const header = await ask({ url: ownAddress(), headers: { "Content-Length": "0" } });
  const keys = "rejected" in method ? method.keys.join(" ") || "no JSON" : "not refused";
  return found({ rejection_keys: keys }, { "K3 method": shape(method), "K3 header": shape(header) });
}

/**
 * K4: an address of TEST-NET-1, where no host answers (RFC 5737).
 *
 * @param {number} cap ms
 * @returns {Promise<Found>}
 */
export async function noAnswer(cap) {
  const answer = await ask({ url: "https://192.0.2.1/" }, undefined, cap);
  /** @type {Record<string, string>} */
  const facts = {};
  if ("silent" in answer) facts.proxy_timeout = "none";
  // An immediate answer only shows that the network has no route there.
  else if (answer.ms > AT_ONCE) facts.proxy_timeout = String(Math.round(answer.ms / 1000));
  return found(facts, { K4: shape(answer) });
}

/** K5: a large public file of cybozu's CDN; only its length is stored. @returns {Promise<Found>} */
export async function largeAnswer() {
  const answer = await ask({ url: "https://js.cybozu.com/ace/v1.16.0/ace.js" });
  const length = "status" in answer ? answer.length : 0;
  return found({}, { K5: { ...shape(answer), length } });
}

/** K6: several at once. @returns {Promise<Found>} */
export async function severalAtOnce() {
  const one = await ask({ url: ownAddress() });
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: PARALLEL }, () => ask({ url: ownAddress() })));
  const ms = Math.round(performance.now() - began);
  const statuses = [...new Set(answers.map((answer) => ("status" in answer ? answer.status : "rejected")))];
  return found({}, { K6: { calls: PARALLEL, statuses, ms, ofOne: one.ms } });
}

function ownAddress() {
  return `${home()}/k/v1/app.json?id=1`;
}

/** @param {import('./tenant.js').Answer} answer */
export function shape(answer) {
  if ("silent" in answer) return { silent: true, ms: answer.ms };
  if ("rejected" in answer)
    return { rejected: true, json: answer.json, keys: answer.keys, code: answer.code, ms: answer.ms };
  return { status: answer.status, code: answer.code, ms: answer.ms };
}

/**
 * @param {Record<string, string>} facts
 * @param {Record<string, any>} observations
 * @returns {Found}
 */
export function found(facts, observations) {
  return { facts, observations };
}
