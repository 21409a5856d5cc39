/**
 * Chooses the language once for the page: Japanese for Japanese users, English for all others.
 *
 * @param {string} language as kintone.getLoginUser() gives it
 * @returns {Say}
 */
export function createSay(language) {
  const key = language === "ja" ? "ja" : "en";
  return (text, values = {}) =>
    text[key].replace(/\{(\w+)\}/g, (braces, name) => {
      // People's own texts may hold braces too.
      const value = Object.hasOwn(values, name) ? values[name] : braces;
      return typeof value === "object" ? value[key] : String(value);
    });
}
