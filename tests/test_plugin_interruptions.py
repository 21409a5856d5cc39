"""A save of the settings page that is cut off after any of its writes: what the next page shows and can remove."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.sample_units import JOB, KREWDATA, WORKFLOW, unit
from tests.test_plugin_secrets import BASE64, settings_units
from tests.v8 import evaluate

IMPORTS = """import { addressOf, groupUnits } from "./plugin/groups.js";
import { createHoldings } from "./plugin/holdings.js";
import { saveEntries } from "./plugin/save.js";
"""

PAGES = f"""{BASE64}
  const copy = (value) => JSON.parse(JSON.stringify(value));
  let now = 0;
  const clock = {{ now: () => now, sleep: async (delay) => {{ now += delay; }} }};
  // A page reads what there is when it is loaded.
  const open = (kept, units) => {{
    const loaded = copy(kept);
    const groups = groupUnits(units);
    const readEntry = (request) => loaded.entries[addressOf(request)] ?? null;
    const host = {{ readEntry, config: loaded.config }};
    return {{ groups, holdings: createHoldings(groups.flatMap(({{ requests }}) => requests), host) }};
  }};
  const isKept = ({{ headers, data }}) => Object.keys({{ ...headers, ...data }}).length > 0;
  // The tab is closed after so many writes.
  const save = (kept, {{ holdings }}, entries, writes = Infinity) =>
    new Promise((resolve) => {{
      let left = writes;
      const write = async (change) => {{
        if (left-- <= 0) {{ resolve("cut off"); await new Promise(() => {{}}); }}
        change();
      }};
      const store = (entry) => write(() => {{
        delete kept.entries[addressOf(entry)];
        if (isKept(entry)) kept.entries[addressOf(entry)] = copy(entry);
      }});
      const saveConfig = (config) => write(() => {{ kept.config = copy(config); }});
      saveEntries(entries, holdings, {{ store, saveConfig }}, clock, () => {{}}).then(resolve);
    }});
  const everything = ({{ groups, holdings }}, secret) => [
    ...groups.flatMap(({{ requests }}) => holdings.entries(requests, secret)), ...holdings.removals(),
  ];
  const shown = ({{ groups, holdings }}) => [
    groups.map(({{ requests }}) => holdings.stateOfAll(requests)).join(" "), holdings.leftovers().length,
  ];
  const kept = {{ entries: {{}}, config: {{}} }};
  const addresses = () => Object.keys(kept.entries).sort();
  const secrets = () => [...new Set(Object.values(kept.entries).map((entry) => JSON.stringify(entry)))]
    .filter((text) => text.includes("OLD")).length;
"""

# Saved with OLD before where `before` says so; then cut off after `writes` writes of a save of `secret`.
CUT_OFF = f"""{PAGES}
  if (before.length) {{
    const first = open(kept, before);
    await save(kept, first, everything(first, "OLD-key"));
  }}
  const page = open(kept, units);
  const entries = everything(page, secret);
  const ended = await save(kept, page, entries, writes);
  const next = open(kept, units);
  const result = {{
    writes: entries.length + 2, ended: ended === "cut off", shown: shown(next), unlisted: [], gone: null, again: null,
  }};
  const listed = Object.keys(JSON.parse(kept.config.stored ?? "{{}}"));
  result.unlisted = addresses().filter((address) => !listed.includes(address));
  const there = copy(kept);
  // The next page is of a later build without these units.
  const bare = open(kept, []);
  await save(kept, bare, bare.holdings.removals());
  result.gone = [addresses(), kept.config.stored ?? "{{}}"];
  // Or everything is typed again.
  Object.assign(kept, copy(there));
  const later = open(kept, units);
  await save(kept, later, everything(later, "NEW-key"));
  const wanted = [...new Set(units.flatMap(({{ requests }}) => requests.map(addressOf)))].sort();
  const after = open(kept, units);
  result.again = [JSON.stringify(addresses()) === JSON.stringify(wanted), secrets(), ...shown(after)];
  // Or everything is removed.
  Object.assign(kept, copy(there));
  const last = open(kept, units);
  await save(kept, last, everything(last, null));
  result.removed = [addresses(), JSON.parse(kept.config.stored ?? "{{}}"), ...shown(open(kept, units))];
  return result;
