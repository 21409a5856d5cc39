"""The types of values: which are accepted, and which are refused."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from generator.units.config import App
from tests.sample_units import JOB, KREWDATA, WORKFLOW, problems, unit


@pytest.mark.parametrize(
    ("keys", "key", "value", "words"),
    [
        (KREWDATA, "serial_number", base64.b64encode(b"FAKE01-FAKE02-FAKE03").decode(), "is Base64 already"),
        (KREWDATA, "serial_number", "FAKE\n0123", "has a space"),
        (KREWDATA, "serial_number", "FAKE０123", "full-width"),
        (KREWDATA, "serial_number", "tra_FAKE0123", "looks like a TROCCO API key; give the krewData serial number"),
        (JOB, "api_key", "FAKE01-FAKE02-FAKE03-FAKE04-FAKE05", "looks like a krewData serial number"),
        (JOB, "api_key", "F" * 1001, "is longer than 1000"),
        (JOB, "api_key", "token FAKE0123", 'leave out "Token "'),
        (KREWDATA, "serial_number", "FAKE\u200b0123", "an invisible character"),
        (KREWDATA, "serial_number", "FAKE 0123", "has a space"),
        (KREWDATA, "serial_number", "", "must not be empty"),
        (KREWDATA, "serial_number", 1234567, "must be text"),
        (JOB, "api_key", "Token FAKE0123", 'leave out "Token "'),
        (WORKFLOW, "api_key", ["FAKE0123"], "must be text"),
    ],
)
def test_a_secret_that_cannot_work_is_refused_without_showing_it(
    keys: dict[str, Any], key: str, value: object, words: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        unit(keys, **{key: value})

    assert words in str(caught.value.errors()[0]["ctx"]["text"])
    assert not any(part in str(caught.value) for part in ("FAKE", "1234567", "RkFLR"))


@pytest.mark.parametrize(
    ("timeout", "seconds"), [("10s", 10), ("90s", 90), ("60m", 3600), ("2h", 7200), ("24h", 86400)]
)
def test_a_timeout_is_a_length_of_time(timeout: str, seconds: int) -> None:
    assert unit(WORKFLOW, timeout=timeout).timeout == timedelta(seconds=seconds)


@pytest.mark.parametrize("timeout", ["9s", "25h", "99999h", "60", 60, "1.5h", "1h30m", "-5m", "", "６０m", True, []])
def test_a_timeout_that_is_none_is_refused(timeout: object) -> None:
    assert "must be" in problems(WORKFLOW, timeout=timeout)


@pytest.mark.parametrize("value", [True, 1.5, None, [], {}, "4 5", "45x", "٤٥", "9" * 30, "", 0, -1, 2**53])
def test_an_id_is_a_positive_whole_number(value: object) -> None:
    assert problems(JOB, job_definition_id=value)


@pytest.mark.parametrize("value", [1, 0, None, "yes", "True", [], "on"])
def test_only_true_and_false_are_truth_values(value: object) -> None:
    app = {"app": 45, "name": "a", "target": "script", "units": [WORKFLOW | {"api_key": "FAKE-key"}]}

    with pytest.raises(ValidationError, match="must be true or false"):
        App.model_validate(app | {"expose_secrets": value})


@pytest.mark.parametrize("value", [45, True, [], {}, "", "  ", "a\x00b", "\udce9"])
def test_text_must_be_text_that_can_be_shown(value: object) -> None:
    assert problems(WORKFLOW, space=value)


@pytest.mark.parametrize("copied", [" FAKE-0123", "FAKE-0123\n", "\tFAKE-0123\r\n", "\u3000FAKE-0123\u00a0"])
def test_white_space_around_a_secret_is_cut_off(copied: str) -> None:
    assert unit(JOB, api_key=copied).secret.get_secret_value() == "FAKE-0123"


def test_a_secret_is_as_long_as_is_allowed() -> None:
    assert len(unit(JOB, api_key="F" * 1000).secret.get_secret_value()) == 1000
