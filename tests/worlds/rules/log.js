import { documentsOf, ENDS, hasRun, isInSight, memoryOf, SPREAD } from "./facts.js";

/** The order of a record's states: it never goes back. */
const RANKS = { starting: 0, running: 1, unknown: 2, succeeded: 3, failed: 3, canceled: 3, skipped: 3 };

/** A lock may seem to be held so much longer than its timeout: the log keeps times to the minute, and a click takes a while. */
const GRACE = 60_000;
const SLACK = 10_000;

/** So many requests in a row must come to nothing before a page may say that a run could not be recorded. */
const MOST_LOST = 3;

/** After so many, and for a record that arrives so late, nobody can give a refused click's lock back. */
const MOST_LOST_OF_REFUSED = 6;
const MOST_LATE = 30_000;
const LATE = 10_000;

/** A change may take so long to be recorded where nothing is lost, in milliseconds. */
const WRITTEN = 15_000;

/** Rules about the log of runs, and about exclusive runs. */
export const logRules = [
  {
    name: "exclusiveRunsExclude",
    on: {
      /** Two exclusive runs are never under way at the same time while neither lock has expired. */
      start(world, start) {
        const { click } = start;
        const { timeout } = world.plan;
        if (!isExclusive(world, start) || areClocksWrong(world) || world.now > click.at + timeout) {
          return null;
        }
        const other = world.starts.find(
          (one) =>
            one.unit === start.unit &&
            isExclusive(world, one) &&
            one.click !== click &&
            isSameScope(world, one.click, click) &&
            one.ends > world.now &&
            world.now < one.click.at + timeout &&
            one.at < one.click.at + timeout,
        );
        return other && `run ${start.n} is started while run ${other.n} is under way, and only one may run`;
      },
    },
  },
  {
    name: "startsHaveTheirLock",
    on: {
      /** An exclusive run is started only while it holds a lock. */
      start(world, start) {
        if (!isExclusive(world, start)) {
          return null;
        }
        const record = world.records.of(start.click);
        if (!record) {
          return `run ${start.n} is started without a record of its lock`;
        }
        return !record.values.lock && `run ${start.n} is started, and record ${record.id} holds no lock`;
      },
    },
  },
  {
    name: "refusalsHaveAReason",
    on: {
      /** A click is refused only because of a lock that is held, or because the log cannot be reached. */
      sight(world, doc, unit, { state, text, clicks }) {
        const isTaken = world.plan.features.log && state === "failed" && world.words.taken(text);
        const isUnsure = world.plan.features.log && state === "failed" && world.words.unsure(text);
        const click = isTaken || isUnsure ? clicks.findLast((one) => one.doc === doc) : null;
        if (!click || areClocksWrong(world)) {
          return null;
        }
        if (isUnsure) {
          // A page that was away for so long no longer has its lock.
          const isLate = world.now > click.at + world.plan.timeout;
          return !isLate && troublesOf(world, doc, click.clickedAt) < 1 && !isRefused(world, doc) && (world.records.of(click)?.removed ?? null) === null && `${doc.tab.name} says that other users' runs could not be checked, and they could`;
        }
        const holds = world.records.rows.some(
          ({ values, unlockedAt, removed, addedAt }) =>
            values.unit === unit &&
            values.run_key !== click.runId &&
            (values.lock !== "" || unlockedAt !== null) &&
            (unlockedAt ?? removed ?? Infinity) > click.clickedAt - SLACK &&
            // Both records' times are known to the minute.
            addedAt + world.plan.timeout + 2 * GRACE + SLACK > click.clickedAt,
        );
        return !holds && `${doc.tab.name} says that another run of ${unit} has not ended, and no lock is held`;
      },
    },
  },
  {
    name: "runsAreRecorded",
    on: {
      console(world, doc, level, text) {
        if (world.words?.notRecorded(text)) {
          told(doc, /\b[ktw]\d\b/.exec(text)?.[0]);
        }
        return null;
      },
      sight(world, doc, unit, { text }) {
        if (world.plan.features.log && world.words.notRecorded(text)) {
          told(doc, unit);
        }
        return null;
      },
      /** Liveness: each run that was accepted has a record, unless it was told that it has none, or all pages had gone. */
      end(world) {
        for (const click of world.plan.features.log ? world.clicks : []) {
          const { accepted } = click;
          if (accepted && accepted.knownAt !== null && click.last && !world.records.of(click) && !mayBeMissing(world, click)) {
            return `run ${accepted.n} has no record, and nobody was told so`;
          }
        }
        return null;
      },
    },
  },
  {
    name: "recordsReachTheEnd",
    on: {
      /** Liveness: a record has the run's last state, and no lock after an end, unless it was told that it could not be written. */
      end(world) {
        for (const click of world.plan.features.log ? world.clicks : []) {
          const record = world.records.of(click);
          const state = click.last && (isRefusedStart(click) ? "failed" : click.last.state);
          if (!record || record.removed !== null || !(state === "unknown" || ENDS.includes(state)) || mayBeMissing(world, click)) {
            continue;
          }
          if (isRefusedStart(click) && mayKeepItsLock(world, click, record)) {
            continue;
          }
          // A page that was away may know more than the page that gave up the start.
          const by = { browser: click.browser, user: click.user };
          if (state === "unknown" && record.values.state === "failed" && !click.starts.length && shownAt(world, by, click.unit, click.place).get("failed") >= click.clickedAt) {
            continue;
          }
          if (record.values.state !== state) {
            return `record ${record.id} says ${record.values.state}, and the run of ${click.user}'s click ${click.n} is ${state}`;
          }
          if (record.values.lock && state !== "unknown") {
            return `record ${record.id} holds a lock, and the run of ${click.user}'s click ${click.n} is ${state}`;
          }
        }
        return null;
      },
    },
  },
  {
    name: "recordsGoForward",
    on: {
      /** A record's state never replaces a later one. */
      recorded(world, { id, values: { state } }, before) {
        if (!(state in RANKS)) {
          return `record ${id} says ${state}`;
        }
        const back = before && (RANKS[state] < RANKS[before.state] || (ENDS.includes(before.state) && before.state !== state));
        return back && `record ${id} says ${state} after ${before.state}`;
      },
    },
  },
  {
    name: "recordsSayWhatPagesShow",
    on: {
      sight(world, doc, unit, { state, place }) {
        if (world.plan.features.log && state !== "idle" && state !== "confirming") {
          shownAt(world, doc, unit, place).set(state, world.now);
        }
        return null;
      },
      notice(world, doc, type, message) {
        const line = /** @type {string} */ (message.split("\n").at(-1));
        const [unit] = /\b[ktw]\d\b/.exec(line) ?? [];
        const state = world.words.stateIn(line);
        shownAt(world, doc, unit, "a notice").set(state === "couldNotRun" ? "failed" : state, world.now);
        return null;
      },
      /** No end is recorded, and no unknown result, that no page has shown to the run's user. */
      recorded(world, record, before) {
        const { state, run_key } = record.values;
        const click = world.runs.get(run_key);
        if (!click || before?.state === state || !(state === "unknown" || ENDS.includes(state))) {
          return null;
        }
        world.at(world.now + SPREAD, () => {
          const by = { browser: click.browser, user: click.user };
          const places = [click.place, click.was, "a notice"].filter(Boolean);
          // A later run is on view.
          const isLast = !world.clicks.some((one) => one.n > click.n && one.unit === click.unit && one.browser === click.browser && one.place === click.place);
          const isShown = places.some((place) => shownAt(world, by, click.unit, place).get(state) >= click.clickedAt);
          const isOpen = documentsOf(click.browser).some(
            (doc) => doc.user === click.user && doc.place === click.place && isInSight(doc) && doc.shownAt < world.now - 2 * SPREAD && !isCovered(world, doc, click.unit),
          );
          if (!isShown && isOpen && isLast) {
            world.breaks("recordsSayWhatPagesShow", `record ${record.id} says ${state}, and no page shows that of ${click.unit}`);
          }
        });
        return null;
      },
    },
  },
  {
    name: "oneRecordARun",
    on: {
      /** Each record is one run's, and has its user, unit and app; no run has two. */
      added(world, { values, creator }, doc) {
        const click = world.runs.get(values.run_key);
        if (!click) {
          return `a record is added of a run ${values.run_key} that nobody has started`;
        }
        const [app] = click.place.split("/");
        return (
          (creator !== click.user || values.unit !== click.unit || String(values.app_id) !== app) &&
          `a record of click ${click.n} has ${creator}, ${values.unit}, app ${values.app_id}`
        );
      },
    },
  },
  {
    name: "recordsHaveNoSecret",
    on: {
      /** Nothing that is sent to the log has a token, or another secret. */
      logRequest: (world, { call, text }) => text.includes("SECRET") && `${call} sends ${text}`,
    },
  },
  {
    name: "removedRecordsStayRemoved",
    on: {
      /** A page that knows of a record does not add it again after somebody has removed it. */
      added(world, { values }, doc, sentAt) {
        const removed = world.records.rows.find((row) => row.removed !== null && row.values.run_key === values.run_key);
        const knows = removed && sentAt > removed.removed && doc.recordsKnown?.has(values.run_key);
        return knows && `record ${removed.id} was removed, and ${doc.tab.name} adds it again`;
      },
    },
  },
  {
    name: "noLogNoRequest",
    on: {
      /** Without a log, nothing is sent to kintone's REST API. */
      logRequest: (world, { call }) => !world.plan.features.log && `${call} is sent, and there is no log`,
    },
  },
  {
    name: "othersLastRunsAreTrue",
    on: {
      /** The line about another user's last run is about a record of this unit. */
      sight(world, doc, unit, { last }) {
        const [, name] = / · (Aoki|Baba|Chiba|Doi)/.exec(last) ?? [];
        if (!name || !world.plan.features.log) {
          return null;
        }
        const word = world.words.lastIn(last);
        const records = world.records.rows.filter(({ creator, values }) => creator === name && values.unit === unit);
        return !records.some(({ values: { state } }) => !word || state === word || !ENDS.includes(word)) && `“${last}”, and ${name} has no such run`;
      },
    },
  },
];

