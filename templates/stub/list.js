/** The record list; paging draws the table again and fires index.show again, in the same document and header space. */

import { showNotification } from "./dialogs.js";
import { element, iconButton } from "./dom.js";
import { fire } from "./events.js";
import { wordsOf } from "./fields.js";
import { drawFrame, pager, renewSpaces } from "./frame.js";
import { ask, data, pageUrl, RefusedError, say, view } from "./page.js";

const PAGE_SIZE = 20;
const VIEW_ID = 5145001;
const NOT_LISTED = ["SUBTABLE", "FILE", "MULTI_LINE_TEXT", "RICH_TEXT", "SPACER", "LINK", "GROUP_SELECT"];

export async function startList() {
  const frame = drawFrame();
  frame.crumb.textContent = say("stub.list");
  // As in kintone, a list's address may have a filter.
  view.query = new URLSearchParams(location.search).get("query") ?? "";
  const filter = encodeURIComponent(view.query);
  await showFrom(0);

  /** @param {number} offset */
  async function showFrom(offset) {
    const answer = await ask(`records?offset=${offset}&limit=${PAGE_SIZE}&query=${filter}`).catch(refused);
    if (!answer) return;
    const { records, total } = answer;
    const end = offset + records.length;
    frame.menu.replaceChildren(
      iconButton("add", say("stub.add"), () => location.assign(pageUrl("create", null))),
      element("span", { class: "stub-range" }, say("stub.range", { from: Math.min(offset + 1, end), to: end, total })),
    );
    pager(frame, offset > 0 ? () => showFrom(offset - PAGE_SIZE) : null, end < total ? () => showFrom(end) : null);
    frame.main.replaceChildren(data.mobile ? cards(records) : table(records));
    renewSpaces(frame);
    await fire({
      type: `${data.mobile ? "mobile." : ""}app.record.index.show`,
      appId: data.app.id,
      viewId: VIEW_ID,
      viewName: say("stub.list"),
      viewType: "list",
      date: null,
      offset,
      size: records.length,
      records: structuredClone(records),
    });
  }
}

/** A filter that kintone does not understand is told where the list would be. */
function refused(/** @type {unknown} */ error) {
  if (!(error instanceof RefusedError)) throw error;
  showNotification("ERROR", error.message);
}

function columns() {
  return data.app.form.flat().filter((field) => !NOT_LISTED.includes(field.type));
}

/** @param {import('./page.js').KintoneRecord} record */
function link(record) {
  const id = Number(record.$id.value);
  return element("a", { href: pageUrl("detail", id), "aria-label": say("stub.open", { record: id }) }, String(id));
}

/** @param {import('./page.js').KintoneRecord[]} records */
function table(records) {
  const heads = columns().map((field) => element("th", { scope: "col" }, field.label));
  const lines = records.map((record) => {
    const cells = columns().map((field) =>
      field.type === "RECORD_NUMBER"
        ? element("td", {}, link(record))
        : element("td", { class: `stub-type-${field.type.toLowerCase()}` }, wordsOf(field, record[field.code]?.value)),
    );
    return element("tr", {}, ...cells);
  });
  const made = element(
    "table",
    { class: "stub-list" },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...lines),
  );
  return element("div", { class: "stub-scroll" }, made);
}

/** @param {import('./page.js').KintoneRecord[]} records */
function cards(records) {
  const [first, ...others] = columns().filter((field) => field.type !== "RECORD_NUMBER");
  const items = records.map((record) => {
    const head = element(
      "a",
      { class: "stub-card", href: pageUrl("detail", Number(record.$id.value)) },
      element("strong", {}, `${record.$id.value}  ${first ? wordsOf(first, record[first.code]?.value) : ""}`),
      element(
        "span",
        {},
        others
          .slice(0, 3)
          .map((field) => wordsOf(field, record[field.code]?.value))
          .filter(Boolean)
          .join(" · "),
      ),
    );
    return element("li", {}, head);
  });
  return element("ul", { class: "stub-cards" }, ...items);
}
