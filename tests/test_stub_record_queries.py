"""Queries for records over the stub's REST API."""

from typing import Any

import pytest

from tests.loopback import Loopback
from tests.recording import LOG, Records, refused

QUERIES = [
    ('run_key = "key-2"', [2]),
    ('run_key != "key-2"', [3, 1]),
    ('run_key in ("key-1", "key-3")', [3, 1]),
    ('run_key not in ("key-1", "key-3")', [2]),
    ("took > 5", [3, 2]),
    ('took <= "10" order by took desc', [2, 1]),
    ("took >= 10 and took < 100", [2]),
    ('took = 1 or (took = 100 and state in ("done"))', [3, 1]),
    ('state in ("")', []),
    ('people in (LOGINUSER(), "kato")', [2, 1]),
    ('作成者 in ("sato")', [3, 2, 1]),
    ('at < "2026-11-02T09:00:00+09:00"', [1]),
    ('at = "2026-11-02"', [2]),
    ('day >= "2026-11-02" order by day asc, $id desc', [2, 3]),
    ("memo is empty", [3, 1]),
    ("memo is not empty", [2]),
    ('memo like "say \\"hi\\""', [2]),
    ('note like "key"', []),
    ('note like "keyword"', [1]),
    ("$id > 1 order by $id asc limit 1", [2]),
    ("order by $id asc limit 2 offset 1", [2, 3]),
    ("offset 2", [1]),
    ("", [3, 2, 1]),
]


@pytest.fixture
def filled(log: Records) -> Records:
    for number, took, people, memo in (
        (1, "1", ["kato"], ""),
        (2, "10", ["sato"], 'they say "hi"'),
        (3, "100", [], " "),
    ):
        log.post(
            run_key=f"key-{number}",
            note=f"{'keyword' if number == 1 else 'other'}",
            took=took,
            people=people,
            memo=memo,
            at=f"2026-11-0{number}T00:30:00Z",
            day=f"2026-11-0{number}",
            state="done" if number == 3 else "running",
        )
    return log


def test_queries_select_and_order_records(filled: Records) -> None:
    assert [(query, filled.find(query)) for query, _ in QUERIES] == QUERIES


REFUSED_QUERIES = [
    ("took >", "CB_VA01"),
    ('took > 1 "', "CB_VA01"),
    ("limit -1", "CB_VA01"),
    ("limit 501", "GAIA_QU01"),
    ("offset 10001", "GAIA_QU02"),
    ("unknown = 1", "GAIA_IQ11"),
    ('state = "done"', "GAIA_IQ03"),
    ('memo = "x"', "GAIA_IQ03"),
    ("at = THIS_WEEK()", "STUB_QUERY"),
    ('at > "soon"', "CB_VA01"),
]


@pytest.mark.parametrize(("query", "code"), REFUSED_QUERIES)
def test_a_wrong_query_is_refused_with_its_reason(filled: Records, query: str, code: str) -> None:
    answer = filled.client.get("records.json", params={"app": LOG, "query": query})
    assert refused(answer) == (400, code)


@pytest.mark.parametrize(("equals", "found"), [("words", [2, 1]), ("whole", [1])])
def test_equality_of_a_text_that_may_repeat_is_a_search(
    served_log: Loopback, log: Records, equals: Any, found: list[int]
) -> None:
    served_log.rest.record_switches.text_equals = equals
    for key, note in (("a", "run"), ("b", "run 2"), ("c", "rerun")):
        log.post(run_key=key, note=note, lock=note)
    assert log.find('note = "run"') == found
    assert log.find('lock = "run"') == [1]


def test_fields_and_the_count_are_given_on_request(filled: Records) -> None:
    params = {"app": LOG, "query": "took > 1 limit 1", "fields[0]": "$id", "fields[1]": "note", "totalCount": "true"}
    answer = filled.client.get("records.json", params=params).json()
    assert answer["totalCount"] == "2"
    assert [sorted(record) for record in answer["records"]] == [["$id", "note"]]
    posted = filled.client.post(
        "records.json", json={"app": LOG, "fields": ["took"]}, headers={"X-HTTP-Method-Override": "GET"}
    ).json()
    assert posted["totalCount"] is None
    assert [record["took"]["value"] for record in posted["records"]] == ["100", "10", "1"]
