import { gotAnswer, gotNone, runOf } from "./knowledge.js";

/** Faults of a request, each switched on or off by world. */
export const FAULTS = [
  "loseRequest",
  "deliverLate",
  "loseAnswer",
  "neverAnswer",
  "delay",
  "repeat",
  "refuse",
  "tooMany",
  "serverError",
  "html",
  "nothing",
  "cut",
  "cross",
];

const HTML = "<!DOCTYPE html><title>Error</title>";

const ANOTHERS = JSON.stringify({ id: 1, job_definition_id: 999, pipeline_definition_id: 999, status: "succeeded" });

const REJECTIONS = ['{"code":"GAIA_PR01","id":"x1","message":"Failed to connect."}', HTML, "", undefined];

/**
 * kintone's proxy: forwards requests from documents to the services, with typical proxy faults for some of them.
 *
 * @param {World} world
 */
export function createProxy(world) {
  return {
    /**
     * @param {any} doc
     * @param {string} url
     * @param {string} method
     * @param {any} headers
     * @param {any} data
     * @param {boolean} stored whether the plug-in's settings add their part
     */
    send(doc, url, method, headers, data, stored) {
      const call = callOf(url, method);
      const n = world.count(call);
      /** @type {Sent} */
      const sent = {
        doc,
        call,
        n,
        url,
        method,
        headers,
        data,
        stored,
        at: world.now,
        over: false,
        click: undefined,
        start: undefined,
        fault: undefined,
        overAt: undefined,
        never: undefined,
        cut: undefined,
        breakOff: undefined,
      };
      world.sent.push(sent);
      const origin = world.originOf(sent);
      sent.click = origin.click;
      sent.start = runOf(world, sent);
      world.happened("request", sent);
      const roll = (/** @type {string} */ what) => world.chance(`${call}-${what}`, n);
      const slow = world.plan.features.slowNetwork && roll("slow") < 0.15 ? 60 : 1;
      const { roundTrip } = world.plan;
      const there = roundTrip ? roundTrip / 2 : (20 + 130 * roll("there")) * slow;
      const back = roundTrip ? roundTrip / 2 : (20 + 130 * roll("back")) * slow;
      const fault = world.faultOf(call, n, world.plan.faults, world.plan.faultRate);
      sent.fault = fault;
      const full = stored ? world.withStored(url, headers, data) : { headers, data };
      world.tell(() => `${doc.tab.name}: ${call} #${n} is sent${fault ? `; the proxy's fault: ${fault}` : ""}`);

      const reach = () => {
        const answer = world.serviceOf(url).answer(url, method, full.headers, textOf(full.data), origin);
        world.tell(() => `    ${call} #${n} arrives; the answer: ${answer.status} ${answer.text.slice(0, 160)}`);
        return answer;
      };

      return new Promise((resolve, reject) => {
        const slept = doc.browser.sleeps;
        sent.breakOff = () => {
          sent.over = true;
          sent.cut = true;
          world.forDocument(doc, world.now, () => {
            world.tell(() => `    ${doc.tab.name}, on its way out, is told that ${call} #${n} broke off`);
            gotNone(world, sent);
            reject("");
          });
        };
        /** @param {number} at @param {any} answer null is a rejection */
        const answered = (at, answer) =>
          world.forDocument(doc, at, () => {
            const broken = doc.browser.sleeps > slept && roll("asleep") < 0.5;
            if (sent.over) {
              return;
            }
            sent.over = true;
            sent.overAt = world.now;
            if (answer && !broken) {
              if (fault === "delay") {
                world.tell(() => `    ${doc.tab.name} has the answer to ${call} #${n}`);
              }
              gotAnswer(world, sent, answer);
              world.happened("answer", sent, answer);
              resolve([answer.text, answer.status, answer.headers]);
            } else {
              world.tell(() => `    ${doc.tab.name} is told that ${call} #${n} failed`);
              gotNone(world, sent);
              reject(REJECTIONS[Math.floor(roll("rejection") * REJECTIONS.length)]);
            }
          });
        const arrives = world.now + there;
        const gives = arrives + back;
        const later = 1000 + 8000 * roll("later");
        const deliver = (/** @type {(answer: any) => void} */ then) => world.at(arrives, () => then(reach()));
        switch (fault) {
          case "loseRequest":
            return answered(gives + later, null);
          case "deliverLate":
            answered(gives + later, null);
            return world.at(gives + later + 90_000 * roll("late") ** 2, reach);
          case "loseAnswer":
            deliver(() => {});
            return answered(gives + later, null);
          case "neverAnswer":
            sent.never = true;
            return roll("delivered") < 0.5 ? deliver(() => {}) : undefined;
          case "delay":
            return deliver((answer) => answered(gives + 300_000 * roll("delay") ** 2, answer));
          case "repeat":
            return deliver((first) =>
              world.at(world.now + 200 * roll("again"), () => {
                origin.doubled = true;
                if (origin.click) {
                  origin.click.repeated = true;
                }
                const second = reach();
                answered(world.now + back, world.plan.scripted || roll("which") < 0.5 ? second : first);
              }),
            );
          case "refuse":
          case "tooMany": {
            const status = fault === "refuse" ? [400, 401, 403, 404, 413][Math.floor(roll("status") * 5)] : 429;
            const text = ['{"message":"No"}', HTML, "", '{"code":'][Math.floor(roll("body") * 4)];
            return answered(gives, { status, text, headers: {} });
          }
          case "serverError": {
            const answer = {
              status: [500, 502, 503, 504][Math.floor(roll("status") * 4)],
              text: [HTML, "", "{}"][Math.floor(roll("body") * 3)],
              headers: {},
            };
            return roll("delivered") < 0.5 ? deliver(() => answered(gives, answer)) : answered(gives, answer);
          }
          case "html":
            return deliver((answer) => answered(gives, { ...answer, status: 200, text: HTML }));
          case "nothing":
            return deliver((answer) => answered(gives, { ...answer, text: "" }));
          case "cut":
            return deliver((answer) => {
              // Often only the end is missing.
              const kept = roll("end") < 0.5 ? answer.text.length - 1 : 1 + roll("cut") * (answer.text.length - 1);
              answered(gives, { ...answer, text: answer.text.slice(0, kept) });
            });
          // The answer to another user's request.
          case "cross":
            return deliver((answer) => answered(gives, call === "post" || call === "get" ? { ...answer, text: ANOTHERS } : answer));
          default:
            return deliver((answer) => answered(gives, answer));
        }
      });
    },
  };
}

/** @param {string} url @param {string} method */
function callOf(url, method) {
  const last = url.split("?")[0].split("/").pop();
  if (last === "token" || last === "run" || last === "status") {
    return last;
  }
  if (method === "POST") {
    return "post";
  }
  return last === "jobs" ? "list" : "get";
}

/** @param {any} data */
function textOf(data) {
  return typeof data === "string" ? data : JSON.stringify(data);
}
