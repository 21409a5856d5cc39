// The records of the app that keeps the log of runs, which all browsers and users share.

/** Faults of a request to kintone's REST API, each switched on or off by world. */
export const LOG_FAULTS = ["loseRequest", "deliverLate", "loseAnswer", "neverAnswer", "databaseLock", "overload"];

/** The log app's ID. */
export const LOG_APP = 90;

/** After so long a page counts an answer as lost, in milliseconds. */
export const PATIENCE = 10_000;

/** How long pages may still try to write after a request has come to nothing, in milliseconds. */
const RETRIES = 130_000;

const UNIQUE = ["run_key", "lock"];

/** What kintone.api rejects with where there is no answer is not documented. */
const NO_ANSWERS = ["", undefined, {}, "<!DOCTYPE html><title>Error</title>"];

const FAULT_CODES = { databaseLock: "GAIA_DA02", overload: "GAIA_RE18" };

/** @param {string} code @param {string} [message] */
const refused = (code, message = "No.") => ({ error: { code, id: "x1", message } });

/**
 * The log app by the rules of kintone: unique values, revisions, record rights, times to the minute; and the way of each
 * request to it, with its faults.
 *
 * @param {World} world
 */
export function createRecords(world) {
  const { plan } = world;
  /** @type {LogRow[]} in the order in which they were added, with those that were removed */
  const rows = [];
  /** @type {LogCall[]} */
  const calls = [];
  /** @type {Set<LogCall>} */
  const open = new Set();

  const there = () => rows.filter(({ removed }) => removed === null);

  /** @param {LogCall} sent */
  function answer({ doc, method, path, body, at }) {
    if (body.app !== LOG_APP) {
      return refused("GAIA_AP01", `There is no app ${body.app}.`);
    }
    if (plan.logRefused?.includes(doc.user)) {
      return refused("CB_NO02", "You have no permission.");
    }
    if (method === "GET" && path === "records.json") {
      return { content: { records: found(body.query).map(written) } };
    }
    if (path !== "record.json" || (method !== "POST" && method !== "PUT")) {
      throw new Error(`The page sends ${method} ${path} to the log app.`);
    }
    const values = Object.fromEntries(Object.entries(body.record).map(([code, { value }]) => [code, value ?? ""]));
    const row = method === "PUT" ? there().find(({ id }) => id === String(body.id)) : null;
    if (method === "PUT" && !row) {
      return refused("GAIA_RE01", "The record was not found.");
    }
    if (row && row.creator !== doc.user) {
      return refused("CB_NO02", "You have no permission.");
    }
    if (row && String(row.revision) !== String(body.revision)) {
      return refused("GAIA_CO02", "The record has changed.");
    }
    if (there().some((one) => one !== row && UNIQUE.some((code) => values[code] && one.values[code] === values[code]))) {
      return refused("CB_VA01", "The input is invalid.");
    }
    if ("started_at" in values) {
      values.started_at = `${values.started_at.slice(0, 16)}:00Z`;
    }
    if (row) {
      const before = { ...row.values };
      Object.assign(row.values, values);
      row.revision += 1;
      row.unlockedAt ??= row.values.lock ? null : world.now;
      world.happened("recorded", row, before);
      return { content: { revision: String(row.revision) }, row };
    }
    const added = {
      id: String(rows.length + 1),
      revision: 1,
      values: { lock: "", ...values },
      /** How long its request was on its way. */
      lateBy: world.now - at,
      addedAt: world.now,
      creator: doc.user,
      removed: null,
      unlockedAt: null,
    };
    world.happened("added", added, doc, at);
    rows.push(added);
    world.happened("recorded", added, null);
    return { content: { id: added.id, revision: "1" }, row: added };
  }

  /** @param {string} query */
  function found(query) {
    const { fits, newest, limit } = readQuery(query);
    const fitting = there().filter(({ id, values }) => fits({ ...values, $id: id }));
    return (newest ? fitting.toReversed() : fitting).slice(0, limit);
  }

  return {
    rows,
    calls,
    /** The time until which pages may still try to write. */
    busyUntil: 0,
    /** Pages whose computers slept go on from where they were. */
    settle() {
      if (calls.some(({ failed }) => failed)) {
        world.records.busyUntil = Math.max(world.records.busyUntil, world.now + RETRIES);
      }
    },

    /** @param {Click} click @returns {LogRow | undefined} its record */
    of: ({ runId }) => (runId ? rows.find(({ values }) => values.run_key === runId) : undefined),

    /** A colleague deletes a record. @param {number} choice below one: a part of all */
    remove(choice) {
      const all = there();
      const row = all[Math.floor(choice * all.length)];
      if (row) {
        world.tell(() => `somebody deletes record ${row.id} of the log`);
        row.removed = world.now;
      }
    },

    /** The pages of a document are on their way out, and are told that their requests broke off. @param {Doc} doc */
    breakOff: (doc) => [...open].filter((sent) => sent.doc === doc).forEach((sent) => sent.breakOff()),

    /**
     * kintone.api in a document.
     *
     * @param {Doc} doc
     * @param {string} url
     * @param {string} method
     * @param {any} body
     */
    call(doc, url, method, body) {
      const call = `log-${method.toLowerCase()}`;
      const n = world.count(call);
      const text = JSON.stringify(body);
      /** @type {LogCall} */
      const sent = { doc, call, n, method, path: url.split("/").pop(), text, body: JSON.parse(text), at: world.now, failed: false, breakOff: undefined };
      open.add(sent);
      calls.push(sent);
      world.happened("logRequest", sent);
      const roll = (/** @type {string} */ what) => world.chance(`${call}-${what}`, n);
      const slow = plan.features.slowNetwork && roll("slow") < 0.15 ? 60 : 1;
      const toKintone = (20 + 130 * roll("there")) * slow;
      const back = (20 + 130 * roll("back")) * slow;
      const fault = world.faultOf(call, n, plan.logFaults ?? [], plan.logFaultRate ?? 0);
      world.tell(() => `${doc.tab.name}: ${call} #${n} is sent: ${told(sent)}${fault ? `; the fault: ${fault}` : ""}`);
      const fails = () => {
        sent.failed = true;
        world.records.busyUntil = Math.max(world.records.busyUntil, world.now + RETRIES);
      };
      const reach = () => {
        try {
          const given = answer(sent);
          world.tell(() => `    ${call} #${n} arrives; the answer: ${JSON.stringify(given.error ?? given.content).slice(0, 200)}`);
          return given;
        } catch (error) {
          world.happened("thrown", doc, error);
          return refused("CB_VA01", "Unknown.");
        }
      };
      if (fault || slow > 1) {
        fails();
      }
      // What comes later counts as lost.
      world.at(world.now + PATIENCE - 500, () => open.has(sent) && fails());

      return new Promise((resolve, reject) => {
        const slept = doc.browser.sleeps;
        const none = () => {
          world.tell(() => `    ${doc.tab.name} is told that ${call} #${n} failed`);
          fails();
          reject(NO_ANSWERS[Math.floor(roll("none") * NO_ANSWERS.length)]);
        };
        sent.breakOff = () => {
          open.delete(sent);
          world.forDocument(doc, world.now, none);
        };
        /** @param {number} at @param {any} given null is no answer */
        const answered = (at, given) =>
          world.forDocument(doc, at, () => {
            if (!open.delete(sent)) {
              return;
            }
            if (!given || (doc.browser.sleeps > slept && roll("asleep") < 0.5)) {
              none();
            } else if (given.error) {
              if (given.error.code in REFUSED_FOR_GOOD) {
                fails();
              }
              reject(given.error);
            } else {
              // A page does not wait for longer.
              const isOne = world.now < sent.at + PATIENCE - 500 && (given.row ?? (method === "GET" && body.query.startsWith("run_key") && given.content.records.length));
              if (isOne) {
                (doc.recordsKnown ??= new Set()).add(given.row?.values.run_key ?? given.content.records[0].run_key.value);
              }
              resolve(given.content);
            }
          });
        const arrives = world.now + toKintone;
        const gives = arrives + back;
        const later = 1000 + 8000 * roll("later");
        switch (fault) {
          case "loseRequest":
            return answered(gives + later, null);
          case "deliverLate":
            answered(gives + later, null);
            return world.at(gives + later + 90_000 * roll("late") ** 2, reach);
          case "loseAnswer":
            world.at(arrives, reach);
            return answered(gives + later, null);
          case "neverAnswer":
            return roll("delivered") < 0.5 ? world.at(arrives, reach) : undefined;
          case "databaseLock":
          case "overload":
            return answered(gives, refused(FAULT_CODES[fault]));
          default:
            return world.at(arrives, () => answered(world.now + back, reach()));
        }
      });
    },
  };
}

