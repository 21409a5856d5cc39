import { BUSY, canKnow, ENDS, hasRun, memoryOf, MOMENT, remembers, SPREAD } from "./facts.js";

/** Rules about the page's texts. */
export const truthRules = [
  {
    name: "endsAreTrue",
    on: {
      /** An end that is shown is the end of a run of this place, or of a job that was offered there. */
      sight(world, doc, unit, sight) {
        const memory = memoryOf(world, doc, unit, sight.place);
        memory.offered ||= sight.state === "unknown" && world.words.offers(sight.text);
        if (!ENDS.includes(sight.state)) {
          return null;
        }
        if (world.words.taken(sight.text) || world.words.unsure(sight.text)) {
          return null;
        }
        const ended = runsShown(world, doc, unit, sight).filter(({ outcome, ends }) => outcome === sight.state && ends <= world.now);
        const isRefused = isRefusal(world, sight);
        // A message that nothing ran is about the last click.
        const isMeant = (/** @type {Start} */ one) => (isRefused ? !hasRun(one) && one.click === sight.clicks.at(-1) : hasRun(one));
        for (const run of ended.filter(isMeant)) {
          if (run.endShownAt === null) {
            run.endShownAt = world.now;
            world.happened("ended", run);
          }
          doc.endsSeen.add(run);
        }
        return !ended.length && !isRefused && `${doc.tab.name} shows that ${unit} ${sight.state}, and no run of ${sight.place} has ended so`;
      },
    },
  },
  {
    name: "nothingRanIsTrue",
    on: {
      /** "Nothing was run" appears only if nothing ran, and nothing runs afterwards. */
      sight(world, doc, unit, sight, before) {
        if (!isRefusal(world, sight) || (before && isRefusal(world, before))) {
          return null;
        }
        // Other pages know nothing of a click before its run has begun.
        const hasBegun = (/** @type {Click} */ click) => click.confirmed && (!world.plan.features.log || click.runId !== null);
        const all = sight.clicks.filter((click) => click.doc === doc || hasBegun(click));
        const last = all.at(-1)?.at ?? 0;
        const clicks = all.filter((click) => click.at > last - MOMENT || click === doc.clicks.at(-1));
        const still = clicks.filter(
          // If a request was doubled on its way, one job may run and the other may be skipped.
          (click) => !click.starts.some(hasRun) || click.starts.some(({ doubled }) => doubled) || looksLikeAnothers(world, click),
        );
        if (clicks.length && !still.length) {
          return `${doc.tab.name} says that nothing of ${unit} was run, and something was`;
        }
        if (clicks.length === 1) {
          clicks[0].saidNothing = true;
        }
        return null;
      },
      start(world, start) {
        return start.click?.saidNothing && hasRun(start) && !start.doubled && "it had said that nothing was run, and now something is";
      },
    },
  },
  {
    name: "endsStand",
    on: {
      /** An end is never taken back by an older value. */
      sight(world, doc, unit, sight) {
        // A frozen page processes its pending events one after the other.
        if (!BUSY.includes(sight.state) || !remembers(world, doc.browser) || doc.awakeSince > world.now - SPREAD) {
          return null;
        }
        const clicks = sight.clicks;
        const isOver = (/** @type {Start} */ start) => doc.endsSeen.has(start) || (start.endShownAt ?? Infinity) < world.now - SPREAD;
        const named = clicks.flatMap(({ starts }) => starts).find(({ n }) => sight.runs.includes(n));
        if (named) {
          return isOver(named) && `${doc.tab.name} shows ${unit} as ${sight.state}, and run ${named.n} has ended`;
        }
        const mayBeOpen = (/** @type {Click} */ click) =>
          click.confirmed && (click.repeated || !click.accepted || !isOver(click.accepted));
        const memory = memoryOf(world, doc, unit, sight.place);
        return (
          !memory.offered &&
          clicks.length > 0 &&
          !clicks.some(mayBeOpen) &&
          `${doc.tab.name} shows ${unit} as ${sight.state}, and every run there has ended`
        );
      },
    },
  },
  {
    name: "theLaterRunIsOnView",
    on: {
      /** Of two runs of a place the later one is shown. */
      sight(world, doc, unit, sight) {
        if (!ENDS.includes(sight.state) || isRefusal(world, sight) || !canKnow(world, doc.browser) || doc.awakeSince > world.now - SPREAD) {
          return null;
        }
        const shown = runsShown(world, doc, unit, sight).filter(({ outcome, click }) => outcome === sight.state && click);
        const latest = Math.max(...shown.map(({ click }) => click.at));
        const later = sight.clicks.find(
          ({ at, accepted }) => shown.length && at > latest && accepted && accepted.knownAt < world.now - SPREAD,
        );
        return later && `${doc.tab.name} shows an end of ${unit}, and run ${later.accepted.n} is later`;
      },
    },
  },
  {
    name: "placesShareNoRun",
    on: {
      /** A run is shown at its own place alone, to the user who started it. */
      sight(world, doc, unit, sight) {
        const isRun = [...BUSY, "unknown", ...ENDS].includes(sight.state);
        const { offered } = memoryOf(world, doc, unit, sight.place);
        if (!isRun || offered) {
          return null;
        }
        const clicks = sight.clicks;
        if (!clicks.length) {
          return `${doc.tab.name} shows ${unit} as ${sight.state} on ${sight.place}, where ${doc.user} ran nothing`;
        }
        const strange = sight.runs.find((n) => !clicks.some(({ starts }) => starts.some((start) => start.n === n)));
        return strange !== undefined && `${doc.tab.name} shows run ${strange} on ${sight.place}, which is not of that place`;
      },
    },
  },
  {
    name: "othersJobsAreNotOnesOwn",
    on: {
      /** Another person's job that was found for a lost start is shown as possibly theirs, until its end. */
      sight(world, doc, unit, sight) {
        const isForeign = (/** @type {number} */ n) => world.starts[n - 1] && !sight.clicks.includes(world.starts[n - 1].click);
        const foreign = sight.runs.find(isForeign);
        return foreign !== undefined && !world.words.offers(sight.text) && `${doc.tab.name} shows run ${foreign}, somebody else's, as ${doc.user}'s own`;
      },
    },
  },
  {
    name: "wordsFitTheState",
    on: {
      /** The status line matches data-state; an end has no words for a current activity. */
      sight(world, doc, unit, { state, line }) {
        const { words } = world;
        if (state === "confirming") {
          return null;
        }
        if (state === "idle") {
          return line !== "" && `idle with “${line}”`;
        }
        const said = words.stateIn(line);
        const fits = BUSY.includes(state) ? said === null : said === state || (state === "failed" && said === "couldNotRun");
        return !fits && `${state} with “${line}”`;
      },
    },
  },
  {
    name: "unknownHasAReason",
    on: {
      /** A result is unknown only after an event that hides it. */
      sight(world, doc, unit, sight) {
        if (sight.state !== "unknown" || !canKnow(world, doc.browser) || doc.browser.sleeps || doc.browser.clockJumps) {
          return null;
        }
        const clicks = sight.clicks;
        const hidden = clicks.some((click) => mayBeLost(world, click));
        return clicks.length > 0 && !hidden && `${doc.tab.name} shows ${unit} as unknown, and nothing was lost: “${sight.line}”`;
      },
    },
  },
  {
    name: "lastRunsAreTrue",
    on: {
      /** The line about the last run is about the last one of this place that did something. */
      sight(world, doc, unit, { last, place, clicks }) {
        if (!last || isOthers(last) || !canKnow(world, doc.browser)) {
          return null;
        }
        const word = world.words.lastIn(last);
        const { unknownAt, offered } = memoryOf(world, doc, unit, place);
        const ended = clicks.flatMap(({ starts }) => starts).filter((start) => hasRun(start) && start.ends <= world.now);
        if (word === "unknown") {
          return !unknownAt && !clicks.some((click) => mayBeLost(world, click)) && `“${last}” at ${place}, where nothing was unknown`;
        }
        if (!ended.some(({ outcome }) => outcome === word)) {
          return `“${last}” at ${place}, where no run ended so`;
        }
        const latest = clicks.findLast(({ accepted }) => accepted && hasRun(accepted) && accepted.knownAt < world.now - SPREAD)?.accepted;
        const fits = !latest || latest.outcome === word || unknownAt || offered || (latest.endShownAt ?? world.now) > world.now - SPREAD;
        return !fits && `“${last}” at ${place}, where the last run ${latest.outcome}`;
      },
    },
  },
  {
    name: "whatIsOldIsNotNews",
    on: {
      /** A page that is loaded later shows an end in full for five minutes, an unknown result for a day. */
      sight(world, doc, unit, sight, before) {
        const memory = memoryOf(world, doc, unit, sight.place);
        const time = world.now + doc.browser.offset;
        if (sight.state === "unknown") {
          memory.unknownSince ??= time;
          return !before && time > memory.unknownSince + 86_500_000 && `a page that was loaded later shows that ${unit} is unknown since yesterday`;
        }
        const end = !before && sight.runs.length === 1 && ENDS.includes(sight.state) ? world.starts[sight.runs[0] - 1] : null;
        const isOld = end && end.endShownAt !== null && end.endShownAt < doc.loadedAt - 310_000 && doc.browser.jumpedAt === 0;
        return isOld && `a page that was loaded later shows the end of run ${end.n}, which is old`;
      },
    },
  },
  {
    name: "endsAreThereLater",
    on: {
      /** Liveness: a page that is loaded later shows how the last run ended. */
      inspected(world, doc) {
        for (const [unit, sight] of doc.sights) {
          const clicks = sight.clicks;
          const latest = clicks.findLast(({ sentAt }) => sentAt)?.accepted;
          const { unknownAt } = memoryOf(world, doc, unit, sight.place);
          if (latest && latest.endShownAt !== null && latest.endShownAt >= unknownAt && hasRun(latest) && canKnow(world, doc.browser)) {
            const said = sight.last ? world.words.lastIn(sight.last) : sight.state;
            if (said !== latest.outcome && !isOthers(sight.last)) {
              return `a page of ${sight.place} that was loaded later says “${sight.line}${sight.last}” of ${unit}, and run ${latest.n} ${latest.outcome}`;
            }
          }
        }
        return null;
      },
    },
  },
];

