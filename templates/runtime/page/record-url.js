/**
 * The address of a record's page, or of the app's list without a record ID; in the page's guest space if it has one.
 *
 * @param {Pick<Location, "origin" | "pathname">} location of any page of the app
 * @param {number} appId
 * @param {number | string | null} recordId
 */
export function recordUrl({ origin, pathname }, appId, recordId) {
  const [guest] = pathname.match(/^\/k\/guest\/\d+\//) ?? ["/k/"];
  return `${origin}${guest}${appId}/${recordId ? `show#record=${recordId}` : ""}`;
}
