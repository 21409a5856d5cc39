/** @jsx h */
import { h } from "./element.js";

/**
 * Asks with a dialog of our own, for a kintone that has none: modal, closed by Escape, text as text.
 *
 * @param {{title: string, body: string, ok: string, cancel: string}} words
 * @returns {Promise<boolean>}
 */
export function askInDialog({ title, body, ok, cancel }) {
  return new Promise((resolve) => {
    const dialog = /** @type {HTMLDialogElement} */ (
      (
        <dialog class="rb-dialog" aria-labelledby="rb-dialog-title" aria-describedby="rb-dialog-body">
          <h2 id="rb-dialog-title">{title}</h2>
          <p id="rb-dialog-body">{body}</p>
          <div>
            <button type="button" onClick={() => dialog.close()}>
              {cancel}
            </button>
            <button type="button" class="rb-primary" autofocus onClick={() => dialog.close("ok")}>
              {ok}
            </button>
          </div>
        </dialog>
      )
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "ok");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