"""

MOVED = {**JOB, "job_definition_id": 99}

# The next page after 0, 1, 2 … writes: the state of the field, and the number of unused addresses.
TABLE: dict[str, tuple[Sequence[Any], Sequence[Any], str | None, list[tuple[str, int]]]] = {
    "first save": ([], [JOB], "KEY", [("absent", 0), *[("pending", 0)] * 4, ("stored", 0)]),
    "new key": ([JOB], [JOB], "KEY", [("stored", 0), *[("pending", 0)] * 4, ("stored", 0)]),
    "removal": ([JOB], [JOB], None, [("stored", 0), *[("pending", 0)] * 4, ("absent", 0)]),
    "new address": ([JOB], [MOVED], "KEY", [("again", 2), *[("pending", 2)] * 6, ("stored", 0)]),
    "unit gone": ([JOB, KREWDATA], [KREWDATA], "KEY", [("stored", 3), *[("pending", 3)] * 5, ("stored", 0)]),
    "three buttons": (
        [],
        [KREWDATA, JOB, WORKFLOW],
        "KEY",
        [("absent absent absent", 0), *[("pending pending pending", 0)] * 7, ("stored stored stored", 0)],
    ),
}


def units(some: Sequence[Any]) -> list[Any]:
    return settings_units(*map(unit, some))


@pytest.mark.parametrize(
    ("name", "writes"), [(name, writes) for name, (*_, rows) in TABLE.items() for writes in range(len(rows))]
)
def test_the_next_page_shows_and_removes_what_an_interrupted_save_left(name: str, writes: int) -> None:
    before, now, secret, rows = TABLE[name]
    given = {"before": units(before), "units": units(now), "secret": secret, "writes": writes}
    found = evaluate(IMPORTS, CUT_OFF, **given)
    assert found["writes"] == len(rows) - 1
    assert found["ended"] == (writes < len(rows) - 1)
    assert tuple(found["shown"]) == rows[writes]
    # Never a secret at an address that no page would list.
    assert found["unlisted"] == []
    assert found["gone"] == [[], "{}"]
    stored = " ".join(["stored"] * len(now))
    assert found["again"] == [True, 0, stored, 0]
    assert found["removed"] == [[], {}, stored.replace("stored", "absent"), 0]


LOST = f"""{PAGES}
  const page = open(kept, units);
  const entries = everything(page, "KEY");
  let made = 0;
  const lose = async (change) => {{
    made += 1;
    if (lost.includes(made)) {{ if (arrives) change(); throw new Error("no answer"); }}
    change();
  }};
  const store = (entry) => lose(() => {{ kept.entries[addressOf(entry)] = copy(entry); }});
  const saveConfig = (config) => lose(() => {{ kept.config = copy(config); }});
  const went = await saveEntries(entries, page.holdings, {{ store, saveConfig }}, clock, () => {{}});
  return [went, shown(page), shown(open(kept, units)), addresses().length];
"""


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize(
    ("lost", "went", "on_page", "stored"),
    [
        ([1, 2, 3], [False] * 3, "absent", 0),
        ([1, 3, 6], [True] * 3, "stored", 3),
        ([2, 3, 4], [False, True, True], "pending", 2),
        ([5, 6, 7], [False] * 3, "pending", 3),
    ],
    ids=["the first list", "now and then", "an entry", "the marks"],
)
def test_what_kintone_did_not_confirm_is_pending(
    lost: list[int], went: list[bool], on_page: str, stored: int, arrives: bool
) -> None:
    found = evaluate(IMPORTS, LOST, units=units([JOB]), lost=lost, arrives=arrives)
    # An entry that was stored without an answer is listed on the next page too.
    arrived = arrives and went != [True] * 3
    later = {"absent": "pending", "pending": "stored" if lost[0] == 5 else "pending"}.get(on_page, on_page)
    entries = stored + (arrived and lost[0] == 2)
    assert found == [went, [on_page, 0], [later if arrived else on_page, 0], entries]


def test_a_page_changes_the_marks_of_its_own_addresses_alone() -> None:
    code = f"""{PAGES}
      const first = open(kept, all);
      await save(kept, first, everything(first, "OLD-key"));
      const before = JSON.parse(kept.config.stored);
      const page = open(kept, all);
      await save(kept, page, page.holdings.entries(page.groups[0].requests, null));
      const after = JSON.parse(kept.config.stored);
      return [Object.keys(before).length - Object.keys(after).length,
        Object.entries(after).every(([address, mark]) => before[address] === mark)];
    """
    assert evaluate(IMPORTS, code, all=units([KREWDATA, JOB, WORKFLOW])) == [1, True]


def test_credentials_of_an_older_unit_are_to_be_saved_again() -> None:
    code = f"""{PAGES}
      const page = open(kept, all);
      await save(kept, page, everything(page, "KEY"));
      kept.config.stored = kept.config.stored.replace(/:"[^"]+"/, ':"older"');
      return shown(open(kept, all));
    """
    assert evaluate(IMPORTS, code, all=units([JOB])) == ["again", 0]


def test_a_copied_list_without_its_entries_is_to_be_saved_again() -> None:
    code = f"""{PAGES}
      const page = open(kept, all);
      await save(kept, page, everything(page, "KEY"));
      kept.entries = {{}};
      const copied = open(kept, all);
      const removals = copied.holdings.entries(copied.groups[0].requests, null);
      const found = [shown(copied), shown(open(kept, [])), removals.length];
      await save(kept, copied, everything(copied, "KEY"));
      return [...found, shown(open(kept, all)), addresses().length];
    """
    assert evaluate(IMPORTS, code, all=units([JOB])) == [["again", 0], ["", 3], 3, ["stored", 0], 3]
