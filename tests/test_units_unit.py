"""The keys that units of all services share."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from generator.units.problems import FromEnvironment
from generator.units.unit import Unit
from tests.sample_units import JOB, KREWDATA, WORKFLOW, problems, unit


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (KREWDATA, {"url": KREWDATA["url"], "record": "none"}),
        (JOB, {"baseUrl": "https://trocco.io", "definitionId": 123, "customVariables": []}),
        (WORKFLOW, {"baseUrl": "https://trocco.io", "definitionId": 45}),
    ],
)
def test_keys_that_are_not_given_are_not_in_the_page(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    assert unit(keys).for_page() == expected


def test_the_common_keys_have_defaults() -> None:
    assert unit(WORKFLOW).common_for_page() == {
        "id": "nightly",
        "service": "trocco-workflow",
        "label": {"ja": "実行", "en": "Run"},
        "confirm": True,
        "pages": ["detail"],
        "devices": ["desktop", "mobile"],
        "afterSuccess": "stay",
        "timeout": 3_600_000,
    }


def test_the_common_keys_reach_the_page() -> None:
    given = unit(
        WORKFLOW,
        label="Go",
        confirm={"en": "Sure?"},
        pages=["edit", "create"],
        devices=["mobile"],
        space="run-area",
        show_if=[{"field": "a", "in": ["1", "2"]}, {"field": "b", "not_in": ["3"]}, {"field": "c", "filled": False}],
        after_success="reload",
        timeout="90s",
    )

    assert given.common_for_page() == {
        "id": "nightly",
        "service": "trocco-workflow",
        "label": {"ja": "Go", "en": "Go"},
        "confirm": {"ja": "Sure?", "en": "Sure?"},
        "pages": ["edit", "create"],
        "devices": ["mobile"],
        "space": "run-area",
        "showIf": [
            {"field": "a", "in": ["1", "2"]},
            {"field": "b", "notIn": ["3"]},
            {"field": "c", "filled": False},
        ],
        "afterSuccess": "reload",
        "timeout": 90_000,
    }


def test_one_word_stands_for_a_list_of_one() -> None:
    page = unit(WORKFLOW, pages="edit", devices="mobile").common_for_page()
    assert (page["pages"], page["devices"]) == (["edit"], ["mobile"])


@pytest.mark.parametrize("keys", [KREWDATA, JOB, WORKFLOW], ids=lambda keys: keys["service"])
def test_what_the_page_gets_is_json_and_its_keys_do_not_collide(keys: dict[str, Any]) -> None:
    given = unit(keys, show_if=[{"field": "a", "in": ["1"]}])
    together = given.common_for_page() | given.for_page()

    assert json.loads(json.dumps(together)) == together
    assert not given.common_for_page().keys() & given.for_page().keys()


@pytest.mark.parametrize(
    ("keys", "more", "fields"),
    [
        (KREWDATA, {"record": "all"}, ()),
        (KREWDATA, {"record": ["a", "b"], "show_if": [{"field": "b", "filled": True}]}, ("a", "b")),
        (JOB, {"custom_variables": [{"name": "$x$", "field": "a"}, {"name": "$y$", "value": "v"}]}, ("a",)),
        (JOB, {"context_time": {"field": "t"}, "custom_variables": [{"name": "$x$", "field": "t"}]}, ("t",)),
        (WORKFLOW, {"context_time": {"field": "t"}, "show_if": [{"field": "a", "in": ["1"]}]}, ("a", "t")),
        (WORKFLOW, {"context_time": "2019-11-18 00:00:00"}, ()),
    ],
)
def test_a_unit_knows_the_fields_that_it_reads(
    keys: dict[str, Any], more: dict[str, Any], fields: tuple[str, ...]
) -> None:
    assert unit(keys, **more).record_fields == fields


@pytest.mark.parametrize(("keys", "key"), [(KREWDATA, "serial_number"), (JOB, "api_key"), (WORKFLOW, "api_key")])
def test_a_secret_is_readable_on_purpose_only(keys: dict[str, Any], key: str) -> None:
    given: Unit = unit(keys, **{key: "FAKE-0123"})

    assert unit(keys).secret is None
    assert given.secret is not None
    assert given.secret.get_secret_value() == "FAKE-0123"
    assert "FAKE-0123" not in f"{given} {given!r} {given.model_dump()}"


@pytest.mark.parametrize(
    ("keys", "more"),
    [
        (KREWDATA, {"record": "all"}),
        (KREWDATA, {"record": ["a"]}),
        (KREWDATA, {"show_if": [{"field": "a", "filled": True}]}),
        (JOB, {"custom_variables": [{"name": "$a$", "field": "a"}]}),
        (WORKFLOW, {"context_time": {"field": "a"}}),
    ],
)
def test_a_button_on_the_list_page_cannot_read_a_record(keys: dict[str, Any], more: dict[str, Any]) -> None:
    assert f"without {next(iter(more))} for it" in problems(keys, pages=["detail", "index"], **more)


@pytest.mark.parametrize(
    ("keys", "more"), [(KREWDATA, {}), (JOB, {"custom_variables": [{"name": "$a$", "value": "a"}]}), (WORKFLOW, {})]
)
def test_a_button_that_reads_no_record_may_be_on_the_list_page(keys: dict[str, Any], more: dict[str, Any]) -> None:
    assert unit(keys, pages=["index"], **more).pages == ("index",)


@pytest.mark.parametrize("key", ["after_success", "record", "url", "id", "timeout", "time_zone", "api_key"])
@pytest.mark.parametrize("keys", [KREWDATA, JOB, WORKFLOW], ids=lambda keys: keys["service"])
def test_a_value_from_the_environment_is_not_in_the_problems(keys: dict[str, Any], key: str) -> None:
    assert "hush" not in problems(keys, **{key: FromEnvironment("\nhush hush\n", ["HUSHED"])})


def test_a_unit_does_not_change_after_it_was_read() -> None:
    with pytest.raises(ValidationError):
        unit(WORKFLOW).id = "other"


@pytest.mark.parametrize(
    ("keys", "key"), [(KREWDATA, "record"), (WORKFLOW, "devices"), (WORKFLOW, "pages"), (WORKFLOW, "show_if")]
)
def test_a_list_of_one_is_a_list(keys: dict[str, Any], key: str) -> None:
    one = {"record": ["部門名"], "devices": ["mobile"], "pages": ["edit"], "show_if": [{"field": "a", "in": ["1"]}]}
    assert len(getattr(unit(keys, **{key: one[key]}), key)) == 1


@pytest.mark.parametrize(
    ("keys", "more", "loc"),
    [
        (KREWDATA, {"record": ["a", "a"]}, ("record", 1)),
        (KREWDATA, {"record": ["a", ""]}, ("record", 1)),
        (KREWDATA, {"record": []}, ("record",)),
        (KREWDATA, {"confirm": {"ja": ""}}, ("confirm", "ja")),
        (WORKFLOW, {"context_time": {"field": "a", "or": "b"}}, ("context_time", "or")),
        (WORKFLOW, {"context_time": {}}, ("context_time",)),
        (WORKFLOW, {"pages": ["detail", "lists"]}, ("pages", 1)),
    ],
)
def test_a_problem_is_where_the_file_has_it_whichever_form_a_value_takes(
    keys: dict[str, Any], more: dict[str, Any], loc: tuple[str | int, ...]
) -> None:
    with pytest.raises(ValidationError) as caught:
        unit(keys, **more)
    assert [error["loc"] for error in caught.value.errors()] == [loc]
