// The panel of the probe: the steps, the user's tasks, and the report. It is outside kintone's own elements, because
// the probe observes what kintone does with those.

import { h } from "../runtime/view/element.js";
import { createSay } from "../runtime/view/say.js";
import { doubt, forget, load, note, report, save } from "./state.js";
import { automatic, nameOf, steps, withHelp } from "./steps.js";
import { language } from "./tenant.js";
import { firstShow, watchEvents } from "./watch.js";

const DONE = "runbutton-probe-done";

/** @param {import('./steps.js').Config} config */
export function startProbe(config) {
  const { step } = load();
  if (step >= 0 && step < steps(config).length - 1) watchEvents();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => show(config));
  else show(config);
}

/** @param {import('./steps.js').Config} config */
function show(config) {
  const say = createSay(language(), config.words);
  const style = h("style", {}, config.style);
  const box = h("section", { class: "rbp", "aria-label": say("probe.title") });
  document.body.append(style, box);
  const list = steps(config);

  const draw = () => {
    const { step } = load();
    box.dataset.step = step < 0 ? "start" : nameOf(list[step]);
    if (step < 0) drawStart();
    else if (list[step].says === "probe.end") drawEnd();
    else drawStep(step);
  };

  const drawStart = () => {
    /** @param {import("./steps.js").Step[]} some */
    const planned = (some) => h("ol", {}, ...some.map(({ says }) => h("li", {}, say(says))));
    const start = button(say("probe.start"), () => {
      save({ step: 0, facts: {}, observations: {} });
      // The handlers are registered while the page is loaded.
      location.reload();
    });
    box.replaceChildren(
      h("h2", {}, say("probe.title")),
      h("p", {}, say("probe.intro")),
      start,
      h("h3", {}, say("probe.automatic", { count: automatic(config).length })),
      planned(automatic(config)),
      h("h3", {}, say("probe.withHelp", { count: withHelp(config).length })),
      planned(withHelp(config)),
    );
  };

  /**
   * The progress: a bar of all steps, and the position within the group.
   *
   * @param {number} at
   */
  const progress = (at) => {
    const first = automatic(config).length;
    const [key, done, count] =
      at < first
        ? /** @type {const} */ (["probe.automaticStep", at, first])
        : /** @type {const} */ (["probe.withHelpStep", at - first, withHelp(config).length]);
    const words = h("p", { class: "rbp-group", id: "rbp-group" }, say(key, { step: done + 1, count }));
    const bar = h("progress", {
      max: String(list.length - 1),
      value: String(at),
      "aria-labelledby": "rbp-group",
    });
    return [bar, words];
  };

  /** @param {number} at */
  const drawStep = (at) => {
    const step = list[at];
    const { skips } = step;
    const skipTo = skips ? list.findIndex(({ says }) => says === skips) : at + 1;
    const words = [h("h2", {}, say("probe.title")), ...progress(at), h("p", { class: "rbp-step" }, say(step.says))];
    if (step.link) {
      const link = h("a", { href: step.link, target: "_blank", rel: "noopener" }, say("probe.open"));
      words.push(h("p", {}, link));
    }
    const skip = button(
      say("probe.skip"),
      () => {
        if (step.doubts) doubt(step.doubts);
        go(at, skipTo);
      },
      "",
    );
    const status = h("p", { role: "status" });
    const run = async () => {
      status.textContent = say(step.by === "person" ? "probe.waiting" : "probe.working");
      if (step.link) await firstShow;
      const found = await step.do().catch((error) => failed(nameOf(step), error));
      // Skipped meanwhile, or the user left the page.
      if (load().step !== at) return;
      if (found === null) {
        status.textContent = say(step.refusal ?? "probe.notYet");
        for (const pressed of box.querySelectorAll("button")) pressed.disabled = false;
        return;
      }
      note(found.facts, found.observations);
      go(at, at + 1);
    };
    if (step.by === "click") {
      const done = button(say(step.link ? "probe.done" : "probe.doIt"), () => {
        done.disabled = true;
        if (step.link) {
          // Only a page that is loaded afterwards sees what was done in the other tab.
          sessionStorage.setItem(DONE, step.says);
          location.reload();
        } else {
          run();
        }
      });
      words.push(done);
    }
    if (step.by !== "click" || sessionStorage.getItem(DONE) === step.says) run();
    sessionStorage.removeItem(DONE);
    box.replaceChildren(...words, skip, status);
  };

  const drawEnd = () => {
    const result = report(config.version);
    const json = JSON.stringify(result, null, 2);
    const area = /** @type {HTMLTextAreaElement} */ (
      h("textarea", { readonly: "", "aria-label": say("probe.json") }, json)
    );
    const status = h("p", { role: "status" });
    const copy = button(say("probe.copy"), async () => {
      area.select();
      await navigator.clipboard?.writeText(json);
      status.textContent = say("probe.copied");
    });
    const again = button(
      say("probe.forget"),
      () => {
        forget();
        draw();
      },
      "",
    );
    box.replaceChildren(
      h("h2", {}, say("probe.title")),
      h("p", {}, say("probe.end")),
      area,
      copy,
      again,
      status,
      h("p", {}, say("probe.byHand")),
    );
  };

  /**
   * @param {number} from
   * @param {number} to
   */
  const go = (from, to) => {
    const state = load();
    if (state.step !== from) return;
    save({ ...state, step: to });
    draw();
  };

  draw();
}

/**
 * @param {string} name
 * @param {unknown} error whose text may contain anything
 */
function failed(name, error) {
  return { facts: {}, observations: { [`${name} failed`]: error instanceof Error ? error.name : "unknown" } };
}

/**
 * @param {string} words
 * @param {() => void} click
 * @param {string} [className]
 */
function button(words, click, className = "rbp-main") {
  return /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: className, onClick: click }, words));
}
