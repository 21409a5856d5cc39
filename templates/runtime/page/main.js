import { createButton } from "../view/button.jsx";
import { createClock } from "./clock.js";
import { holds } from "./conditions.js";
import { confirmRun } from "../view/confirm.js";
import { createEnds } from "../view/ends.js";
import { inForm } from "./record.js";
import { createHere } from "./here.js";
import { callProxy, fieldNames, formRecord, loginUser, onCreated, onShow } from "./kintone.js";
import { nameOf, recordOf } from "../run/names.js";
import { isOutOfSight } from "../view/notices.js";
import { createPanel } from "../view/panel.jsx";
import { placeOf } from "./mount-point.js";
import { notSetUp } from "../run/problems.js";
import { createAsk } from "./proxy.js";
import { createReload } from "./refresh.js";
import { createRun } from "../run/run.js";
import { createSay } from "../view/say.js";
import { createStore } from "./storage.js";
import { addStyle } from "../view/style.js";
import { createTabs } from "../run/tabs.js";

/**
 * Puts the app's buttons on its record pages.
 *
 * @param {Service[]} services those that the app's units need
 * @param {ScriptConfig} config
 * @param {HostPlugin} [plugin] the plug-in that this script is a part of
 */
export function main(services, config, plugin) {
  const source = plugin?.id ?? config.source ?? "";
  /** @type {Map<string, import("../run/run.js").Run>} runs of this document by name: paging on does not end them */
  const runs = new Map();
  /** @type {Set<string>} what the console was told of */
  const missing = new Set();
  /** @type {Shown} what the document shows now */
  let current;
  /** @type {Record<string, string>} of the app's fields by their codes, as far as they are known */
  let fieldLabels = {};
  const clock = createClock();
  const local = createStore(() => localStorage);
  const here = createHere();
  const reload = createReload(runs, () => current, clock);
  /** @type {World} */
  const world = {
    ask: createAsk(here(callProxy), here(plugin?.callProxy ?? callProxy), clock),
    clock,
    session: createStore(() => sessionStorage),
    local,
    tabs: createTabs(local, navigator.locks, clock),
  };

  const ends = createEnds(local, source, () => current, elementOf);

  onCreated((recordId) => {
    for (const [name, run] of [...runs].filter(([created]) => created.endsWith("/create"))) {
      runs.delete(name);
      // What another tab runs is of the record that is created there.
      if (!run.view.elsewhere) {
        const next = name.replace(/create$/, String(recordId));
        runs.set(next, run);
        run.moveTo(next);
      }
    }
  });

  onShow((shown) => {
    if (!current) {
      fieldNames().then((known) => {
        fieldLabels = known;
      });
      ends.listen(shown);
    }
    current = shown;
    showUnits(config.units ?? config.apps?.[shown.appId] ?? [], shown);
  });

  /**
   * @param {UnitConfig[]} all
   * @param {Shown} shown
   */
  function showUnits(all, shown) {
    const user = loginUser();
    const say = createSay(user.language, config.words);
    const wanted = all.filter((unit) => isWanted(unit, shown));
    for (const unit of all) {
      // kintone may have kept the header from the page before, with our button in it.
      elementOf(unit.id)?.remove();
    }
    for (const unit of wanted) {
      const beside = wanted.filter(({ space }) => space === unit.space);
      const primary = beside.find((one) => one.primary) ?? beside[0];
      mount(unit, shown, user, say, unit === primary);
    }
    for (const unit of all) {
      followElsewhere(unit, shown, say);
    }
  }

  /**
   * Goes on with the runs that this tab left on other records, on the app's list too: their end is told here, and on view
   * when the user comes back to them.
   *
   * @param {UnitConfig} unit
   * @param {Shown} shown
   * @param {Say} say
   */
  function followElsewhere(unit, shown, say) {
    const prefix = `${nameOf(source, shown, unit)}/`;
    for (const name of world.session.keys(prefix)) {
      const recordId = Number(name.slice(prefix.length));
      const kept = world.session.read(name);
      if (recordId && !runs.has(name) && kept && !kept.ended && !kept.lost) {
        const there = { ...shown, recordId };
        const run = findRun(unit, serviceOf(unit), there);
        run.watch(
          () => {},
          (view) => {
            run.keepForReload();
            ends.tell(unit, there, view, say, false);
          },
        );
      }
    }
  }

  /** @param {string} id of a unit */
  function elementOf(id) {
    return document.querySelector(`[data-runbutton="${id}"][data-source="${source}"]`);
  }

  /**
   * @param {UnitConfig} unit
   * @param {Shown} shown
   * @param {LoginUser} user
   * @param {Say} say
   * @param {boolean} isPrimary
   */
  function mount(unit, shown, user, say, isPrimary) {
    const service = serviceOf(unit);
    const run = findRun(unit, service, shown);
    const label = say(unit.label);
    const panel = createPanel({ label, hasSteps: service.hasSteps ?? false, timeZone: user.timezone }, say, clock, {
      resume: () => run.resume(),
      close: () => run.dismiss(),
      // A form would lose what is being written.
      ...(!inForm(shown) && { renew: reload.renew }),
    });
    const { element, update } = createButton(
      { id: unit.id, label, source, isPrimary },
      panel,
      () => ends.lastLine(unit, shown, say, user.timezone),
      () =>
        run.click(
          () => readPage(shown),
          user,
          plugin && !plugin.hasSecret(unit, (what) => tellMissing(unit, what)) ? notSetUp(unit) : null,
          (afterUnknown) => {
            const request = { sends: service.sends(unit), service: service.title ?? unit.service, names: fieldLabels };
            return confirmRun(unit, request, shown.device, afterUnknown, say);
          },
        ),
    );
    addStyle(config.style);
    placeOf(unit, shown, source, (what) => tellMissing(unit, what))?.append(element);
    const show = (/** @type {RunView} */ view) => update(view, view.endedAt !== null && isOutOfSight(element));
    run.watch(show, (view) => {
      const renews = view.state === "succeeded" && unit.afterSuccess === "reload";
      ends.tell(unit, shown, view, say, (renews && reload.renewSoon(shown)) || !isOutOfSight(element));
    });
  }

  /**
   * The page as it stands, for a run. kintone gives the form that it shows, be that another record's by now.
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

  /**
   * @param {UnitConfig} unit
   * @param {Shown} shown
   */
  function isWanted(unit, { device, page, record }) {
    const wanted = unit.devices.includes(device) && unit.pages.includes(page);
    return wanted && holds(unit.showIf ?? [], record, (field) => tellMissing(unit, `no field ${field} for show_if`));
  }

  /**
   * Tells the console, once a page, what the app, the record or the plug-in's settings lack.
   *
   * @param {UnitConfig} unit
   * @param {string} what
   */
  function tellMissing({ id }, what) {
    const words = `Runbutton: ${id}: ${what}.`;
    if (!missing.has(words)) {
      missing.add(words);
      console.warn(words);
    }
  }

  /** @param {UnitConfig} unit */
  function serviceOf(unit) {
    return /** @type {Service} */ (services.find(({ names }) => names.includes(unit.service)));
  }

  /**
   * @param {UnitConfig} unit
   * @param {Service} service
   * @param {Shown} shown
   */
  function findRun(unit, service, shown) {
    const unitName = nameOf(source, shown, unit);
    const runName = `${unitName}/${recordOf(shown)}`;
    let run = runs.get(runName);
    if (!run) {
      run = createRun(unit, service, unitName, runName, world);
      runs.set(runName, run);
      run.recall();
    }
    return run;
  }
}
