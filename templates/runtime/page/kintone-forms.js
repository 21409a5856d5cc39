// What of kintone only apps with buttons on forms use.
/** @import { Device, KintoneRecord } from "./kintone.js" */

/**
 * Calls `handle` when a new record was saved, with its id; kintone shows it on a page of its own next.
 *
 * @param {(recordId: number) => void} handle
 */
export function onCreated(handle) {
  const events = ["app.record.create.submit.success", "mobile.app.record.create.submit.success"];
  kintone.events.on(events, (event) => {
    if (event?.recordId) {
      // A string here, and a number where the record is shown.
      handle(Number(event.recordId));
    }
    return event;
  });
}

/**
 * The record as it stands in the form. Not to be called inside a handler of kintone's events.
 *
 * @param {Device} device
 * @returns {KintoneRecord}
 */
export function formRecord(device) {
  return (device === "mobile" ? kintone.mobile.app : kintone.app).record.get().record;
}
