/** Rules about the page around a run. */
export const pageRules = [
  {
    name: "noErrorEscapes",
    on: {
      /** No exception comes out of a handler or a timer, and no rejection stays unhandled. */
      thrown: (world, doc, error) => `${error?.stack ?? error}`,
      unhandled: (world, reason) => `an unhandled rejection: ${reason}`,
<<<<<<< HEAD
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
=======
      /** What the runtime catches itself is a mistake too. */
      sight: (world, doc, unit, { text }) => world.runtime.words.unexpected(text) && `it says “${text}”`,
    },
    mutants: ["storage-throws", "rejection-escapes"],
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
  },
  {
    name: "oneButtonAUnit",
    on: {
      /** A page never has two buttons of one unit. */
      twice: (world, doc, elements) => `${doc.tab.name} has ${elements.map(({ dataset }) => dataset.runbutton)}`,
    },
<<<<<<< HEAD
    mutants: [
      {
        module: "page/main.js",
        text: "?.remove()",
        instead: "",
      },
    ],
=======
    mutants: ["old-button-stays"],
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
  },
  {
    name: "eventsAreReturned",
    on: {
      /** kintone's events are returned to it. */
      unreturned: (world, doc, type) => type,
    },
<<<<<<< HEAD
    mutants: [
      {
        module: "page/kintone.js",
        text: "record });\n        }\n        return event;",
        instead: "record });\n        }\n        return undefined;",
      },
    ],
=======
    mutants: ["event-not-returned"],
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
  },
  {
    name: "onlyItsOwnApp",
    on: {
      /** A script shows nothing in an app that it was not built for. */
      sight: (world, doc, unit) => world.runtime.knowsItsApp && doc.page.app !== 45 && !world.plan.features.plugin && `${unit} is shown in app ${doc.page.app}`,
    },
<<<<<<< HEAD
    mutants: [
      {
        module: "page/refresh.js",
        text: "? null : !form && !starting;",
        instead: "? true : true;",
      },
    ],
=======
    mutants: ["wrong-app"],
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
  },
  {
    name: "clicksAreHeard",
    on: {
      /** A click shows something within some seconds. */
      click(world, click) {
        const { doc, browser } = click;
        const { sleeps } = browser;
        world.at(world.now + 15_000, () => {
          if (doc.alive && !click.heard && browser.sleeps === sleeps && !doc.tab.hidden && !doc.frozen && doc.place === click.place) {
            world.breaks("clicksAreHeard", `the click on ${click.unit} shows nothing`);
          }
        });
      },
<<<<<<< HEAD
    },
    mutants: [
      {
        module: "run/run.js",
        text: "if (showing || refused()) {",
        instead: "if (showing || refused() || !readNow(read)) {",
        from: 600,
=======
      request(world, { doc }) {
        doc.clicks.forEach((click) => (click.heard = true));
        return null;
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
      },
    },
    mutants: ["form-not-waited"],
  },
];
