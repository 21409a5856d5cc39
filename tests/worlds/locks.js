// Made once, because creating an exception is slow.
const BROKEN = new DOMException("Lock broken by another request with the 'steal' option.", "AbortError");
const INACTIVE = new DOMException("The document is no longer active.", "AbortError");

/**
 * Web Locks of one browser: exclusive ones, kept by the browser's own process, granted in order, gone with the document
 * that holds them. A frozen document keeps its locks, and gets others that it does not know of yet.
 *
 * @param {World} world
 */
export function createLocks(world) {
  /** @type {Map<string, any>} */
  const held = new Map();
  /** @type {any[]} */
  const waiting = [];

  function grant(request) {
    held.set(request.name, request);
    world.happened("granted", request.doc, request.name);
    world.forDocument(request.doc, world.now, () => {
      if (request.aborted) {
        free(request);
      } else {
        run(request, { name: request.name, mode: "exclusive" });
      }
    });
  }

  /** @param {any} request @param {any} lock */
  function run(request, lock) {
    const over = (/** @type {() => void} */ settle) => {
      if (lock) {
        world.at(world.now + 1, () => free(request));
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

  function free(request) {
    if (held.get(request.name) === request) {
      held.delete(request.name);
      const at = waiting.findIndex(({ name }) => name === request.name);
      if (at >= 0) {
        grant(waiting.splice(at, 1)[0]);
      }
    }
  }

  function breakOff(request, error) {
    request.stolen = true;
    world.forDocument(request.doc, world.now, () => request.reject(error));
  }

  function leaveQueue(request) {
    const at = waiting.indexOf(request);
    if (at >= 0) {
      waiting.splice(at, 1);
    }
  }

  function decide(request, { ifAvailable, steal }) {
    if (!request.doc.alive || request.aborted) {
      return;
    }
    const holder = held.get(request.name);
    if (steal) {
      if (holder) {
        breakOff(holder, BROKEN);
      }
      grant(request);
    } else if (!holder) {
      grant(request);
    } else if (ifAvailable) {
      world.forDocument(request.doc, world.now, () => run(request, null));
    } else {
      waiting.push(request);
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
          if (world.modeOf(doc.browser) === "refuses") {
            reject(new DOMException("Access to the Locks API is denied in this context.", "SecurityError"));
          } else if (signal && (ifAvailable || steal)) {
            reject(new DOMException("A signal goes with neither 'ifAvailable' nor 'steal'.", "NotSupportedError"));
          } else if (signal?.aborted) {
            reject(signal.reason);
          } else {
            const request = { doc, name, callback, resolve, reject, stolen: false, aborted: false, told: false };
            signal?.addEventListener("abort", () => {
              if (held.get(name) !== request || !request.told) {
                request.aborted = true;
                leaveQueue(request);
                reject(signal.reason);
              }
            });
            request.callback = (lock) => {
              request.told = true;
              return callback(lock);
            };
            world.at(world.now + 1, () => decide(request, { ifAvailable, steal }));
          }
        });
      },
      query: () =>
        new Promise((resolve) => {
          world.forDocument(doc, world.now + 1, () => {
            const told = (/** @type {any} */ { name, doc: by }) => ({ name, mode: "exclusive", clientId: `client${by.id}` });
            resolve({ held: [...held.values()].map(told), pending: waiting.map(told) });
          });
        }),
    }),

    /** @param {any} doc */
    has: (doc) => [...held.values(), ...waiting].some((request) => request.doc === doc),

    /**
     * The document is gone, or kept for Back in a browser that takes its locks from it.
     *
     * @param {any} doc
     */
    release(doc) {
      for (const request of waiting.filter((one) => one.doc === doc)) {
        leaveQueue(request);
        breakOff(request, INACTIVE);
      }
      for (const request of [...held.values()].filter((one) => one.doc === doc)) {
        breakOff(request, INACTIVE);
        world.at(world.now + 1, () => free(request));
      }
    },
  };
}
