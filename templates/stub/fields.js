/**
 * Draws a record's form, for reading and for editing.
 *
 * @typedef {import('./page.js').Field} Field
 * @typedef {import('./page.js').Cell} Cell
 * @typedef {import('./page.js').KintoneRecord} KintoneRecord
 * @typedef {import('./page.js').Entity} Entity
 * @typedef {{element: HTMLElement, read: () => any}} Control
 */

import { element, iconButton } from "./dom.js";
import { data, say, view } from "./page.js";

const ENTITY_LISTS = ["USER_SELECT", "ORGANIZATION_SELECT", "GROUP_SELECT", "STATUS_ASSIGNEE"];
const OPTION_LISTS = ["CHECK_BOX", "MULTI_SELECT", "CATEGORY"];
const DATES = ["DATETIME", "CREATED_TIME", "UPDATED_TIME"];
const SET_BY_KINTONE = ["RECORD_NUMBER", "CREATOR", "CREATED_TIME", "MODIFIER", "UPDATED_TIME", "CALC"];

// The login user's time zone is Asia/Tokyo, which has no summer time; the browser's own zone is not used.
const TOKYO_OFFSET_MS = 9 * 3600 * 1000;

/**
 * @param {KintoneRecord} record
 * @param {HTMLElement} place
 */
export function drawForReading(record, place) {
  view.form = null;
  place.replaceChildren(
    ...rows((field) => {
      const cell = record[field.code];
      return cell ? box(field, readingOf(field, cell)) : null;
    }),
  );
}

/**
 * @param {KintoneRecord} record
 * @param {HTMLElement} place
 * @returns {import('./page.js').Form}
 */
export function drawForEditing(record, place) {
  /** @type {Map<string, Control>} */
  let controls = new Map();

  /** @param {KintoneRecord} shown */
  function draw(shown) {
    controls = new Map();
    place.replaceChildren(
      ...rows((field) => {
        const cell = shown[field.code];
        if (!cell) return null;
        if (SET_BY_KINTONE.includes(field.type) || view.readOnly.includes(field.code))
          return box(field, readingOf(field, cell));
        const control = controlOf(field, cell.value);
        controls.set(field.code, control);
        const drawn = box(field, control.element, true);
        if (cell.error) drawn.append(element("p", { class: "stub-field-error", role: "alert" }, cell.error));
        return drawn;
      }),
    );
  }

  const form = {
    /** FILE fields have no value on the create and edit pages ("Get Record", cybozu.dev). */
    read() {
      const read = structuredClone(record);
      for (const [code, control] of controls) read[code] = { type: read[code].type, value: control.read() };
      return read;
    },
    /** @param {KintoneRecord} changed */
    write(changed) {
      const now = form.read();
      for (const [code, cell] of Object.entries(changed)) if (now[code]) now[code] = { ...now[code], ...cell };
      draw(now);
    },
  };
  draw(record);
  view.form = form;
  return form;
}

/** @param {(field: Field) => HTMLElement | null} drawField */
function rows(drawField) {
  return data.app.form.map((fields) => {
    const drawn = fields.map((field) => (field.type === "SPACER" ? space(field.code) : drawField(field)));
    return element("div", { class: "stub-row" }, ...drawn.filter((part) => part !== null));
  });
}

/** @param {string} id */
function space(id) {
  const known = view.spaces.get(id) ?? element("div", { class: "stub-field stub-space-field" });
  view.spaces.set(id, known);
  return known;
}

/**
 * @param {Field} field
 * @param {Node} content
 * @param {boolean} [editable]
 */
function box(field, content, editable = false) {
  const label = element("div", { class: "stub-label" }, field.label);
  const value = element("div", { class: editable ? "stub-control" : "stub-value" }, content);
  return element("div", { class: `stub-field stub-type-${field.type.toLowerCase()}` }, label, value);
}

/**
 * A value as readable text, on one line or more.
 *
 * @param {Field} field
 * @param {any} value
 * @returns {string}
 */
