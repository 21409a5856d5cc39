"""Warnings about valid configs."""

from typing import Any

import pytest
import yaml

from generator.cautions import cautions
from generator.config import parse_config
from generator.units.config import Config
from tests.conftest import KREWDATA_UNIT, config_from, config_of


def all_cautions(config: Config) -> list[str]:
    return [str(each) for each in cautions(config)]


TWIN = {**KREWDATA_UNIT, "id": "twin"}


@pytest.mark.parametrize(
    ("units", "says"),
    [
        ([KREWDATA_UNIT, {**TWIN, "label": "他"}], []),
        (
            [KREWDATA_UNIT, TWIN],
            [
                'buttons recalculate, twin have the same label "再集計"',
                'have the same label "Recalculate"; give each its own',
            ],
        ),
        (
            [{**KREWDATA_UNIT, "label": "同じ"}, {**TWIN, "label": {"ja": "同じ", "en": "Other"}}],
            ['the same label "同じ"'],
        ),
        ([{**KREWDATA_UNIT, "record": ["ガス", "カ\u3099ス"]}], ["field code ガス", "'\\u30ab\\u3099"]),
        ([{**KREWDATA_UNIT, "show_if": [{"field": "部門名", "filled": True}]}], []),
        (
            [{**KREWDATA_UNIT, "record": ["カナ"], "show_if": [{"field": "ｶﾅ", "filled": True}]}],
            ["field code カナ"],
        ),
        (
            [{**KREWDATA_UNIT, "record": "none", "pages": ["detail", "index"], "space": "run"}],
            ["recalculate: the record list has no Space"],
        ),
    ],
    ids=["nothing", "one label", "one label in one language", "NFC and NFD", "one field twice", "widths", "space"],
)
def test_a_config_is_warned_of(units: list[dict[str, Any]], says: list[str]) -> None:
    found = all_cautions(config_of(*units))
    assert "every user can read the credentials" in found[0]
    told = "\n".join(caution for caution in found[1:] if "credential is written" not in caution)
    assert bool(told) == bool(says)
    for words in says:
        assert words in told
    assert all(caution.startswith("orders (app 45): ") and "\n" not in caution for caution in found)
    assert KREWDATA_UNIT["serial_number"] not in told


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (3, ["app-1 (app 1): every user", "app-2 (app 2): every user", "app-3 (app 3): every user"]),
        (4, ["4 apps (app-1, app-2, app-3, …): every user"]),
        (1000, ["1,000 apps (app-1, app-2, app-3, …): every user"]),
    ],
)
def test_what_is_the_same_for_many_apps_is_one_line(number: int, says: list[str]) -> None:
    apps = [
        {"app": n, "name": f"app-{n}", "target": "script", "expose_secrets": True, "units": [KREWDATA_UNIT]}
        for n in range(1, number + 1)
    ]
    found = [
        line for line in all_cautions(config_from({"version": 1, "apps": apps})) if "credential is written" not in line
    ]
    assert [line[: line.index(" can")] for line in found] == says


def test_what_is_of_one_app_keeps_its_line_among_many() -> None:
    script = {"target": "script", "expose_secrets": True}
    apps = [{"app": n, "name": f"app-{n}", **script, "units": [KREWDATA_UNIT]} for n in range(1, 10)]
    apps[4]["units"] = [KREWDATA_UNIT, TWIN]
    found = [
        line for line in all_cautions(config_from({"version": 1, "apps": apps})) if "credential is written" not in line
    ]
    assert [line.partition(": ")[0] for line in found] == ["9 apps (app-1, app-2, app-3, …)", *["app-5 (app 5)"] * 2]


def test_a_secret_in_the_config_itself_is_told_and_one_from_the_environment_is_not() -> None:
    found = all_cautions(config_of(KREWDATA_UNIT))
    assert found[1] == (
        "orders (app 45): recalculate: serial_number: the credential is written in the config, and so in its "
        "repository; write ${KREWDATA_SERIAL_NUMBER} and set that variable"
    )
    text = (
        yaml.safe_dump(
            {
                "version": 1,
                "plugin": {"name": {"en": "Run"}, "key": "${RUNBUTTON_KEY}"},
                "apps": [
                    {
                        "app": 45,
                        "name": "orders",
                        "target": "script",
                        "expose_secrets": True,
                        "units": [{**KREWDATA_UNIT, "serial_number": "${SERIAL}"}],
                    },
                    {"app": 46, "name": "plugged", "units": [{**TWIN, "serial_number": None}]},
                ],
            }
        )
        .replace("          serial_number: null\n", "")
        .replace("    serial_number: null\n", "")
    )
    pem = "-----BEGIN RSA PRIVATE KEY-----\nFAKE\n-----END RSA PRIVATE KEY-----\n"
    environ = {"SERIAL": str(KREWDATA_UNIT["serial_number"]), "RUNBUTTON_KEY": pem}
    assert not [each for each in all_cautions(parse_config(text, "u", environ)) if "credential is written" in each]
    literal = text.replace("${RUNBUTTON_KEY}", repr(pem)[1:-1].join('""'))
    assert [
        each.split(":")[0]
        for each in all_cautions(parse_config(literal, "u", environ))
        if "credential is written" in each
    ] == ["plugin.key"]
