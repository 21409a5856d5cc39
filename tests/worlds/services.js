import { createKrewData } from "./services/krewdata.js";
import { createTrocco } from "./services/trocco.js";
import { clock } from "./story.js";
import { ADDRESSES, API_KEY, isOf, readRequest, SERIAL, TROCCO } from "./units.js";

/**
 * The services, and their actual runs.
 *
 * @param {World} world
 */
export function createServices(world) {
  const { plan } = world;
  const services = [
    [ADDRESSES[0], createKrewData(world)],
    [ADDRESSES[1], createKrewData(world)],
    [TROCCO, createTrocco(world)],
  ];
  const nowhere = { answer: () => ({ status: 404, text: "", headers: {} }) };

  return {
    of: (url) => services.find(([begin]) => url.startsWith(begin))?.[1] ?? nowhere,

    /** The data that kintone's server adds to a plug-in's requests. */
    withStored(url, headers, data) {
      if (url.endsWith("/token")) {
        const own = typeof data === "string" ? JSON.parse(data || "{}") : data;
        return { headers, data: { ...own, krewdataAppUrl: "https://yourdomain.cybozu.com/k/123", serialNumber: SERIAL } };
      }
      return url.startsWith(TROCCO) ? { headers: { ...headers, Authorization: `Token ${API_KEY}` }, data } : { headers, data };
    },

    /** Of which click a request comes. */
    originOf({ doc, call, data }) {
      const request = call === "run" || call === "post" ? readRequest(data) : null;
      const click = request && doc.clicks.findLast((one) => one.confirmed && one.unit === request.unit && isOf(one, request));
      if (click) {
        click.sentAt ??= world.now;
      }
      return { doc, browser: doc.browser, user: doc.user, unit: request?.unit ?? null, click: click ?? null, doubled: false };
    },

    /** A service takes on a run. */
    started(origin, given) {
      const n = world.count("start");
      const scripted = plan.starts?.[n] ?? {};
      const roll = (what) => world.chance(what, n);
      const longest = plan.features.longRuns ? 2.5 * plan.timeout : 40_000;
      const queue = given.queue ?? scripted.queue ?? (plan.features.queues ? 60_000 * roll("queue") ** 2 : 1500 * roll("queue"));
      const endless = plan.features.longRuns && roll("endless") < 0.05;
      const length = given.length ?? scripted.length ?? (endless ? 1e9 : 500 * (longest / 500) ** roll("length"));
      const ends = plan.features.badEnds && roll("bad") < 0.4;
      const bad = origin.unit[0] === "k" ? "failed" : ["failed", "canceled", "skipped"][Math.floor(roll("end") * 3)];
      const start = {
        n,
        unit: origin.unit,
        click: origin.click,
        browser: origin.browser,
        user: origin.user,
        doubled: origin.doubled,
        executed: given.executed ?? true,
        at: world.now,
        begins: world.now + queue,
        ends: world.now + queue + length,
        outcome: given.outcome ?? scripted.outcome ?? (ends ? bad : "succeeded"),
        // One number for everything that names a run: job IDs, task IDs, names of flows and jobs.
        task: 1000 + n,
        token: null,
        /** When a page was told that the service took it on. */
        knownAt: null,
        /** When a page was told how it ended. */
        endKnownAt: null,
        /** When a page showed how it ended. */
        endShownAt: null,
        askedAt: 0,
        askedBy: undefined,
        answeredOf: undefined,
        quietUntil: undefined,
        lost: undefined,
        gaveUp: undefined,
        resumedAt: undefined,
        trouble: undefined,
        noticed: undefined,
        reloaded: undefined,
      };
      world.starts.push(start);
      origin.click?.starts.push(start);
      world.tell(
        () =>
          `    the service starts run ${n} of ${start.unit}${start.click ? "" : ", somebody else's"}, which ends ${start.outcome} at ${clock(start.ends - world.begin)}`,
      );
      world.happened("start", start);
      return start;
    },

    /** Another person runs the unit, in their own browser or on the service's own screen. */
    runElsewhere(unit) {
      services.find(([begin]) => begin === addressOf(unit, plan))[1].runElsewhere(unit);
    },
  };
}

function addressOf(unit, { features }) {
  return unit[0] === "k" ? ADDRESSES[unit === "k2" && features.twoAddresses ? 1 : 0] : TROCCO;
}
