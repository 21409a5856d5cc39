/** @import { Sections } from "../runtime/view/say.js" */

/**
 * The server's data for a page, and what the page shows now. fake-kintone.js reads from here.
 *
 * @typedef {{code: string, type: string, label: string, options: string[], columns: Field[]}} Field
 * @typedef {{type: string, value: any}} Cell
 * @typedef {Record<string, Cell & {error?: string | null}>} KintoneRecord
 * @typedef {{code: string, name: string}} Entity
 * @typedef {{name: string, status: string, nextStatus: string}} Action
 * @typedef {'index' | 'detail' | 'edit' | 'create' | 'print' | 'settings'} Kind
 * @typedef {{method: string, url: string, headers: Record<string, string>, data: Record<string, any>}} Addition
 * @typedef {{pluginId: string, token: string, config: Record<string, string>, additions: Addition[]}} Settings
 * @typedef {{
 *   headerSpace: 'rebuilt' | 'reused', recordGetInHandler: 'throw' | 'null', undefinedReturn: 'previous' | 'undefined', getProxyConfig: 'same' | 'longest', readsSaved: 'at once' | 'on reload',
 *   settingsProxy: 'nothing' | 'works',
 * }} Switches
 * @typedef {{
 *   kind: Kind, mobile: boolean, recordId: number | null, reuseId: number | null, switches: Switches, requestToken: string,
 *   app: {id: number, name: string, guestSpace: number | null, form: Field[][], actions: Action[]},
 *   user: {code: string, name: string, language: string} & Record<string, string | boolean>,
 *   memberships: {groups: Entity[], organizations: {organization: Entity}[]},
 *   entities: Record<string, Entity[]>, plugins: Record<string, Record<string, string>>, settings: Settings | null,
 *   scene: import('./scene.js').Scene | null, problems: string, words: Partial<Record<string, Sections>>,
 * }} PageData
 * @typedef {{read: () => KintoneRecord, write: (record: KintoneRecord) => void}} Form
 */

import { createSay } from "../runtime/view/say.js";

/** @type {PageData} */
export const data = JSON.parse(document.getElementById("stub-page")?.textContent ?? "");

/** Returns the stub's sentences in the user's language. */
export const say = createSay(data.user.language, data.words);

/**
 * The current page: its kind, its record, and the elements that customizations can get.
 *
 * @type {{
 *   kind: Kind, query: string, recordId: number | null, record: KintoneRecord | null, form: Form | null, readOnly: string[],
 *   headerMenuSpace: HTMLElement | null, headerSpace: HTMLElement | null, spaces: Map<string, HTMLElement>,
 * }}
 */
export const view = {
  kind: data.kind,
  query: "",
  recordId: data.recordId,
  record: null,
  form: null,
  readOnly: [],
  headerMenuSpace: null,
  headerSpace: null,
  spaces: new Map(),
};

/** An error answer of the stub's server, with kintone's code; the text is for the user. */
export class RefusedError extends Error {
  /**
   * @param {string} message
   * @param {string} [code]
   */
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/** The stub's server did not answer: the preview has ended, or the user left this page before the answer. */
export class UnansweredError extends Error {}

/**
 * Sends a request to the stub's server.
 *
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<{isOk: boolean, answer: any}>} `answer`: its JSON, null without an answer
 */
export async function request(path, init) {
  try {
    const response = await fetch(path, init);
    return { isOk: response.ok, answer: await response.json() };
  } catch {
    return { isOk: false, answer: null };
  }
}

/**
 * A request with a JSON body, or with none.
 *
 * @param {string} method
 * @param {unknown} [body]
 * @returns {RequestInit}
 */
export function json(method, body) {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/**
 * Calls the stub's server for this app's records.
 *
 * @param {string} path below the app, as `records/1`
 * @param {{method?: string, body?: unknown}} [options]
 * @returns {Promise<any>} rejected with a RefusedError or an UnansweredError
 */
export async function ask(path, { method = "GET", body } = {}) {
  const { isOk, answer } = await request(`/k/stub/apps/${data.app.id}/${path}`, json(method, body));
  if (!answer) throw new UnansweredError(say("stub.unanswered"));
  if (!isOk) throw new RefusedError(answer.message, answer.code);
  return answer;
}

/**
 * The address of one of this app's pages, on this device or the other.
 *
 * @param {Kind} kind
 * @param {number | null} recordId
 * @param {boolean} mobile
 */
export function pageUrl(kind, recordId, mobile = data.mobile) {
  const base = `/k/${mobile ? "m/" : ""}${data.app.id}`;
  if (kind === "index") return `${base}/`;
  if (kind === "create") return `${base}/edit`;
  if (kind === "print") return `/k/${data.app.id}/print?record=${recordId}`;
  if (mobile) return `${base}/${kind === "edit" ? "edit" : "show"}?record=${recordId}`;
  return `${base}/show#record=${recordId}${kind === "edit" ? "&mode=edit" : ""}`;
}

/**
 * The record in the address, and whether to edit it. Desktop has both in the hash, mobile in the path.
 *
 * @returns {{recordId: number | null, edit: boolean}}
 */
export function addressed() {
  const parameters = new URLSearchParams(
    data.mobile || data.kind === "print" ? location.search : location.hash.slice(1),
  );
  const recordId = parameters.get("record");
  const edit = data.mobile ? location.pathname.endsWith("/edit") : parameters.get("mode") === "edit";
  return { recordId: recordId === null ? null : Number(recordId), edit };
}