/** Whether a run has to exclude others. @param {World} world @param {Start} start */
function isExclusive(world, start) {
  const { click, doubled, unit } = start;
  if (!click || doubled || click.repeated || !hasRun(start) || !world.plan.atOnce?.[unit]) {
    return false;
  }
  // A job that was taken for the lost one releases the lock at its end; a run without its record has no lock.
  return !memoryOf(world, click, unit, click.place).offered && (world.records.of(click)?.removed ?? null) === null;
}

/** @param {World} world @param {Click} one @param {Click} other */
function isSameScope({ plan }, one, other) {
  const [[app], [otherApp]] = [one.place.split("/"), other.place.split("/")];
  return app === otherApp && (plan.atOnce[one.unit] === "one" || (one.place === other.place && !one.was && !other.was));
}

/** @param {World} world */
function areClocksWrong({ browsers }) {
  return browsers.some(({ offset, clockJumps }) => offset !== 0 || clockJumps > 0);
}

/** @param {World} world @param {Doc} doc */
function isRefused({ plan }, { user }) {
  return plan.logRefused?.includes(user) === true;
}

/** How many requests of a document to the log have come to nothing since then. */
function troublesOf(world, doc, since) {
  return world.records.calls.filter((one) => one.doc === doc && one.failed && one.at >= since - SLACK).length;
}

