/** The version of the plug-in's config; other versions are not supported. */
export const MARKS_VERSION = "1";

/**
 * The plug-in's config lists in `stored`, as JSON, the addresses that the settings page saves credentials for, each with the
 * mark of the saved entry, or "" while a save is not finished. Anything else counts as empty.
 *
 * @param {Record<string, string>} config
 * @returns {Record<string, string>} the mark of each address
 */
export function readMarks({ version, stored }) {
  try {
    const marks = Object.entries(version === MARKS_VERSION && JSON.parse(stored));
    return Object.fromEntries(marks.filter(([address, mark]) => /^[A-Z]+ ./.test(address) && typeof mark === "string"));
  } catch {
    return {};
  }
}
