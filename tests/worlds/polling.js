import { chance } from "./chance.js";

const ROUND_TRIP = 300;
const LONGEST = 3_600_000;
const SHORT = 120_000;
const FIXED = 5000;

/**
 * How runs are asked for, by the runtime's own follow(): of each unit a first run, and four more that take as long give
 * or take 15 %; from 2 s to 60 min, log-uniform.
 *
 * @param {number} units
 * @param {(clock: any, unit: any, ask: (now: number) => boolean, usual: number | null) => AsyncIterable<any>} following
 * @returns {Promise<Record<"first" | "later" | "all", Figures>>}
 */
export async function measurePolling(units, following) {
  const runs = [];
  for (let n = 0; n < units; n++) {
    const typical = 2000 * 1800 ** chance(1, "typical", n);
    const took = [];
    for (let nth = 0; nth < 5; nth++) {
      const length = typical * (0.85 + 0.3 * chance(nth, "length", n));
      const usual = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? null;
      const run = await watch(length, usual, following);
      took.push(length);
      runs.push({ length, isFirst: !nth, ...run });
    }
  }
  return { first: figuresOf(runs.filter(({ isFirst }) => isFirst)), later: figuresOf(runs.filter(({ isFirst }) => !isFirst)), all: figuresOf(runs) };
}

async function watch(length, usual, following) {
  let now = 0;
  let seen = 0;
  const asked = [];
  const wait = async (/** @type {number} */ delay) => void (now += Math.ceil(delay));
  const clock = { now: () => now, sleep: wait, pause: wait };
  const ask = () => {
    asked.push(now);
    const over = now >= length;
    now += ROUND_TRIP;
    return over;
  };
  for await (const _ of following(clock, { timeout: 2 * LONGEST }, ask, usual)) {
    seen = now;
  }
  const gaps = asked.slice(1).map((at, n) => at - asked[n] - ROUND_TRIP);
  return { questions: asked.length, late: seen - ROUND_TRIP - length, soonest: Math.min(...gaps, LONGEST), seldomest: Math.max(...gaps, 0), firstAsked: asked[0] };
}

function figuresOf(runs) {
  const short = runs.filter(({ length }) => length <= SHORT);
  const long = runs.filter(({ length }) => length > SHORT);
  const average = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const fixed = runs.reduce((sum, { length }) => sum + Math.ceil(length / FIXED), 0);
  return {
    runs: runs.length,
    questions: average(runs.map(({ questions }) => questions)),
    share: runs.reduce((sum, { questions }) => sum + questions, 0) / fixed,
    lateShort: average(short.map(({ late }) => late)),
    lateLong: average(long.map(({ late, length }) => late / length)),
    firstAsked: Math.max(...runs.map(({ firstAsked }) => firstAsked)),
    soonest: Math.min(...runs.map(({ soonest }) => soonest)),
    seldomest: Math.max(...runs.map(({ seldomest }) => seldomest)),
  };
}
