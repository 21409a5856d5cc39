/**
 * A record: detail, edit, create and print, desktop and mobile. Paging, saving, cancelling and status actions stay in the
 * document and fire the show event again ("Record Detail Show Event", cybozu.dev).
 */

import { hideNotification, showNotification } from "./dialogs.js";
import { button, element, iconButton } from "./dom.js";
import { fire } from "./events.js";
import { drawForEditing, drawForReading } from "./fields.js";
import { drawFrame, pager, renewSpaces } from "./frame.js";
import { addressed, ask, data, pageUrl, RefusedError, say, view } from "./page.js";

/** @typedef {import('./page.js').KintoneRecord} KintoneRecord */

const frame = drawFrame();

/** Counts the shown pages, so that an answer for an earlier record is ignored. */
let shows = 0;

export async function startRecord() {
  if (data.kind === "create") {
    await showCreate();
  } else if (data.kind === "print") {
    await showPrint();
  } else {
    addEventListener(data.mobile ? "popstate" : "hashchange", showAddressed);
    await showAddressed();
  }
}

async function showAddressed() {
  const { recordId, edit } = addressed();
  await (edit ? showEdit(Number(recordId)) : showDetail(Number(recordId)));
}

/**
 * Goes to another record or mode without a reload.
 *
 * @param {'detail' | 'edit'} kind
 * @param {number | null} recordId
 */
function go(kind, recordId) {
  const url = pageUrl(kind, recordId);
  if (!data.mobile && `${location.pathname}${location.hash}` !== url) {
    location.assign(url);
    return;
  }
  if (data.mobile) history.pushState(null, "", url);
  showAddressed();
}

/**
 * @param {number} recordId
 * @returns {Promise<{record: KintoneRecord, previous: number | null, next: number | null, isEditable: boolean} | null>}
 *   null: no longer needed
 */
async function load(recordId) {
  shows += 1;
  const show = shows;
  try {
    const answer = await ask(`records/${recordId}`);
    view.readOnly = answer.readOnly;
    return show === shows ? answer : null;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const reason = error.code === "CB_NO02" ? say("stub.noRight") : say("stub.noRecord", { record: recordId });
    frame.main.replaceChildren(element("p", { class: "stub-note", role: "alert" }, reason));
    return null;
  }
}

/** @param {number} recordId */
async function showDetail(recordId) {
  const found = await load(recordId);
  if (!found) return;
  const { record, previous, next, isEditable } = found;
  become("detail", recordId, record);
  frame.menu.replaceChildren(
    ...(data.mobile
      ? []
      : [
          iconButton("add", say("stub.add"), () => location.assign(pageUrl("create", null))),
          iconButton("print", say("stub.print"), () => location.assign(pageUrl("print", recordId))),
        ]),
    ...(isEditable ? [iconButton("edit", say("stub.edit"), () => go("edit", recordId))] : []),
    iconButton("reuse", say("stub.duplicate"), () => location.assign(`${pageUrl("create", null)}?reuse=${recordId}`)),
  );
  pager(frame, pageTo(previous), pageTo(next));
  drawProcess(recordId, record);
  drawForReading(record, frame.main);
  drawComments();
  await fire({ type: type("detail.show"), appId: data.app.id, recordId, record: structuredClone(record) });
}

/** @param {number | null} recordId the neighbour, if any */
function pageTo(recordId) {
  return recordId === null ? null : () => go("detail", recordId);
}

/** @param {number} recordId */
async function showEdit(recordId) {
  const found = await load(recordId);
  if (!found) return;
  const record = withoutFiles(found.record);
  become("edit", recordId, record);
  frame.process.replaceChildren();
  drawComments();
  const save = () => submit("edit", recordId, (values) => ask(`records/${recordId}`, { method: "PUT", body: values }));
  await showForm("edit", record, save, () => go("detail", recordId), { recordId });
}

async function showCreate() {
  const { record, readOnly } = await ask(data.reuseId ? `records/blank?reuse=${data.reuseId}` : "records/blank");
  const blank = withoutFiles(record);
  view.readOnly = readOnly;
  become("create", null, blank);
  const save = () => submit("create", null, (values) => ask("records", { method: "POST", body: values }));
  await showForm("create", blank, save, () => location.assign(pageUrl("index", null)), {
    reuse: data.reuseId !== null,
  });
}

async function showPrint() {
  const found = await load(/** @type {number} */ (data.recordId));
  if (!found) return;
  become("print", data.recordId, found.record);
  drawForReading(found.record, frame.main);
  const { appId, recordId } = { appId: data.app.id, recordId: data.recordId };
  await fire({ type: type("print.show"), appId, recordId, record: structuredClone(found.record) });
}

/**
 * @param {'edit' | 'create'} kind
 * @param {KintoneRecord} record
 * @param {() => void} save
 * @param {() => void} cancel
 * @param {Record<string, unknown>} properties further ones of the show event
 */
