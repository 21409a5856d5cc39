/**
 * Makes Date and timers follow the emulated services' clock, which the user can speed up and move ahead. Loaded before
 * any customization.
 */

const RealDate = Date;
const realNow = Date.now.bind(Date);
const timers = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  setInterval: globalThis.setInterval.bind(globalThis),
};

let since = realNow();
let then = since;
let speed = 1;
let patched = false;

/**
 * Sets the page's time.
 *
 * @param {number} time milliseconds since 1970
 * @param {number} newSpeed how many seconds pass in one
 */
export function setTime(time, newSpeed) {
  // Unless it was changed, the services' clock is this machine's, like the browser's.
  if (!patched && newSpeed === 1 && Math.abs(time - realNow()) < 5000) return;
  if (!patched) patch();
  since = realNow();
  then = time;
  speed = newSpeed;
}

function now() {
  return then + (realNow() - since) * speed;
}

function patch() {
  patched = true;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length ? given : [now()], newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
  globalThis.setTimeout = /** @type {any} */ (
    (/** @type {TimerHandler} */ handler, delay = 0, /** @type {unknown[]} */ ...given) =>
      timers.setTimeout(handler, delay / speed, ...given)
  );
  globalThis.setInterval = /** @type {any} */ (
    (/** @type {TimerHandler} */ handler, delay = 0, /** @type {unknown[]} */ ...given) =>
      timers.setInterval(handler, delay / speed, ...given)
  );
}
