/**
 * The plug-in's config has one entry, `stored`: JSON with the addresses that the settings page has saved credentials
 * for, and the mark of what it saved there. Anything else, which another program may have written, counts as nothing.
 *
 * @param {Record<string, string>} config
 * @returns {Record<string, string>} the mark of each address
 */
export function readMarks({ stored }) {
  try {
    const marks = Object.entries(JSON.parse(stored));
    return Object.fromEntries(marks.filter(([address, mark]) => /^[A-Z]+ ./.test(address) && typeof mark === "string"));
  } catch {
    return {};
  }
}
