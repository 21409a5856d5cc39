import { canKnow } from "./starts.js";

/** Rules about the page around a run. */
export const pageRules = [
  {
    name: "noErrorEscapes",
    on: {
      /** No exception comes out of a handler or a timer, and no rejection stays unhandled. */
      thrown: (world, doc, error) => `${error?.stack ?? error}`,
      unhandled: (world, reason) => `an unhandled rejection: ${reason}`,
      /** What run.js catches is a mistake too. */
      view: (world, face, { problem }) =>
        problem?.happened === "run.unexpected" && `it says “${problem.happened}” ${problem.text}`,
    },
    mutants: [
      {
        module: "page/storage.js",
        text: "} catch {",
        instead: "} catch (error) {\n      throw error;",
      },
      {
        module: "page/main.js",
        text: ".catch((error) => console.error(\"Runbutton:\", error))",
        instead: "",
      },
    ],
  },
  {
    name: "oneButtonAUnit",
    on: {
      /** A page never has two buttons of one unit. */
      mounted(world, doc) {
        const units = doc.header.map(({ unit }) => unit);
        return new Set(units).size < units.length && `${doc.tab.name} has ${units}`;
      },
    },
    mutants: [
      {
        module: "page/main.js",
        text: "?.remove()",
        instead: "",
      },
    ],
  },
  {
    name: "eventsAreReturned",
    on: {
      /** kintone's events are returned to it. */
      unreturned: (world, doc, type) => type,
    },
    mutants: [
      {
        module: "page/kintone.js",
        text: "record });\n        }\n        return event;",
        instead: "record });\n        }\n        return undefined;",
      },
    ],
  },
  {
    name: "reloadsOnlyAfterSuccess",
    on: {
      /** The page reloads itself once after a success, never during another start or dialog, nor over a form. */
      reload(world, doc) {
        const { browser } = doc.tab;
        // Where tabs cannot know of each other each one follows the run, and reloads for itself. So does one that shows
        // its page only after the word of the end has gone by: it has what it was duplicated with, and asks once more.
        const counts = (/** @type {{tab: Tab, at: number}} */ { tab, at }) =>
          tab === doc.tab || (canKnow(world, browser) && at > doc.shownAt);
        // A job that was found in place of a lost start may be somebody else's, and is followed where the user wants so.
        const isOwn = (/** @type {Start} */ { browser: by, unit }) =>
          by === browser || world.clicks.some((click) => click.offered && click.browser === browser && click.unit === unit);
        const start = world.starts.find(
          (one) => isOwn(one) && one.outcome === "succeeded" && one.ends <= world.now && !(one.reloaded ?? []).some(counts),
        );
        if (!start) {
          return "it reloads itself without a new success";
        }
        if (start) {
          start.reloaded = [...(start.reloaded ?? []), { tab: doc.tab, at: world.now }];
        }
        if (doc.page.kind === "edit" || doc.page.kind === "create") {
          return "it reloads itself over a form";
        }
        const face = doc.header.find(({ view }) => view && ["starting", "confirming"].includes(view.state) && !view.elsewhere);
        return face && `it reloads itself while ${face.unit} is ${face.view.state}`;
      },
    },
    mutants: [
      {
        module: "page/refresh.js",
        text: "? null : !form && !starting;",
        instead: "? true : true;",
      },
    ],
  },
  {
    name: "clicksAreHeard",
    on: {
      /** A click shows something within some seconds. */
      click(world, click) {
        const { doc } = click;
        const { sleeps } = click.browser;
        world.at(world.now + 15_000, () => {
          if (doc.alive && !click.heard && click.browser.sleeps === sleeps && !doc.tab.hidden) {
            world.breaks("clicksAreHeard", `the click on ${click.unit} shows nothing`);
          }
        });
      },
    },
    mutants: [
      {
        module: "run/run.js",
        text: "if (showing || refused()) {",
        instead: "if (showing || refused() || !readNow(read)) {",
        from: 600,
      },
    ],
  },
];
