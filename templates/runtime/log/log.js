import { textOf } from "../run/bounds.js";
import { isEnd, isUnderWay } from "../run/states.js";
import { statusLine } from "../view/statusline.js";
import { mayPass, reasonOf, recordIdOf } from "./rows.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { Run } from "../run/entry.js" */
/** @import { Ledger } from "../run/ledger.js" */
/** @import { Problem } from "../run/problems.js" */
/** @import { RunState } from "../run/states.js" */
/** @import { Say } from "../view/say.js" */
/** @import { Rows, Values } from "./rows.js" */

/** How often a write is tried. */
const WRITE_TRIES = 6;

/**
 * The states of a run in the log, in the order in which it goes through them. A state never replaces a later one: a
 * repeated request may arrive late.
 *
 * @param {RunState} state
 */
function rankOf(state) {
  return { starting: 0, queued: 1, running: 1, unknown: 2 }[/** @type {"unknown"} */ (state)] ?? 3;
}

/**
 * Writes each run into the log app with the user's own rights: a record when its service has accepted it, and its end
 * into the same record. Whatever happens to the log changes nothing for the run.
 *
 * The page that changes a run writes it. The handle of a run says that its record exists, so a page that takes it over
 * knows whether somebody has removed the record.
 *
 * @typedef {ReturnType<typeof createLog>} Log
 *
 * @param {Rows} rows
 * @param {object} page
 * @param {Clock} page.clock
 * @param {Ledger} page.ledger
 * @param {Say} page.say
 * @param {number} page.appId
 * @param {(recordId: string) => string} page.urlOf the address of a record, or of the list for an empty ID
 * @param {(unit: string) => UnitConfig | undefined} page.unitOf
 * @param {(unit: UnitConfig) => string} page.serviceOf the name of a unit's service
 * @param {(key: string, note: string) => void} failed called with a sentence if a run could not be recorded
 */
