import { startOf } from "../knowledge.js";
import { memoryOf } from "./facts.js";

/** Rules about what is sent. */
export const callRules = [
  {
<<<<<<< HEAD
    name: "oneQuestionAtATime",
    on: {
      /** A run's status is asked by one tab, one question at a time. */
      request(world, sent) {
        if (sent.call !== "status" && sent.call !== "get") {
          return null;
        }
        const { browser } = sent.doc.tab;
        const { noLocks } = world.plan.features;
        const run = sent.call === "status" ? sent.data : sent.url;
        sent.run = run;
        const other = world.sent.find(
          (one) =>
            one !== sent &&
            one.run === run &&
            one.doc.alive &&
            !one.over &&
            (noLocks || world.plan.storage !== "works" ? one.doc === sent.doc : one.doc.tab.browser === browser) &&
            // After kintone's own limit a call counts as lost.
            one.at > world.now - CALL_DEADLINE + 1000,
        );
        return other && `question ${sent.n} is sent while ${other.n} is under way`;
      },
    },
    mutants: [
      {
        module: "run/follow.js",
        text: "const progress = await service.status(question, handle);",
        instead: "service.status(question, handle);\n    const progress = await service.status(question, handle);",
      },
    ],
  },
  {
    name: "firstQuestionSoon",
    on: {
      /** The first question comes within two seconds after the run was accepted, while the tab is in view. */
      answer(world, sent, answer) {
        const { doc } = sent;
        const accepted =
          answer.text.endsWith("}") &&
          (sent.call === "run" ? /"code":200.*"taskId"/.test(answer.text) : sent.call === "post" && answer.status < 300);
        if (!accepted || doc.tab.hidden || world.plan.features.scarceRequests || world.now - sent.at > 170_000) {
          return null;
        }
        const { sleeps } = doc.tab.browser;
        const last = world.sent.length;
        let seen = true;
        world.at(world.now + 2100, () => {
          seen = doc.alive && !doc.tab.hidden && !(doc.tab.hiddenAt > sent.at) && doc.tab.browser.sleeps === sleeps;
          const asked = world.sent.slice(last).some((one) => one.doc === doc && ["status", "get"].includes(one.call));
          if (seen && !asked) {
            world.breaks("firstQuestionSoon", `two seconds after ${sent.call} ${sent.n} was answered nothing has been asked`);
          }
        });
        return null;
      },
    },
    mutants: [
      {
        module: "run/poll.js",
        text: "FIRST = 2 * SECOND",
        instead: "FIRST = 9 * SECOND",
      },
    ],
  },
  {
=======
>>>>>>> c5b0da4 (worlds: a browser of processes, a small DOM with the real button and panel, rules about what a user reads)
    name: "onlyOwnAddresses",
    on: {
      /** Only addresses that the unit names are called, each in the service's way. */
      request(world, { url, method }) {
        const own =
          method === "POST"
            ? /^https:\/\/api\.krewdata\.grapecity\.com\/trigger\/v1\/(one|two)\/(token|run|status)$/.test(url) ||
              /^https:\/\/trocco\.io\/api\/(jobs\?job_definition_id=123|pipeline_jobs\?pipeline_definition_id=45)&?$/.test(url)
            : /^https:\/\/trocco\.io\/api\/((pipeline_)?jobs\/\d+|job_definitions\/123\/jobs(\?[^#]*)?)\/?$/.test(url);
        return !(own && (method === "POST" || method === "GET")) && `${method} ${url}`;
      },
    },
    mutants: ["address-with-more"],
  },
  {
    name: "onlyNamedFields",
    on: {
      /** Only the fields that the unit names are sent, with this page's values, by this user. */
      request(world, { call, doc, data }) {
        if (typeof data === "string" && data.includes("private")) {
          return "a field that the unit does not name is sent";
        }
        if (call !== "run") {
          return null;
        }
        const { user, appId, record } = JSON.parse(data);
        return (
          (user !== doc.user || appId !== String(doc.page.app) || Object.keys(record).length !== 1) &&
          `it is sent as ${user}, app ${appId}, fields ${Object.keys(record)}`
        );
      },
    },
    mutants: ["other-fields-sent"],
  },
  {
    name: "secretsOnlyWhereNeeded",
    on: {
      /** The serial number goes to krewData's token alone, the API key to TROCCO alone, and with a plug-in neither from the page. */
      request(world, { call, url, headers, data }) {
        const text = JSON.stringify([headers, data]);
        const { plugin } = world.plan.features;
        const serial = text.includes(world.SERIAL) && (plugin || call !== "token");
        const key = text.includes(world.API_KEY) && (plugin || !url.startsWith("https://trocco.io/"));
        return (serial || key) && `a secret is sent with ${call}`;
      },
    },
    mutants: ["serial-sent-everywhere"],
  },
  {
    name: "othersTokensAreNotUsed",
    on: {
      /** Whoever signs in later asks nothing with what the user before left. */
      request(world, sent) {
        const start = startOf(world, sent);
        const offered = start && memoryOf(world, sent.doc, start.unit, sent.doc.place).offered;
        return start && start.click && start.user !== sent.doc.user && !offered && `${sent.doc.user} asks for run ${start.n} of ${start.user}`;
      },
    },
    mutants: ["other-user"],
  },
];
