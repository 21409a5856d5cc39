const JST = 9 * 3600 * 1000;

/** @param {number} at milliseconds since the epoch @returns {string} as krewData writes it, without a zone */
export function japanTime(at) {
  return new Date(at + JST).toISOString().slice(0, 19).replace("T", " ");
}

/** @param {number} at @returns {string} as TROCCO writes it */
export function japanIso(at) {
  return new Date(at + JST).toISOString().replace("Z", "+09:00");
}
