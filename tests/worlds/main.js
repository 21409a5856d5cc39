import { planOf } from "./plan.js";
import { planOfStory, stories } from "./stories.js";
import { figuresOf, planOfPolling, runsOf } from "./polling.js";
import { rules } from "./rules.js";
import { shrink } from "./shrink.js";
import { GLOBALS } from "./tab.js";
import { createWorld } from "./world.js";

/** This many worlds take turns: one step of each, then all their promises are resolved together. */
const ABREAST = 32;

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Everything that promises have to do is done before it resolves. */
function settled() {
  return new Promise((resolve) => {
    waiting.push(() => resolve(undefined));
    channel.port2.postMessage(null);
  });
}

let rejected = /** @type {string[]} */ ([]);
/** Plans of worlds in one of which a rejection was not handled. */
let unsettled = /** @type {Plan[]} */ ([]);
self.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  rejected.push(String(event.reason?.stack ?? event.reason));
});

/**
 * Lets worlds run until they are over.
 *
 * @param {Iterator<Plan>} plans
 * @param {Function} program
 * @param {(world: World) => boolean} over whether to go on
 * @param {((line: string) => void) | null} [listen]
 */
async function runWorlds(plans, program, over, listen = null, abreast = ABREAST) {
  /** @type {World[]} */
  let worlds = [];
  let more = true;
  rejected = [];
  unsettled = [];
  for (;;) {
    while (more && worlds.length < abreast) {
      const { value, done } = plans.next();
      if (done) {
        more = false;
      } else {
        worlds.push(createWorld(value, program, listen));
      }
    }
    if (!worlds.length) {
      return;
    }
    let anyOver = false;
    for (const world of worlds) {
      world.step();
      anyOver ||= world.over;
    }
    await settled();
    if (rejected.length) {
      // The world of a rejection is unknown, unless there is only one.
      unsettled.push(...worlds.map(({ plan }) => plan));
      if (abreast === 1) {
        worlds[0].happened("unhandled", rejected[0]);
      }
      rejected = [];
    }
    // An error in a promise appears one step later.
    if (anyOver) {
      const done = worlds.filter((world) => world.over);
      worlds = worlds.filter((world) => !world.over);
      if (done.map(over).includes(false)) {
        return;
      }
    }
  }
}

/** @param {Plan} plan @param {Function} program @param {((line: string) => void) | null} [listen] @returns {Promise<World>} */
async function runOne(plan, program, listen = null) {
  /** @type {any} */
  let ended;
  await runWorlds([plan][Symbol.iterator](), program, (world) => ((ended = world), true), listen, 1);
  return ended;
}

/** @param {number} from @param {number} count @param {PlanKind} kind @param {string[]} except rules that are not asked */
function* plansOf(from, count, kind, except) {
  for (let n = 0; n < count; n++) {
    yield { ...planOf(from + n, kind), except };
  }
}

/** @param {number | string} seed or a story's name @param {PlanKind} kind */
function planNamed(seed, kind) {
  if (typeof seed === "number") {
    return planOf(seed, kind);
  }
  const story = stories.find(({ name }) => name === seed);
  if (!story) {
    throw new Error(`There is no story ${seed}.`);
  }
  return planOfStory(story);
}

/**
 * The runtime's program: a function that runs it in a document with these globals.
 *
 * @param {{shared: string, names: string, document: string}} program
 */
function compile({ shared, names, document }) {
  const globals = GLOBALS.join(", ");
  return new Function(`"use strict";
    let shared;
    { const share = (all) => { shared = all; }; ${shared} }
    const { ${names} } = shared;
    return (${globals}) => { ${document} };`)();
}

/** The worker's functions. */
const COMMANDS = {
  /**
   * Runs `count` worlds; stops after `most` that broke a rule, or `rule` if given.
   *
   * @param {{program: Program, from: number, count: number, kind: PlanKind, most: number, rule: string | null}} asked
   */
  async run({ program, from, count, kind, most, rule = null, except = [] }) {
    const compiled = compile(program);
    const figures = { worlds: 0, clicks: 0, starts: 0, calls: 0, tabs: 0, hours: 0, doubled: 0 };
    /** @type {{seed: number, rule: string, wrong: string}[]} */
    const broken = [];
    const began = performance.now();
    await runWorlds(plansOf(from, count, kind, except), compiled, (world) => {
      figures.worlds += 1;
      figures.clicks += world.clicks.filter(({ confirmed }) => confirmed).length;
      figures.starts += world.starts.length;
      figures.doubled += world.starts.filter(({ doubled }) => doubled).length;
      figures.calls += world.sent.length;
      figures.tabs += world.tabs.length;
      figures.hours += world.spent();
      if (world.broken && (!rule || world.broken.rule === rule)) {
        broken.push({ seed: world.plan.seed, ...world.broken });
      }
      return broken.length < most;
    });
    const seconds = (performance.now() - began) / 1000;
    for (const plan of broken.length < most ? [...unsettled] : []) {
      const world = await runOne(plan, compiled);
      if (world.broken && !broken.some(({ seed }) => seed === plan.seed) && (!rule || world.broken.rule === rule)) {
        broken.push({ seed: plan.seed, ...world.broken });
      }
    }
    return { figures, broken, seconds };
  },

  /** The story of one seed or of a named story, as it is and at its shortest. */
  async story({ program, seed, kind, short, except = [] }) {
    const compiled = compile(program);
    const whole = { ...planNamed(seed, kind), except };
    const first = await runOne(whole, compiled);
    const plan = short && first.broken ? await shrink(whole, first.broken.rule, (one) => runOne(one, compiled)) : whole;
    /** @type {string[]} */
    const lines = [];
    const { broken } = await runOne(plan, compiled, (line) => lines.push(line));
    const { features, faults, storage, timeout, switches, actions } = plan;
    const on = Object.keys(features).filter((name) => features[name]);
    return { broken, lines, plan: { features: on, faults, storage, timeout, switches, actions: actions.length } };
  },

  /** The number of status requests, and how late the ends of runs are known. */
  async polling({ program, units }) {
    /** @type {ReturnType<typeof runsOf>} */
    const runs = [];
    const plans = Array.from({ length: units }, (_, n) => planOfPolling(n));
    await runWorlds(plans.values(), compile(program), (world) => {
      if (world.broken) {
        throw new Error(`${world.broken.rule}: ${world.broken.wrong}`);
      }
      runs.push(...runsOf(world));
      return true;
    });
    const parts = { first: runs.filter(({ isFirst }) => isFirst), later: runs.filter(({ isFirst }) => !isFirst), all: runs };
    return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, figuresOf(part)]));
  },

  rules: async () => rules.map(({ name }) => name),
};

self.onmessage = async ({ data: { id, command, asked } }) => {
  try {
    self.postMessage({ id, answer: await COMMANDS[command](asked) });
  } catch (error) {
    self.postMessage({ id, error: String(error?.stack ?? error) });
  }
};