/** A page has said of a unit that a run could not be recorded. @param {Doc} doc @param {string | undefined} unit */
function told(doc, unit) {
  (doc.notRecorded ??= new Set()).add(unit);
}

/**
 * Whether a run's record may be missing or old: somebody has removed it, a page has told that it could not be written
 * and had a reason, or the page that had to write it has gone.
 *
 * @param {World} world
 * @param {Click} click
 */
function mayBeMissing(world, click) {
  if (click.repeated || (world.records.of(click)?.removed ?? null) !== null) {
    return true;
  }
  const { doc, at } = click.last;
  const isGone = !doc.alive || doc.frozen || doc.cached || (doc.awayAt ?? 0) >= at || (doc.frozenAt ?? 0) >= at || at > world.now - WRITTEN;
  const isTold = world.tabs.some((tab) => tab.docs.some((one) => one.browser === click.browser && one.notRecorded?.has(click.unit) && (isRefused(world, click) || troublesOf(world, one, click.clickedAt) >= MOST_LOST)));
  return isGone || isTold;
}

/** Whether a refused click's record arrived too late, or too much else was lost. @param {World} world @param {Click} click @param {LogRow} record */
function mayKeepItsLock(world, { doc, clickedAt }, { lateBy }) {
  const troubles = troublesOf(world, doc, clickedAt);
  return lateBy > MOST_LATE || (lateBy > LATE && troubles > 1) || troubles >= MOST_LOST_OF_REFUSED;
}

/** Whether a click's start was refused after its record had been added. @param {Click} click */
function isRefusedStart({ last, accepted, saidNothing }) {
  return saidNothing && last.state === "starting" && !accepted;
}

/** Whether a page shows its own question, or a click that was refused, instead of the place's last run. @param {Doc} doc */
function isCovered(world, { sights }, unit) {
  const sight = sights.get(unit);
  return sight?.state === "confirming" || (sight?.state === "failed" && world.words.nothingRan(sight.text));
}

/** When which states were shown. @returns {Map<string, number>} */
function shownAt(world, by, unit, place) {
  const memory = memoryOf(world, by, unit, place);
  return (memory.shown ??= new Map());
}
