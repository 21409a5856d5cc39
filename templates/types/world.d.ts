// The browser functions that a run uses: the page passes the browser's own, the terminal and tests pass theirs.
import type { Clock } from "../runtime/page/clock.js";
import type { PageLife } from "../runtime/page/life.js";
import type { Ask } from "../runtime/page/proxy.js";
import type { Store } from "../runtime/page/storage.js";
import type { Ledger } from "../runtime/run/ledger.js";
import type { Locks } from "../runtime/run/locks.js";

declare global {
  interface World {
    ask: Ask;
    clock: Clock;
    ledger: Ledger;
    local: Store;
    locks: Locks;
    page: PageLife;
    /** A text that no other call returns. */
    random(): string;
  }
}
