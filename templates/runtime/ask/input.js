import { recordUrl } from "../page/record-url.js";
import { confirmRun } from "../view/confirm.js";
import { withGiven } from "./given.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { LoginUser, Shown } from "../page/kintone.js" */
/** @import { Features } from "../page/main.js" */
/** @import { Problem } from "../run/problems.js" */
/** @import { Reader } from "../run/run.js" */
/** @import { Say } from "../view/say.js" */
/** @import { List } from "./list.js" */
/** @import { Input } from "./rules.js" */

/**
 * What one click's run gets besides its record; it is kept in memory for this run only.
 *
 * @param {UnitConfig} unit
 * @param {Service} service
 * @param {Reader} reader
 * @param {Shown} first the page at the click
 * @param {LoginUser} user
 * @param {{say: Say, clock: Clock, timeZone: string}} face
 * @param {Features} features
 * @returns the parts of the click, or null if this unit's runs get nothing else
 */
export function createInput(unit, service, reader, first, user, face, { askFor, readList }) {
  const { say } = face;
  const sends = service.sends(unit);
  const inputs = unit.ask ?? [];
  const uses = (/** @type {RegExp} */ codes) => sends !== "all" && sends.some((code) => codes.test(code));
  const usesList = uses(/^\$list\./);
  if (!inputs.length && !usesList && !uses(/^\$(user|record)\./)) {
    return null;
  }
  /** @type {Record<string, string> | null} */
  let answers = null;
  /** @type {List | null} */
  let list = null;

  /** @param {Shown} shown @param {(input: Input, value: string) => string} [told] @returns {Shown} */
  function withAll(shown, told) {
    const url = recordUrl(location, shown.appId, shown.recordId);
    return { ...shown, record: withGiven(unit, sends, shown.record, { answers, user, url, list }, told) };
  }
  const told = (/** @type {Input} */ { choices }, /** @type {string} */ value) => {
    const choice = choices?.find((one) => one.value === value);
    return choice ? say(choice.label) : value;
  };

  return {
    /** @type {Reader} */
    reader: {
      now() {
        const shown = reader.now();
        return shown && withAll(shown);
      },
      async soon(tell) {
        const shown = await reader.soon(tell);
        return "happened" in shown ? shown : withAll(shown);
      },
    },

    /**
     * Asks for the values.
     *
     * @returns {Promise<undefined | false | Problem>} undefined if all are there, false if the user has canceled
     */
    async fill() {
      if (inputs.length && askFor) {
        answers = await askFor(unit, reader.now() ?? first, face);
        // mutant cancel-runs: if (false) {
        if (!answers) {
          return false;
        }
      }
      if (usesList && readList) {
        const found = await readList(reader.now() ?? first, unit.listLimit, face.clock);
        if ("happened" in found) {
          return found;
        }
        list = found;
      }
      // mutant typed-kept: sessionStorage.setItem("runbutton/typed", JSON.stringify(answers)); return undefined;
      return undefined;
    },

    /**
     * The question before the run, with these values.
     *
     * @type {typeof confirmRun}
     */
    confirm(_, __, shown, about, inDoubt, warning) {
      const labels = inputs.map(({ name, label }) => [name, say(label)]);
      const labelOf = Object.fromEntries(labels);
      const values = unit.values ?? [];
      const all = {
        "$user.code": say("input.userCode"),
        "$user.name": say("input.userName"),
        "$record.url": say("input.recordUrl"),
        "$list.query": say("input.listQuery"),
        "$list.ids": say("input.listIds"),
        ...Object.fromEntries(labels.map(([name, label]) => [`$ask.${name}`, label])),
        ...Object.fromEntries(values.map(({ field, ask }) => [field, labelOf[ask]])),
        ...about.names,
      };
      // The question says of a whole record only that it is sent.
      const typed = sends === "all" ? inputs : [];
      const lines = [
        ...(list ? [countOf(list)] : []),
        ...typed.map((input) => line(labelOf[input.name], told(input, answers?.[input.name] ?? ""))),
      ];
      return confirmRun(withLines(lines), service, withAll(shown, told), { ...about, names: all }, inDoubt, warning);
    },
  };

  /** @param {List} list */
  function countOf({ query, count: n }) {
    if (n === 1) {
      return say("input.listOne");
    }
    return say(query ? "input.listFiltered" : "input.listAll", { n });
  }

  /** @param {string} label @param {string} value */
  function line(label, value) {
    return say("page.of", { label }) + value;
  }

  /** @param {string[]} lines @returns {UnitConfig} with these lines below its own question */
  function withLines(lines) {
    if (!unit.confirm || !lines.length) {
      return unit;
    }
    const text = [...(typeof unit.confirm === "object" ? [say(unit.confirm)] : []), ...lines].join("\n");
    return { ...unit, confirm: { ja: text, en: text } };
  }
}
