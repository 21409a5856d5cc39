"""A project's first files, from a few answers: what `runbutton init` writes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError

from generator.assets import TEMPLATES
from generator.config import config_schema
from generator.errors import RunbuttonError
from generator.units.config import App, unknown_service
from generator.units.problems import ConfigPart, violations_in
from generator.units.unit import SERVICES, Asked
from generator.units.values import Json
from generator.words import say

_FOLDER = TEMPLATES / "starter" / "init"


@dataclass(frozen=True)
class Answers:
    """What is known of the first button; `values` has the service's own keys, each as `parse_value` gives it."""

    language: str
    service: str = "krewdata"
    app: int = 45
    label: str = ""
    values: Mapping[str, Json] = field(default_factory=dict)


def questions_for(service: str) -> tuple[Asked, ...]:
    """The values that a unit of the service needs."""
    return SERVICES[service].asked


def parse_service(text: str) -> str:
    """The service's name. RunbuttonError with the names that are allowed."""
    if text not in SERVICES:
        raise RunbuttonError(unknown_service(text))
    return text


def parse_value(service: str, asked: Asked, text: str) -> Any:  # noqa: ANN401 - what the key takes.
    """The value for units.yaml from what was typed or pasted. RunbuttonError with what is wrong with it."""
    return _checked(SERVICES[service], {"id": "first", "service": service}, asked.key, asked.pasted(text.strip()))


def parse_app(text: str) -> int:
    """The app's ID from itself or from an address of the app. RunbuttonError with what is wrong with it."""
    pasted = re.match(r"https://[^/]+/k/(?:m/|guest/[0-9]+/)?([0-9]+)(?:[/?#]|$)", text.strip())
    number = pasted[1] if pasted else text.strip()
    return int(_checked(App, {"name": "first"}, "app", int(number) if number.isdigit() else number))


def files(answers: Answers) -> dict[Path, bytes]:
    """The files of a new project by their paths in it; what was not answered has made-up values."""
    asked = questions_for(answers.service)
    values = [
        {
            "key": one.key,
            "words": say(answers.language, one.words),
            "yaml": _yaml(answers.values[one.key] if one.key in answers.values else one.pasted(one.example)),
        }
        for one in asked
    ]
    templates = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, and every value that is put in was written as YAML.
        keep_trailing_newline=True,
    )
    units = templates.get_template(f"units.{answers.language}.yaml.j2").render(
        app=answers.app,
        name=f"app-{answers.app}",
        id="first-button",
        service=answers.service,
        values=values,
        label=_yaml(answers.label or {"ja": "実行", "en": "Run"}[answers.language]),
    )
    return {
        Path("units.yaml"): units.encode(),
        Path("units.schema.json"): (
            json.dumps(config_schema(answers.language), ensure_ascii=False, indent=2) + "\n"
        ).encode(),
        Path(".env.example"): (_FOLDER / f"env.{answers.language}.example").read_bytes(),
        Path(".gitignore"): (_FOLDER / "gitignore").read_bytes(),
    }


def _checked(part: type[ConfigPart], rest: Mapping[str, Json], key: str, value: Any) -> Any:  # noqa: ANN401 - as given.
    try:
        part.model_validate({**rest, key: value})
    except ValidationError as error:
        texts = [violation.text for violation, _ in violations_in(error) if violation.loc[:1] == (key,)]
        if texts:
            raise RunbuttonError(texts[0]) from None
    return value


def _yaml(value: Json) -> str:
    """The value as YAML in one line."""
    text: str = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000)
    return text.removesuffix("\n").removesuffix("\n...")
