// kintone's functions that only apps with buttons on forms use.
import { onEvents } from "./kintone.js";
/** @import { Device, KintoneRecord } from "./kintone.js" */

/**
 * Calls `handle` with the id of a newly saved record; kintone shows the record's page next.
 *
 * @param {(recordId: number) => void} handle
 */
export function onCreated(handle) {
  onEvents(["app.record.create.submit.success", "mobile.app.record.create.submit.success"], ({ recordId }) => {
    if (recordId) {
      // A string here, but a number on the record's page.
      handle(Number(recordId));
    }
  });
}

/**
 * The record in the form. Do not call it inside a handler of kintone's events.
 *
 * @param {Device} device
 * @returns {KintoneRecord}
 */
export function formRecord(device) {
  return (device === "mobile" ? kintone.mobile.app : kintone.app).record.get().record;
}
