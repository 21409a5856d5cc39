import { cleaned, defaultOf, mistakeIn } from "../runtime/ask/rules.js";
import { createSay } from "../runtime/view/say.js";

/**
 * What `runbutton run` knows of an input before it asks: `mistake` says what is wrong with the value, empty if it is
 * right; `choices` are the values to choose from, `kind` is the type.
 *
 * @typedef {{name: string, label: string, value: string, mistake: string, kind: string, choices: string[]}} Answer
 */

/**
 * Judges the values of --set by the page's own rules; inputs without one get their default.
 *
 * @param {string} job as JSON: the unit's `inputs`, the `given` values by name, the `record`, `timeZone` and `language`
 * @returns {string} the Answers as JSON
 */
globalThis.readAnswers = (job) => {
  const { inputs, given, record, timeZone, language } = JSON.parse(job);
  const say = createSay(language, RUNBUTTON_CONFIG.words);
  /** @param {import("../runtime/ask/rules.js").Input} input @returns {Answer} */
  const read = (input) => {
    const { name, label, type, choices = [] } = input;
    const value = cleaned(input, Object.hasOwn(given, name) ? given[name] : defaultOf(input, record, timeZone));
    const mistake = mistakeIn(input, value);
    const words = mistake ? say(mistake.text, mistake.values) : "";
    return {
      name,
      label: say(label),
      value,
      mistake: words,
      kind: type,
      choices: choices.map((choice) => choice.value),
    };
  };
  return JSON.stringify(inputs.map(read));
};
