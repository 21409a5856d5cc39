import { readRequest } from "../units.js";

/** Rules about values that the user types. */
export const askingRules = [
  {
    name: "nothingBeforeItIsTyped",
    on: {
      /** Nothing is sent to start a run before its user has typed a right value and confirmed. */
      request(world, { call, doc, data }) {
        if (!world.plan.features.asks || !["token", "run", "post"].includes(call)) {
          return null;
        }
        const unit = call === "token" ? null : readRequest(data).unit;
        const isTyped = (/** @type {Click} */ one) => one.typed && one.confirmed && (unit ? one.unit === unit : one.unit[0] === "k");
        return unit !== "w1" && !doc.clicks.some(isTyped) && `${call} is sent, and nobody has typed and confirmed a value`;
      },
    },
  },
  {
    name: "sentIsShown",
    on: {
      /** The question shows the typed value and the words of the choice. */
      asked(world, doc, { click, body }) {
        const words = world.plan.features.japanese ? "全件" : "All of it";
        const isShown = body.includes(click?.typed) && body.includes(words);
        return click?.typed && !isShown && `the question does not show ${click.typed} and ${words}`;
      },
      /** What is sent is a typed value that was confirmed, and the value of the choice. */
      request(world, { call, doc, data }) {
        if (!world.plan.features.asks || (call !== "run" && call !== "post")) {
          return null;
        }
        const { unit, typed } = readRequest(data);
        const isTyped = doc.clicks.some((one) => one.unit === unit && one.confirmed && one.typed === typed?.[0]);
        return unit !== "w1" && !(isTyped && typed[1] === "full") && `${typed} is sent, which was not shown`;
      },
    },
  },
  {
    name: "canceledIsOver",
    on: {
      /** After a cancel of the form nothing is asked. */
      asked: (world, doc, { click }) => click?.canceled && "it asks to run after the form was canceled",
    },
  },
  {
    name: "typedIsNotKept",
    on: {
      stored: (world, doc, key, value) => isKept(world, doc, value),
      storedInSession: (world, doc, key, value) => isKept(world, doc, value),
    },
  },
];

/** @param {World} world @param {Doc} doc @param {string | null} value */
function isKept(world, doc, value) {
  return (
    world.plan.features.asks &&
    doc.clicks.some(({ typed }) => typed && value?.includes(typed)) &&
    "a typed value is written to the browser's storage"
  );
}