export function wordsOf(field, value) {
  if (value === null || value === undefined || value === "") return "";
  if (DATES.includes(field.type)) return tokyoTime(value).replace("T", " ");
  if (ENTITY_LISTS.includes(field.type)) return value.map((/** @type {Entity} */ entity) => entity.name).join(", ");
  if (OPTION_LISTS.includes(field.type)) return value.join(", ");
  if (field.type === "FILE") return value.map((/** @type {{name: string}} */ file) => file.name).join(", ");
  if (field.type === "SUBTABLE") return `${value.length} …`;
  if (field.type === "RICH_TEXT") return plainText(value);
  if (field.type === "NUMBER" || field.type === "CALC") return Number(value).toLocaleString("en-US");
  return typeof value === "object" ? value.name : value;
}

/**
 * @param {Field} field
 * @param {Cell} cell
 * @returns {Node}
 */
function readingOf(field, { value }) {
  if (field.type === "SUBTABLE") return readingTable(field, value);
  if (field.type === "LINK" && /^https?:\/\//.test(value)) {
    return element("a", { href: value, rel: "noreferrer", target: "_blank" }, value);
  }
  if (field.type === "FILE") {
    const items = value.map((/** @type {{name: string, size: string}} */ file) =>
      element("li", {}, `${file.name} (${Math.ceil(Number(file.size) / 1024)} KB)`),
    );
    return element("ul", { class: "stub-files" }, ...items);
  }
  return document.createTextNode(wordsOf(field, value));
}

/**
 * @param {Field} field
 * @param {{value: Record<string, Cell>}[]} tableRows
 */
function readingTable(field, tableRows) {
  const body = tableRows.map((row) =>
    element(
      "tr",
      {},
      ...field.columns.map((column) =>
        element(
          "td",
          { class: `stub-type-${column.type.toLowerCase()}` },
          wordsOf(column, row.value[column.code].value),
        ),
      ),
    ),
  );
  return tableOf(field, body, false);
}

/**
 * @param {Field} field
 * @param {HTMLElement[]} body
 * @param {boolean} editable
 */
function tableOf(field, body, editable) {
  const heads = field.columns.map((column) => element("th", { scope: "col" }, column.label));
  if (editable) heads.push(element("th", {}));
  const table = element(
    "table",
    { class: "stub-subtable" },
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...body),
  );
  return element("div", { class: "stub-scroll" }, table);
}

/**
 * @param {Field} field
 * @param {any} value
 * @returns {Control}
 */
function controlOf(field, value) {
  if (field.type === "SUBTABLE") return tableControl(field, value);
  if (field.type === "FILE")
    return { element: element("span", { class: "stub-note" }, say("stub.fileOnEdit")), read: () => [] };
  if (ENTITY_LISTS.includes(field.type)) return entityControl(field, value);
  if (field.type === "CHECK_BOX" || field.type === "MULTI_SELECT") {
    return choices(
      field,
      "checkbox",
      field.options,
      (option) => value.includes(option),
      (chosen) => chosen,
    );
  }
  if (field.type === "RADIO_BUTTON") {
    return choices(
      field,
      "radio",
      field.options,
      (option) => option === value,
      (chosen) => chosen[0] ?? "",
    );
  }
  if (field.type === "DROP_DOWN") return dropDown(field, value);
  if (field.type === "MULTI_LINE_TEXT" || field.type === "RICH_TEXT") {
    const area = element("textarea", { class: "stub-input", rows: "4", "aria-label": field.label });
    area.value = value;
    return { element: area, read: () => area.value };
  }
  return textControl(field, value);
}

/**
 * @param {Field} field
 * @param {string | null} value
 * @returns {Control}
 */
function textControl(field, value) {
  const types = { DATE: "date", TIME: "time", DATETIME: "datetime-local" };
  const type = types[/** @type {keyof typeof types} */ (field.type)] ?? "text";
  const input = element("input", { class: "stub-input", type, "aria-label": field.label });
  if (field.type === "DATETIME") {
    input.value = value ? tokyoTime(value) : "";
    return { element: input, read: () => (input.value ? fromTokyoTime(input.value) : "") };
  }
  input.value = value ?? "";
  return { element: input, read: () => (input.value === "" && type !== "text" ? null : input.value) };
}

