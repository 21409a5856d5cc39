import { createButton } from "./button.jsx";
import { createClock } from "./clock.js";
import { holds } from "./conditions.js";
import { confirmRun } from "./confirm.js";
import { callProxy, formRecord, headerElement, loginUser, onShow, spaceElement } from "./kintone.js";
import { isOutOfSight, tellEnd } from "./notice.js";
import { createPanel } from "./panel.jsx";
import { notSetUp } from "./problems.js";
import { createAsk } from "./proxy.js";
import { createRun } from "./run.js";
import { createSay } from "./say.js";
import { createStore } from "./storage.js";
import { addStyle } from "./style.js";
import { createTabs } from "./tabs.js";

/**
 * Puts the app's buttons on its record pages.
 *
 * @param {Service[]} services those that the app's units need
 * @param {ScriptConfig} config
 * @param {HostPlugin} [plugin] the plug-in that this script is a part of
 */
export function start(services, config, plugin) {
  const source = plugin?.id ?? config.source ?? "";
  /** @type {Map<string, import("./run.js").Run>} runs of this document by name: paging on does not end them */
  const runs = new Map();
  /** @type {Set<string>} element IDs that the console was told of */
  const missing = new Set();
  /** @type {Shown} what the document shows now */
  let current;
  const clock = createClock();
  const local = createStore(() => localStorage);
  /** @type {World} */
  const world = {
    ask: createAsk(callProxy, plugin?.callProxy ?? callProxy, clock),
    clock,
    session: createStore(() => sessionStorage),
    local,
    tabs: createTabs(local, navigator.locks, clock),
  };

  /** @type {UnitConfig[] | undefined} the app's, once they are open: a document shows one app */
  let units = config.units;

  onShow((shown) => {
    current = shown;
    if (units) {
      showUnits(units, shown);
    } else {
      plugin?.units(config.apps?.[shown.appId]).then((opened) => {
        units = opened;
        // kintone may have shown another record meanwhile, whose own turn comes.
        if (current === shown) {
          showUnits(units, shown);
        }
      });
    }
  });

  /**
   * @param {UnitConfig[]} all
   * @param {Shown} shown
   */
  function showUnits(all, shown) {
    const user = loginUser();
    const say = createSay(user.language);
    for (const unit of all) {
      // kintone may have kept the header from the page before, with our button in it.
      document.querySelector(`[data-runbutton="${unit.id}"][data-source="${source}"]`)?.remove();
      if (isWanted(unit, shown)) {
        mount(unit, shown, user, say);
      }
    }
  }

  /**
   * @param {UnitConfig} unit
   * @param {Shown} shown
   * @param {LoginUser} user
   * @param {Say} say
   */
  function mount(unit, shown, user, say) {
    const service = serviceOf(unit);
    const run = findRun(unit, service, shown);
    const { element, update } = createButton(
      { id: unit.id, label: say(unit.label), source: source, device: shown.device },
      createPanel(say, clock, user.timezone, () => run.resume()),
      () =>
        run.click(
          () => (inForm(shown) ? { ...shown, record: formRecord(shown.device) } : shown),
          user,
          plugin && !plugin.hasSecret(unit) ? notSetUp(unit) : null,
          (afterUnknown) => confirmRun(unit, service.sends(unit), shown.device, afterUnknown, say),
        ),
    );
    addStyle();
    placeFor(unit, shown)?.append(element);
    run.watch(update, (view) => {
      if (view.state === "succeeded" && unit.afterSuccess === "reload" && shows(shown)) {
        run.keepForReload();
        location.reload();
      } else if (isOutOfSight(element)) {
        tellEnd(unit, shown.device, view, say);
      }
    });
  }

  /** @param {UnitConfig} unit */
  function serviceOf(unit) {
    return /** @type {Service} */ (services.find(({ names }) => names.includes(unit.service)));
  }

  /**
   * Whether the document still shows this record, and nothing that is being written: a reload would lose it.
   *
   * @param {Shown} shown
   */
  function shows(shown) {
    // A list's row can be edited where it stands, and a record has comments.
    const writing = document.activeElement?.matches("input, textarea, select, [contenteditable]");
    return current.recordId === shown.recordId && !inForm(current) && !writing;
  }

  /**
   * @param {UnitConfig} unit
   * @param {Shown} shown
   */
  function placeFor(unit, shown) {
    // A list has no fields, and so no Space fields.
    const id = shown.page === "index" ? undefined : unit.space;
    const space = id ? spaceElement(shown.device, id) : null;
    if (id && !space && !missing.has(id)) {
      missing.add(id);
      console.warn(`Runbutton: ${unit.id}: no Space field with the element ID "${id}"; it is in the header.`);
    }
    return space ?? headerElement(shown.device, shown.page);
  }

  /**
   * @param {UnitConfig} unit
   * @param {Service} service
   * @param {Shown} shown
   */
  function findRun(unit, service, shown) {
    const unitName = ["runbutton", source, shown.appId, unit.id].join("/");
    const runName = `${unitName}/${shown.recordId ?? shown.page}`;
    let run = runs.get(runName);
    if (!run) {
      run = createRun(unit, service, unitName, runName, world);
      runs.set(runName, run);
      run.recall();
    }
    return run;
  }
}

/**
 * @param {UnitConfig} unit
 * @param {Shown} shown
 */
function isWanted(unit, shown) {
  return (
    unit.devices.includes(shown.device) && unit.pages.includes(shown.page) && holds(unit.showIf ?? [], shown.record)
  );
}

/** @param {Shown} shown */
function inForm({ page }) {
  return page === "edit" || page === "create";
}