const REFUSED_FOR_GOOD = { CB_NO02: true, GAIA_AP01: true, GAIA_RE01: true };

/** @param {LogCall} sent */
function told({ method, body: { query, id, record } }) {
  const values = record && Object.entries(record).map(([code, { value }]) => `${code}=${value}`);
  return method === "GET" ? query : `${id ? `record ${id}: ` : ""}${values.join(" ")}`;
}

/** A record as kintone gives it. @param {LogRow} row */
function written({ id, revision, values, creator, addedAt }) {
  const fields = Object.fromEntries(Object.entries(values).map(([code, value]) => [code, { type: "SINGLE_LINE_TEXT", value: String(value) }]));
  return {
    $id: { type: "__ID__", value: id },
    $revision: { type: "__REVISION__", value: String(revision) },
    Created_by: { type: "CREATOR", value: { code: creator, name: creator } },
    Created_datetime: { type: "CREATED_TIME", value: `${new Date(addedAt).toISOString().slice(0, 16)}:00Z` },
    ...fields,
  };
}

const TOKENS = /\s*(\(|\)|"[^"]*"|!=|=|[$\w]+)/gy;

/** @type {Map<string, ReturnType<typeof parse>>} */
const queries = new Map();

/** @param {string} query */
function readQuery(query) {
  const known = queries.get(query) ?? parse(query);
  if (queries.size > 2000) {
    queries.clear();
  }
  queries.set(query, known);
  return known;
}

