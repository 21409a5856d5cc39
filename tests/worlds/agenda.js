/**
 * Future events by time: a binary heap. Events at the same time happen in the order in which they were added.
 */
export function createAgenda() {
  /** @type {{at: number, order: number, work: (() => void) | null}[]} */
  const entries = [];
  let order = 0;

  const before = (one, other) => one.at < other.at || (one.at === other.at && one.order < other.order);

  /** Takes the first entry out. */
  function take() {
    const first = entries[0];
    const moved = entries.pop();
    const { length } = entries;
    if (length) {
      let i = 0;
      for (let child = 1; child < length; child = 2 * i + 1) {
        if (child + 1 < length && before(entries[child + 1], entries[child])) {
          child += 1;
        }
        if (!before(entries[child], moved)) {
          break;
        }
        entries[i] = entries[child];
        i = child;
      }
      entries[i] = moved;
    }
    return first;
  }

  return {
    /** The next event is taken out: its time and what is to be done; null if there is none. */
    take() {
      while (entries.length) {
        const first = take();
        if (first.work) {
          return first;
        }
      }
      return null;
    },
    /** @param {number} at @param {() => void} work @returns an entry: without its `work` it is called off */
    add(at, work) {
      const added = { at, order: order++, work };
      let i = entries.push(added) - 1;
      while (i > 0) {
        const parent = (i - 1) >> 1;
        if (!before(added, entries[parent])) {
          break;
        }
        entries[i] = entries[parent];
        i = parent;
      }
      entries[i] = added;
      return added;
    },
  };
}
