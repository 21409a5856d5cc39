/**
 * The entries that kintone is to store, from the units and their secrets: what a unit's secret goes into, by the
 * narrowest address. Of two units with the same address the later one's secret is stored. An entry that is no longer
 * needed comes with empty headers and data, which takes it away.
 *
 * @param {Map<SecretUnit, {secret: string | null, isSaved: () => boolean}>} wanted by unit: what kintone is to hold,
 *   null for nothing, and whether it holds something now
 * @returns {StoredRequest[]}
 */
export function entriesFor(wanted) {
  /** @type {Map<string, StoredRequest>} */
  const entries = new Map();
  for (const [unit, { secret, isSaved }] of wanted) {
    for (const request of unit.requests) {
      const key = `${request.method} ${request.url}`;
      if (secret !== null) {
        entries.set(key, filled(request, secret));
      } else if (isSaved() && !entries.has(key)) {
        entries.set(key, { ...request, headers: {}, data: {} });
      }
    }
  }
  return [...entries.values()];
}

/**
 * The secret that is in a stored entry.
 *
 * @param {StoredRequest} request as the build made it, with the placeholders
 * @param {{headers: Record<string, string>, data: Record<string, string>} | null} stored
 * @returns {string | null}
 */
export function secretIn(request, stored) {
  for (const part of /** @type {const} */ (["headers", "data"])) {
    for (const [name, template] of Object.entries(request[part])) {
      const value = stored?.[part]?.[name];
      if (value && template.includes("{secret}")) {
        return value.slice(template.indexOf("{secret}"));
      }
      if (value && template === "{base64}") {
        return fromBase64(value);
      }
    }
  }
  return null;
}

/**
 * @param {StoredRequest} request
 * @param {string} secret
 * @returns {StoredRequest}
 */
function filled(request, secret) {
  /** @param {Record<string, string>} templates */
  const fill = (templates) =>
    Object.fromEntries(
      Object.entries(templates).map(([name, template]) => [
        name,
        template.replace("{secret}", () => secret).replace("{base64}", () => toBase64(secret)),
      ]),
    );
  return { ...request, headers: fill(request.headers), data: fill(request.data) };
}

/** @param {string} text */
function toBase64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** @param {string} base64 */
function fromBase64(base64) {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
}
