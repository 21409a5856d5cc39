import { BUSY, canKnow, clicksAt, deadlineOf, documentsOf, isInSight, memoryOf } from "./facts.js";

/** After so long a call counts as lost, in milliseconds: kintone's own limit is not known. */
const CALL_DEADLINE = 180_000;

/** A run is asked for at least so often by some page, in milliseconds; and so often by another one than hangs. */
const FOLLOWED = 100_000;

/** A tab may take a run over from one whose question has been open for so long. */
const PATIENCE = 44_000;

/** A key is written, a lock granted at most so often within ten seconds. */
const STORM = 40;

/** Rules about how runs are followed. */
export const followingRules = [
  {
    name: "runsAreFollowed",
    on: {
      request(world, sent) {
        const { start } = sent;
        if (start) {
          start.askedAt = world.now;
          start.askedBy = sent;
        }
        return null;
      },
      /** While a page of the app is visible, the status of all runs in its browser's storage is requested. */
      patrol(world) {
        if (world.plan.features.scarceRequests) {
          return null;
        }
        const since = world.now - FOLLOWED;
        for (const start of world.starts) {
          const { click, browser, knownAt, endKnownAt, gaveUp, askedAt, askedBy } = start;
          if (!click || knownAt === null || knownAt > since || endKnownAt !== null || gaveUp || start.doubled || askedAt > since) {
            continue;
          }
          // An unknown run is requested again if the user resumes it.
          if (memoryOf(world, click, start.unit, click.place).unknownAt > knownAt || !canKnow(world, browser) || browser.jumpedAt > click.at || deadlineOf(world, start) < world.now + 1000) {
            continue;
          }
          const page = inSight(world, start, since);
          const open = askedBy && !askedBy.over && askedBy.doc.ready && !askedBy.doc.frozen && askedAt > world.now - CALL_DEADLINE - 5000 - 2000 * 2 ** (start.lost ?? 0) - browser.slept;
          const justAnswered = askedBy?.overAt > since;
          if (page && !open && !justAnswered) {
            return `${page.tab.name} is in sight, and run ${start.n} has not been asked for since ${Math.round((world.now - askedAt) / 1000)} s`;
          }
        }
        return null;
      },
    },
  },
  {
    name: "pagesInSightFollow",
    on: {
      /** After the user leaves the page that followed a run, a visible one takes over immediately. */
      left(world, doc) {
        for (const start of world.starts) {
          if (start.click && start.askedBy?.doc === doc && start.endKnownAt === null && canKnow(world, doc.browser)) {
            const since = world.now;
            world.at(since + 12_000, () => {
              const other = inSight(world, start, since);
              const isOpen = start.endKnownAt === null && !start.gaveUp && deadlineOf(world, start) > world.now + 1000;
              if (other && isOpen && start.askedAt < since && !world.plan.features.scarceRequests && memoryOf(world, start.click, start.unit, start.click.place).unknownAt < start.at) {
                world.breaks("pagesInSightFollow", `${other.tab.name} does not go on with run ${start.n}, whose page was left`);
              }
            });
          }
        }
        return null;
      },
      /** No hidden page follows a run for long while a visible one could. */
      request(world, { start, doc }) {
        const since = world.now - 70_000;
        if (!start?.click || !doc.tab.hidden || doc.tab.hiddenAt > since || !canKnow(world, doc.browser) || doc.awakeSince > since) {
          return null;
        }
        const other = start.knownAt < since && inSight(world, start, since);
        return other && `${doc.tab.name}, which is out of sight, asks for run ${start.n}, and ${other.tab.name} is in sight`;
      },
    },
  },
  {
    name: "endedRunsAreNotAskedFor",
    on: {
      /** After an end is shown, no page requests that run's status. */
      request(world, { start, doc }) {
        if (!start?.click || start.browser !== doc.browser || !canKnow(world, doc.browser) || doc.awakeSince > world.now - 3000) {
          return null;
        }
        return start.endShownAt !== null && start.endShownAt < world.now - 50 && `run ${start.n} is asked for, and its end was shown`;
      },
    },
  },
  {
    name: "everyRunEnds",
    on: {
      /** Liveness: no page shows a run for ever. */
      settled(world) {
        for (const browser of world.browsers) {
          for (const doc of documentsOf(browser)) {
            for (const [unit, { state }] of doc.frozen ? [] : doc.sights) {
              if (BUSY.includes(state) || state === "confirming") {
                return `${doc.tab.name} shows ${unit} as ${state} for ever`;
              }
            }
          }
        }
        return null;
      },
    },
  },
  {
    name: "endsAreShownInTime",
    on: {
      /** A visible page shows the end soon, even if the run began in another tab. Only if no answer is lost. */
      start(world, start) {
        const { plan } = world;
        const { click, browser } = start;
        if (!click || plan.faults.length || Object.keys(plan.scripted ?? {}).length || plan.features.slowNetwork || plan.features.scarceRequests) {
          return null;
        }
        if (start.ends - start.at > plan.timeout - 60_000 || !canKnow(world, browser) || plan.switches.unreadable) {
          return null;
        }
        // If the unit's usual duration is known, requests may be rare before that time.
        if (world.starts.some((one) => one !== start && one.unit === start.unit && one.browser === browser)) {
          return null;
        }
        const late = 9000 + 0.08 * (start.ends - start.at);
        world.at(start.ends + late, () => {
          const docs = documentsOf(browser);
          if (world.starts.some((one) => one !== start && one.unit === start.unit && one.browser === browser)) {
            return;
          }
          if (!click.doc.alive || browser.sleeps || browser.clockJumps || browser.cleared || browser.full) {
            return;
          }
          if (docs.some((doc) => doc.tab.hidden || doc.hiddenAt > start.at || doc.frozenAt > start.at)) {
            return;
          }
          const doc = docs.find(
            (one) =>
              one.shownAt < start.ends &&
              one.user === click.user &&
              one.place === click.place &&
              ["queued", "running"].includes(one.sights.get(start.unit)?.state),
          );
          if (doc && start.knownAt !== null) {
            world.breaks("endsAreShownInTime", `${doc.tab.name} still shows run ${start.n} as under way, ${Math.round(late / 1000)} s after its end`);
          }
        });
        return null;
      },
    },
  },
  {
    name: "oneQuestionAtATime",
    on: {
      /** One tab requests a run's status, one request at a time; another may take over from a tab that hangs. */
      request(world, sent) {
        const { start } = sent;
        if (!start) {
          return null;
        }
        const { browser } = sent.doc;
        const alone = !canKnow(world, browser);
        const other = world.sent.find(
          (one) =>
            one !== sent &&
            one.start === start &&
            !one.over &&
            (one.doc === sent.doc
              ? one.at > world.now - CALL_DEADLINE + 1000
              : !alone && one.doc.browser === browser && one.doc.ready && !one.doc.frozen && !one.doc.cached && one.at > world.now - PATIENCE),
        );
        return other && `question ${sent.n} for run ${start.n} is sent while ${other.n} is under way`;
      },
    },
  },
  {
    name: "firstQuestionSoon",
    on: {
      /** The first question comes within two seconds after the run was accepted, while the tab is in view. */
      answer(world, sent) {
        const { doc, click } = sent;
        if (!click?.accepted || click.accepted.knownAt !== world.now || doc.tab.hidden || world.plan.features.scarceRequests) {
          return null;
        }
        if (world.now - sent.at > 170_000) {
          return null;
        }
        const { sleeps, clockJumps } = doc.browser;
        const last = world.sent.length;
        world.at(world.now + 2100, () => {
          const there = isInSight(doc) && !(doc.hiddenAt > sent.at) && doc.browser.sleeps === sleeps && doc.browser.clockJumps === clockJumps;
          const asked = world.sent.slice(last).some((one) => ["status", "get"].includes(one.call));
          if (there && !asked) {
            world.breaks("firstQuestionSoon", `two seconds after ${sent.call} ${sent.n} was answered nothing has been asked`);
          }
        });
        return null;
      },
    },
  },
  {
    name: "noStorm",
    on: {
      /** Nothing is written, granted or loaded over and over. */
      stored: (world, doc, key) => storm(world, doc.browser, `writes of ${key}`),
      granted: (world, doc, name) => storm(world, doc.browser, `grants of ${name}`),
      reload: (world, doc) => storm(world, doc.browser, `reloads of ${doc.tab.name}`, 4),
      request: (world, { doc, call }) => storm(world, doc.browser, `requests: ${call}`, 60),
      logRequest: (world, { doc, call }) => storm(world, doc.browser, `requests: ${call}`),
    },
  },
];

/**
 * A page that could follow a run, in sight since then.
 *
 * @param {World} world
 * @param {Start} start
 * @param {number} since
 * @returns {Doc | undefined}
 */
function inSight(world, { click, browser }, since) {
  return documentsOf(browser).find(
    (doc) =>
      doc.user === click.user &&
      click.place.startsWith(`${doc.page.app}/`) &&
      isInSight(doc) &&
      doc.visibleSince < since &&
      doc.shownAt < since &&
      !(browser.wakesAt > since),
  );
}

/** @param {World} world @param {Browser} browser @param {string} what @param {number} most within ten seconds */
function storm(world, browser, what, most = STORM) {
  const counts = (browser.counts ??= new Map());
  const decade = Math.floor(world.now / 10_000);
  const last = counts.get(what);
  const count = last?.decade === decade ? last.count + 1 : 1;
  counts.set(what, { decade, count });
  return count > most && `${count} ${what} within ten seconds`;
}
