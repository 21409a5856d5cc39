/** @typedef {typeof import("../../words/en.json")} EnglishWords */

/**
 * The words of a script in one language: sentences by section and key, as far as the script needs them.
 *
 * @typedef {Record<string, Record<string, string>>} Sections
 */

/**
 * A sentence of templates/words, as `section.key`.
 *
 * @typedef {{ [Section in keyof EnglishWords & string]: `${Section}.${keyof EnglishWords[Section] & string}`; }[keyof EnglishWords & string]} WordKey
 */

/**
 * A text of people, by language; `{name}` is replaced when it is said.
 *
 * @typedef {object} LocalText
 * @property {string} ja
 * @property {string} en
 */

/** @typedef {WordKey | LocalText} Sentence */

/** @typedef {Record<string, string | number | LocalText>} Values */

/** @typedef {(text: Sentence, values?: Values) => string} Say */

/**
 * Makes the function that says sentences in the user's language: Japanese for Japanese users, English for all others. A
 * script whose app has one language alone (`languages` in units.yaml) has the words of that one.
 *
 * A sentence is named by its key, `section.name` of templates/words; people's own texts are texts by language.
 * `{name}` in either is replaced by the value of that name.
 *
 * @param {string} language as kintone.getLoginUser() gives it
 * @param {Partial<Record<string, Sections>>} words by language
 * @returns {Say}
 */
export function createSay(language, words) {
  const own = language === "ja" ? "ja" : "en";
  const sections = words[own] ?? Object.values(words)[0] ?? {};
  /** @param {Sentence} text */
  const find = (text) => {
    if (typeof text === "string") {
      const [section, key] = text.split(".");
      return sections[section]?.[key] ?? "";
    }
    return text[own] ?? Object.values(text)[0];
  };
  return (text, values = {}) =>
    find(text).replace(/\{(\w+)\}/g, (braces, name) => {
      // People's own texts may hold braces too.
      const value = Object.hasOwn(values, name) ? values[name] : braces;
      return typeof value === "object" ? find(value) : String(value);
    });
}
