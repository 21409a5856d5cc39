/**
 * A number in [0, 1) that depends only on its arguments, so removing an event from a world (shrinking) does not change
 * the other events.
 *
 * @param {number} seed
 * @param {string} what
 * @param {number} n the how manieth of its kind
 */
export function chance(seed, what, n) {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(n + 1, 0xc2b2ae35);
  for (let i = 0; i < what.length; i++) {
    h = Math.imul(h ^ what.charCodeAt(i), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}
