// kintone's functions that only apps with buttons on forms use.
/** @import { Device, KintoneRecord } from "./kintone.js" */

/**
 * Calls `handle` with the id of a newly saved record; kintone shows the record's page next.
 *
 * @param {(recordId: number) => void} handle
 */
export function onCreated(handle) {
  const events = ["app.record.create.submit.success", "mobile.app.record.create.submit.success"];
  kintone.events.on(events, (event) => {
    if (event?.recordId) {
      // A string here, but a number on the record's page.
      handle(Number(event.recordId));
    }
    return event;
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
