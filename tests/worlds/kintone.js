import { createForm } from "./forms.js";
import { recordAt } from "./places.js";

/**
 * The kintone global of a document.
 *
 * @param {World} world
 * @param {Doc} doc
 */
export function createKintone(world, doc) {
  const { features } = world.plan;
  const { tab } = doc;
  const fieldsOf = {
    async getFormFields() {
      if (features.noFieldNames) {
        throw new Error("You have no permission to see the form.");
      }
      return { k1: { label: "Field k1" }, t1: { label: "Field t1" } };
    },
  };
  const record = {
    getHeaderMenuSpaceElement: () => doc.header,
    getSpaceElement: () => null,
    getId: () => (doc.page.kind === "create" ? null : doc.page.record),
    get() {
      if (doc.pending || doc.inHandler) {
        throw new Error("You cannot call kintone.app.record.get() in handler or during processing a handler.");
      }
      return { record: recordAt(doc.place) };
    },
  };
  const app = {
    ...fieldsOf,
    record,
    getId: () => doc.page.app,
    getHeaderMenuSpaceElement: () => doc.header,
    getHeaderSpaceElement: () => doc.header,
  };
  const ask = (/** @type {any} */ config) => world.asked(doc, config.title, config.body);
  const createDialog = (/** @type {any} */ config) => createForm(world, doc, config);
  const showNotification = (/** @type {string} */ type, /** @type {string} */ message) => {
    world.tell(() => `${tab.name}: the notice ${type}: ${message.replaceAll("\n", " / ")}`);
    world.happened("notice", doc, type, message);
  };
  const send = (/** @type {boolean} */ stored) => (/** @type {any[]} */ ...request) =>
    world.proxy.send(doc, request[0], request[1], request[2], request[3], stored);
  return {
    $PLUGIN_ID: "plugin1",
    events: {
      on(/** @type {any} */ types, /** @type {any} */ handler) {
        for (const type of Array.isArray(types) ? types : [types]) {
          doc.handlers.set(type, [...(doc.handlers.get(type) ?? []), handler]);
        }
      },
    },
    app,
    mobile: { app, showNotification, showConfirmBottomSheet: ask, createBottomSheet: createDialog },
    createDialog,
    showNotification,
    showConfirmDialog: ask,
    getLoginUser: () => ({
      code: doc.user,
      name: doc.user,
      language: features.japanese ? "ja" : "en",
      timezone: features.unknownZone ? "Asia/Nowhere" : "Asia/Tokyo",
    }),
    proxy: send(false),
    api: Object.assign(
      (/** @type {string} */ url, /** @type {string} */ method, /** @type {any} */ body) => world.records.call(doc, url, method, body),
      { url: (/** @type {string} */ path) => `https://example.cybozu.com${path}` },
    ),
    plugin: {
      app: {
        getConfig: () => (features.halfSetUp ? { version: "1", stored: JSON.stringify({ "POST https://one.example": "mark1" }) } : {}),
        proxy: (/** @type {string} */ id, /** @type {any[]} */ ...request) => send(true)(...request),
      },
    },
  };
}
