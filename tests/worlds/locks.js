/**
 * Web Locks of one browser: exclusive ones, granted in order, gone with the document that holds them.
 *
 * @param {World} world
 */
export function createLocks(world) {
  /** @type {Map<string, any>} */
  const held = new Map();
  /** @type {any[]} */
  const waiting = [];

  /** @param {any} request */
  function grant(request) {
    held.set(request.name, request);
    run(request, { name: request.name, mode: "exclusive" });
  }

  /** @param {any} request @param {any} lock */
  function run(request, lock) {
    const over = (/** @type {() => void} */ settle) => {
      if (lock && held.get(request.name) === request) {
        held.delete(request.name);
        next(request.name);
      }
      if (!request.stolen) {
        settle();
      }
    };
    let result;
    try {
      result = Promise.resolve(request.callback(lock));
    } catch (error) {
      result = Promise.reject(error);
    }
    result.then(
      (value) => over(() => request.resolve(value)),
      (error) => over(() => request.reject(error)),
    );
  }

  /** @param {string} name */
  function next(name) {
    const at = waiting.findIndex((request) => request.name === name);
    if (at >= 0 && !held.has(name)) {
      const [request] = waiting.splice(at, 1);
      // Others' tabs hear of it in a task of their own.
      held.set(name, request);
      world.forDocument(request.doc, world.now + 1, () => {
        if (held.get(name) === request) {
          run(request, { name, mode: "exclusive" });
        }
      });
    }
  }

  return {
    /** @param {any} doc whose navigator.locks it is */
    manager: (doc) => ({
      /** @param {string} name @param {any} options @param {any} [given] */
      request(name, options, given) {
        const callback = given ?? options;
        const { ifAvailable = false, steal = false, signal = null } = given ? options : {};
        return new Promise((resolve, reject) => {
          const request = { doc, name, callback, resolve, reject, stolen: false };
          world.forDocument(doc, world.now + 1, () => {
            if (signal?.aborted) {
              reject(signal.reason);
            } else if (steal) {
              const holder = held.get(name);
              if (holder) {
                holder.stolen = true;
                holder.reject(new DOMException("Lock broken by another request with the 'steal' option.", "AbortError"));
              }
              grant(request);
            } else if (!held.has(name)) {
              grant(request);
            } else if (ifAvailable) {
              run(request, null);
            } else {
              waiting.push(request);
              signal?.addEventListener("abort", () => {
                const at = waiting.indexOf(request);
                if (at >= 0) {
                  waiting.splice(at, 1);
                  reject(signal.reason);
                }
              });
            }
          });
        });
      },
      query: () =>
        new Promise((resolve) => {
          world.forDocument(doc, world.now + 1, () =>
            resolve({
              held: [...held.keys()].map((name) => ({ name, mode: "exclusive" })),
              pending: waiting.map(({ name }) => ({ name, mode: "exclusive" })),
            }),
          );
        }),
    }),

    /** @param {any} doc that is gone */
    release(doc) {
      for (let at = waiting.length - 1; at >= 0; at--) {
        if (waiting[at].doc === doc) {
          waiting.splice(at, 1);
        }
      }
      for (const [name, request] of [...held]) {
        if (request.doc === doc) {
          held.delete(name);
          next(name);
        }
      }
    },
  };
}
