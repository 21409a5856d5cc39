"""`ask` in units.yaml: what is accepted, what is refused, and what the page gets."""

import json
from typing import Any

import pytest

from generator.config import config_schema
from generator.customization import plugin_script, script
from tests.conftest import config_of
from tests.running import TROCCO_UNIT
from tests.sample_units import JOB, KREWDATA, WORKFLOW, problems, unit

MONTH: dict[str, Any] = {"name": "month", "label": {"ja": "対象月", "en": "Month"}}
USE = {"custom_variables": [{"name": "$month$", "ask": "month"}]}


def asking(**keys: Any) -> dict[str, Any]:
    return {**JOB, **USE, "ask": [{**MONTH, **keys}]}


def test_the_inputs_reach_the_page_and_their_values_are_read_as_fields() -> None:
    given = unit(
        JOB,
        ask=[
            {
                **MONTH,
                "pattern": r"\d{4}-\d{2}",
                "example": "2026-11",
                "default": {"field": "対象月"},
                "required": True,
            },
            {"name": "mode", "label": "Mode", "type": "choice", "choices": [{"value": "full", "label": "All"}, 2026]},
            {"name": "day", "label": "Day", "type": "date", "required": True, "min": "2026-01-01"},
            {"name": "rate", "label": "Rate", "type": "number", "min": 0, "max": "1.5", "default": 1},
        ],
        custom_variables=[
            {"name": "$m$", "ask": "month"},
            {"name": "$mode$", "ask": "mode"},
            {"name": "$rate$", "ask": "rate"},
            {"name": "$who$", "user": "code"},
            {"name": "$name$", "user": "name"},
            {"name": "$url$", "record": "url"},
        ],
        context_time={"ask": "day"},
    )
    page = given.common_for_page() | given.for_page()
    assert json.loads(json.dumps(page)) == page
    assert page["ask"] == [
        {
            **{"name": "month", "label": {"ja": "対象月", "en": "Month"}, "type": "text", "required": True},
            **{"pattern": r"\d{4}-\d{2}", "example": "2026-11", "default": {"field": "対象月"}},
        },
        {
            **{"name": "mode", "label": {"ja": "Mode", "en": "Mode"}, "type": "choice"},
            "choices": [
                {"value": "full", "label": {"ja": "All", "en": "All"}},
                {"value": "2026", "label": {"ja": "2026", "en": "2026"}},
            ],
        },
        {
            **{"name": "day", "label": {"ja": "Day", "en": "Day"}, "type": "date", "required": True},
            "min": "2026-01-01",
        },
        {
            **{"name": "rate", "label": {"ja": "Rate", "en": "Rate"}, "type": "number"},
            **{"min": "0", "max": "1.5", "default": "1"},
        },
    ]
    assert page["customVariables"] == [
        {"name": "$m$", "field": "$ask.month", "default": ""},
        {"name": "$mode$", "field": "$ask.mode", "default": ""},
        {"name": "$rate$", "field": "$ask.rate", "default": ""},
        {"name": "$who$", "field": "$user.code"},
        {"name": "$name$", "field": "$user.name"},
        {"name": "$url$", "field": "$record.url"},
    ]
    assert page["contextTime"] == {"field": "$ask.day"}
    # The deploy looks these up in the app's form.
    assert given.record_fields == ("対象月",)


def test_a_list_is_read_up_to_its_limit() -> None:
    variables = [{"name": "$q$", "list": "query"}, {"name": "$i$", "list": "ids"}]
    page = unit(JOB, pages="index", custom_variables=variables).for_page()
    assert page["listLimit"] == 500
    assert page["customVariables"] == [
        {"name": "$q$", "field": "$list.query", "default": ""},
        {"name": "$i$", "field": "$list.ids", "default": ""},
    ]
    assert "listLimit" not in unit(JOB, pages="index", custom_variables=variables[:1]).for_page()


