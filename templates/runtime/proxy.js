/**
 * Makes the function by which services send their requests. It never rejects: a call without an answer is an answer
 * with status 0, because what it means differs from call to call.
 *
 * @param {CallProxy} callProxy
 * @returns {Ask}
 */
export function createAsk(callProxy) {
  return async (method, url, headers, data) => {
    try {
      const [text, status, answered] = await callProxy(url, method, headers, data);
      return { status, text, json: readObject(text), headers: lowerKeys(answered) };
    } catch (error) {
      // kintone's proxy rejects with a string: JSON, HTML or nothing at all.
      return { status: 0, text: typeof error === "string" ? error : String(error), json: null, headers: {} };
    }
  };
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | null} null for what is no JSON object
 */
function readObject(text) {
  try {
    // Control characters inside texts occur in TROCCO's answers, and JSON does not allow them.
    const value = JSON.parse(text.replace(/\p{Cc}/gu, " "));
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * Header names come in the service's casing or in lower case; which, kintone does not say.
 *
 * @param {Record<string, string> | undefined} headers
 */
function lowerKeys(headers) {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
