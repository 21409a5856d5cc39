import { clicksAt, deadlineOf } from "./facts.js";

const SECRET = "SECRET";
const SECRETS = /SECRET(?!token)/;
const TOKEN = /SECRETtoken\d+\./g;

/** An end may take so long to be written down by all who know it, in milliseconds. */
const WRITTEN = 5000;

/** How often pages remove old entries, in milliseconds. */
const TIDIED = 180_000;

/** Rules about stored data. */
export const keepingRules = [
  {
    name: "nothingSecretKept",
    on: {
      /** No secret of a unit is in the browser's storage, and no token in sessionStorage. */
      stored: (world, doc, key, value) => value !== null && SECRETS.test(value) && `localStorage: ${key} ${value}`,
      storedInSession: (world, doc, key, value) => `${key} ${value}`.includes(SECRET) && `sessionStorage: ${key} ${value}`,
    },
  },
  {
    name: "tokensAreKeptWhileTheyAreNeeded",
    on: {
      pressed(world, doc, unit, what) {
        if (what === "asks on") {
          clicksAt(world, doc, unit, doc.place).forEach(({ starts }) => starts.forEach((start) => (start.resumedAt = world.now)));
        }
        return null;
      },
      /** A token is written down only between the acceptance of its run and that run's end or deadline. */
      stored(world, doc, key, value) {
        for (const [token] of value?.includes("SECRETtoken") ? value.matchAll(TOKEN) : []) {
          const start = world.starts.find((one) => one.token === token);
          if (!start || start.knownAt === null) {
            return `the token of a run that was not accepted is kept: ${key}`;
          }
          if (start.endShownAt !== null && start.endShownAt < world.now - WRITTEN && !doc.browser.cleared) {
            return `the token of run ${start.n} is kept, which has ended: ${key}`;
          }
          if (world.now > deadlineOf(world, start) + 1000 && doc.browser.jumpedAt < start.click.at && !doc.browser.cleared) {
            return `the token of run ${start.n} is kept after its deadline: ${key}`;
          }
        }
        return null;
      },
      /** Liveness: no end leaves one behind, and no deadline. */
      settled: (world) => leftBehind(world, ({ endShownAt }) => endShownAt !== null && endShownAt < world.now - WRITTEN),
      end: (world) => leftBehind(world, (start) => start.endShownAt !== null || deadlineOf(world, start) < world.now - TIDIED),
    },
  },
  {
    name: "sessionsKeepNothing",
    on: {
      /** sessionStorage holds the name of a create page and nothing else. */
      storedInSession: (world, doc, key, value) => value !== null && value.length > 100 && `sessionStorage: ${key} ${value}`,
    },
  },
  {
    name: "nothingSecretShown",
    on: {
      /** Nothing secret is shown, nor written to the console. */
      sight: (world, doc, unit, { text }) => text.includes(SECRET) && `it shows ${text}`,
      console: (world, doc, level, words) => words.includes(SECRET) && `the console has ${words}`,
      notice: (world, doc, type, message) => message.includes(SECRET) && `a notice says ${message}`,
    },
  },
  {
    name: "learnedIsTrue",
    on: {
      /** A duration that is learned is one that a run of the unit took. */
      stored(world, doc, key, value) {
        // An answer that takes long makes it look longer.
        const { features, faults } = world.plan;
        if (!/duration/i.test(key) || value === null || doc.browser.clockJumps || features.slowNetwork || faults.includes("delay")) {
          return null;
        }
        // So does a page that was frozen, or a computer that slept, while an answer was on its way.
        const since = world.starts.findLast((one) => key.split("/").includes(one.unit))?.click?.at ?? 0;
        if (doc.awakeSince > since || doc.browser.wokeAt > since) {
          return null;
        }
        const learned = JSON.parse(value).at(-1);
        const runs = world.starts.filter((one) => key.split("/").includes(one.unit) && one.outcome === "succeeded" && one.ends <= world.now);
        const fits = runs.some((run) => {
          const least = run.ends - run.begins - 2000;
          const most = run.ends - (run.click?.at ?? run.at) + 6000;
          return learned >= least && learned <= most * 1.15;
        });
        return !fits && `${Math.round(learned / 1000)} s is learned: ${key}`;
      },
    },
  },
];

/** @param {World} world @param {(start: Start) => boolean} isOver */
function leftBehind(world, isOver) {
  for (const browser of world.browsers) {
    for (const [key, value] of browser.clockJumps ? [] : browser.area.known) {
      for (const [token] of value.matchAll(TOKEN)) {
        const start = world.starts.find((one) => one.token === token);
        if (isOver(start)) {
          return `${key} still has the token of run ${start.n}`;
        }
      }
    }
  }
  return null;
}
