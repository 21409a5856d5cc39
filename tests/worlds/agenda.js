/**
 * Future events by time: a binary heap. Events at the same time happen in the order in which they were added.
 */
export function createAgenda() {
  const times = [];
  const orders = [];
  const works = [];
  let order = 0;

  /** @param {number} a @param {number} b */
  const before = (a, b) => times[a] < times[b] || (times[a] === times[b] && orders[a] < orders[b]);
  /** @param {number} a @param {number} b */
  const swap = (a, b) => {
    [times[a], times[b]] = [times[b], times[a]];
    [orders[a], orders[b]] = [orders[b], orders[a]];
    [works[a], works[b]] = [works[b], works[a]];
  };

  return {
    get empty() {
      return times.length === 0;
    },
    get next() {
      return times[0];
    },
    /** @param {number} at @param {() => void} work */
    add(at, work) {
      let i = times.push(at) - 1;
      orders.push(order++);
      works.push(work);
      while (i > 0) {
        const parent = (i - 1) >> 1;
        if (!before(i, parent)) {
          break;
        }
        swap(i, parent);
        i = parent;
      }
    },
    /** @returns {() => void} */
    take() {
      const work = works[0];
      const last = times.length - 1;
      swap(0, last);
      times.pop();
      orders.pop();
      works.pop();
      for (let i = 0; ; ) {
        const left = 2 * i + 1;
        if (left >= last) {
          break;
        }
        const child = left + 1 < last && before(left + 1, left) ? left + 1 : left;
        if (!before(child, i)) {
          break;
        }
        swap(i, child);
        i = child;
      }
      return work;
    },
  };
}
