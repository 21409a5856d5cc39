import { remembered } from "../remembered.js";

const JST = 9 * 3600 * 1000;

const write = remembered((/** @type {number} */ at) => new Date(at + JST).toISOString());

/** @param {number} at milliseconds since the epoch @returns {string} as krewData writes it, without a zone */
export function japanTime(at) {
  return write(at).slice(0, 19).replace("T", " ");
}

/** @param {number} at @returns {string} as TROCCO writes it */
export function japanIso(at) {
  return write(at).replace("Z", "+09:00");
}
