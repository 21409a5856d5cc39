import { texts } from "./messages.js";

/**
 * A duration as people say it.
 *
 * @param {number} milliseconds
 * @param {Say} say
 * @returns {string}
 */
export function spoken(milliseconds, say) {
  const total = Math.max(0, Math.round(milliseconds / 1000));
  const s = total % 60;
  const m = Math.floor(total / 60) % 60;
  const h = Math.floor(total / 3600);
  if (h) {
    return say(texts.hours, { h, m });
  }
  return m ? say(texts.minutes, { m, s }) : say(texts.seconds, { s });
}

/**
 * A duration as a running clock shows it: 0:07, 12:30, 1:00:05.
 *
 * @param {number} milliseconds
 * @returns {string}
 */
export function clockFace(milliseconds) {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [Math.floor(total / 60) % 60, total % 60].map((part) => String(part).padStart(2, "0"));
  const hours = Math.floor(total / 3600);
  return hours ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0/, "");
}
