const MINUTE = 60_000;

/** Rules about what is started. */
export const startRules = [
  {
    name: "oneStartAClick",
    on: {
      /** Never more starts than confirmed clicks. TROCCO's request that was doubled on its way is counted apart. */
      start(world, { click, doubled }) {
        if (!click) {
          return "a start without a confirmed click";
        }
        return !doubled && click.starts.filter((one) => !one.doubled).length > 1 && "a second start of one click";
      },
    },
    mutants: [
      {
        module: "services/trocco.js",
        text: "  const id = answer.json?.id;\n",
        instead: "  if (!answer.status) {\n    await ask(\"POST\", url, keyHeader(unit), body, !unit.apiKey);\n  }\n  const id = answer.json?.id;\n",
      },
    ],
  },
  {
    name: "noSecondStartUnasked",
    on: {
      /** No second start on a record while the browser knows of a run, unless the doubt was told. */
      start(world, start) {
        const { click, browser } = start;
        if (!click || !start.executed || start.outcome === "skipped" || !canKnow(world, browser)) {
          return null;
        }
        const untold = browser.known.find(
          (run) =>
            run !== start &&
            run.click !== click &&
            // Of a request that was doubled on its way the page knows one run.
            !run.click.starts.some(({ doubled }) => doubled) &&
            run.unit === start.unit &&
            sameRecord(run.click, click) &&
            run.click.at < click.at &&
            run.outcome !== "skipped" &&
            run.executed &&
            run.ends > world.now &&
            !run.click.told,
        );
        return untold && `run ${untold.n} is under way on this record, and the user was not told`;
      },
      /** Told is told: not at every click for ever. */
      confirmed(world, click) {
        if (click.doubt) {
          // Of a click, for its request may arrive only after that.
          world.clicks
            .filter((one) => one.browser === click.browser && one.unit === click.unit && sameRecord(one, click))
            .filter((one) => one !== click && one.confirmed)
            .forEach((one) => (one.told = true));
        }
      },
    },
    mutants: [
      {
        module: "run/view.js",
        text: "return doubtful || view.state === \"unknown\" || (",
        instead: "return false && (",
      },
      {
        module: "run/others.js",
        text: "if (!known()) {",
        instead: "if (true) {",
      },
    ],
  },
  {
    name: "fourStartsAMinute",
    on: {
      /** A browser starts an address at most four times a minute. */
      request(world, sent) {
        const { browser } = sent.doc.tab;
        if (sent.call !== "run" || world.plan.storage !== "works" || browser.cleared) {
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
    mutants: [
      {
        module: "services/krewdata.js",
        text: "starts: 4,",
        instead: "starts: 7,",
      },
      {
        module: "run/rate-limit.js",
        text: "runbutton/starts/${address}",
        instead: "runbutton/starts/${address}/${clock.now()}",
      },
    ],
  },
];

/** @param {Sent} sent */
function tokenOf({ data }) {
  return JSON.parse(data).accessToken;
}

/** Whether the browser remembers its runs: what is cleared or refused is not there, and without locks hardly anything is certain. */
export function canKnow({ plan }, browser) {
  return plan.storage === "works" && !plan.features.noLocks && !browser.cleared;
}

export function sameRecord(a, b) {
  return a.record === b.record ? a.record !== "create" || a.doc === b.doc : a.saved === b.record || b.saved === a.record;
}
