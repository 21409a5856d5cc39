// The place of a run: a record, an app's list, or a record that is not saved yet.

/**
 * @param {{app: number, kind: string, record: number | string}} page `record` of a create page is a unique name
 * @returns {string}
 */
export function placeOf({ app, kind, record }) {
  return `${app}/${kind === "index" ? "index" : record}`;
}

/** A page's record: every field that a unit sends contains the place. @param {string} place */
export function recordAt(place) {
  const field = { type: "SINGLE_LINE_TEXT", value: place };
  return { k1: field, k2: field, t1: field, w1: field, secretOfUsers: { type: "SINGLE_LINE_TEXT", value: "private" } };
}
