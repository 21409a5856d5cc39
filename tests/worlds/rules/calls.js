import { canKnow, deadlineOf, memoryOf, SPREAD } from "./facts.js";

/** Rules about what is sent. */
export const callRules = [
  {
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
  },
  {
    name: "nothingWithoutItsSecrets",
    on: {
      /** A unit of which the plug-in's settings lack a secret sends nothing. */
      request: (world, { call }) => world.plan.features.plugin && world.plan.features.halfSetUp && `${call} is sent without a secret`,
    },
  },
  {
    name: "noQuestionsAfterTheDeadline",
    on: {
      /** After its deadline a run is asked for once more, until there is an answer. */
      request(world, sent) {
        const { start } = sent;
        if (!start?.click || sent.doc.browser.clockJumps || !canKnow(world, sent.doc.browser)) {
          return null;
        }
        const deadline = deadlineOf(world, start);
        return start.answeredOf > deadline + SPREAD && `run ${start.n} is asked for ${Math.round((world.now - deadline) / 1000)} s after its deadline`;
      },
    },
  },
  {
    name: "othersTokensAreNotUsed",
    on: {
      /** Whoever signs in later asks nothing with what the user before left. */
      request(world, sent) {
        const { start } = sent;
        const offered = start && memoryOf(world, sent.doc, start.unit, sent.doc.place).offered;
        return start && start.click && start.user !== sent.doc.user && !offered && `${sent.doc.user} asks for run ${start.n} of ${start.user}`;
      },
    },
  },
];
