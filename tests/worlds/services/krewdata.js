import { japanTime } from "./japan.js";

const TOKEN_LIFE = 600_000;
const RUNS_A_MINUTE = 5;
const KREWDATA_HEADERS = { "Content-Type": "application/json; charset=utf-8" };

/**
 * krewData by the rules of generator/stub's emulator, with one execution unit; it records its actual runs.
 *
 * @param {World} world
 */
export function createKrewData(world) {
  /** @type {Map<string, {issued: number, used: boolean}>} */
  const tokens = new Map();
  /** @type {Map<string, Start>} */
  const runs = new Map();
  const { switches } = world.plan;
  let enabled = true;

  /** @param {number} code @param {string} description @param {object} [more] */
  const refusal = (code, description, more) => ({
    status: switches.http200 ? 200 : code,
    text: JSON.stringify({ code, status: "No", description: switches.otherWords ? `別の言葉 ${code}` : description, ...more }),
    headers: KREWDATA_HEADERS,
  });
  /** @param {object} content */
  const success = (content) => ({
    status: 200,
    text: JSON.stringify({ code: 200, status: "OK", ...content }),
    headers: KREWDATA_HEADERS,
  });
  const tooMany = () => {
    const minute = [...runs.values()].filter((run) => run.executed && run.at > world.now - 60_000);
    if (minute.length < RUNS_A_MINUTE) {
      return null;
    }
    enabled = false;
    return refusal(429, "The rate limit for API calls has been exceeded. Specified unit has been disabled.");
  };

  /** @param {any} body @param {Origin} origin */
  function run(body, origin) {
    const token = tokens.get(body.accessToken);
    if (!token || !enabled) {
      return refusal(400, "Specified token is invalid.");
    }
    const running = world.plan.features.concurrent ? null : [...runs.values()].find((one) => one.ends > world.now);
    const conflict = () =>
      running &&
      switches.conflict !== "134" &&
      refusal(
        409,
        "Other User is running the execution unit.",
        switches.conflict === "409" ? { taskId: running.task } : undefined,
      );
    // The order of the checks is not documented.
    const refused =
      (switches.conflictFirst && conflict()) ||
      (token.used && refusal(400, "Specified token has been used.")) ||
      (world.now - token.issued > TOKEN_LIFE &&
        refusal(400, "Specified token has been created for more than 10 minutes and cannot be used to run unit.")) ||
      tooMany() ||
      conflict();
    if (refused) {
      token.used ||= switches.burnToken;
      return refused;
    }
    token.used = true;
    const start = world.started(origin, running ? { executed: false, outcome: "failed", length: 0, queue: 0 } : {});
    start.task = `task${start.n}`;
    start.token = body.accessToken;
    runs.set(start.task, start);
    return success({ taskId: start.task });
  }

  /** @param {any} body */
  function status(body) {
    const token = tokens.get(body.accessToken);
    if (!token || (switches.statusTokenExpires && world.now - token.issued > TOKEN_LIFE)) {
      return refusal(400, "Specified accessToken is invalid.");
    }
    const start = runs.get(body.taskId);
    if (!start) {
      return refusal(400, "Specified taskId is invalid.");
    }
    const { now } = world;
    if (!start.executed) {
      const flowInfo = [{ flowExecUniqueKey: "1", flowName: `Flow Nr${start.n}`, status: "Cancel" }];
      return success({ taskStatus: "Failure", errorCode: "134", errorMessage: "Another user is running it. ", flowInfo });
    }
    const known = { flowExecUniqueKey: "1", flowName: `Flow Nr${start.n}` };
    const [begins, ends] = switches.timeless ? ["", ""] : [japanTime(start.begins), japanTime(start.ends)];
    if (now < start.begins) {
      return success({ taskStatus: "Queuing", flowInfo: [{ ...known, status: "Queuing" }] });
    }
    if (now < start.ends) {
      return success({ taskStatus: "Running", flowInfo: [{ ...known, status: "Running", startTime: begins, endTime: "" }] });
    }
    const word = start.outcome === "succeeded" ? "Success" : "Failure";
    const flowInfo = [{ ...known, status: word, startTime: begins, endTime: ends }];
    return success({
      taskStatus: word,
      flowInfo,
      ...(word === "Failure" && { errorCode: "33", errorMessage: `The settings are incorrect. Nr${start.n}` }),
    });
  }

  return {
    /** @param {string} unit */
    runElsewhere(unit) {
      const origin = { doc: null, browser: null, user: "Others", unit, click: null, doubled: false };
      if (enabled && !tooMany()) {
        const start = world.started(origin, {});
        start.task = `task${start.n}`;
        runs.set(start.task, start);
      }
    },

    /** @param {string} url @param {string} method @param {any} headers @param {string} data @param {Origin} origin */
    answer(url, method, headers, data, origin) {
      let body;
      try {
        body = JSON.parse(data);
      } catch {
        return refusal(400, "Token request body schema is wrong.");
      }
      if (url.endsWith("/token")) {
        if (body.serialNumber !== world.SERIAL) {
          return refusal(401, "Illegal License.");
        }
        if (!enabled) {
          return refusal(400, "Specified unit is invalid.");
        }
        const refused = tooMany();
        if (refused) {
          return refused;
        }
        const accessToken = `SECRETtoken${world.count("accessToken")}.`;
        tokens.set(accessToken, { issued: world.now, used: false });
        return success({ accessToken });
      }
      return url.endsWith("/run") ? run(body, origin) : status(body);
    },
  };
}
