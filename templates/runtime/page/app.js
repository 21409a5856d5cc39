import { createButton } from "../view/button.jsx";
import { confirmRun } from "../view/confirm.js";
import { lastRunOf } from "../view/last-run.js";
import { createLine } from "../view/line.jsx";
import { createNotices, endNotice, isOutOfSight } from "../view/notices.js";
import { createSay } from "../view/say.js";
import { addStyle } from "../view/style.js";
import { createLedger } from "../run/ledger.js";
import { createLocks } from "../run/locks.js";
import { notSetUp } from "../run/problems.js";
import { createRun } from "../run/run.js";
import { pokeOf } from "../run/attend.js";
import { createClock } from "./clock.js";
import { isWanted } from "./conditions.js";
import { callProxy, fieldNames, formRecord, loginUser } from "./kintone.js";
import { createPageLife } from "./life.js";
import { mountPoint, removeUnit } from "./mount-point.js";
import { createPlaces } from "./places.js";
import { createAsk } from "./proxy.js";
import { inForm, readNow } from "./record.js";
import { createRefresh } from "./refresh.js";
import { createStore, onStorage } from "./storage.js";
/** @import { Shown } from "./kintone.js" */
/** @import { HostPlugin } from "./plugin.js" */
/** @import { PlaceRun, RunView } from "../run/run.js" */

/**
 * An app's buttons in this document, and its runs that are under way, at whatever place.
 *
 * @param {Service[]} services
 * @param {ScriptConfig} config
 * @param {HostPlugin | undefined} plugin
 * @param {string} source of the script
 * @param {UnitConfig[]} units the app's
 * @param {Shown} first what the document shows first
 * @param {(words: string) => void} warn tells the console, once
 */
