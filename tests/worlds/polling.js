import { chance } from "./chance.js";
import { planOfStory } from "./stories.js";

const ROUND_TRIP = 300;
const SHORT = 120_000;
const FIXED = 5000;
const RUNS = 5;

/**
 * The world of a unit that runs five times, one run after the other: a first run, and four more that take as long give or
 * take 15 %; from 2 s to 60 min, log-uniform. One page is in sight all the time, and nothing goes wrong.
 *
 * @param {number} n
 * @returns {Plan}
 */
export function planOfPolling(n) {
  const typical = 2000 * 1800 ** chance(1, "typical", n);
  /** @type {Record<number, {queue: number, length: number}>} */
  const starts = {};
  const actions = [];
  let at = 1;
  for (let nth = 1; nth <= RUNS; nth++) {
    const length = typical * (0.85 + 0.3 * chance(nth, "length", n));
    starts[nth] = { queue: 0, length };
    actions.push({ at: Math.round(at * 1000), kind: "click", tab: 1, choice: 0 });
    at += length / 1000 + 120;
  }
  return planOfStory({ units: ["t1"], features: ["noConfirmation"], timeout: 7_200_000, roundTrip: ROUND_TRIP, starts, actions });
}

/** The status requests for a world's runs. @param {World} world */
export function runsOf({ starts, sent }) {
  return starts.map((start, nth) => {
    const asked = sent.filter((one) => one.start === start).map(({ at }) => at);
    const gaps = asked.slice(1).map((at, n) => at - asked[n] - ROUND_TRIP);
    return {
      isFirst: nth === 0,
      length: start.ends - start.at,
      questions: asked.length,
      late: start.endShownAt - start.ends - ROUND_TRIP,
      firstAsked: asked[0] - start.knownAt,
      soonest: Math.min(...gaps, Infinity),
      seldomest: Math.max(...gaps, 0),
    };
  });
}

/** @param {ReturnType<typeof runsOf>} runs */
export function figuresOf(runs) {
  const short = runs.filter(({ length }) => length <= SHORT);
  const long = runs.filter(({ length }) => length > SHORT);
  const average = (/** @type {number[]} */ numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
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
