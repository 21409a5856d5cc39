import { canKnow, deadlineOf, memoryOf, SPREAD } from "./facts.js";

/** Rules about requests. */
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
        const count = world.plan.features.asks ? 3 : 1;
        return (
          (user !== doc.user || appId !== String(doc.page.app) || Object.keys(record).length !== count) &&
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
      /** After its deadline a run's status is requested once more, until there is an answer. */
      request(world, sent) {
        const { start } = sent;
        if (!start?.click || sent.doc.browser.jumpedAt > start.click.at || !canKnow(world, sent.doc.browser)) {
          return null;
        }
        const deadline = deadlineOf(world, start);
        return start.answeredOf > deadline + SPREAD && `run ${start.n} is asked for ${Math.round((world.now - deadline) / 1000)} s after its deadline`;
      },
    },
  },
  {
    name: "waitsAreKept",
    on: {
      /** A page sends no request before the time that the service set. */
      request(world, { start, doc }) {
        const isSure = doc.browser.offset === 0 && start?.click && doc === start.askedBy?.doc && doc.browser.sleeps === 0;
        return isSure && start.quietUntil > world.now + 2000 && world.now < deadlineOf(world, start) && `run ${start.n} is asked for, and its service wants to be left alone`;
      },
    },
  },
  {
    name: "othersTokensAreNotUsed",
    on: {
      /** After another user signs in, nothing is requested with the previous user's data. */
      request(world, sent) {
        const { start } = sent;
        const offered = start && memoryOf(world, sent.doc, start.unit, sent.doc.place).offered;
        return start && start.click && start.user !== sent.doc.user && !offered && `${sent.doc.user} asks for run ${start.n} of ${start.user}`;
      },
    },
  },
  {
    name: "lostStartsAreOffered",
    on: {
      /** For a lost start, the only job created since is offered, and none if there are several. */
      answer(world, sent, answer) {
        const { doc } = sent;
        const click = sent.call === "list" ? doc.clicks.findLast(({ unit }) => unit === "t1") : null;
        const isWhole = answer.status === 200 && answer.text.endsWith("}") && sent.fault === null;
        if (!click || !isWhole || (!world.plan.switches.dated && doc.browser.offset !== 0) || doc.browser.jumpedAt > click.at) {
          return null;
        }
        const jobs = world.starts.filter((one) => one.unit === "t1" && one.at > click.at - 4000 && one.at < sent.at);
        // By the answer's Date header, which is older by the delay of a slow answer.
        const slow = world.plan.features.slowNetwork ? world.now - sent.at : 0;
        const unclear = world.starts.some((one) => one.unit === "t1" && ((one.at <= click.at - 4000 && one.at > click.at - 6500 - slow) || one.at >= sent.at));
        world.at(world.now + 100, () => {
          const sight = doc.sights.get("t1");
          if (doc.alive && doc.ready && !unclear && !(doc.awakeSince > click.at) && canKnow(world, doc.browser) && sight?.place === click.place && sight.state === "unknown") {
            const isOffered = world.words.offers(sight.text);
            if (jobs.length === 1 ? !isOffered : isOffered) {
              world.breaks("lostStartsAreOffered", `${jobs.length} jobs were made since, and ${isOffered ? "one" : "none"} is offered`);
            }
          }
        });
        return null;
      },
    },
  },
];