@pytest.mark.parametrize(
    ("record", "sent"), [("none", ["対象月"]), ("all", "all"), (["部門名", "対象月"], ["部門名", "対象月"])]
)
def test_krewdata_gets_a_typed_value_as_a_field_of_the_record(record: object, sent: object) -> None:
    values = [{"field": "対象月", "ask": "month"}]
    page = unit(KREWDATA, record=record, ask=[MONTH], values=values).for_page()
    assert page["values"] == values
    assert page["record"] == sent


def test_values_of_krewdata_need_no_record() -> None:
    values = [{"field": "対象月", "ask": "month"}]
    assert unit(KREWDATA, ask=[MONTH], values=values, pages="index").pages == ("index",)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (JOB | {"ask": [MONTH]}, "nothing uses this value"),
        (JOB | USE, "ask has no value with this name; add it to ask"),
        (asking() | {"custom_variables": [{"name": "$m$", "ask": "monht"}]}, 'did you mean "month"?'),
        (asking() | {"ask": [MONTH, MONTH]}, "duplicate of ask[0].name; give each value its own name"),
        (asking() | {"ask": [{**MONTH, "name": f"m{n}"} for n in range(26)]}, "a button has at most 25 values"),
        (asking(type="secret"), "unknown value"),
        (asking(type=["text"]), "unknown value"),
        (asking(type="choice"), 'missing key "choices"'),
        (asking(type="choice", choices=[]), "at least one entry"),
        (asking(type="choice", choices=["a", "b", "a"]), "duplicate entry"),
        (asking(type="choice", choices=["a", {"value": "a", "label": "A"}]), "duplicate entry"),
        (asking(choices=["a"]), "not allowed with type: text; it is for choice"),
        (asking(min=1), "not allowed with type: text; it is for number, date"),
        (asking(type="number", pattern=r"\d"), "not allowed with type: number; it is for text"),
        (asking(type="number", min="one"), "must be a number"),
        (asking(type="date", max="2026-02-30"), "must be an existing date"),
        (asking(type="number", min=10, max=9), "must not be below min"),
        (asking(type="date", min="2026-11-02", max="2026-11-01"), "must not be below min"),
        (asking(default="2026/11", pattern=r"\d{4}-\d{2}"), '"2026/11" breaks this input\'s own rules'),
        (asking(example="11", pattern=r"\d{4}-\d{2}"), '"11" breaks'),
        (asking(default="", required=True), '"" breaks'),
        (asking(type="number", default="ten"), '"ten" breaks'),
        (asking(type="number", default=11, max=10), "11 breaks"),
        (asking(type="date", default="2025-12-31", min="2026-01-01"), '"2025-12-31" breaks'),
        (asking(type="choice", choices=["a"], default="b"), '"b" breaks'),
        (asking(default="a" * 256), "breaks"),
        (asking(default="a\nb"), "breaks"),
        (asking(label="One\nTwo"), "one line"),
        (WORKFLOW | {"ask": [MONTH], "context_time": {"ask": "month"}}, "type: date and required: true"),
        (
            WORKFLOW | {"ask": [{**MONTH, "type": "date"}], "context_time": {"ask": "month"}},
            "type: date and required: true",
        ),
        (KREWDATA | {"custom_variables": []}, "krewData takes no custom variables; use values"),
        (KREWDATA | {"values": [{"field": "ids", "list": "ids"}]}, "a list of records needs a TROCCO job"),
        (
            KREWDATA | {"ask": [MONTH], "values": [{"field": "a", "ask": "month"}] * 2},
            "duplicate of values[0].field",
        ),
        (JOB | {"custom_variables": [{"name": "$a$", "user": "mail"}]}, "unknown value"),
        (JOB | {"custom_variables": [{"name": "$a$", "user": "code", "value": "a"}]}, "exactly one of"),
        (JOB | {"custom_variables": [{"name": "$a$", "record": "url"}], "pages": "index"}, "has no record"),
        (asking(default={"field": "a"}) | {"pages": "index"}, "has no record"),
        (JOB | {"custom_variables": [{"name": "$a$", "record": "url"}], "pages": "create"}, "no address yet"),
        (JOB | {"custom_variables": [{"name": "$a$", "list": "ids"}]}, "only a button with pages: index alone"),
        (
            JOB | {"custom_variables": [{"name": "$a$", "list": "ids"}], "pages": ["detail", "index"]},
            "only a button with pages: index alone",
        ),
        (JOB | {"custom_variables": [{"name": "$a$", "list": "all"}], "pages": "index"}, "unknown value"),
        (JOB | {"custom_variables": [{"name": "$a$", "list": "ids", "limit": 5001}], "pages": "index"}, "at most 5000"),
        (
            JOB | {"custom_variables": [{"name": "$a$", "list": "query", "limit": 5}], "pages": "index"},
            "list: ids only",
        ),
        (WORKFLOW | {"custom_variables": [{"name": "$a$", "list": "ids"}]}, "takes no custom variables"),
    ],
)
def test_a_mistake_is_refused_in_words(keys: dict[str, Any], expected: str) -> None:
    assert expected in problems(keys)


