"""Units as units.yaml would give them, and the models made of them."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from generator.units.config import AnyUnit

KREWDATA = {
    "id": "recalculate",
    "service": "krewdata",
    "url": "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn",
    "krewdata_app_url": "https://yourdomain.cybozu.com/k/123",
    "record": "none",
}
JOB = {"id": "load-sales", "service": "trocco-job", "job_definition_id": 123}
WORKFLOW = {"id": "nightly", "service": "trocco-workflow", "pipeline_definition_id": 45}


def unit(keys: dict[str, Any], **more: object) -> Any:
    return TypeAdapter(AnyUnit).validate_python(keys | more)


def problems(keys: dict[str, Any], **more: object) -> str:
    with pytest.raises(ValidationError) as caught:
        unit(keys, **more)
    return "\n".join(str(error["ctx"]["text"]) for error in caught.value.errors())
