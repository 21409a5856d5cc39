import { withGiven } from "../runtime/ask/given.js";
import { createAsk } from "../runtime/page/proxy.js";
import { recordUrl } from "../runtime/page/record-url.js";
import { createStore } from "../runtime/page/storage.js";
import { createLedger } from "../runtime/run/ledger.js";
import { createLocks } from "../runtime/run/locks.js";
import { tooSoon } from "../runtime/run/problems.js";
import { createRun } from "../runtime/run/run.js";
import { spoken } from "../runtime/view/duration.js";
import { createSay } from "../runtime/view/say.js";
import { ranNothing, statusLine, stepName } from "../runtime/view/statusline.js";
/** @import { Clock } from "../runtime/page/clock.js" */
/** @import { CallProxy } from "../runtime/page/kintone.js" */
/** @import { Step } from "../runtime/run/entry.js" */
/** @import { Problem } from "../runtime/run/problems.js" */
/** @import { PlaceRun, RunView } from "../runtime/run/run.js" */
/** @import { Say, Sections } from "../runtime/view/say.js" */

/**
 * The terminal's view of a run, in the user's language: `line` is the current activity, `words` whether anything ran
 * and what to do, `own` the service's own code and text, `reason` the error. `started`: the service accepted the run.
 *
 * @typedef {object} TerminalView
 * @property {RunView["state"]} state
 * @property {boolean} started
 * @property {number | null} startedAt
 * @property {number | null} endedAt
 * @property {string} reason
 * @property {string} line
 * @property {{name: string, state: Step["state"], words: string}[]} steps
 * @property {string[]} words
 * @property {string} own
 * @property {string} link
 */

const NO_NEWS = { startedAt: null, endedAt: null, reason: "", line: "", steps: [], words: [], own: "", link: "" };

/** @type {Problem} */
const NO_RECORD = { happened: "terminal.noRecord", ran: "ran.nothing", advice: "terminal.giveRecord" };

/**
 * Runs one unit without a page, for `runbutton run`: with the page's modules and words, but without other tabs,
 * confirmation and storage.
 *
 * @param {Service[]} services one of which runs the unit
 * @param {import("../runtime/log/open-log.js").LogFeatures & {openLog?: typeof
 *   import("../runtime/log/open-log.js").openLog}} features for a unit with a log
 * @param {{words: Partial<Record<string, Sections>>}} config the script's data
 * @param {TerminalJob} job
 * @param {object} calls
 * @param {(request: string) => Promise<string>} calls.send takes method, url, headers and data as JSON; answers with
 *   kintone's triple as JSON, or with {lost} or {notSent}, and a line that says why
 * @param {(limit: string) => Promise<number>} calls.take counts a start, with its limit as JSON: 0, or milliseconds to
 *   wait
 * @param {(request: string) => Promise<string>} calls.callRecords takes method, path and body of a request to kintone's
 *   REST API as a JSON list; returns `answer`, or `error` in kintone's format
 * @param {(view: string) => unknown} calls.show gets a TerminalView as JSON after each change
 * @returns {Promise<string>} as JSON: the last TerminalView in `view`, and why the run could not be recorded in `note`, or
 *   the empty text
 */
