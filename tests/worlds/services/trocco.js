import { japanIso } from "./japan.js";

const WINDOW = 600_000;
const TROCCO_HEADERS = { "Content-Type": "application/json; charset=utf-8" };

/**
 * TROCCO by the rules of generator/stub's emulator, with one job and one workflow definition; it keeps the truth of
 * what it ran.
 *
 * @param {World} world
 */
export function createTrocco(world) {
  /** @type {Map<number, Start>} */
  const jobs = new Map();
  /** @type {Map<number, Start>} */
  const workflows = new Map();
  const { switches, features } = world.plan;
  const limit = features.scarceRequests ? 100 : 3500;
  // Other users of the account have already used a part.
  let used = features.scarceRequests ? 60 : 10;
  let windowEnd = world.now + WINDOW * 0.8;

  /** @param {number} status @param {any} content */
  const answered = (status, content) => ({
    status,
    text: JSON.stringify(content),
    headers: {
      ...TROCCO_HEADERS,
      "X-Rate-Limit-Limit": String(limit),
      "X-Rate-Limit-Remaining": String(Math.max(0, limit - used)),
      "X-Rate-Limit-Reset": String(Math.ceil(windowEnd / 1000)),
      ...(switches.dated && { Date: new Date(world.now).toUTCString() }),
    },
  });

  /** @param {Start} job */
  function wordOf(job) {
    const { now } = world;
    if (now >= job.ends) {
      return job.outcome === "failed" ? "error" : job.outcome;
    }
    if (now >= job.begins) {
      return job.outcome === "canceled" && now > job.ends - 5000 ? "interrupting" : "executing";
    }
    return job.outcome !== "skipped" && now > job.begins - 1000 && now > job.at ? "setting_up" : "queued";
  }

  /** @param {Start} job @param {"job" | "pipeline"} kind */
  function described(job, kind) {
    const { now } = world;
    const executed = job.outcome !== "skipped";
    const name = `Nightly Nr${job.n}`;
    return {
      id: job.task,
      ...(kind === "job" ? { job_definition_id: 123, job_definition_name: name } : { pipeline_definition_id: 45, name }),
      status: wordOf(job),
      created_at: japanIso(job.at),
      ...(executed && !switches.timeless && now >= job.begins && { started_at: japanIso(job.begins) }),
      ...(!switches.timeless && now >= job.ends && { finished_at: japanIso(job.ends) }),
    };
  }

  /** @param {Map<number, Start>} all @param {Origin} origin */
  function start(all, origin) {
    const busy = !features.concurrent && [...all.values()].some((job) => job.ends > world.now);
    const job = world.started(origin, busy ? { outcome: "skipped", length: 0 } : {});
    all.set(job.task, job);
    return job;
  }

  /** @param {Map<number, Start>} all @param {"job" | "pipeline"} kind @param {Origin} origin */
  function post(all, kind, origin) {
    const job = start(all, origin);
    return answered(switches.created ? 201 : 200, described(job, kind));
  }

  /** @param {Map<number, Start>} all @param {"job" | "pipeline"} kind @param {number} id */
  function get(all, kind, id) {
    const job = all.get(id);
    return job ? answered(200, described(job, kind)) : answered(404, { error: "Not found" });
  }

  return {
    /** @param {string} unit */
    runElsewhere(unit) {
      const origin = { doc: null, browser: null, user: "Others", unit, click: null, doubled: false };
      start(unit === "t1" ? jobs : workflows, origin);
    },

    /** @param {string} url @param {string} method @param {any} headers @param {string} data @param {Origin} origin */
    answer(url, method, headers, data, origin) {
      if (world.now >= windowEnd) {
        windowEnd = world.now + WINDOW;
        used = 0;
      }
      used += 1;
      if (used > limit) {
        return answered(429, { message: "Too Many Requests" });
      }
      if (headers.Authorization !== `Token ${world.API_KEY}`) {
        return answered(401, { error: "Not Authorized" });
      }
      if (method === "GET" && switches.unreadable) {
        return answered(switches.unreadable, { error: "Not Authorized" });
      }
      const path = url.slice("https://trocco.io".length);
      if (method === "POST" && path.startsWith("/api/jobs?job_definition_id=123")) {
        return post(jobs, "job", origin);
      }
      if (method === "POST" && path.startsWith("/api/pipeline_jobs?pipeline_definition_id=45")) {
        return post(workflows, "pipeline", origin);
      }
      const one = /^\/api\/(pipeline_)?jobs\/(\d+)\/?$/.exec(path);
      if (method === "GET" && one) {
        return one[1] ? get(workflows, "pipeline", Number(one[2])) : get(jobs, "job", Number(one[2]));
      }
      if (method === "GET" && path.startsWith("/api/job_definitions/123/jobs")) {
        const items = [...jobs.values()].toReversed().map((job) => described(job, "job"));
        return answered(200, { items, next_cursor: null });
      }
      return answered(404, { error: "Not found" });
    },
  };
}
