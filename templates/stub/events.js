/**
 * kintone.events: "Event Handling" and "Actions for Event Object" (cybozu.dev).
 *
 * @typedef {(event: any) => unknown} Handler
 * @typedef {{type: string} & Record<string, any>} KintoneEvent
 */

import { data } from "./page.js";

/** @type {{type: string, handler: Handler}[]} */
let registered = [];
let handling = 0;

/**
 * Counts the show events whose handlers are done; tests wait for it. `after` gets each event, as the last handler left
 * it, and whether there was a handler.
 *
 * @type {{done: number, after: (event: KintoneEvent, isHandled: boolean) => void}}
 */
export const shows = { done: 0, after: () => {} };

/** Whether a handler runs or its promise is pending. */
export function isHandling() {
  return handling > 0;
}

export const events = {
  /**
   * @param {string | string[]} type
   * @param {Handler} handler
   */
  on(type, handler) {
    if (typeof handler !== "function") throw new TypeError("kintone.events.on: handler must be a function");
    for (const name of named(type)) registered.push({ type: name, handler });
  },

  /**
   * @param {string | string[]} [type] without it, all handlers are removed
   * @param {Handler} [handler]
   * @returns {boolean} whether one was removed
   */
  off(type, handler) {
    const names = type === undefined ? null : named(type);
    const kept = registered.filter(
      (entry) => (names && !names.includes(entry.type)) || (handler && entry.handler !== handler),
    );
    const removed = kept.length < registered.length;
    registered = kept;
    return removed;
  },
};

/**
 * Runs the handlers of an event one after the other, each with what the one before returned (a promise is awaited). A
 * rejection ends the chain. What follows an `undefined` is not documented; see the switch.
 *
 * @param {KintoneEvent} event
 * @returns {Promise<{result: any, broken: boolean}>} what the last handler returned, which alone counts
 */
export async function fire(event) {
  /** @type {any} */
  let passed = event;
  /** @type {any} */
  let result = event;
  let broken = false;
  const handlers = registered.filter((entry) => entry.type === event.type);
  for (const { handler } of handlers) {
    handling += 1;
    try {
      result = await handler(passed);
    } catch (error) {
      console.error(`${event.type}: a handler failed, the following ones are not run`, error);
      broken = true;
      break;
    } finally {
      handling -= 1;
    }
    if (result !== undefined || data.switches.undefinedReturn === "undefined") passed = result;
  }
  if (event.type.endsWith(".show")) {
    shows.done += 1;
    shows.after(passed ?? event, handlers.length > 0);
  }
  return { result: broken ? undefined : result, broken };
}

/** @param {string | string[]} type */
function named(type) {
  const names = Array.isArray(type) ? type : [type];
  if (!names.every((name) => typeof name === "string")) throw new TypeError("kintone.events: type must be text");
  return names;
}