/**
 * @param {Field} field
 * @param {string | null} value
 * @returns {Control}
 */
function dropDown(field, value) {
  const options = field.options.map((option) => element("option", { value: option }, option));
  const select = element(
    "select",
    { class: "stub-input", "aria-label": field.label },
    element("option", { value: "" }, "-----"),
    ...options,
  );
  select.value = value ?? "";
  return { element: select, read: () => select.value || null };
}

/**
 * @param {Field} field
 * @param {Entity[]} value
 * @returns {Control}
 */
function entityControl(field, value) {
  const entities = data.entities[field.type] ?? [];
  const name = (/** @type {string} */ code) => entities.find((entity) => entity.code === code)?.name ?? code;
  return choices(
    field,
    "checkbox",
    entities.map((entity) => entity.code),
    (code) => value.some((entity) => entity.code === code),
    (codes) => codes.map((code) => ({ code, name: name(code) })),
    name,
  );
}

/**
 * @param {Field} field
 * @param {'checkbox' | 'radio'} type
 * @param {string[]} options
 * @param {(option: string) => boolean} isChosen
 * @param {(chosen: string[]) => any} toValue
 * @param {(option: string) => string} [toLabel]
 * @returns {Control}
 */
function choices(field, type, options, isChosen, toValue, toLabel = (option) => option) {
  const inputs = options.map((option) => {
    const input = element("input", { type, name: `stub-${field.code}`, value: option });
    input.checked = isChosen(option);
    return input;
  });
  const labels = inputs.map((input) => element("label", { class: "stub-choice" }, input, toLabel(input.value)));
  const group = element(
    "div",
    { role: type === "radio" ? "radiogroup" : "group", "aria-label": field.label },
    ...labels,
  );
  return { element: group, read: () => toValue(inputs.filter((input) => input.checked).map((input) => input.value)) };
}

/**
 * @param {Field} field
 * @param {{id: string | null, value: Record<string, Cell>}[]} value
 * @returns {Control}
 */
function tableControl(field, value) {
  /** @type {{id: string | null, line: HTMLElement, cells: [Field, Control][]}[]} */
  let lines = [];

  /** @param {{id: string | null, value: Record<string, Cell>}} row */
  function line(row) {
    /** @type {[Field, Control][]} */
    const cells = field.columns.map((column) => [column, controlOf(column, row.value[column.code].value)]);
    const remove = iconButton("close", say("stub.rowRemove"), () => {
      lines = lines.filter((other) => other !== made);
      made.line.remove();
    });
    const parts = [...cells.map(([, control]) => control.element), remove];
    const made = { id: row.id, cells, line: element("tr", {}, ...parts.map((part) => element("td", {}, part))) };
    lines.push(made);
    return made.line;
  }

  const table = tableOf(field, value.map(line), true);
  const add = iconButton("add", say("stub.rowAdd"), () => {
    const blank = Object.fromEntries(field.columns.map((column) => [column.code, { type: column.type, value: "" }]));
    table.querySelector("tbody")?.append(line({ id: null, value: blank }));
  });
  return {
    element: element("div", {}, table, add),
    read: () =>
      lines.map(({ id, cells }) => ({
        id,
        value: Object.fromEntries(cells.map(([{ code, type }, control]) => [code, { type, value: control.read() }])),
      })),
  };
}

/** @param {string} utc */
function tokyoTime(utc) {
  return new Date(Date.parse(utc) + TOKYO_OFFSET_MS).toISOString().slice(0, 16);
}

/** @param {string} local */
function fromTokyoTime(local) {
  return `${new Date(Date.parse(`${local}Z`) - TOKYO_OFFSET_MS).toISOString().slice(0, 19)}Z`;
}

/** @param {string} html */
function plainText(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const blocks = [...parsed.body.children].map((block) => block.textContent);
  return blocks.length > 0 ? blocks.join("\n") : (parsed.body.textContent ?? "");
}
