/** @typedef {typeof import("../../words/en.json")} EnglishWords */

/**
 * The words of a script in one language: the sentences that it needs, by section and key.
 *
 * @typedef {Record<string, Record<string, string>>} Sections
 */

/**
 * A sentence of templates/words, as `section.key`.
 *
 * @typedef {{ [Section in keyof EnglishWords & string]: `${Section}.${keyof EnglishWords[Section] & string}`; }[keyof EnglishWords & string]} WordKey
 */

/**
 * A text from the config or a service, by language; `{name}` is replaced when it is shown.
 *
 * @typedef {object} LocalText
 * @property {string} ja
 * @property {string} en
 */

/** @typedef {WordKey | LocalText} Sentence */

/** @typedef {Record<string, string | number | LocalText>} Values */

/** @typedef {(text: Sentence, values?: Values) => string} Say */

/**
 * Creates the function that returns sentences in the user's language: Japanese for Japanese users, English for all
 * others. If the app has only one language (`languages` in units.yaml), the script has only its words.
 *
 * A sentence is given by its key, `section.name` in templates/words; texts from the config are texts by language.
 * `{name}` in either is replaced by the value with that name.
 *
 * @param {string} language from kintone.getLoginUser()
 * @param {Partial<Record<string, Sections>>} words by language
 * @returns {Say}
 */
export function createSay(language, words) {
  const own = language === "ja" ? "ja" : "en";
  const sections = words[own] ?? Object.values(words)[0] ?? {};
  /** @param {Sentence} text which may come from the storage, and so in another shape */
  const find = (text) => {
    const [section, key] = String(text).split(".");
    const found = typeof text === "string" ? sections[section]?.[key] : (text[own] ?? Object.values(text)[0]);
    return typeof found === "string" ? found : "";
  };
  return (text, values = {}) =>
    find(text).replace(/\{(\w+)\}/g, (braces, name) => {
      // Texts from the config may contain braces too.
      const value = Object.hasOwn(values, name) ? values[name] : braces;
      return typeof value === "object" ? find(value) : String(value);
    });
}
