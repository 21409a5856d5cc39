/** @jsx h */
import { h } from "../runtime/view/element.js";
import { icon } from "./icons.jsx";
/** @import { IconName } from "./icons.jsx" */
/** @import { Say, WordKey } from "../runtime/view/say.js" */

/** How many names the bar has room for, in a narrow window too: it stays in sight, and must not cover the fields. */
const MOST_NAMES = 3;

/**
 * The result of a save, in the bar with the button.
 *
 * @param {Say} say
 * @param {number | null} appId
 */
export function createResult(say, appId) {
  const element = <div role="status" class="rb-result"></div>;

  /**
   * @param {"saved" | "open" | "failed" | "busy"} is
   * @param {IconName | null} sign
   * @param {...(Node | string)} words
   */
  function show(is, sign, ...words) {
    element.dataset.is = is;
    element.replaceChildren(...(sign ? [icon(sign)] : []), <p>{words}</p>);
  }

  /** @param {string[]} names */
  function listed(names) {
    const rest = names.length > MOST_NAMES ? ["…"] : [];
    return [...names.slice(0, MOST_NAMES), ...rest].join(say("settings.and"));
  }

  /**
   * @param {string[]} names of the buttons without credentials
   * @param {number} total
   */
  function lacking(names, total) {
    const values = { n: names.length, total, names: listed(names) };
    return names.length ? [" ", say(names.length === 1 ? "settings.missingOne" : "settings.missing", values)] : [];
  }

  /**
   * A sentence with a link in it.
   *
   * @param {WordKey} words with {link}
   * @param {Node} link
   */
  function withLink(words, link) {
    const [before, after] = say(words).split("{link}");
    return [" ", before, link, after];
  }

  return {
    element,

    /**
     * @param {number} done
     * @param {number} total
     */
    progress: (done, total) => show("busy", null, say("settings.saving", { done, total })),

    /**
     * @param {string[]} names
     * @param {number} total
     */
    nothing: (names, total) =>
      show("open", names.length ? "mind" : null, say("settings.nothing"), ...lacking(names, total)),

    /**
     * @param {string[]} names of the buttons that still cannot be used
     * @param {number} total
     */
    saved(names, total) {
      const link = <a href={`../../flow?app=${appId}`}>{say("settings.appSettings")}</a>;
      const next = withLink("settings.next", link);
      show(
        names.length ? "open" : "saved",
        names.length ? "mind" : "check",
        <b>{say("settings.done")}</b>,
        ...lacking(names, total),
        ...next,
      );
    },

    /** @param {string[]} names of the buttons whose entries kintone did not confirm */
    failed: (names) =>
      show(
        "failed",
        "cross",
        <b>{say("settings.failed")}</b>,
        " ",
        say("settings.failedNames", { names: listed(names) }),
      ),

    /** @param {WordKey} words why nothing was saved, with {link}, which reloads the page */
    stop(words) {
      const link = <a href={location.href}>{say("settings.reload")}</a>;
      show("failed", "cross", <b>{say("settings.stopped")}</b>, ...withLink(words, link));
    },
  };
}
