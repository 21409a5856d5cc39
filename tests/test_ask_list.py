"""How a page reads its whole list: by ID, 500 at a time, and not beyond the limit."""

from typing import Any

import pytest

from tests.v8 import evaluate

IMPORTS = 'import { readList } from "./runtime/ask/list.js";'
READ = """
  const asked = [];
  const records = Array.from({ length: count }, (_, n) => ({ $id: { value: String(2 * n + 1) } }));
  const api = async (url, method, { query, totalCount, ...rest }) => {
    asked.push([url, method, query, rest]);
    if (totalCount) return { records: [], totalCount: String(count) };
    const [, after, most] = query.match(/\\$id > (\\d+) order by \\$id asc limit (\\d+)$/).map(Number);
    return { records: records.filter(({ $id }) => Number($id.value) > after).slice(0, most) };
  };
  api.url = (path, guest) => `${guest ? "guest" : ""}${path}`;
  globalThis.kintone = { api, app: { getQueryCondition: () => filter }, mobile: { app: {} } };
  const clock = { sleep: () => new Promise(() => {}) };
  const found = await readList({ appId: 45, device: "desktop" }, limit ?? undefined, clock);
  return { found, asked };
"""


def read(count: int, limit: int | None, query: str = "") -> Any:
    return evaluate(IMPORTS, READ, count=count, limit=limit, filter=query)


@pytest.mark.parametrize("limit", [1, 499, 500, 501, 1200])
def test_over_the_limit_there_is_a_problem_and_no_list(limit: int) -> None:
    told = read(limit + 1, limit)
    assert told["found"]["happened"] == "input.listLong"
    assert told["found"]["values"] == {"limit": limit}
    assert read(limit, limit)["found"]["count"] == limit


def test_records_are_read_by_the_last_id_and_never_more_than_needed() -> None:
    told = read(1100, 1200, 'a = "1" or b = "2"')
    assert told["found"]["ids"].split(",") == [str(2 * n + 1) for n in range(1100)]
    assert [query for _, _, query, _ in told["asked"]] == [
        '(a = "1" or b = "2") and $id > 0 order by $id asc limit 500',
        '(a = "1" or b = "2") and $id > 999 order by $id asc limit 500',
        '(a = "1" or b = "2") and $id > 1999 order by $id asc limit 201',
    ]
    url, method, _, rest = told["asked"][0]
    assert (url, method) == ("guest/k/v1/records.json", "GET")
    assert rest == {"app": 45, "fields": ["$id"]}


@pytest.mark.parametrize(("query", "asked"), [("", "limit 1"), ("a > 1", "(a > 1) limit 1")])
def test_the_filter_alone_costs_one_request(query: str, asked: str) -> None:
    told = read(37, None, query)
    assert told["found"] == {"query": query, "ids": "", "count": 37}
    assert [question for _, _, question, _ in told["asked"]] == [asked]


@pytest.mark.parametrize("limit", [None, 500])
def test_a_list_without_records_is_a_problem(limit: int | None) -> None:
    assert read(0, limit)["found"]["happened"] == "input.listEmpty"


@pytest.mark.parametrize("error", [{"code": "GAIA_IQ11", "message": "why"}, "why"], ids=["as JSON", "as text"])
def test_a_list_that_kintone_does_not_give_is_a_problem_with_its_reason(error: object) -> None:
    refuse = "const api = async () => { throw error; };"
    start, end = READ.index("  const api"), READ.index("  api.url")
    found = evaluate(IMPORTS, READ[:start] + refuse + READ[end:], count=1, limit=None, filter="", error=error)["found"]
    assert (found["happened"], found["text"]) == ("input.listUnread", "why")
