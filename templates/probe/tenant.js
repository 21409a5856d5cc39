// The only module of the probe that uses the kintone global.

/**
 * @typedef {{status: number, code: string, headers: string[], length: number, ms: number}} Answered the proxy resolved;
 *   `code` is kintone's own of the body, `headers` the names
 * @typedef {{rejected: true, code: string, keys: string[], json: boolean, ms: number}} Rejected
 * @typedef {Answered | Rejected | {silent: true, ms: number}} Answer `silent`: no answer in time
 * @typedef {{url: string, method?: string, headers?: Record<string, string>, body?: Record<string, unknown> | string}} Call
 */

/** Of a body, only kintone's codes are kept, because they do not identify the tenant. */
const CODE = /^[A-Z]{2,5}_[A-Z]{0,4}\d{1,4}$/;

/** @returns {string} the tenant's own address, for the probe's calls */
export function home() {
  return location.origin;
}

export function appId() {
  return kintone.app.getId();
}

export function language() {
  return kintone.getLoginUser().language;
}

/**
 * A call of kintone.proxy, or of the plug-in proxy if a plug-in is given.
 *
 * @param {Call} call
 * @param {string} [pluginId]
 * @param {number} [patience] ms
 * @returns {Promise<Answer>}
 */
export async function ask({ url, method = "GET", headers = {}, body = {} }, pluginId, patience = 60_000) {
  const began = performance.now();
  const past = () => Math.round(performance.now() - began);
  /** @type {any} */
  const api = kintone;
  const sent = pluginId
    ? api.plugin.app.proxy(pluginId, url, method, headers, body)
    : api.proxy(url, method, headers, body);
  /** @type {Promise<Answer>} */
  const late = new Promise((resolve) => {
    setTimeout(() => resolve({ silent: true, ms: past() }), patience);
  });
  /** @type {Promise<Answer>} */
  const answer = Promise.resolve(sent).then(
    (result) => {
      const [text, status, names] = result;
      const code = codeOf(parsed(text));
      return { status, code, headers: Object.keys(names ?? {}), length: String(text).length, ms: past() };
    },
    (refused) => {
      const value = parsed(refused);
      const json = typeof value === "object" && value !== null;
      return {
        rejected: /** @type {const} */ (true),
        code: codeOf(value),
        keys: json ? Object.keys(value).sort() : [],
        json,
        ms: past(),
      };
    },
  );
  return Promise.race([answer, late]);
}

/**
 * What the plug-in proxy does on the settings page; the documents say that it does nothing there.
 *
 * @param {string} pluginId
 * @param {string} url
 * @returns {Promise<"nothing" | "works" | "rejects" | "throws">}
 */
export async function proxyHere(pluginId, url) {
  try {
    const sent = kintone.plugin.app.proxy(pluginId, url, "GET", {}, {});
    if (sent === undefined) return "nothing";
    return await Promise.resolve(sent).then(
      () => /** @type {const} */ ("works"),
      () => /** @type {const} */ ("rejects"),
    );
  } catch {
    return "throws";
  }
}

/** @param {any} value */
function codeOf(value) {
  const code = value && typeof value === "object" ? String(value.code ?? "") : "";
  return CODE.test(code) ? code : "";
}

/** @param {unknown} text */
function parsed(text) {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}

/**
 * @param {string} type
 * @param {(event: any) => unknown} handler
 */
export function on(type, handler) {
  kintone.events.on(type, handler);
}

/** @returns {"throw" | "null" | "works"} what record.get() does now */
export function recordGet() {
  try {
    return kintone.app.record.get() === null ? "null" : "works";
  } catch {
    return "throw";
  }
}

export function recordId() {
  return kintone.app.record.getId();
}

/** @returns {HTMLElement | null} */
export function headerSpace() {
  return kintone.app.record.getHeaderMenuSpaceElement();
}

/**
 * Which of these functions this kintone has.
 *
 * @param {string[]} names from kintone on, as "app.record.get"
 */
export function having(names) {
  return names.filter((name) => {
    /** @type {any} */
    let found = kintone;
    for (const part of name.split(".")) found = found?.[part];
    return typeof found === "function";
  });
}

/** @returns {number | null} */
export function uiVersion() {
  /** @type {any} */
  const api = kintone;
  return api.getUiVersion ? api.getUiVersion() : null;
}

/** Call it while the settings page's script is loaded. */
export function ownPluginId() {
  return String(kintone.$PLUGIN_ID);
}

/**
 * @param {string} pluginId
 * @returns {Record<string, string>}
 */
export function config(pluginId) {
  return kintone.plugin.app.getConfig(pluginId) ?? {};
}

/**
 * Whether this page can read an entry for this address. The entry's content is not read.
 *
 * @param {string} url
 */
export function isStored(url) {
  return kintone.plugin.app.getProxyConfig(url, "POST") !== null;
}

/**
 * @param {Record<string, string>} values
 * @param {number} patience ms
 */
export function saveConfig(values, patience) {
  return calledBack((done) => kintone.plugin.app.setConfig(values, done), patience);
}

/**
 * @param {{url: string, headers: Record<string, string>, data: Record<string, any>}} entry empty ones remove it
 * @param {number} patience ms
 */
export function saveEntry({ url, headers, data }, patience) {
  return calledBack((done) => kintone.plugin.app.setProxyConfig(url, "POST", headers, data, done), patience);
}

/**
 * kintone calls back only after a successful save.
 *
 * @param {(done: () => void) => void} call
 * @param {number} patience ms
 * @returns {Promise<boolean>}
 */
function calledBack(call, patience) {
  return new Promise((resolve) => {
    setTimeout(resolve, patience, false);
    call(() => resolve(true));
  });
}
