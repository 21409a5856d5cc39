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
