/**
 * Plays a scene: clicks until the state is shown.
 *
 * @typedef {{unit: string, about: import("./missing.js").Unit, act: 'look' | 'ask' | 'run', framed: boolean}} Scene
 */

const PATIENCE = 10_000;

/** @param {Scene} scene */
export async function play({ unit, act, framed }) {
  if (framed) frame(unit);
  if (act === "look") return;
  const place = await found(() => document.querySelector(`[data-runbutton="${CSS.escape(unit)}"]`));
  if (!(place instanceof HTMLElement) || place.dataset.state !== "idle") return;
  if (framed) unfold();
  place.querySelector("button")?.click();
  if (act === "ask") return;
  const confirm = await found(
    () =>
      document.querySelector(".stub-dialog[open] .stub-button-main") ??
      (["idle", "confirming"].includes(place.dataset.state ?? "") ? null : document.body),
  );
  if (confirm instanceof HTMLButtonElement) confirm.click();
}

/**
 * Shows this button alone in a frame of the gallery, and keeps the focus from scrolling the gallery.
 *
 * @param {string} unit
 */
function frame(unit) {
  document.documentElement.classList.add("stub-framed");
  const rule = `.stub-framed dialog[open] { position: fixed; inset: 0; z-index: 9; box-shadow: 0 0 0 100vmax #0006; }
    [data-runbutton]:not([data-runbutton="${CSS.escape(unit)}"]) { display: none !important; }`;
  const style = document.createElement("style");
  style.textContent = rule;
  document.head.append(style);
  const focus = HTMLElement.prototype.focus;
  HTMLElement.prototype.focus = function quietly() {
    focus.call(this, { preventScroll: true });
  };
  // showModal() would focus the dialog, and scroll to it.
  HTMLDialogElement.prototype.showModal = function open() {
    this.setAttribute("open", "");
  };
}

/** Opens the details of runs, because nobody clicks in a frame of the gallery. */
function unfold() {
  const page = /** @type {HTMLElement} */ (document.getElementById("stub-place"));
  const open = () => {
    for (const more of page.querySelectorAll('button[aria-expanded="false"]')) {
      if (more instanceof HTMLElement && more.offsetParent) more.click();
    }
  };
  const attributeFilter = ["aria-expanded", "hidden"];
  new MutationObserver(open).observe(page, { attributeFilter, childList: true, subtree: true });
  open();
}

/**
 * @param {() => Element | null} look
 * @returns {Promise<Element | null>} null if it does not appear
 */
function found(look) {
  return new Promise((resolve) => {
    const began = performance.now();
    const again = () => {
      const element = look();
      if (element || performance.now() - began > PATIENCE) resolve(element);
      else requestAnimationFrame(again);
    };
    again();
  });
}
