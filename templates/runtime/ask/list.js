import { listFilter } from "../page/kintone-list.js";
import { callRecords, inTime } from "../page/kintone-records.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { Shown } from "../page/kintone.js" */
/** @import { Problem } from "../run/problems.js" */

/** kintone returns at most so many records at once, and far fewer by `offset` than by the next ID. */
const MOST_AT_ONCE = 500;

/** @typedef {{query: string, ids: string, count: number}} List the filter, the record IDs if they are wanted, and how many there are */

/**
 * Reads the list that the page shows: all records of its filter that the user may see, not only those of this screen.
 *
 * @param {Shown} shown
 * @param {number | undefined} limit how many IDs are wanted at most; undefined if only the filter is
 * @param {Pick<Clock, "sleep">} clock
 * @returns {Promise<List | Problem>}
 */
export async function readList({ appId, device }, limit, clock) {
  const query = listFilter(device) ?? "";
  const where = query ? [`(${query})`] : [];
  const read = (/** @type {string} */ text, more = {}) =>
    inTime(callRecords, clock)("GET", "records.json", { app: appId, query: text, fields: ["$id"], ...more });
  /** @type {string[]} */
  const ids = [];
  let count = 0;
  try {
    if (limit === undefined) {
      count = Number((await read([...where, "limit 1"].join(" "), { totalCount: true })).totalCount);
    }
    for (let more = limit !== undefined; more && ids.length <= Number(limit); ) {
      const most = Math.min(MOST_AT_ONCE, Number(limit) + 1 - ids.length);
      const after = [...where, `$id > ${ids.at(-1) ?? 0}`].join(" and ");
      const { records } = await read(`${after} order by $id asc limit ${most}`);
      ids.push(...records.map((/** @type {any} */ record) => String(record.$id.value)));
      count = ids.length;
      more = records.length === most;
    }
  } catch (error) {
    const { code, message } = /** @type {{code?: string, message?: string}} */ (error ?? {});
    return { happened: "input.listUnread", ran: "ran.nothing", advice: "advice.retry", code, text: message };
  }
  // mutant over-the-limit: if (false) {
  if (limit !== undefined && count > limit) {
    return { happened: "input.listLong", values: { limit }, ran: "ran.nothing", advice: "input.narrowDown" };
  }
  return count
    ? { query, ids: ids.join(","), count }
    : { happened: "input.listEmpty", ran: "ran.nothing", advice: "input.chooseList" };
}
