import { canKnow, clicksAt, deadlineOf, documentsOf, ENDS, hasRun, memoryOf, SPREAD } from "./facts.js";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Rules about starts. */
export const startRules = [
  {
    name: "oneStartAClick",
    on: {
      /** Never more starts than confirmed clicks. TROCCO's request that was doubled on its way is counted apart. */
      start(world, { click, browser, doubled }) {
        if (!browser) {
          return null;
        }
        if (!click) {
          return "a start without a confirmed click";
        }
        return !doubled && click.starts.filter((one) => !one.doubled).length > 1 && "a second start of one click";
      },
    },
  },
  {
    name: "noSecondStartUntold",
    on: {
      /** No second start at a place while a run of this user goes on there, unless this very click was told so. */
      start(world, start) {
        const { click, browser } = start;
        if (!click || click.warned || !hasRun(start) || !canKnow(world, browser)) {
          return null;
        }
        const untold = clicksAt(world, click, click.unit, click.place)
          .filter((other) => other !== click && !other.repeated && (other.at <= click.at || (other.at < click.at + 500 && !other.warned)))
          .flatMap(({ starts }) => starts)
          .find((run) => hasRun(run) && run.ends > world.now && !run.endShownAt);
        return untold && `run ${untold.n} is under way at this place, and the user was not told`;
      },
    },
  },
  {
    name: "decisionsHold",
    on: {
      /**
       * Confirming a dialog starts nothing if another run has begun since the click, because the user did not see it.
       */
      start(world, { click, browser, doubled }) {
        if (!click || doubled || !canKnow(world, browser)) {
          return null;
        }
        const since = clicksAt(world, click, click.unit, click.place).find(
          ({ accepted }) => accepted && accepted.click !== click && accepted.at > click.clickedAt && accepted.knownAt < click.at - 500,
        );
        return since && `it was decided before run ${since.accepted.n} began`;
      },
    },
  },
  {
    name: "warningsStay",
    on: {
      /** After an unknown result, every click gets a warning for a day, until that run's end is known. */
      sight(world, doc, unit, sight, before) {
        const memory = memoryOf(world, doc, unit, sight.place);
        if (sight.state === "unknown" && before?.state !== "unknown") {
          const clicks = sight.clicks;
          const click = clicks.find(({ starts }) => starts.some(({ n }) => sight.runs.includes(n))) ?? clicks.findLast(({ confirmed }) => confirmed) ?? null;
          memory.unknownAt = world.now;
          if (click && !memory.doubts.some((one) => one.click === click)) {
            memory.doubts.push({ click, at: world.now });
          }
        }
        if (ENDS.includes(sight.state) && !world.words.nothingRan(sight.text)) {
          const certain = sight.runs.length > 0;
          memory.doubts = memory.doubts.filter(
            ({ click }) => (certain ? !click.starts.some(({ n }) => sight.runs.includes(n)) : false),
          );
        }
        return null;
      },
      asked(world, doc, { click, doubt }) {
        return click && !doubt && mustWarn(world, click) && "the dialog does not say that the run before may go on";
      },
      start(world, { click, doubled }) {
        return click && !doubled && !click.warned && mustWarn(world, click) && "a result is unknown, and the user was not told at the click";
      },
    },
  },
  {
    name: "warningsHaveAReason",
    on: {
      /** No click gets a warning about a previous run if all runs have ended. */
      asked(world, doc, { click, doubt }) {
        if (!click || !doubt || doc.browser.clockJumps) {
          return null;
        }
        const others = clicksAt(world, click, click.unit, click.place).filter((one) => one !== click && one.confirmed);
        const isOpen = (/** @type {Click} */ one) =>
          one.repeated ||
          // A page that was away may know more than the page that gave up the start.
          one.last?.state === "unknown" ||
          (one.accepted ? (one.accepted.endShownAt ?? Infinity) > click.clickedAt - SPREAD : !one.saidNothing);
        return !others.some(isOpen) && "it warns of a run before that has ended";
      },
    },
  },
  {
    name: "nothingIsOfferedDuringARun",
    on: {
      /** While a run goes on that this browser knows no page of it offers to start another one there. */
      click: (world, click, doc) => offered(world, doc, click.unit, doc.sights.get(click.unit)),
      patrol(world) {
        for (const browser of world.browsers) {
          for (const doc of documentsOf(browser)) {
            for (const [unit, sight] of doc.sights) {
              const wrong = offered(world, doc, unit, sight);
              if (wrong) {
                return wrong;
              }
            }
          }
        }
        return null;
      },
    },
  },
  {
    name: "fourStartsAMinute",
    on: {
      /** A browser starts an address at most four times a minute. */
      request(world, sent) {
        const { browser } = sent.doc;
        if (sent.call !== "run" || world.plan.storage !== "works" || browser.cleared || browser.clockJumps) {
          return null;
        }
        // The same token starts nothing anew.
        const token = tokenOf(sent);
        browser.runs = (browser.runs ?? []).filter(({ at }) => at > world.now - MINUTE);
        if (!browser.runs.some((one) => one.token === token)) {
          browser.runs.push({ at: world.now, url: sent.url, token });
        }
        const count = browser.runs.filter(({ url }) => url === sent.url).length;
        return count > 4 && `${count} starts of one address within a minute`;
      },
    },
  },
];

/** @param {World} world @param {Click} click */
function mustWarn(world, click) {
  const { doubts } = memoryOf(world, click, click.unit, click.place);
  return (
    canKnow(world, click.browser) &&
    !click.browser.clockJumps &&
    doubts.some((one) => one.click !== click && one.at < click.clickedAt - SPREAD && one.at > world.now - DAY)
  );
}

/** @param {World} world @param {Doc} doc @param {string} unit @param {import("../sight.js").Sight | undefined} sight */
function offered(world, doc, unit, sight) {
  const settledFor = world.now - SPREAD;
  if (!sight?.enabled || sight.place !== doc.place || doc.frozen || doc.shownAt > settledFor) {
    return null;
  }
  if (!canKnow(world, doc.browser) || memoryOf(world, doc, unit, sight.place).unknownAt) {
    return null;
  }
  if (doc.browser.wakesAt > settledFor) {
    return null;
  }
  const run = clicksAt(world, doc, unit, sight.place)
    .filter(({ place }) => place === sight.place)
    .flatMap(({ starts }) => starts)
    .find(
      (start) =>
        start.knownAt !== null &&
        start.knownAt < settledFor &&
        doc.browser.jumpedAt < start.click.at &&
        start.endKnownAt === null &&
        start.ends > world.now &&
        !start.gaveUp &&
        !start.doubled &&
        deadlineOf(world, start) > world.now + SPREAD,
    );
  return run && `${doc.tab.name} offers ${unit} on ${sight.place} while run ${run.n} goes on there`;
}

/** @param {Sent} sent */
function tokenOf({ data }) {
  return JSON.parse(data).accessToken;
}
