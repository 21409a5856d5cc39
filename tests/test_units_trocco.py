"""TROCCO's units: the data for their pages, and the values that TROCCO accepts."""

import os
import subprocess
import sys

import pytest

from tests.sample_units import JOB, WORKFLOW, problems, unit


def test_a_trocco_job_gives_its_page_what_trocco_needs() -> None:
    given = unit(
        JOB,
        api_key="FAKE-key",
        base_url="https://in.trocco.io/",
        custom_variables=[
            {"name": "$ad_id$", "value": "A0000"},
            {"name": "$dept$", "field": "部門名"},
            {"name": "$area$", "field": "地域", "default": ""},
        ],
        context_time={"field": "入荷日"},
    )

    assert given.for_page() == {
        "baseUrl": "https://in.trocco.io",
        "definitionId": 123,
        "apiKey": "FAKE-key",
        "customVariables": [
            {"name": "$ad_id$", "value": "A0000"},
            {"name": "$dept$", "field": "部門名"},
            {"name": "$area$", "field": "地域", "default": ""},
        ],
        "contextTime": {"field": "入荷日"},
    }


def test_a_time_zone_is_in_the_page_only_when_it_is_given() -> None:
    assert unit(WORKFLOW, time_zone="Etc/UTC").for_page()["timeZone"] == "Etc/UTC"
    assert "timeZone" not in unit(WORKFLOW, context_time="2019-11-18 00:00:00").for_page()


def test_a_plugin_stores_a_trocco_key_for_one_definition_its_jobs_and_the_status_of_any() -> None:
    stored = unit(JOB).stored_requests()
    # The & prevents definition 123 from allowing 1234 too: kintone compares how an address begins.
    assert [(request.method, request.url) for request in stored] == [
        ("POST", "https://trocco.io/api/jobs?job_definition_id=123&"),
        ("GET", "https://trocco.io/api/jobs/"),
        ("GET", "https://trocco.io/api/job_definitions/123/jobs?limit=20"),
    ]
    assert all(request.headers["Authorization"] == "Token {secret}" for request in stored)


@pytest.mark.parametrize("url", ["https://trocco.io/api", "http://trocco.io", "trocco.io", "https://trocco.io/?a"])
def test_troccos_base_url_is_a_host_alone(url: str) -> None:
    assert "https://" in problems(JOB, base_url=url)


@pytest.mark.parametrize("time", ["2019-02-30 00:00:00", "2019-11-18", "2019-11-18T00:00:00", "2019-1-8 0:0:0", 2019])
def test_a_context_time_must_exist(time: object) -> None:
    assert "must be" in problems(WORKFLOW, context_time=time)


def test_time_zones_are_known_where_the_system_has_none_as_on_windows() -> None:
    program = """
from pydantic import TypeAdapter, ValidationError
from generator.units.config import AnyUnit
keys = {"id": "a", "service": "trocco-workflow", "pipeline_definition_id": 1}
for zone in ("Asia/Tokyo", "Europe/London", "UTC", "Asia/Tokio"):
    try:
        print(TypeAdapter(AnyUnit).validate_python(keys | {"time_zone": zone}).time_zone)
    except ValidationError:
        print("refused")
"""
    environ = os.environ | {"PYTHONTZPATH": ""}
    ran = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)

    assert ran.stdout.split("\n") == ["Asia/Tokyo", "Europe/London", "UTC", "refused", ""]