export async function runInTerminal(services, features, { words }, job, calls) {
  const { send, take, callRecords, show } = calls;
  const { unit, user, answers } = job;
  const service = /** @type {Service} */ (services.find(({ names }) => names.includes(unit.service)));
  const say = createSay(user.language, words);
  const sends = service.sends(unit);
  const urlOf = (/** @type {string | number | null} */ id) =>
    recordUrl(/** @type {Location} */ (job.location), job.shown.appId, id);
  const ownUrl = job.location && job.shown.recordId ? urlOf(job.shown.recordId) : "";
  const shown = { ...job.shown, record: withGiven(unit, sends, job.shown.record, { answers, user, url: ownUrl }) };
  const clock = createTerminalClock(job.clock);
  let started = false;
  /** @type {TerminalView} */
  let last = { state: "idle", started, ...NO_NEWS };
  /** @type {CallProxy} */
  const callProxy = async (url, method, headers, data) => {
    const answer = JSON.parse(await send(JSON.stringify({ url, method, headers, data })));
    return Array.isArray(answer) ? /** @type {any} */ (answer) : Promise.reject(answer.lost ?? answer);
  };
  const local = createStore(() => {
    throw new Error("A terminal has no storage.");
  });
  /** @type {PlaceRun | null} */
  let run = null;
  const ledger = createLedger("runbutton/terminal", local, clock, (key, isOwn) => {
    run?.changed(isOwn);
    log?.changed(key, isOwn);
  });
  const world = {
    ask: createAsk(callProxy, callProxy, clock),
    clock,
    ledger,
    local,
    locks: createLocks(undefined),
    page: {
      isHidden: () => false,
      isLeft: () => false,
      onChange: () => () => {},
      changed: () => new Promise(() => {}),
    },
    random: () => Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2),
  };
  /** @type {import("../runtime/log/rows.js").CallRecords} */
  const records = async (method, path, body) => {
    const { answer, error } = JSON.parse(await callRecords(JSON.stringify([method, path, body])));
    return error ? Promise.reject(error) : answer;
  };
  const log = features.openLog?.(
    records,
    Number(unit.log),
    {
      clock,
      ledger,
      say,
      appId: shown.appId,
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      urlOf,
      unitOf: () => unit,
      serviceOf: () => service.title ?? unit.service,
    },
    features,
    () => {},
  );
  const key = ledger.keyOf(unit.id, String(shown.recordId ?? shown.page));
  run = createRun(unit, log?.startOf(unit, service, () => key) ?? service, "unit", key, world, () => {});
  run.watch((view) => {
    started ||= view.state === "queued" || view.state === "running";
    last = inWords(view, started, say);
    show(JSON.stringify(last));
  });
  /** @param {number} seconds */
  const tellWait = (seconds) =>
    show(JSON.stringify({ ...last, state: "starting", line: say("terminal.startsIn", { seconds }) }));
  const isMissing = (/** @type {string} */ code) => !Object.hasOwn(shown.record, code);
  const needsRecord = sends === "all" || sends.some(isMissing);
  const problem = shown.recordId === null && needsRecord && !Object.keys(job.shown.record).length ? NO_RECORD : null;
  await run.click(
    { now: () => shown, soon: async () => shown },
    user,
    problem ?? service.refuse(unit, shown) ?? (await allowed(service, job, clock, take, tellWait)),
    async () => true,
  );
  await log?.done();
  const note = log?.noteOf(ledger.get(key).run?.id ?? "") ?? "";
  return JSON.stringify({ view: last, note });
}

/**
 * @param {RunView} view
 * @param {boolean} started whether the service accepted the run
 * @param {Say} say
 * @returns {TerminalView}
 */
function inWords(view, started, say) {
  const { problem, link } = view;
  return {
    state: view.state,
    started,
    startedAt: view.startedAt,
    endedAt: view.endedAt,
    reason: problem ? say(problem.happened, problem.values) : "",
    line: statusLine(view, say),
    steps: view.steps.map((step) => ({
      name: stepName(step, say),
      state: step.state,
      words: [say(`steps.${step.state}`), step.took === undefined ? "" : spoken(step.took, say)]
        .filter(Boolean)
        .join(" "),
    })),
    words: problem
      ? [
          problem.ran && !ranNothing(view) && say(problem.ran),
          // A terminal has no button for the page's advice.
          say(view.canResume ? "terminal.lookUp" : problem.advice, problem.values),
        ].filter(isNotEmpty)
      : [],
    own: problem ? [problem.code, problem.text].filter(isNotEmpty).join(" ") : "",
    link: link ? `${say(link.words)}${say("page.colon")}${link.href}` : "",
  };
}

/**
 * @param {string | false | undefined} text
 * @returns {text is string}
 */
function isNotEmpty(text) {
  return Boolean(text);
}

/**
 * Waits until the service allows another start, or returns the time until then.
 *
 * @param {Service} service
 * @param {TerminalJob} job
 * @param {Clock} clock
 * @param {(limit: string) => Promise<number>} take
 * @param {(seconds: number) => void} tellWait
 * @returns {Promise<Problem | null>}
 */
async function allowed({ limit }, job, clock, take, tellWait) {
  if (!limit) {
    return null;
  }
  const counted = { address: limit.address(job.unit), starts: limit.starts, within: limit.within };
  for (;;) {
    const left = await take(JSON.stringify({ ...counted, now: clock.now() }));
    if (left <= 0 || !job.wait) {
      return tooSoon(left, clock.now());
    }
    tellWait(Math.ceil(left / 1000));
    await clock.sleep(Math.min(left, 1000));
  }
}

/**
 * @param {TerminalJob["clock"]} of the services; a preview's may be ahead and faster
 * @returns {Clock}
 */
function createTerminalClock({ ahead, speed }) {
  const began = Date.now();
  const now = () => began + ahead + (Date.now() - began) * speed;
  /** @param {number} delay */
  const sleep = (delay) =>
    new Promise((/** @type {(value: void) => void} */ resolve) => {
      setTimeout(resolve, delay / speed);
    });
  return { now, sleep, pause: sleep, every: () => () => {}, ticks: now };
}
