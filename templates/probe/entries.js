// The plug-in's entries in the throwaway app, all for POST: reading calls of the tenant's own API, sent as POST.

/** @typedef {{url: string, headers: Record<string, string>, data: Record<string, any>}} Entry */

const AS_GET = { "X-HTTP-Method-Override": "GET" };
/** The headers of a reading call that is sent as POST. */
export const READING = { ...AS_GET, "Content-Type": "application/json" };

/**
 * @param {string} home the tenant's address
 * @returns {{all: string, longer: string, one: string, untyped: string}} the addresses of the entries
 */
export function addresses(home) {
  return {
    all: `${home}/k/v1/records.json`,
    longer: `${home}/k/v1/records.json?longer`,
    one: `${home}/k/v1/record.json?p=1`,
    untyped: `${home}/k/v1/records.json?untyped`,
  };
}

/**
 * @param {string} home
 * @param {number} app
 * @param {string} token an API token of the app that may view records; "" removes the entries
 * @returns {Entry[]}
 */
export function entries(home, app, token) {
  const { all, longer, one, untyped } = addresses(home);
  const key = { "X-Cybozu-API-Token": token };
  const stored = [
    { url: all, headers: { ...key, ...READING }, data: { app } },
    { url: longer, headers: READING, data: { app } },
    { url: one, headers: { ...key, ...READING }, data: { app } },
    { url: untyped, headers: { ...key, ...AS_GET }, data: { app } },
  ];
  return token ? stored : stored.map(({ url }) => ({ url, headers: {}, data: {} }));
}
