/**
 * Chooses the language once for the page: Japanese for Japanese users, English for all others. Where an app has words
 * of one language alone (`languages` in units.yaml), texts have that one.
 *
 * @param {string} language as kintone.getLoginUser() gives it
 * @returns {Say}
 */
export function createSay(language) {
  const [key, other] = /** @type {("ja" | "en")[]} */ (language === "ja" ? ["ja", "en"] : ["en", "ja"]);
  /** @param {Words} text */
  const inLanguage = (text) => text[key] ?? text[other];
  return (text, values = {}) =>
    inLanguage(text).replace(/\{(\w+)\}/g, (braces, name) => {
      // People's own texts may hold braces too.
      const value = Object.hasOwn(values, name) ? values[name] : braces;
      return typeof value === "object" ? inLanguage(value) : String(value);
    });
}