export function createLog(rows, { clock, ledger, say, appId, urlOf, unitOf, serviceOf }, failed) {
  /** @type {Map<string, {id: string, revision: string, rank: number} | null>} by run; null: surely not there */
  const known = new Map();
  /** @type {Set<string>} runs whose record was there once */
  const existing = new Set();
  /** @type {Map<string, Run["state"]>} the last state of each run that this page has seen */
  const seen = new Map();
  /** @type {Map<string, string>} the values that users have typed, by run */
  const asked = new Map();
  /** @type {Map<string, Promise<void>>} the writes of each run, one after the other */
  const queues = new Map();
  /** @type {Map<string, string>} sentences about runs that could not be recorded */
  const notes = new Map();

  /**
   * @param {string} key of the place
   * @param {Run} run
   * @returns {Values}
   */
  function valuesOf(key, run) {
    const [unitId, place] = ledger.partsOf(key);
    const unit = /** @type {UnitConfig} */ (unitOf(unitId));
    const { state, problem, took, link } = run;
    const recordId = recordIdOf(place);
    return {
      // mutant log-key-anew: run_key: run.id + clock.now(),
      run_key: run.id,
      unit: unitId,
      label: say(unit.label),
      service: serviceOf(unit),
      app_id: appId,
      record_id: recordId,
      record: urlOf(recordId),
      started_at: new Date(run.startedAt).toISOString().replace(/\.\d+/, ""),
      // mutant log-says-done: state: isEnd(run) ? "succeeded" : "running",
      state: state === "queued" ? "running" : state,
      took: took === null ? null : Math.round(took / 1000),
      // mutant log-has-token: job: JSON.stringify(run.handle),
      job: link?.href ?? "",
      code: problem?.code ?? "",
      message: isUnderWay(run)
        ? ""
        : textOf([statusLine({ ...run, canResume: false }, say), problem?.text].filter(Boolean).join("\n")),
      // A run that may be under way keeps its lock.
      ...(unit.atOnce && isEnd(run) ? { lock: "" } : {}),
      ...(asked.has(run.id) ? { values: String(asked.get(run.id)) } : {}),
    };
  }

  /**
   * Brings a run's record to this state, unless it is there or further.
   *
   * @param {string} key of the place
   * @param {string} id of the run
   * @param {number} rank
   * @param {Values} values
   */
  async function write(key, id, rank, { run_key, ...values }) {
    for (let tries = 1; ; tries++) {
      try {
        // mutant log-forgets-lost-answer: const row = known.get(id) ?? null;
        const row = known.has(id) ? known.get(id) : await rows.find(id).then((found) => found && ranked(found));
        if (row) {
          // mutant found-is-forgotten:
          existing.add(id);
          // mutant log-adds-again: } else if (false) {
        } else if (existing.has(id)) {
          tellFailure(key, id, { message: say("log.removed") });
          return;
        }
        // mutant log-goes-back: const isThere = false;
        const isThere = row && row.rank >= rank;
        const send = () => (row ? rows.change(row, values) : rows.add({ run_key, ...values }));
        known.set(id, isThere ? row : { ...(await send()), rank });
        existing.add(id);
        return;
      } catch (/** @type {any} */ error) {
        // What is there now is not known: after a lost answer, and if somebody else has changed or added it.
        known.delete(id);
        if (!mayPass(error) || tries === WRITE_TRIES) {
          tellFailure(key, id, error);
          return;
        }
        await clock.sleep(1000 * 2 ** (tries - 1));
      }
    }
  }

  /** @param {import("./rows.js").Row} row */
  const ranked = ({ id, revision, state }) => ({ id, revision, rank: rankOf(state) });

  /** @param {string} key @param {string} id of the run @param {unknown} error */
  function tellFailure(key, id, error) {
    // mutant log-failure-untold (3 lines):
    const note = say("log.notSaved", { reason: reasonOf(error) });
    notes.set(id, note);
    failed(key, note);
  }

  /** @param {string} id of the run @param {() => Promise<void>} work */
  function enqueue(id, work) {
    const queue = (queues.get(id) ?? Promise.resolve()).then(work);
    queues.set(id, queue);
    return queue;
  }

  return {
    valuesOf,

    /**
     * A place's entry has changed.
     *
     * @param {string} key
     * @param {boolean} isOwn whether this page has changed it
     */
    changed(key, isOwn) {
      const { run } = ledger.get(key);
      if (!run || !unitOf(ledger.partsOf(key)[0])) {
        return;
      }
      const { id, state, handle } = run;
      const before = seen.get(id);
      seen.set(id, state);
      if (handle?.row) {
        existing.add(id);
      }
      const isFollowed = isUnderWay(run) && state !== "starting";
      const isNew = isFollowed && !queues.has(id) && !handle?.row;
      const hasEnded = !isUnderWay(run) && (before === "starting" || before === "queued" || before === "running");
      // mutant log-from-every-page: if (isNew || hasEnded) {
      if (isOwn && (isNew || hasEnded)) {
        const values = valuesOf(key, run);
        if (before === "starting" && isFollowed && !known.has(id)) {
          known.set(id, null);
        }
        enqueue(id, async () => {
          await write(key, id, rankOf(state), values);
          remember(key, id);
        });
      }
    },

    /**
     * Takes what an exclusive run has added itself.
     *
     * @param {string} id of the run
     * @param {import("./rows.js").Row} row
     */
    added(id, row) {
      // mutant own-rank-forgotten: known.set(id, { ...row, rank: 0 });
      known.set(id, ranked(row));
      existing.add(id);
    },

    /**
     * Ends the record of a run that was never started, if it has one.
     *
     * @param {string} id of the run
     * @param {Problem} problem why it was not
     */
    release: (id, { happened, values }) =>
      enqueue(id, async () => {
        const changes = { state: "failed", lock: "", message: say(happened, values) };
        for (let tries = 1; tries <= WRITE_TRIES; tries++) {
          try {
            const row = known.get(id) ?? (await rows.find(id));
            if (row) {
              await rows.change(row, changes);
              return;
            }
            // It may arrive later.
          } catch {
            known.delete(id);
          }
          await clock.sleep(1000 * 2 ** (tries - 1));
        }
      }),

    /** Records the values that the user has typed for a run. @param {string} id @param {string} lines */
    asked(id, lines) {
      asked.set(id, lines);
    },

    /** @param {string} id of a run @returns {string | undefined} that it could not be recorded, and why */
    noteOf: (id) => notes.get(id),

    /** Resolves when all has been written. */
    done: () => Promise.all(queues.values()),
  };

  /** @type {(key: string, id: string) => void} */
  function remember(key, id) {
    const { run } = ledger.get(key);
    if (run?.id === id && run.handle && !run.handle.row && isUnderWay(run) && existing.has(id)) {
      ledger.change(key, "beat", { state: run.state, handle: { ...run.handle, row: 1 } });
    }
  }
}