/** Whether a line about the last run is about another user's, or another device's. @param {string} last */
function isOthers(last) {
  return / · (Aoki|Baba|Chiba|Doi)/.test(last);
}

/** Whether it says of a click that it started nothing. */
function isRefusal(world, { state, text }) {
  return ["failed", "skipped", "unknown"].includes(state) && world.words.nothingRan(text);
}

/** The runs that a sight may be of: those that it names, else all of its place and those that were offered there. */
function runsShown(world, doc, unit, sight) {
  const own = sight.clicks.flatMap(({ starts }) => starts);
  const all = memoryOf(world, doc, unit, sight.place).offered ? world.starts.filter((one) => one.unit === unit) : own;
  const named = all.filter(({ n }) => sight.runs.includes(n));
  return sight.runs.length ? named : all;
}

/** Whether something happened that hides how a run went. @param {World} world @param {Click} click */
function mayBeLost(world, click) {
  return (
    click.trouble ||
    click.starts.some(({ trouble }) => trouble) ||
    world.now > click.at + world.plan.timeout - 1000 ||
    leftWhileStarting(world, click) ||
    // A call that takes so long counts as lost.
    world.sent.some(({ click: of, over, overAt = 0, at }) => of === click && at < (over ? overAt : world.now) - 175_000)
  );
}

/** @param {World} world @param {Click} click */
function leftWhileStarting(world, { doc, at, accepted }) {
  const until = accepted?.knownAt ?? Infinity;
  return [doc.leftAt, doc.awayAt, doc.frozenAt, doc.hiddenAt].some((time) => time !== null && time !== undefined && time >= at - 50 && time <= until);
}

/**
 * Whether krewData refuses a request for the run of the same request, which the proxy had sent twice: there is no telling
 * it from another user's, for krewData says of any run how it stands, to any token of the unit.
 */
function looksLikeAnothers({ plan: { switches } }, { repeated }) {
  return repeated && switches.conflict !== "134" && switches.conflictFirst;
}
