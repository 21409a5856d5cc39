import { createButton } from "../view/button.jsx";
import { confirmRun } from "../view/confirm.js";
import { createNotices, endNotice, isOutOfSight } from "../view/notices.js";
import { createSay } from "../view/say.js";
import { addStyle } from "../view/style.js";
import { createLedger } from "../run/ledger.js";
import { createLocks } from "../run/locks.js";
import { createRun } from "../run/run.js";
import { pokeOf } from "../run/attend.js";
import { createClock } from "./clock.js";
import { callProxy, fieldNames, loginUser } from "./kintone.js";
import { createPageLife } from "./life.js";
import { mountPoint, removeUnit } from "./mount-point.jsx";
import { createAsk } from "./proxy.js";
import { inForm } from "./record.js";
import { createStore, onStorage } from "./storage.js";
import { createWanted } from "./wanted.js";
/** @import { Shown } from "./kintone.js" */
/** @import { Features } from "./main.js" */
/** @import { HostPlugin } from "./plugin.js" */
/** @import { PlaceRun, RunView } from "../run/run.js" */

/**
 * An app's buttons in this document, and its runs in progress at all places.
 *
 * @param {Service[]} services
 * @param {ScriptConfig} config
 * @param {Features & {plugin: HostPlugin | undefined}} features
 * @param {string} source of the script
 * @param {UnitConfig[]} units the app's
 * @param {Shown} first what the document shows first
 * @param {(words: string) => void} warn writes to the console, once per message
 * @returns {(shown: Shown) => void} shows the app's buttons on a page
 */
export function openApp(services, config, features, source, units, first, warn) {
  const { plugin } = features;
  let current = first;
  const user = loginUser();
  const say = createSay(user.language, config.words);
  const clock = createClock();
  const local = createStore(() => localStorage);
  const tellAway = createNotices(() => current.device);
  /** @type {Record<string, string>} of the app's fields by their codes, if known */
  let fieldLabels = {};
  fieldNames().then((names) => {
    fieldLabels = names;
  });
  /** @type {Map<string, PlaceRun>} of this document by key: going to another record does not end them */
  const runs = new Map();

  // mutant user-not-in-key: const owner = "";
  const owner = encodeURIComponent(user.code);
  // mutant app-not-in-key: const prefix = ["runbutton", owner, source, 0].join("/");
  const prefix = ["runbutton", owner, source, first.appId].join("/");
  const ledger = createLedger(prefix, local, clock, (key, isOwn) => {
    findRun(key)?.changed(isOwn);
    log?.changed(key, isOwn);
  });
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
  const forms = features.createForms?.(
    () => sessionStorage,
    () => current,
    runs,
    ledger,
    clock,
  );
  const reload = features.createReload?.(runs, () => current, clock);
  const wantedOn = createWanted(features, units, user, clock, warn, () => show(current));
  const face = { say, clock, timeZone: user.timezone, source };
  const log = features.openPageLog?.(
    units,
    { ...face, ledger, appId: first.appId, serviceOf, findRun, warn },
    features,
  );

  onStorage((key, value) => {
    if (ledger.isKey(key)) {
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

  /** Joins all runs in progress, at all places: the ledger tells of each entry that is new to this page. */
  function lookAtAll() {
    // mutant other-places-not-followed: for (const key of [...runs.keys()]) {
    for (const key of ledger.keys()) {
      ledger.look(key);
    }
  }

  /**
   * @param {string} key of a unit's place in the ledger
   * @returns {PlaceRun | undefined} undefined for a unit that no longer exists
   */
  function findRun(key) {
    const known = runs.get(key);
    const [unitId] = ledger.partsOf(key);
    const unit = units.find(({ id }) => id === unitId);
    if (known || !unit) {
      return known;
    }
    /** @type {PlaceRun} */
    const run = createRun(
      unit,
      log?.startOf(unit, () => run.key) ?? serviceOf(unit),
      [source, first.appId, unitId].join("/"),
      key,
      world,
      (view, isOwn) => tellEnd(unit, ledger.partsOf(run.key)[1], view, isOwn),
    );
    runs.set(key, run);
    run.changed(false);
    return run;
  }

  /** A record's ID, `index`, or the name of a create page. */
  function placeNow() {
    return forms?.placeOf(current) ?? String(current.recordId ?? current.page);
  }

  /** @param {UnitConfig} unit */
  function runHere(unit) {
    const key = ledger.keyOf(unit.id, placeNow());
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
   * Reports the end of a run that this page saw in progress: by the line if it is visible, otherwise by kintone's
   * notification, in each visible page, or if none is visible in the page that wrote the end.
   *
   * @param {UnitConfig} unit
   * @param {string} place
   * @param {RunView} view
   * @param {boolean} isOwn
   */
  function tellEnd(unit, place, view, isOwn) {
    const element = place === placeNow() ? elementOf(unit.id) : null;
    const isSeen = element !== null && !isOutOfSight(element);
    const renews = element !== null && view.state === "succeeded" && unit.afterSuccess === "reload";
    if (renews) {
      reload?.(current, () => ledger.isKept(ledger.keyOf(unit.id, place)));
    }
    // mutant notice-on-view: if (!document.hidden || isOwn) {
    // mutant hidden-tells-too: if (!isSeen) {
    if (!isSeen && (document.hidden ? isOwn : !renews)) {
      tellAway(view.state, endNotice(unit, place, view, say));
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
    const tell = (/** @type {string} */ what) => warn(`${unit.id}: ${what}`);
    const reader = forms?.readerOf(shown) ?? { now: () => shown, soon: async () => shown };
    const { element, line, update } = createButton(
      { id: unit.id, label: say(unit.label), isPrimary, record: shown.recordId },
      run,
      // A reload would lose the input of an open form.
      { ...face, ...log?.faceOf(unit, run), renew: inForm(shown) ? undefined : () => location.reload() },
      () => isBlocked?.() || click(),
    );
    const now = () => reader.now() ?? shown;
    const isBlocked = unit.unless && features.createReason?.(unit, element, shown, now, say, tell);
    const click = () => {
      const input = features.createInput?.(unit, service, reader, shown, user, face, features);
      run.click(input?.reader ?? reader, user, plugin?.refuse(unit, tell) ?? null, async (inDoubt) => {
        const confirm = (/** @type {string} */ warning) => {
          const about = { ...face, names: fieldLabels, isShown: () => current === shown };
          return (input?.confirm ?? confirmRun)(unit, service, now(), about, inDoubt, warning);
        };
        return (await input?.fill()) ?? (log ? log.confirm(unit, run.key, confirm) : confirm(""));
      });
    };
    addStyle(config.style);
    const place = mountPoint(unit, shown, source, tell);
    place?.buttons.append(element);
    place?.lines.append(line);
    run.watch((view) => update(view, view.endedAt !== null && isOutOfSight(element)));
  }

  /** @param {Shown} shown */
  function show(shown) {
    current = shown;
    // kintone loads the page when the app changes. If it ever does not, the other app gets no button of this one.
    const wanted = shown.appId === first.appId ? wantedOn(shown) : [];
    for (const { id } of units) {
      // kintone may have kept the previous page's header, with this button in it.
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
    log?.show(placeNow(), wanted.map(runHere));
  }
  return show;
}
