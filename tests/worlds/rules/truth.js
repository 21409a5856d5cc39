import { canKnow, sameRecord } from "./starts.js";

/** A click may have to wait so long for a tab that is about to say that it does nothing, in milliseconds. */
const MOMENT = 1600;

const FINAL = ["succeeded", "failed", "canceled", "skipped"];

/** Rules about what is shown. */
export const truthRules = [
  {
    name: "endIsTrue",
    on: {
      /** An end that is shown is the end of a run that this click began, or of one that never began. */
      view(world, face, view) {
        const clicks = clicksOf(world, face, view);
        if (view.offer) {
          // Found in place of a lost start, and perhaps somebody else's: the user may say that it is to be followed.
          clicks.forEach((click) => (click.offered = true));
        }
        if (!FINAL.includes(view.state)) {
          return null;
        }
        if (view.state === "failed" && saysNothingRan(world, view)) {
          return null;
        }
        const true_ = clicks.some((click) =>
          (click.offered ? world.starts.filter(({ unit }) => unit === click.unit) : click.starts).some(
            (start) => start.outcome === view.state && start.ends <= world.now,
          ),
        );
        return !true_ && `it shows ${view.state}, and no run of this click has ended so`;
      },
      /** A green notice is shown for a run that succeeded, and once. */
      notice(world, doc, type, message) {
        // What was not read yet is said again before it.
        const [unit] = /\b[ktw]\d\b/.exec(message.split("\n").at(-1)) ?? [];
        if (type !== "SUCCESS") {
          return null;
        }
        const start = world.starts.find(
          (one) =>
            one.unit === unit &&
            one.browser === doc.tab.browser &&
            one.outcome === "succeeded" &&
            one.ends <= world.now &&
            // Where tabs cannot know of each other each one that follows the run tells of its end.
            !(one.noticed?.includes(doc) && canKnow(world, doc.tab.browser)),
        );
        if (start) {
          start.noticed = [...(start.noticed ?? []), doc];
        }
        return !start && `a notice of success where none came: ${message}`;
      },
    },
    mutants: [
      {
        module: "services/krewdata-answers.js",
        text: "[\"Running\", \"running\"],",
        instead: "[\"Running\", \"succeeded\"],",
      },
      {
        module: "services/trocco.js",
        text: "[\"skipped\", \"skipped\"],",
        instead: "[\"skipped\", \"succeeded\"],",
      },
    ],
  },
  {
    name: "nothingRanIsTrue",
    on: {
      /** "Nothing was run" is said only where nothing was, nor comes to run afterwards. */
      view(world, face, view) {
        if (!saysNothingRan(world, view)) {
          return null;
        }
        const clicks = clicksOf(world, face, view);
        const still = clicks.filter(
          // Of a request that was doubled on its way one job may run and the other be skipped.
          (click) => !click.starts.some(hasRun) || click.starts.some(({ doubled }) => doubled) || looksLikeAnothers(world, click),
        );
        if (clicks.length && !still.length) {
          return "it says that nothing was run, and something was";
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
  },
  {
    name: "everyRunEnds",
    on: {
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
        }
        return null;
      },
    },
    mutants: [
      {
        module: "run/others.js",
        text: "} else if (isBusy(told.state) && !isBusy(state)) {",
        instead: "} else if (isBusy(told.state) && state === \"idle\") {",
      },
    ],
  },
  {
    name: "wordsFitTheState",
    on: {
      /** Beside an end stand no words of what is being done, and an end is not "in another tab" as a run is. */
      view(world, face, view) {
        return FINAL.concat("unknown", "idle").includes(view.state) && view.doing && `${view.state} with “${view.doing.en}”`;
      },
    },
    mutants: [
      {
        module: "run/view.js",
        text: "doing: null, ...news",
        instead: "...news",
      },
    ],
  },
  {
    name: "lostOnlyWhereLost",
    on: {
      /** That the run's tab was closed or left is said only where no tab of the browser follows it. */
      view(world, face, view) {
        if (view.state !== "unknown" || !["run.tabGone", "run.left"].includes(view.problem?.happened)) {
          return null;
        }
        if (world.plan.features.noLocks || world.plan.storage !== "works" || face.doc.tab.browser.cleared) {
          return null;
        }
        const follower = livingFaces(world).find(
          (other) =>
            other.doc.tab.browser === face.doc.tab.browser &&
            other.doc !== face.doc &&
            other.unit === face.unit &&
            other.page.record === face.page.record &&
            other.view &&
            ["starting", "queued", "running"].includes(other.view.state) &&
            !other.view.elsewhere,
        );
        return follower && `it says “${words}”, and ${follower.doc.tab.name} follows the run`;
      },
    },
    mutants: [
      {
        module: "run/others.js",
        text: "gone = (await tabs.isHeld(view.name)) ? 0 : gone + 1;",
        instead: "gone += 1;",
      },
    ],
  },
  {
    name: "shownInTime",
    on: {
      /** A tab in view shows the end soon, in whichever tab the run began. Only where nothing is lost on the way. */
      start(world, start) {
        const { plan } = world;
        if (plan.faults.length || plan.features.slowNetwork || plan.features.scarceRequests || !start.click || start.ends - start.at > plan.timeout - 60_000) {
          return null;
        }
        if (plan.features.noLocks || plan.storage !== "works" || plan.switches.unreadable || plan.features.throttled) {
          return null;
        }
        // Where it is known how long the unit usually takes it may be asked seldom before that.
        if (world.starts.some((one) => one !== start && one.unit === start.unit && one.browser === start.browser)) {
          return null;
        }
        const late = 9000 + 0.08 * (start.ends - start.at);
        world.at(start.ends + late, () => {
          const face = livingFaces(world).find(
            ({ unit, view, doc }) =>
              unit === start.unit &&
              doc.tab.browser === start.browser &&
              start.click.doc.alive &&
              doc.ready &&
              !doc.tab.hidden &&
              (doc.tab.shownAt ?? 0) < start.ends &&
              !doc.tab.browser.sleeps &&
              !doc.tab.browser.cleared &&
              view &&
              ["queued", "running"].includes(view.state) &&
              view.startedAt <= start.at &&
              view.startedAt >= start.click.at - 100,
          );
          if (face) {
            world.breaks("shownInTime", `${face.doc.tab.name} still shows ${face.view.state}, ${Math.round(late / 1000)} s after the end`);
          }
        });
        return null;
      },
    },
    mutants: [
      {
        module: "run/others.js",
        text: "tabs.poke(view.name);",
        instead: "// Nobody is asked to look.",
      },
    ],
  },
];

/**
 * Whether krewData refuses a request for the run of the same request, which the proxy had sent twice: there is no telling
 * it from another user's, for krewData says of any run how it stands, to any token of the unit.
 */
function looksLikeAnothers({ plan: { switches } }, { repeated }) {
  return repeated && switches.conflict !== "134" && switches.conflictFirst;
}

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