export function openApp(services, config, plugin, source, units, first, warn) {
  let current = first;
  const user = loginUser();
  const say = createSay(user.language, config.words);
  const clock = createClock();
  const local = createStore(() => localStorage);
  const places = createPlaces(() => sessionStorage);
  const notices = createNotices(() => current.device);
  /** @type {Record<string, string>} of the app's fields by their codes, as far as they are known */
  let fieldLabels = {};
  fieldNames().then((names) => {
    fieldLabels = names;
  });
  /** @type {Map<string, PlaceRun>} of this document by key: paging on does not end them */
  const runs = new Map();

  // mutant user-not-in-key: const owner = "";
  const owner = encodeURIComponent(user.code);
  // mutant app-not-in-key: const prefix = ["runbutton", owner, source, 0].join("/");
  const prefix = ["runbutton", owner, source, first.appId].join("/");
  const ledger = createLedger(prefix, local, clock, (key, isOwn) => findRun(key)?.changed(isOwn));
  const page = createPageLife();
  /** @type {World} */
  const world = {
    ask: createAsk(callProxy, plugin?.callProxy ?? callProxy, clock),
    clock,
    ledger,
    local,
    locks: createLocks(navigator.locks),
    page,
    random: () => Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2),
  };
  const refresh = createRefresh(runs, () => current, clock);

  onStorage((key, value) => {
    if (ledger.isKey(key)) {
      findRun(key);
      ledger.hear(key, value);
    }
    for (const run of runs.values()) {
      if (key === pokeOf(run.view().id)) {
        run.poked();
      }
    }
  });
  page.onChange(lookAtAll);
  lookAtAll();
  ledger.tidy();

  /** Takes part in all that is under way, at whatever place. */
  function lookAtAll() {
    // mutant other-places-not-followed: for (const key of [...runs.keys()]) {
    for (const key of ledger.keys()) {
      findRun(key);
      ledger.look(key);
    }
  }

  /**
   * @param {string} key of a unit's place in the ledger
   * @returns {PlaceRun | undefined} undefined for a unit that there is no more
   */
  function findRun(key) {
    const known = runs.get(key);
    const [unitId] = ledger.partsOf(key);
    const unit = units.find(({ id }) => id === unitId);
    if (known || !unit) {
      return known;
    }
    const run = createRun(unit, serviceOf(unit), [source, current.appId, unitId].join("/"), key, world, (view, isOwn) =>
      tellEnd(unit, ledger.partsOf(run.key)[1], view, isOwn),
    );
    runs.set(key, run);
    run.changed(false);
    return run;
  }

  /** @param {UnitConfig} unit */
  function runHere(unit) {
    const key = ledger.keyOf(unit.id, places.of(current));
    ledger.get(key);
    return /** @type {PlaceRun} */ (findRun(key));
  }

  /** @param {UnitConfig} unit */
  function serviceOf(unit) {
    return /** @type {Service} */ (services.find(({ names }) => names.includes(unit.service)));
  }

  /** @param {string} id of a unit */
  function elementOf(id) {
    return /** @type {HTMLElement | null} */ (
      document.querySelector(`[data-runbutton="${id}"][data-source="${source}"]`)
    );
  }

  /**
   * A run has ended that this page saw coming. In sight it is told by the line; else by kintone's notification, in each
   * page in sight, or where there is none in the page that asked.
   *
   * @param {UnitConfig} unit
   * @param {string} place
   * @param {RunView} view
   * @param {boolean} isOwn
   */
  function tellEnd(unit, place, view, isOwn) {
    const element = place === places.of(current) ? elementOf(unit.id) : null;
    const isSeen = element !== null && !isOutOfSight(element);
    const renews = element !== null && view.state === "succeeded" && unit.afterSuccess === "reload";
    if (renews) {
      refresh.soon(current, () => ledger.isKept(ledger.keyOf(unit.id, place)));
    }
    // mutant notice-on-view: if (!document.hidden || isOwn) {
    // mutant hidden-tells-too: if (!isSeen) {
    if (!isSeen && (document.hidden ? isOwn : !renews)) {
      notices.tell(endNotice(unit, place, view, say));
    }
  }

  /**
   * @param {UnitConfig} unit
   * @param {boolean} isPrimary
   */
  function mount(unit, isPrimary) {
    const shown = current;
    const service = serviceOf(unit);
    const run = runHere(unit);
    const label = say(unit.label);
    const line = createLine({ id: unit.id, label, source, timeZone: user.timezone }, say, clock, {
      resume: () => run.resume(),
      close: () => run.dismiss(),
      // A form would lose what is being written.
      ...(!inForm(shown) && { renew: refresh.now }),
    });
    const { element, update } = createButton(
      { id: unit.id, label, source, isPrimary, record: shown.recordId },
      line,
      () => lastRunOf(run.last(), say, user.timezone, clock.now()),
      { say, clock },
      () =>
        run.click(
          () => readPage(shown),
          user,
          plugin && !plugin.hasSecret(unit, (what) => warn(`${unit.id}: ${what}`)) ? notSetUp(unit) : null,
          (inDoubt) => {
            const record = readNow(() => readPage(shown))?.record ?? {};
            const request = { service, record, names: fieldLabels, timeZone: user.timezone };
            return confirmRun(unit, request, shown.device, inDoubt, say);
          },
        ),
    );
    addStyle(config.style);
    const place = mountPoint(unit, shown, source, (what) => warn(`${unit.id}: ${what}`));
    place?.buttons.append(element);
    place?.lines.append(line.element);
    run.watch((view) => update(view, view.endedAt !== null && isOutOfSight(element)));
  }

  /**
   * The page as it stands, for a run. kintone gives the form that it shows, even if that is another record's by now.
   *
   * @param {Shown} shown
   */
  function readPage(shown) {
    if (!inForm(shown)) {
      return shown;
    }
    if (current.recordId !== shown.recordId) {
      throw new Error("Another record is shown.");
    }
    return { ...shown, record: formRecord(shown.device) };
  }

  return {
    /** @param {Shown} shown */
    show(shown) {
      current = shown;
      const wanted = units.filter((unit) => isWanted(unit, shown, warn));
      for (const { id } of units) {
        // kintone may have kept the header from the page before, with our button in it.
        // mutant old-button-stays:
        removeUnit(id, source);
      }
      for (const run of runs.values()) {
        run.watch(() => {});
      }
      for (const unit of wanted) {
        const beside = wanted.filter(({ space }) => space === unit.space);
        mount(unit, unit === (beside.find(({ primary }) => primary) ?? beside[0]));
      }
    },

    /**
     * The create page's record was saved. kintone shows it on a page of its own next.
     *
     * @param {number} recordId
     */
    created(recordId) {
      const place = places.of(current);
      for (const [key, run] of [...runs]) {
        const [unitId, at] = ledger.partsOf(key);
        // mutant saved-takes-others: if (at.startsWith("create")) {
        if (at === place) {
          const next = ledger.keyOf(unitId, String(recordId));
          runs.delete(key);
          runs.set(next, run);
          run.rename(next);
        }
      }
      places.saved();
    },
  };
}
