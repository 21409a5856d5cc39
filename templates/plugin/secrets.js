/** @import { StoredEntry } from "./kintone.js" */

/** @import { LocalText } from "../runtime/view/say.js" */

/**
 * The problem of a secret, by the same rules as `runbutton check` (generator/units/refusals.py).
 *
 * @param {string} secret
 * @param {SecretRefusal[]} refusals
 * @returns {LocalText | null}
 */
export function problemWith(secret, refusals) {
  const found = refusals.find(({ pattern, decoded }) => {
    const text = decoded ? fromBase64(secret) : secret;
    return text !== null && new RegExp(pattern, "u").test(text);
  });
  return found?.words ?? null;
}

/**
 * The entry to store in kintone for a request.
 *
 * @param {StoredRequest} request
 * @param {string} secret
 * @returns {StoredEntry}
 */
export function filled({ method, url, headers, data }, secret) {
  /** @param {Record<string, string>} templates */
  const fill = (templates) =>
    Object.fromEntries(
      Object.entries(templates).map(([name, template]) => [
        name,
        template.replace("{secret}", () => secret).replace("{base64}", () => btoa(secret)),
      ]),
    );
  return { method, url, headers: fill(headers), data: fill(data) };
}

/**
 * Whether kintone's entry for a request has the form that filled() makes ("same"), another one, or is missing.
 * The secret itself is not compared.
 *
 * @param {StoredRequest} request
 * @param {{headers: Record<string, string>, data: Record<string, string>} | null} entry
 * @returns {"same" | "other" | "none"}
 */
export function compare(request, entry) {
  if (!entry || Object.keys({ ...entry.headers, ...entry.data }).length === 0) {
    return "none";
  }
  const parts = /** @type {const} */ (["headers", "data"]);
  const same = parts.every((part) => {
    const templates = Object.entries(request[part]);
    // Whether kintone keeps the letter case of saved header names is not documented.
    const values = new Map(Object.entries(entry[part] ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    return (
      templates.length === values.size &&
      templates.every(([name, template]) => isMadeFrom(template, values.get(name.toLowerCase())))
    );
  });
  return same ? "same" : "other";
}

/**
 * The part of an entry that contains the secret; for comparing only.
 *
 * @param {StoredRequest} request
 * @param {{headers: Record<string, string>, data: Record<string, string>} | null} entry
 * @returns {string} empty if the entry has none
 */
export function secretIn(request, entry) {
  for (const part of /** @type {const} */ (["headers", "data"])) {
    const found = Object.entries(request[part]).find(([, template]) => PLACEHOLDER.test(template));
    if (found) {
      const [name, template] = found;
      const [, value] =
        Object.entries(entry?.[part] ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase()) ?? [];
      return String(value ?? "").slice(template.search(PLACEHOLDER));
    }
  }
  return "";
}

const PLACEHOLDER = /(\{secret\}|\{base64\})$/;

/**
 * @param {string} template
 * @param {string | undefined} value
 */
function isMadeFrom(template, value) {
  const [before, placeholder] = template.split(PLACEHOLDER);
  return placeholder ? value?.startsWith(before) && value.length > before.length : value === template;
}

/**
 * @param {string} text
 * @returns {string | null} each byte as one letter; null if it is not Base64
 */
function fromBase64(text) {
  try {
    // Browsers accept Base64 without padding, but Python does not.
    return text.length % 4 ? null : atob(text);
  } catch {
    return null;
  }
}