/**
 * A query of kintone's records: conditions with `=` and `!=`, `and`, `or` and brackets, then order and limit.
 *
 * @param {string} query
 */
function parse(query) {
  const tokens = [...query.matchAll(TOKENS)].map(([, token]) => token);
  const unknown = () => new Error(`The log app does not know this query: ${query}`);
  if (tokens.join("") !== query.replace(/\s+(?=([^"]*"[^"]*")*[^"]*$)/g, "")) {
    throw unknown();
  }
  /** @typedef {(values: Record<string, any>) => boolean} Fits */
  /** @returns {Fits} */
  function either() {
    let fits = both();
    while (tokens[0] === "or") {
      tokens.shift();
      const [one, other] = [fits, both()];
      fits = (values) => one(values) || other(values);
    }
    return fits;
  }
  /** @returns {Fits} */
  function both() {
    let fits = single();
    while (tokens[0] === "and") {
      tokens.shift();
      const [one, other] = [fits, single()];
      fits = (values) => one(values) && other(values);
    }
    return fits;
  }
  /** @returns {Fits} */
  function single() {
    const first = tokens.shift();
    if (first === "(") {
      const fits = either();
      if (tokens.shift() !== ")") {
        throw unknown();
      }
      return fits;
    }
    const [operator, operand = ""] = tokens.splice(0, 2);
    if (!["run_key", "lock", "unit", "app_id", "record_id"].includes(first ?? "") || !/^(!=|=)$/.test(operator) || !/^("[^"]*"|\d+)$/.test(operand)) {
      throw unknown();
    }
    const wanted = operand.replaceAll('"', "");
    return (values) => (String(values[/** @type {string} */ (first)]) === wanted) === (operator === "=");
  }
  const fits = either();
  const [, order, limit] = /^(orderby\$id(?:asc|desc))?(?:limit(\d+))?$/.exec(tokens.join("")) ?? [];
  if (tokens.length && !order && !limit) {
    throw unknown();
  }
  // Without an order kintone gives the newest first, and without a limit 100 records.
  return { fits, newest: !order?.endsWith("asc"), limit: Number(limit ?? 100) };
}
