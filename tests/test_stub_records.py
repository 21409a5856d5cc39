"""Records over the stub's REST API: adding, changing and removing them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.loopback import Loopback
from tests.recording import APP, EVERYONE, LOG, Records, allow, cells, errors, refused


def test_a_new_record_has_its_values_the_defaults_and_its_author(log: Records) -> None:
    answer = log.post(run_key="a", took="1.50", at="2026-11-29T10:31:59+09:00", people=[{"code": "kato"}], no="x")
    assert answer.json() == {"id": "1", "revision": "1"}
    record = log.get(1)
    assert record["took"] == "1.5"
    assert record["at"] == "2026-11-29T01:31:00Z"
    assert record["state"] == "running"
    assert record["people"] == [{"code": "kato", "name": "加藤 美咲"}]
    assert record["作成者"] == record["更新者"] == {"code": "sato", "name": "佐藤 昇"}
    assert record["day"] is not None
    assert (record["$id"], record["$revision"], record["レコード番号"]) == ("1", "1", "1")
    assert "no" not in record
    assert "ステータス" not in record


WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {"record.run_key.value": "Required."}),
    ({"run_key": "k" * 65}, {"record.run_key.value": "Enter less than 65 characters."}),
    ({"run_key": "\U0001f511" * 33}, {"record.run_key.value": "Enter less than 65 characters."}),
    ({"run_key": "a", "note": "123456789"}, {"record.note.value": "Enter less than 9 characters."}),
    ({"run_key": "a", "note": "1"}, {"record.note.value": "Enter more than 1 characters."}),
    ({"run_key": "a", "took": "many"}, {"record[took].value": "Only numbers are allowed."}),
    ({"run_key": "a", "took": "101"}, {"record.took.value": "The value must be 100 or less."}),
    ({"run_key": "a", "took": "-1"}, {"record.took.value": "The value must be 0 or more."}),
    ({"run_key": "a", "state": "gone"}, {"record.state.value": 'The value, "gone", is not in options.'}),
    ({"run_key": "a", "day": "2026-02-30"}, {"record.day.value": "Enter a date as YYYY-MM-DD."}),
    ({"run_key": "a", "at": "yesterday"}, {"record.at.value": "Enter a date and time as YYYY-MM-DDTHH:MM:SSZ."}),
    ({"run_key": "a", "people": ["nobody"]}, {"record.people.values[0].value": "nobody does not exist."}),
]


@pytest.mark.parametrize(("values", "told"), WRONG, ids=str)
def test_a_value_that_does_not_fit_is_refused_with_its_place(
    log: Records, values: dict[str, Any], told: dict[str, str]
) -> None:
    assert errors(log.post(**values)) == {where: [text] for where, text in told.items()}
    assert log.find("") == []
    # The same record in a list has its number in the place.
    listed = log.call("POST", "records.json", records=[cells({"run_key": "ok"}), cells(values)])
    assert list(errors(listed)) == [where.replace("record", "records[1]", 1) for where in told]
    assert log.find("") == []


def test_a_unique_text_may_be_empty_often_but_holds_a_value_once(log: Records) -> None:
    assert log.post(run_key="k" * 64, lock="held").status_code == 200
    assert log.post(run_key="b").status_code == log.post(run_key="c", lock="").status_code == 200
    twice = {"record.lock.value": ["This value already exists in another record."]}
    assert errors(log.post(run_key="d", lock="held")) == twice
    assert errors(log.put(2, lock="held")) == twice
    assert log.put(1, lock="held", took="1").status_code == 200
    assert log.put(1, lock="").status_code == 200
    assert log.put(2, lock="held").status_code == 200
    both = log.call("POST", "records.json", records=[cells({"run_key": "x"}), cells({"run_key": "x"})])
    assert list(errors(both)) == ["records[1].run_key.value"]
    assert len(log.find("")) == 3


def test_of_inserts_at_the_same_time_one_wins(served_log: Loopback, log: Records) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda key: log.post(run_key=str(key), lock="held"), range(10)))
    assert sorted(answer.status_code for answer in answers) == [200, *[400] * 9]
    assert served_log.rest.forms[LOG].records.keys() == {1}


def test_a_change_keeps_the_rest_and_raises_the_revision(served_log: Loopback, log: Records) -> None:
    log.post(run_key="a", note="first")
    assert Records(served_log, LOG, "kato").put(1, note="second").json() == {"revision": "2"}
    record = log.get(1)
    assert (record["run_key"], record["note"]) == ("a", "second")
    assert (record["作成者"]["code"], record["更新者"]["code"]) == ("sato", "kato")
    assert refused(log.put(1, revision=1, note="third")) == (409, "GAIA_CO02")
    assert log.put(1, revision=-1, note="third").json() == {"revision": "3"}
    assert errors(log.put(1, run_key="")) == {"record.run_key.value": ["Required."]}
    assert refused(log.put(7, note="none")) == (404, "GAIA_RE01")


@pytest.mark.parametrize("status", [404, 400])
def test_an_update_key_names_a_record(served_log: Loopback, log: Records, status: Any) -> None:
    served_log.rest.record_switches.missing_key_status = status
    log.post(run_key="a")

    def put(field: str, value: str, **more: Any) -> httpx.Response:
        key = {"field": field, "value": value}
        return log.call("PUT", "record.json", updateKey=key, record=cells({"note": "by key"}), **more)

    assert put("run_key", "a").json() == {"revision": "2"}
    assert refused(put("run_key", "b")) == (status, "GAIA_RE20")
    assert list(errors(put("note", "a"))) == ["updateKey.field"]
    assert list(errors(put("run_key", ""))) == ["updateKey.value"]
    assert list(errors(put("run_key", "a", id=1))) == ["id"]
    assert list(errors(log.call("PUT", "record.json", record={}))) == ["id"]


def test_upsert_changes_what_is_there_and_adds_what_is_not(served_log: Loopback, log: Records) -> None:
    log.post(run_key="a")

    def upsert(*keys: str, **values: Any) -> httpx.Response:
        entries = [{"updateKey": {"field": "run_key", "value": key}, "record": cells(values)} for key in keys]
        return log.call("PUT", "records.json", upsert=True, records=entries)

    assert upsert("a", "b", note="both").json() == {
        "records": [
            {"id": "1", "revision": "2", "operation": "UPDATE"},
            {"id": "2", "revision": "1", "operation": "INSERT"},
        ]
    }
    assert (log.get(2)["run_key"], log.get(2)["note"]) == ("b", "both")
    assert refused(upsert("c", "c")) == (400, "GAIA_IQ28")
    assert refused(upsert("a", "a")) == (400, "GAIA_IQ28")
    assert list(errors(upsert("a", run_key="a"))) == ["records[0].record.run_key"]
    assert list(errors(upsert(""))) == ["records[0].updateKey.value"]
    by_id = log.call("PUT", "records.json", upsert=True, records=[{"id": 99, "record": cells({"run_key": "d"})}])
    assert [done["operation"] for done in by_id.json()["records"]] == ["INSERT"]
    for missing in ("recordAddable", "recordEditable"):
        row = dict.fromkeys(("recordViewable", "recordAddable", "recordEditable"), True) | {missing: False}
        allow(served_log, rights=({"entity": EVERYONE, **row},))
        assert refused(upsert("a")) == (403, "CB_NO02")


def test_all_records_of_a_request_are_changed_or_none(log: Records) -> None:
    added = log.call("POST", "records.json", records=[cells({"run_key": str(number)}) for number in range(100)])
    assert len(added.json()["ids"]) == len(added.json()["revisions"]) == 100
    for method, text in (("POST", "added"), ("PUT", "updated")):
        many = log.call(method, "records.json", records=[{}] * 101)
        assert errors(many) == {"records": [f"A maximum of 100 records can be {text} at one time."]}
    entries = [{"id": 1, "record": cells({"note": "new"})}, {"id": 999, "record": {}}]
    assert refused(log.call("PUT", "records.json", records=entries)) == (404, "GAIA_RE01")
    assert log.get(1)["note"] == ""
    assert log.call("PUT", "records.json", records=entries[:1]).json() == {"records": [{"id": "1", "revision": "2"}]}


def test_records_are_removed_at_their_revision_and_their_numbers_are_not_given_again(log: Records) -> None:
    for key in "abc":
        log.post(run_key=key)
    log.put(2, note="changed")
    assert refused(log.call("DELETE", "records.json", ids=[1, 2], revisions=[1, 1])) == (409, "GAIA_CO02")
    assert refused(log.call("DELETE", "records.json", ids=[1, 9])) == (404, "GAIA_RE01")
    assert refused(log.call("DELETE", "records.json", ids=[])) == (400, "CB_VA01")
    assert sorted(log.find("")) == [1, 2, 3]
    assert log.call("DELETE", "records.json", ids=[2, 3], revisions=[2, -1]).json() == {}
    assert log.find("") == [1]
    assert log.post(run_key="d").json()["id"] == "4"


def test_table_rows_with_an_id_are_changed_and_the_others_are_replaced(served_log: Loopback) -> None:
    sample = Records(served_log, APP, "sato")
    rows = [{"id": "101", "value": cells({"数量": "7"})}, {"value": cells({"品名": "new", "単価": "none"})}]
    assert sample.put(1, 明細=rows).status_code == 200
    first, second = sample.get(1)["明細"]
    assert first["id"] == "101"
    assert {code: cell["value"] for code, cell in first["value"].items()} == {
        "品名": "部品 1",
        "数量": "7",
        "単価": "350",
    }
    assert {code: cell["value"] for code, cell in second["value"].items()} == {"品名": "new", "数量": "", "単価": ""}
    assert second["id"] not in {"101", "102"}
    assert sample.get(1)["合計"] == "2450"
    assert list(errors(sample.put(1, 添付=[{"fileKey": "x"}]))) == ["record.添付.value"]