@pytest.mark.parametrize(
    "pattern", [r"\d{4}-\d{2}", "[A-Z]{2,3}[0-9]*", r"(?:a|b)?c\.\-"[:-2], r"^[^a-c]+$", r"(\d{2}){1,3}", "東京|大阪"]
)
def test_patterns_that_both_languages_read_the_same_way_are_accepted(pattern: str) -> None:
    assert unit(asking(pattern=pattern)).ask[0].pattern == pattern.removeprefix("^").removesuffix("$")


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            r"(a+)+",
            r"(a*b?)*",
            r"(a|a?)+",
            r"\p{L}",
            r"\bword",
            r"\s",
            r"(?=a)",
            r"(?<n>a)",
            r"(?P<n>a)",
            r"\1",
            "a$b",
        ),
        *(
            "[b-a]",
            "(",
            "[",
            "a{2,1}",
            "*a",
            "a**",
            "a+?",
            "[[:alpha:]]",
            "[a--b]",
            r"\-",
            r"(?i)a",
            "a^b",
            "((a))",
            r"\1",
        ),
    ],
)
def test_other_patterns_are_refused(pattern: str) -> None:
    assert "must be a regular expression of" in problems(asking(pattern=pattern))


def test_the_schema_describes_ask_with_its_types() -> None:
    schema = config_schema()
    assert {"Input", "Choice", "CustomVariable"} <= schema["$defs"].keys()
    assert schema["$defs"]["Input"]["properties"]["label"]["description"].startswith("label in the form")
    keys = schema["$defs"]["TroccoJobUnit"]["properties"]
    for key in ("ask", "unless", "show_to"):
        (example,) = keys[key]["examples"]
        used = [{"name": f"${each['name']}$", "ask": each["name"]} for each in example] if key == "ask" else []
        assert unit({**JOB, key: example, "custom_variables": used})


def test_only_scripts_that_need_them_contain_the_form_and_the_list_on_either_target() -> None:
    parts = ("createDialog", ".rb-form", "getQueryCondition", "input.userCode")
    typed = {**TROCCO_UNIT, **USE, "ask": [MONTH]}
    url = {**TROCCO_UNIT, "custom_variables": [{"name": "$url$", "record": "url"}]}
    ids = {**TROCCO_UNIT, "pages": "index", "custom_variables": [{"name": "$ids$", "list": "ids"}]}
    expected = [(TROCCO_UNIT, set()), (typed, {*parts} - {"getQueryCondition"}), (url, {"input.userCode"})]
    for one, used in [*expected, (ids, {"getQueryCondition", "input.userCode"})]:
        app = config_of(one).apps[0]
        for built in (script(app), plugin_script([app])):
            assert {part for part in parts if part in built} == used
