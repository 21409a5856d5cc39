import { inForm } from "./record.js";

/**
 * Loads the page again, to show the values that a run has changed.
 *
 * @param {Map<string, import("../run/run.js").Run>} runs of this document by name
 * @param {() => Shown} current what it shows now
 * @param {Clock} clock
 */
export function createReload(runs, current, clock) {
  let stop = () => {};

  /** Now, keeping what is told of the runs on this record. */
  function renew() {
    const { recordId, page } = current();
    for (const [name, run] of runs) {
      if (name.endsWith(`/${recordId ?? page}`)) {
        run.keepForReload();
      }
    }
    location.reload();
  }

  /**
   * Whether that takes nothing away: no open form, no start and no question of another unit. Null where there is no
   * waiting for that: another record is shown, which will be loaded anew anyway, or something is being written of which
   * nobody tells when it is done.
   *
   * @param {Shown} shown
   */
  function mayRenew(shown) {
    const form = inForm(current());
    const starting = [...runs.values()].some(({ view }) => view.state === "confirming" || view.state === "starting");
    // A list's row can be edited where it stands, and a record has comments.
    const writing = !form && document.activeElement?.matches("input, textarea, select, [contenteditable]");
    return current().recordId !== shown.recordId || writing ? null : !form && !starting;
  }

  return {
    renew,

    /**
     * As soon as that may be.
     *
     * @param {Shown} shown the record that is to be loaded again
     * @returns {boolean} whether that is now
     */
    renewSoon(shown) {
      const attempt = () => {
        const may = mayRenew(shown);
        if (may !== false) {
          stop();
        }
        if (may) {
          renew();
        }
        return may ?? false;
      };
      stop();
      stop = clock.everySecond(attempt);
      return attempt();
    },
  };
}
