import { BUSY, canKnow, clicksAt, ENDS, hasRun, memoryOf, MOMENT, SPREAD } from "./facts.js";

/** Rules about what is shown. */
export const truthRules = [
  {
    name: "endsAreTrue",
    on: {
      /** An end that is shown is the end of a run of this place, or of a job that was offered there. */
      sight(world, doc, unit, sight) {
        const memory = memoryOf(world, doc, unit, sight.place);
        memory.offered ||= world.runtime.words.offers(sight.text);
        if (!ENDS.includes(sight.state)) {
          return null;
        }
        const ended = runsShown(world, doc, unit, sight).filter(({ outcome, ends }) => outcome === sight.state && ends <= world.now);
        for (const run of ended) {
          run.endShownAt ??= world.now;
        }
        return !ended.length && !isRefusal(world, sight) && `${doc.tab.name} shows that ${unit} ${sight.state}, and no run of ${sight.place} has ended so`;
      },
    },
    mutants: ["krewdata-running-done", "skipped-succeeded", "other-definition"],
  },
  {
    name: "nothingRanIsTrue",
    on: {
      /** "Nothing was run" is said only where nothing was, nor comes to run afterwards. */
      sight(world, doc, unit, sight, before) {
        if (!isRefusal(world, sight) || (before && isRefusal(world, before))) {
          return null;
        }
        const all = clicksAt(world, doc, unit, sight.place);
        const last = all.at(-1)?.at ?? 0;
        const clicks = all.filter((click) => click.at > last - MOMENT || click === doc.clicks.at(-1));
        const still = clicks.filter(
          // Of a request that was doubled on its way one job may run and the other be skipped.
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
<<<<<<< HEAD
    mutants: [
      {
        module: "services/krewdata.js",
        text: "if (isRefusal(answer) && !lost) {",
        instead: "if (isRefusal(answer)) {",
      },
      {
        module: "services/trocco.js",
        text: "startLost\"), ran: \"ran.maybe\"",
        instead: "startLost\"), ran: \"ran.nothing\"",
      },
    ],
=======
    mutants: ["refused-after-lost", "lost-is-nothing", "spent-token-certain"],
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
  },
  {
    name: "endsStand",
    on: {
<<<<<<< HEAD
      /** Every run ends for a tab that lives. */
      end(world) {
        const face = livingFaces(world).find(({ view }) => view && world.runtime.isBusy(view.state));
        return face && `${face.doc.tab.name} shows ${face.unit} as ${face.view.state} for ever`;
      },
    },
    mutants: [
      {
        module: "page/proxy.js",
        text: "await Promise.race([call, clock.sleep(DEADLINE).then(giveUp)])",
        instead: "await call",
      },
      {
        module: "run/follow.js",
        text: "if (last) {",
        instead: "if (false) {",
        from: 350,
      },
    ],
  },
  {
    name: "lastSightIsTrue",
    on: {
      /** What a tab shows at the end is the record's last run in this browser, as far as the tab was there. */
      end(world) {
        for (const face of livingFaces(world)) {
          const { view, doc, unit, page } = face;
          const last = world.clicks.findLast(
            (click) =>
              click.unit === unit &&
              click.browser === doc.tab.browser &&
              sameRecord(click, page) &&
              // Of which something ran: else the run before it is the last one still.
              click.starts.some(({ executed }) => executed),
          );
          const there = last && doc.shownAt < last.at && doc.page === page && canKnow(world, doc.tab.browser);
          if (there && view && FINAL.includes(view.state) && view.startedAt < last.at - 100 && page.record !== "create") {
            return `${doc.tab.name} still shows ${unit} as ${view.state}, which was before the last run`;
          }
=======
      /** An end is never taken back by an older value. */
      sight(world, doc, unit, sight) {
        // What has piled up in a frozen page passes by, one after the other.
        if (!BUSY.includes(sight.state) || !canKnow(world, doc.browser) || doc.awakeSince > world.now - SPREAD) {
          return null;
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
        }
        const clicks = clicksAt(world, doc, unit, sight.place);
        const isOver = (/** @type {Start} */ start) => start.endShownAt !== null && start.endShownAt < world.now - SPREAD;
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
<<<<<<< HEAD
    mutants: [
      {
        module: "run/others.js",
        text: "} else if (isBusy(told.state) && !isBusy(state)) {",
        instead: "} else if (isBusy(told.state) && state === \"idle\") {",
=======
    mutants: ["end-not-final", "grant-read-at-once", "lock-let-go-at-once"],
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
        const later = clicksAt(world, doc, unit, sight.place).find(
          ({ at, accepted }) => shown.length && at > latest && accepted && accepted.knownAt < world.now - SPREAD,
        );
        return later && `${doc.tab.name} shows an end of ${unit}, and run ${later.accepted.n} is later`;
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
      },
    },
    mutants: ["older-turn-wins", "no-repair", "clock-orders-turns"],
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
        const clicks = clicksAt(world, doc, unit, sight.place);
        if (!clicks.length) {
          return `${doc.tab.name} shows ${unit} as ${sight.state} on ${sight.place}, where ${doc.user} ran nothing`;
        }
        const strange = sight.runs.find((n) => !clicks.some(({ starts }) => starts.some((start) => start.n === n)));
        return strange !== undefined && `${doc.tab.name} shows run ${strange} on ${sight.place}, which is not of that place`;
      },
    },
    mutants: ["place-not-in-key", "app-not-in-key", "user-not-in-key", "create-shared", "create-name-forever", "saved-takes-others"],
  },
  {
    name: "othersJobsAreNotOnesOwn",
    on: {
      /** A job of somebody else that was found in place of a lost start is shown as one that may be theirs, to its end. */
      sight(world, doc, unit, sight) {
        const isForeign = (/** @type {number} */ n) => world.starts[n - 1] && !clicksAt(world, doc, unit, sight.place).includes(world.starts[n - 1].click);
        const foreign = sight.state === "idle" ? undefined : sight.runs.find(isForeign);
        return foreign !== undefined && !world.runtime.words.offers(sight.text) && `${doc.tab.name} shows run ${foreign}, somebody else's, as ${doc.user}'s own`;
      },
    },
    mutants: ["offer-is-own"],
  },
  {
    name: "wordsFitTheState",
    on: {
      /** What the status line says is what data-state says; an end has no words of what is being done. */
      sight(world, doc, unit, { state, line }) {
        const { words } = world.runtime;
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
<<<<<<< HEAD
    mutants: [
      {
        module: "run/view.js",
        text: "doing: null, ...news",
        instead: "...news",
      },
    ],
=======
    mutants: ["doing-beside-end"],
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
  },
  {
    name: "unknownHasAReason",
    on: {
<<<<<<< HEAD
      /** That the run's tab was closed or left is said only where no tab of the browser follows it. */
      view(world, face, view) {
        if (view.state !== "unknown" || !["run.tabGone", "run.left"].includes(view.problem?.happened)) {
=======
      /** A result is unknown only where something happened that hides it. */
      sight(world, doc, unit, sight) {
        if (sight.state !== "unknown" || !canKnow(world, doc.browser) || doc.browser.sleeps || doc.browser.clockJumps) {
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
          return null;
        }
        const clicks = clicksAt(world, doc, unit, sight.place);
        const hidden = clicks.some((click) => mayBeLost(world, click));
        return clicks.length > 0 && !hidden && `${doc.tab.name} shows ${unit} as unknown, and nothing was lost: “${sight.line}”`;
      },
    },
<<<<<<< HEAD
    mutants: [
      {
        module: "run/others.js",
        text: "gone = (await tabs.isHeld(view.name)) ? 0 : gone + 1;",
        instead: "gone += 1;",
      },
    ],
=======
    mutants: ["starter-gone-at-once", "lost-after-one", "deadline-thirty-minutes"],
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
  },
  {
    name: "lastRunsAreTrue",
    on: {
      /** The line about the last run is about the last one of this place that did something. */
      sight(world, doc, unit, { last, place }) {
        if (!last || !canKnow(world, doc.browser)) {
          return null;
        }
        const word = world.runtime.words.lastIn(last);
        const { unknownAt, offered } = memoryOf(world, doc, unit, place);
        const clicks = clicksAt(world, doc, unit, place);
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
    mutants: ["last-line-failed-done", "last-line-of-refused"],
  },
  {
    name: "endsAreThereLater",
    on: {
      /** Liveness: a page that is loaded later tells how the last run ended. */
      inspected(world, doc) {
        for (const [unit, sight] of doc.sights) {
          const clicks = clicksAt(world, doc, unit, sight.place);
          const latest = clicks.findLast(({ sentAt }) => sentAt)?.accepted;
          if (latest && latest.endShownAt !== null && hasRun(latest) && canKnow(world, doc.browser)) {
            const said = sight.last ? world.runtime.words.lastIn(sight.last) : sight.state;
            if (said !== latest.outcome) {
              return `a page of ${sight.place} that was loaded later says “${sight.line}${sight.last}” of ${unit}, and run ${latest.n} ${latest.outcome}`;
            }
          }
        }
        return null;
      },
    },
<<<<<<< HEAD
    mutants: [
      {
        module: "run/others.js",
        text: "tabs.poke(view.name);",
        instead: "// Nobody is asked to look.",
      },
    ],
=======
    mutants: ["end-not-final"],
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
  },
];

/** Whether it says of a click that it started nothing. */
function isRefusal(world, { state, text }) {
  return (state === "failed" || state === "skipped") && world.runtime.words.nothingRan(text);
}

/** The runs that a sight may be of: those that it names, else all of its place and those that were offered there. */
function runsShown(world, doc, unit, sight) {
  const own = clicksAt(world, doc, unit, sight.place).flatMap(({ starts }) => starts);
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
    world.sent.some(({ click: of, over, at }) => of === click && !over && at < world.now - 175_000)
  );
}

/** @param {World} world @param {Click} click */
function leftWhileStarting(world, { doc, at, accepted }) {
  const until = accepted?.knownAt ?? Infinity;
  return [doc.leftAt, doc.frozenAt, doc.hiddenAt].some((time) => time !== null && time !== undefined && time >= at - 50 && time <= until);
}

/**
 * Whether krewData refuses a request for the run of the same request, which the proxy had sent twice: there is no telling
 * it from another user's, for krewData says of any run how it stands, to any token of the unit.
 */
function looksLikeAnothers({ plan: { switches } }, { repeated }) {
  return repeated && switches.conflict !== "134" && switches.conflictFirst;
}
<<<<<<< HEAD

/** @param {Start} start */
function hasRun({ executed, outcome }) {
  return executed && outcome !== "skipped";
}

/** The faces that a user can come to see, with what they show. */
export function livingFaces(world) {
  return world.browsers.flatMap(({ tabs }) => tabs.flatMap(({ doc }) => doc.header));
}

function saysNothingRan(world, { problem }) {
  return problem?.ran === "ran.nothing";
}

/**
 * The clicks that a view may be about: the last one before it began, and others of the same moment, in any tab of the
 * browser.
 */
export function clicksOf(world, { unit, page, doc }, { startedAt }) {
  const all = world.clicks.filter(
    (click) =>
      click.unit === unit &&
      click.browser === doc.tab.browser &&
      (click.record === page.record || click.saved === page.record) &&
      click.at <= startedAt,
  );
  const last = all.reduce((latest, { at }) => Math.max(latest, at), 0);
  return all.filter(({ at }) => at > last - MOMENT);
}
=======
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