async function showForm(kind, record, save, cancel, properties) {
  frame.menu.replaceChildren(
    button("stub-button", say("stub.cancel"), cancel),
    button("stub-button stub-button-main", say("stub.save"), save),
  );
  const form = drawForEditing(record, frame.main);
  const { result } = await fire({ type: type(`${kind}.show`), appId: data.app.id, ...properties, record: form.read() });
  if (result?.record && view.form === form) form.write(result.record);
}

/**
 * Saves: the submit event may change values or stop it; the success event follows, with the record's ID as text.
 *
 * @param {'edit' | 'create'} kind
 * @param {number | null} recordId
 * @param {(values: KintoneRecord) => Promise<{id: number, record: KintoneRecord | null}>} send
 */
async function submit(kind, recordId, send) {
  const form = view.form;
  if (!form) return;
  const event = { type: type(`${kind}.submit`), appId: data.app.id, record: form.read() };
  const { result, broken } = await fire(recordId === null ? event : { ...event, recordId });
  if (broken || result === false || isRefused(result)) return;
  try {
    const { id: saved, record } = await send(result?.record ?? form.read());
    hideNotification();
    const done = { type: type(`${kind}.submit.success`), appId: data.app.id, recordId: String(saved), record };
    const { result: after } = await fire(structuredClone(done));
    if (after?.url) location.assign(after.url);
    else if (kind === "create") location.assign(pageUrl("detail", saved));
    else go("detail", saved);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    showNotification("ERROR", `${say("stub.failed")} ${error.message}`);
  }
}

/**
 * Whether a handler put an error on the event or on a field; it is shown, and nothing is saved.
 *
 * @param {any} event
 */
function isRefused(event) {
  const cells = /** @type {{error?: string | null}[]} */ (Object.values(event?.record ?? {}));
  const refused = Boolean(event?.error) || cells.some((cell) => cell.error);
  if (refused) showNotification("ERROR", event.error || say("stub.failed"));
  if (refused && view.form) view.form.write(event.record);
  return refused;
}

/**
 * The process management bar: the status, its assignees, and the possible actions.
 *
 * @param {number} recordId
 * @param {KintoneRecord} record
 */
function drawProcess(recordId, record) {
  const status = record["ステータス"]?.value;
  if (!status) {
    frame.process.replaceChildren();
    return;
  }
  const names = (record["作業者"]?.value ?? [])
    .map((/** @type {import('./page.js').Entity} */ person) => person.name)
    .join(", ");
  const actions = data.app.actions.filter((action) => action.status === status);
  frame.process.replaceChildren(
    element("span", { class: "stub-status" }, `${say("stub.status")}: `, element("strong", {}, status)),
    ...(names ? [element("span", {}, `${say("stub.assignee")}: ${names}`)] : []),
    ...actions.map((action) => button("stub-button stub-action", action.name, () => proceed(recordId, record, action))),
  );
}

/**
 * @param {number} recordId
 * @param {KintoneRecord} record
 * @param {import('./page.js').Action} action
 */
async function proceed(recordId, record, action) {
  const { result, broken } = await fire({
    type: type("detail.process.proceed"),
    appId: data.app.id,
    recordId,
    record: structuredClone(record),
    action: { value: action.name },
    status: { value: action.status },
    nextStatus: { value: action.nextStatus },
  });
  if (broken || result === false || isRefused(result)) return;
  await ask(`records/${recordId}/status`, { method: "PUT", body: { action: action.name } });
  await showDetail(recordId);
}

function drawComments() {
  if (data.mobile) return;
  const input = element("textarea", {
    class: "stub-input",
    rows: "3",
    placeholder: say("stub.comment"),
    "aria-label": say("stub.comment"),
  });
  frame.side.replaceChildren(
    element("h2", {}, say("stub.comments")),
    input,
    element("p", { class: "stub-note" }, say("stub.noComments")),
  );
}

/**
 * @param {import('./page.js').Kind} kind
 * @param {number | null} recordId
 * @param {KintoneRecord} record
 */
function become(kind, recordId, record) {
  view.kind = kind;
  view.recordId = recordId;
  view.record = record;
  view.form = null;
  frame.crumb.textContent = recordId === null ? say("stub.newRecord") : say("stub.record", { record: recordId });
  renewSpaces(frame);
}

/**
 * FILE fields are empty on the create and edit pages ("Get Record", cybozu.dev).
 *
 * @param {KintoneRecord} record
 */
function withoutFiles(record) {
  const cells = Object.entries(record).map(([code, cell]) => [
    code,
    cell.type === "FILE" ? { ...cell, value: [] } : cell,
  ]);
  return Object.fromEntries(cells);
}

/** @param {string} name */
function type(name) {
  return `${data.mobile ? "mobile." : ""}app.record.${name}`;
}
