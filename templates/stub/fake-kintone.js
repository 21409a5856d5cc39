/**
 * The page's `kintone` object. Missing functions are undefined, as in an older kintone. Names, pages and nulls follow
 * the JavaScript API's list of functions (cybozu.dev). Loaded before the customization.
 */

import { desktopDialogs, mobileDialogs } from "./dialogs.js";
import { events, fire, isHandling, shows } from "./events.js";
import { data, view } from "./page.js";
import { showProblems } from "./problems.js";
import { pluginApi } from "./plugin.js";
import { calls, proxy } from "./proxy.js";
import { api } from "./rest.js";

const PAGE_TYPES = {
  index: "APP_INDEX",
  detail: "APP_DETAIL",
  edit: "APP_EDIT",
  create: "APP_CREATE",
  print: "APP_PRINT",
  settings: "APP_SETTINGS_PLUGIN_SETTINGS",
};

/**
 * @param {boolean} mobile whether the getter is one of kintone.mobile.*, which give null on desktop, and the others on mobile
 * @param {import('./page.js').Kind[]} kinds
 */
function isOn(mobile, kinds) {
  return data.mobile === mobile && kinds.includes(view.kind);
}

/** @param {string} name the function that a handler must not call */
function refuseInHandler(name) {
  if (isHandling() && data.switches.recordGetInHandler === "throw") {
    throw new Error(`You cannot call ${name} in handler or during processing a handler.`);
  }
  return isHandling();
}

/** @param {boolean} mobile */
function recordApi(mobile) {
  const name = mobile ? "kintone.mobile.app.record" : "kintone.app.record";
  return {
    /** @returns {number | null} */
    getId: () => (isOn(mobile, ["detail", "edit", "print"]) ? view.recordId : null),

    /** @returns {{record: import('./page.js').KintoneRecord} | null} */
    get() {
      if (refuseInHandler(`${name}.get`) || !isOn(mobile, ["detail", "edit", "create", "print"])) return null;
      const record = view.form ? view.form.read() : view.record;
      return record && { record: structuredClone(record) };
    },

    /** @param {{record: import('./page.js').KintoneRecord}} values */
    set({ record }) {
      if (refuseInHandler(`${name}.set`)) return;
      if (!isOn(mobile, ["edit", "create"])) throw new Error(`${name}.set works on the create and edit pages only`);
      view.form?.write(record);
    },

    /**
     * @param {string} id element ID of a Space field
     * @returns {HTMLElement | null}
     */
    getSpaceElement: (id) =>
      isOn(mobile, ["detail", "edit", "create", "print"]) ? (view.spaces.get(id) ?? null) : null,
  };
}

/**
 * "Get form fields" of the JavaScript API (2025-07, desktop and mobile): what REST's properties are, by field code.
 *
 * @returns {Promise<Record<string, {code: string, type: string, label: string}>>}
 */
async function getFormFields() {
  const fields = data.app.form.flat().filter(({ type }) => type !== "SPACER");
  return Object.fromEntries(fields.map(({ code, type, label }) => [code, { code, type, label }]));
}

/** "Get groups / organizations the logged-in user belongs to": on all pages with customizations but plug-in settings. */
function readUser(/** @type {"groups" | "organizations"} */ kind, /** @type {unknown[]} */ given) {
  if (view.kind === "settings") throw new Error("kintone.user does not work on the plug-in settings page");
  if (given.some((code) => code !== data.user.code)) throw new Error("the stub knows only the signed-in user's groups");
  return structuredClone(data.memberships[kind]);
}

const user = {
  getGroups: async (/** @type {unknown[]} */ ...given) => readUser("groups", given),
  getOrganizations: async (/** @type {unknown[]} */ ...given) => readUser("organizations", given),
};

const app = {
  getFormFields,
  getId: () => (data.mobile ? null : data.app.id),
  getQueryCondition: () => (isOn(false, ["index"]) ? view.query : null),
  getHeaderMenuSpaceElement: () => (isOn(false, ["index"]) ? view.headerMenuSpace : null),
  getHeaderSpaceElement: () => (isOn(false, ["index"]) ? view.headerSpace : null),
  record: {
    ...recordApi(false),
    getHeaderMenuSpaceElement: () => (isOn(false, ["detail", "edit", "create"]) ? view.headerMenuSpace : null),
  },
};

const mobileApp = {
  getId: () => (data.mobile ? data.app.id : null),
  getQueryCondition: () => (isOn(true, ["index"]) ? view.query : null),
  getHeaderSpaceElement: () => (isOn(true, ["index", "detail", "edit", "create"]) ? view.headerSpace : null),
  record: recordApi(true),
};

const kintone = {
  api,
  events,
  proxy,
  plugin: { app: pluginApi },
  app,
  user,
  mobile: { app: mobileApp, ...mobileDialogs },
  getLoginUser: () => structuredClone(data.user),
  getRequestToken: () => data.requestToken,
  getUiVersion: () => 2,
  isMobilePage: async () => data.mobile,
  getPageType: async () => ({
    type: data.kind === "settings" ? "APP_SETTINGS" : "APP",
    page: PAGE_TYPES[view.kind] + (data.mobile ? "_MOBILE" : ""),
  }),
  ...desktopDialogs,
};

const stub = {
  /** Proxy calls in progress. */
  get pending() {
    return calls.pending;
  },
  /** Show events whose handlers are all done. */
  get shown() {
    return shows.done;
  },
  fire,
  showProblems,
};

Object.assign(globalThis, { kintone, stub });
