const SECRET = "SECRET";

/** Rules about what is kept. */
export const keepingRules = [
  {
    name: "nothingSecretKept",
    on: {
      /** Nothing secret is in localStorage, no token either; and no secret of a unit in sessionStorage. */
      stored(world, doc, key, value, shared) {
        const text = `${key} ${value}`;
        const secret = shared ? text.includes(SECRET) : text.includes(world.SERIAL) || text.includes(world.API_KEY);
        return secret && `${shared ? "local" : "session"}Storage: ${text}`;
      },
    },
    mutants: [
      {
        module: "run/run.js",
        text: "session.write(view.name, { startedAt, handle });",
        instead: "local.write(`${view.name}/handle`, handle);\n    session.write(view.name, { startedAt, handle });",
      },
    ],
  },
  {
    name: "nothingSecretShown",
    on: {
      /** Nothing secret is shown, nor written to the console. */
      view: (world, face, { problem }) => problem?.text?.includes(SECRET) && `it shows ${problem.text}`,
      console: (world, doc, words) => words.includes(SECRET) && `the console has ${words}`,
    },
    mutants: [
      {
        module: "page/proxy.js",
        text: "text: succeeded ? \"\" : text",
        instead: "text",
      },
    ],
  },
  {
    name: "nothingLeft",
    on: {
      /** After the end nothing is left in sessionStorage; only a run that can be asked on keeps what that takes. */
      end(world) {
        for (const browser of world.browsers) {
          for (const tab of browser.tabs) {
            for (const [key, value] of tab.session) {
              // Of pages that the tab does not show now nothing is said here.
              const face = tab.doc.header.find(
                ({ unit, page }) => key.includes(`/${unit}/`) && key.endsWith(`/${page.record}`),
              );
              const open = face?.view && (face.view.canResume || world.runtime.isBusy(face.view.state));
              if (face && !open && value.includes(SECRET)) {
                return `${tab.name} keeps ${key}: ${value}`;
              }
            }
          }
        }
        return null;
      },
    },
    mutants: [
      {
        module: "run/view.js",
        text: "if (!news.canResume || news.offer) {",
        instead: "if (news.offer) {",
      },
    ],
  },
  {
    name: "learnedIsTrue",
    on: {
      /** A duration that is learned is one that a run of the unit took. */
      stored(world, doc, key, value, shared) {
        if (!shared || !key.endsWith("/durations") || value === null) {
          return null;
        }
        const learned = JSON.parse(value).at(-1);
        const unit = key.split("/").at(-2);
        const runs = world.starts.filter(
          (one) => one.unit === unit && one.outcome === "succeeded" && one.ends <= world.now,
        );
        const fits = runs.some((run) => {
          const least = run.ends - run.begins - 2000;
          const most = run.ends - (run.click?.at ?? run.at) + 6000;
          return learned >= least && learned <= most * 1.15;
        });
        return !fits && `${Math.round(learned / 1000)} s is learned of ${unit}`;
      },
    },
    mutants: [
      {
        module: "run/follow.js",
        text: "yield { took: watched, ...standing };",
        instead: "yield { ...standing, took: elapsed() };",
      },
    ],
  },
];
