import { chance } from "./chance.js";
import { LOG_APP } from "./records.js";

export const SERIAL = "SECRETserial";
export const API_KEY = "SECRETkey";
export const ADDRESSES = ["https://api.krewdata.grapecity.com/trigger/v1/one", "https://api.krewdata.grapecity.com/trigger/v1/two"];
export const TROCCO = "https://trocco.io";

/**
 * The units of the app in this world, as the build gives them to the page.
 *
 * @param {Plan} plan
 */
export function unitsOf(plan) {
  const { features, seed, timeout } = plan;
  const device = features.mobile ? "mobile" : "desktop";
  const pages = ["detail", ...(features.inForms ? ["edit", "create"] : []), ...(features.inLists ? ["index"] : [])];
  const common = (/** @type {string} */ id) => ({
    id,
    label: { ja: id, en: id },
    confirm: !features.noConfirmation,
    pages,
    devices: [device],
    afterSuccess: features.reloadAfterSuccess && (plan.kind === "story" || chance(seed, "reloads", id.charCodeAt(0)) < 0.7) ? "reload" : "stay",
    timeout,
    ...(features.log && { log: LOG_APP, atOnce: plan.atOnce?.[id] }),
    // With one of two of them missing in the plug-in's settings.
    ...(features.plugin && features.halfSetUp && { stored: { "POST https://one.example": "mark1", "GET https://two.example": "mark2" } }),
  });
  const ask = [
    { name: "typed", label: { ja: "値", en: "Value" }, type: "text", required: true, pattern: "\\d+-\\d+" },
    { name: "range", label: { ja: "範囲", en: "Range" }, type: "choice", required: true, choices: [{ value: "full", label: { ja: "全件", en: "All of it" } }] },
  ];
  const secret = features.plugin ? {} : { krewdataAppUrl: "https://yourdomain.cybozu.com/k/123", serialNumber: SERIAL };
  const key = features.plugin ? {} : { apiKey: API_KEY };
  const krewdata = (/** @type {string} */ id, /** @type {string} */ url) => ({
    ...common(id),
    service: "krewdata",
    url,
    record: [id, ...(features.asks ? ["typed", "range"] : [])],
    ...(features.asks && { ask, values: ask.map(({ name }) => ({ field: name, ask: name })) }),
    ...secret,
  });
  const units = [
    krewdata("k1", ADDRESSES[0]),
    krewdata("k2", ADDRESSES[features.twoAddresses ? 1 : 0]),
    {
      ...common("t1"),
      service: "trocco-job",
      baseUrl: TROCCO,
      definitionId: 123,
      customVariables: [
        { name: "$t1$", field: "t1" },
        ...(features.asks ? ask.map(({ name }) => ({ name: `$${name}$`, field: `$ask.${name}`, default: "" })) : []),
      ],
      ...(features.asks && { ask }),
      ...key,
    },
    {
      ...common("w1"),
      service: "trocco-workflow",
      baseUrl: TROCCO,
      definitionId: 45,
      contextTime: "2019-11-18 00:00:00",
      ...key,
    },
  ];
  if (plan.units) {
    return units.filter(({ id }) => plan.units.includes(id));
  }
  // Mostly one, because each further button makes every page slower.
  const n = Math.floor(chance(seed, "unit", 0) * 4);
  const second = chance(seed, "second", 0) < 0.3 ? units[(n + 1 + Math.floor(3 * chance(seed, "unit", 1))) % 4] : units[n];
  return units.filter((unit) => unit === units[n] || unit === second || chance(seed, "all", 0) < 0.04);
}

/**
 * The unit that a request to start something is of, and the record whose value it carries: a workflow takes none. Typed
 * values follow it.
 *
 * @param {string} data
 * @returns {{unit: string, record: string | null, typed?: string[]}}
 */
export function readRequest(data) {
  const { record, custom_variables: variables } = JSON.parse(data);
  if (record) {
    const [unit] = Object.keys(record);
    return { unit, record: record[unit].value, typed: [record.typed?.value, record.range?.value] };
  }
  return variables
    ? { unit: "t1", record: variables[0].value, typed: variables.slice(1).map((/** @type {any} */ one) => one.value) }
    : { unit: "w1", record: null };
}

/**
 * Whether a click is on the record that a request carries; a record may have been saved since.
 *
 * @param {Click} click
 * @param {{record: string | null}} request
 */
export function isOf({ place, was }, { record }) {
  return record === null || place === record || was === record;
}
