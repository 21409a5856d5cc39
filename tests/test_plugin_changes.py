"""The settings page after a change: of the build, of the list that kintone keeps, or of the number of secrets."""

from typing import Any

import pytest

from tests.sample_units import JOB, KREWDATA, WORKFLOW
from tests.test_plugin_interruptions import IMPORTS, MOVED, PAGES, units
from tests.v8 import evaluate


def address(method: str, path: str) -> str:
    return f"{method} https://trocco.io/api/{path}"


def job(definition: int) -> tuple[str, ...]:
    """The addresses of JOB's requests."""
    return (
        address("POST", f"jobs?job_definition_id={definition}&"),
        address("GET", "jobs/"),
        address("GET", f"job_definitions/{definition}/jobs?limit=20"),
    )


# After JOB was saved: the units of the next build, what the page shows then, how many addresses are left over, whether
# a key is typed before the save, and the entries that kintone holds afterwards, each with its key.
LATER: dict[str, tuple[list[Any], str, int, bool, dict[str, str]]] = {
    "another address": ([MOVED], "again", 2, True, dict.fromkeys(job(99), "NEW-key")),
    "another address, and only saved": ([MOVED], "again", 2, False, {address("GET", "jobs/"): "OLD-key"}),
    "another name": ([{**JOB, "id": "renamed", "label": "X"}], "stored", 0, False, dict.fromkeys(job(123), "OLD-key")),
    "a new key": ([JOB], "stored", 0, True, dict.fromkeys(job(123), "NEW-key")),
    "removed": ([KREWDATA], "absent", 3, False, {}),
}


@pytest.mark.parametrize("name", LATER)
def test_after_a_change_the_page_shows_it_and_kintone_holds_these_entries(name: str) -> None:
    now, state, left, typed, expected = LATER[name]
    code = f"""{PAGES}
      const first = open(kept, before);
      await save(kept, first, everything(first, "OLD-key"));
      const page = open(kept, current);
      const found = shown(page);
      await save(kept, page, typed ? everything(page, "NEW-key") : page.holdings.removals());
      const held = Object.entries(kept.entries).map(([address, entry]) => [address, entry.headers.Authorization]);
      const [, later] = shown(open(kept, current));
      return [found, Object.fromEntries(held), Object.keys(JSON.parse(kept.config.stored)), later];
    """
    found, held, listed, later = evaluate(IMPORTS, code, before=units([JOB]), current=units(now), typed=typed)
    assert found == [state, left]
    assert held == {address: f"Token {key}" for address, key in expected.items()}
    # The list has exactly the stored entries.
    assert listed == sorted(expected)
    assert later == 0


@pytest.mark.parametrize(
    ("config", "readable"),
    [
        ({}, True),
        ({"version": "1", "stored": "{}"}, True),
        ({"version": "1", "stored": '{"GET https://example.com/": ""}'}, True),
        ({"version": "1"}, False),
        ({"stored": "{}"}, False),
        ({"version": "2", "stored": "{}"}, False),
        *(({"version": "1", "stored": text}, False) for text in ("", "junk", "null", "5", "[]", '"x"', '{"a": 1}')),
    ],
    ids=str,
)
def test_whether_the_list_of_addresses_can_be_read(config: Any, readable: bool) -> None:
    code = f"""{PAGES}
      const page = open({{ entries: {{}}, config }}, all);
      const before = [page.holdings.isReadable, shown(page)];
      kept.config = config;
      await save(kept, page, everything(page, "KEY"));
      return [...before, shown(open(kept, all)), open(kept, all).holdings.isReadable];
    """
    found = evaluate(IMPORTS, code, all=units([JOB]), config=config)
    left = 1 if "example.com" in str(config) else 0
    assert found == [readable, ["absent", left], ["stored", 0], True]


def test_fields_hold_one_secret_or_several() -> None:
    code = f"""{PAGES}
      const page = open(kept, all);
      const [first, second] = page.groups.map(({{ requests }}) => requests);
      const both = [...first, ...second];
      const empty = page.holdings.isOneSecret(both);
      await save(kept, page, page.holdings.entries(first, "KEY"));
      const half = page.holdings.isOneSecret(both);
      await save(kept, page, page.holdings.entries(second, "OTHER"));
      const two = page.holdings.isOneSecret(both);
      await save(kept, page, page.holdings.entries(both, "SAME"));
      return [empty, half, two, page.holdings.isOneSecret(both)];
    """
    second = {**KREWDATA, "id": "second", "url": "https://api.krewdata.grapecity.com/trigger/v1/second"}
    for some in ([KREWDATA, second], [JOB, WORKFLOW]):
        assert evaluate(IMPORTS, code, all=units(some)) == [True, True, False, True]
