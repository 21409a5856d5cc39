// The data that a browser's pages have received about runs: the true state as far as they can know it.

const ENDS = ["Success", "Failure", "succeeded", "error", "canceled", "skipped"];

/** After so many lost answers in a row a page gives a run up. */
const LOST = 5;

/** After so long a call counts as lost, in milliseconds. */
const CALL_DEADLINE = 180_000;

/**
 * @param {World} world
 * @param {Sent} sent
 * @param {{text: string, status: number}} answer
 */
export function gotAnswer(world, sent, { text, status, headers }) {
  const found = read(text);
  if (sent.call === "run" || sent.call === "post") {
    const task = status < 300 && (found?.code ?? 200) === 200 && (found?.taskId ?? found?.id);
    const start = world.starts.find((one) => one.task === task);
    // A page does not wait for longer.
    if (start && world.now < sent.at + CALL_DEADLINE) {
      start.knownAt ??= world.now;
      world.runIsKnown();
      sent.click && (sent.click.accepted = start);
    } else if (sent.click) {
      sent.click.trouble = true;
    }
    return;
  }
  const { start } = sent;
  if (!start) {
    return;
  }
  if (status === 429) {
    start.quietUntil = Number(headers["X-Rate-Limit-Reset"]) * 1000 || 0;
  }
  const word = found?.taskStatus ?? found?.status;
  const good = sent.fault !== "cross" && status < 300 && typeof word === "string" && (found.code ?? 200) === 200 && text.endsWith("}");
  if (!good) {
    failed(world, start, sent.fault === "cross" || (status >= 400 && status < 500 && !(sent.call === "get" && status === 429)));
    return;
  }
  start.lost = 0;
  start.gaveUp = null;
  /** The time of the last answered request. */
  start.answeredOf = sent.at;
  if (ENDS.includes(word)) {
    start.endKnownAt ??= world.now;
  }
}

/**
 * A page writes down a run. Its ID tells which record of the log is about which click, and its state what there is to
 * record.
 *
 * @param {World} world
 * @param {Doc} doc
 * @param {string} key
 * @param {string} value
 */
export function began(world, doc, key, value) {
  const run = /^runbutton\/(?:[^/]*\/){3}/.test(key) ? read(value)?.run : null;
  if (!run?.id) {
    return;
  }
  const unit = key.split("/").at(-2);
  if (!world.runs.has(run.id) && run.state === "starting") {
    const click = doc.clicks.findLast((one) => one.unit === unit && one.confirmed && !one.runId);
    if (click) {
      click.runId = run.id;
      click.checking = false;
      // It counts from when the log has answered.
      click.at = world.now;
      world.runs.set(run.id, click);
    }
  }
  const click = world.runs.get(run.id);
  if (click && click.last?.state !== run.state) {
    click.last = { state: run.state, doc, at: world.now };
  }
}

/** @param {World} world @param {Sent} sent that came to nothing as far as its page knows */
export function gotNone(world, sent) {
  if (sent.click) {
    sent.click.trouble = true;
  }
  const { start } = sent;
  if (start) {
    failed(world, start, false);
  }
}

/** The run that a question is about. @param {World} world @param {Sent} sent @returns {Start | undefined} */
export function runOf(world, { call, url, data }) {
  if (call === "status") {
    const { taskId } = JSON.parse(data);
    return world.starts.find(({ task }) => task === taskId);
  }
  return call === "get" ? world.starts.find(({ task }) => task === Number(/(\d+)\/?$/.exec(url)?.[1])) : undefined;
}

function failed(world, start, refused) {
  start.lost = (start.lost ?? 0) + 1;
  if (refused || start.lost >= LOST) {
    start.gaveUp ??= world.now;
    start.trouble = true;
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
