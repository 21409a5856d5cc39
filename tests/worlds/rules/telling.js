import { canKnow, isInSight, memoryOf } from "./facts.js";

/** Rules about output other than the panel: notices, reloads, events. */
export const tellingRules = [
  {
    name: "noticesAreTrue",
    on: {
      /** A notice of an end matches the run's end, once in each page. Unread notices are repeated before it. */
      notice(world, doc, type, message) {
        const lines = message.split("\n");
        const line = /** @type {string} */ (lines.at(-1));
        const [unit] = /\b[ktw]\d\b/.exec(line) ?? [];
        const clicks = world.clicks.filter((click) => click.unit === unit && click.user === doc.user && click.confirmed);
        if (lines.filter((one) => one === line).length > clicks.length) {
          return `${doc.tab.name} is told the same twice: ${line}`;
        }
        const state = world.words.stateIn(line);
        if (!["succeeded", "failed", "canceled"].includes(state) || !canKnow(world, doc.browser)) {
          return null;
        }
        const starts = world.starts.filter(
          (one) =>
            one.unit === unit &&
            (one.browser === doc.browser || world.words.offers(line)) &&
            (one.user === doc.user || world.words.offers(line)) &&
            one.outcome === state &&
            one.ends <= world.now &&
            !one.noticed?.includes(doc),
        );
        const start = starts.find(({ askedBy }) => askedBy?.doc === doc) ?? starts.at(-1);
        if (start) {
          start.noticed = [...(start.noticed ?? []), doc];
          if (doc.tab.hidden && start.askedBy && start.askedBy.doc !== doc) {
            return `${doc.tab.name}, out of sight, tells what it has only heard: ${line}`;
          }
        }
        return !start && `${doc.tab.name} has a notice of what did not end so, or was told before: ${line}`;
      },
    },
  },
  {
    name: "noticesAreNeeded",
    on: {
      /** No notice repeats what the visible page shows. */
      notice(world, doc, type, message) {
        const line = message.split("\n").at(-1);
        const [unit] = /\b[ktw]\d\b/.exec(line) ?? [];
        const record = /\d+/.exec(line.replace(unit, ""))?.[0];
        const sight = doc.sights.get(unit);
        const shows = sight?.element.isConnected && sight.line === line && isInSight(doc) && !world.plan.features.scrolled;
        const isThere = !record && ["index", "create"].includes(doc.page.kind);
        return shows && isThere && `${doc.tab.name} shows what its notice tells: ${line}`;
      },
    },
  },
  {
    name: "reloadsOnlyAfterSuccess",
    on: {
      pressed(world, doc, unit, what) {
        doc.renews ||= what === "wants the new values";
        return null;
      },
      /** The page reloads itself once after a success at its place, never during a start or dialog, nor over what is written. */
      reload(world, doc) {
        const { browser, user, page } = doc;
        if (doc.renews) {
          return null;
        }
        // If tabs cannot communicate, each one follows the run, and reloads itself.
        const counts = (/** @type {{tab: Tab, at: number}} */ { tab, at }) =>
          canKnow(world, browser) ? tab === doc.tab : tab === doc.tab && at > doc.shownAt;
        const isOwn = (/** @type {Start} */ { browser: by, user: of, click, unit }) =>
          (by === browser && of === user && click?.place === doc.place) ||
          memoryOf(world, doc, unit, doc.place).offered;
        const start = world.starts.find(
          (one) => isOwn(one) && one.outcome === "succeeded" && one.ends <= world.now && !(one.reloaded ?? []).some(counts),
        );
        if (!start) {
          return `${doc.tab.name} reloads itself without a new success of ${doc.place}`;
        }
        start.reloaded = [...(start.reloaded ?? []), { tab: doc.tab, at: world.now }];
        const { tab, place } = doc;
        world.at(world.now + 4000, () => {
          const sight = tab.doc.sights.get(start.unit);
          if (tab.open && tab.doc !== doc && tab.doc.place === place && tab.doc.user === doc.user && tab.doc.shownAt < world.now - 3000 && sight?.state === "idle" && !sight.last) {
            world.breaks("reloadsOnlyAfterSuccess", `${tab.name} has reloaded itself, and nothing tells of the end any more`);
          }
        });
        if (page.kind === "edit" || page.kind === "create") {
          return `${doc.tab.name} reloads itself over a form`;
        }
        if (doc.tree.active === doc.input && doc.input?.isConnected) {
          return `${doc.tab.name} reloads itself over what is being written`;
        }
        const [unit, sight] = [...doc.sights].find(([, { state }]) => state === "confirming") ?? [];
        return sight && `${doc.tab.name} reloads itself while ${unit} is ${sight.state}`;
      },
    },
  },
  {
    name: "eventsTellTheState",
    on: {
      /** Each change of data-state fires one bubbling event with that state, the unit and the record. */
      event(world, doc, event) {
        const { unit, record, state } = event.detail ?? {};
        const element = doc.tree.root.querySelector(`[data-runbutton="${unit}"]`);
        const told = (doc.told ??= new Map());
        const before = told.get(unit);
        told.set(unit, { state, place: doc.place, element });
        if (element?.dataset.state !== state) {
          return `an event tells ${state} of ${unit}, which is ${element?.dataset.state}`;
        }
        const shown = doc.page.kind === "detail" || doc.page.kind === "edit" ? doc.page.record : null;
        if (String(record ?? null) !== String(shown)) {
          return `an event tells of record ${record} on ${doc.place}`;
        }
        return before?.state === state && before.place === doc.place && before.element === element && `an event tells ${state} of ${unit} twice`;
      },
    },
  },
];
