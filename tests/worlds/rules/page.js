/** Rules about the page around a run. */
export const pageRules = [
  {
    name: "noErrorEscapes",
    on: {
      /** No exception comes out of a handler or a timer, and no rejection stays unhandled. */
      thrown: (world, doc, error) => `${error?.stack ?? error}`,
      unhandled: (world, reason) => `an unhandled rejection: ${reason}`,
      /** An error that the runtime catches itself is a bug too. */
      sight: (world, doc, unit, { state, text }) => ["failed", "unknown"].includes(state) && world.words.unexpected(text) && `it says “${text}”`,
    },
  },
  {
    name: "oneButtonAUnit",
    on: {
      /** A page never has two buttons of one unit. */
      twice: (world, doc, unit) => `${doc.tab.name} has two buttons of ${unit}`,
    },
  },
  {
    name: "eventsAreReturned",
    on: {
      /** kintone's events are returned to it. */
      unreturned: (world, doc, type) => type,
    },
  },
  {
    name: "onlyItsOwnApp",
    on: {
      /** A script shows nothing in an app that it was not built for. */
      sight: (world, doc, unit) => doc.page.app !== 45 && !world.plan.features.plugin && `${unit} is shown in app ${doc.page.app}`,
    },
  },
  {
    name: "formsAreWaitedFor",
    on: {
      /** A page whose values cannot be read yet is waited for some seconds. */
      sight(world, doc, unit, { state, text }) {
        if (state !== "failed") {
          return null;
        }
        const click = doc.clicks.findLast((one) => one.unit === unit);
        return world.words.cannotRead(text) && click && world.now < click.at + 9000 && "a page that is busy for a moment is not waited for";
      },
    },
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
      request(world, { doc }) {
        doc.clicks.forEach((click) => (click.heard = true));
        return null;
      },
    },
  },
];
