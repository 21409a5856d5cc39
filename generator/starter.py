"""A project's first files, from a few answers: what `runbutton init` writes."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

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
from generator.words import LANGUAGES, say

_FOLDER = TEMPLATES / "starter" / "init"


class KintoneApp(NamedTuple):
    """An app, and its location if its pasted address has it."""

    id: int
    base_url: str = ""
    guest_space: str = ""


_MADE_UP_APP = KintoneApp(45)


@dataclass(frozen=True)
class Button:
    """The answers about a button; `values` has the service's own keys, each as `parse_value` returns it."""

    service: str = "krewdata"
    label: str = ""
    values: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """The answers for a new project."""

    language: str
    app: KintoneApp = _MADE_UP_APP
    buttons: tuple[Button, ...] = (Button(),)


def demo(language: str) -> Answers:
    """A project with a button of each service, with made-up values."""
    return Answers(language, buttons=tuple(map(Button, SERVICES)))


def questions_for(service: str) -> tuple[Asked, ...]:
    """The values that a unit of the service needs."""
    return SERVICES[service].asked


def parse_service(text: str) -> str:
    """The service from its number, its key or its product name. RunbuttonError with the allowed names."""
    typed = text.strip().casefold()
    for number, (name, service) in enumerate(SERVICES.items(), 1):
        called = (say(language, service.service_words).casefold() for language in LANGUAGES)
        if typed in (str(number), name, *called):
            return name
    raise RunbuttonError(unknown_service(text))


def parse_value(service: str, asked: Asked, text: str) -> Any:  # noqa: ANN401 - what the key takes.
    """The value for units.yaml from the user's input. RunbuttonError with the problem."""
    return _checked(SERVICES[service], {"id": "first", "service": service}, asked.key, asked.pasted(text.strip()))


def parse_label(service: str, text: str) -> str:
    """The button's label from the user's input; empty for the usual one. RunbuttonError with the problem."""
    return str(_checked(SERVICES[service], {"id": "first", "service": service}, "label", text)) if text else ""


def parse_app(text: str) -> KintoneApp:
    """The app from its ID or from one of its addresses. RunbuttonError with the problem."""
    pasted = re.match(r"(https://[\w.:-]+)/k/(?:m/|guest/([0-9]+)/)?([0-9]+)(?:[/?#]|$)", text.strip())
    base_url, guest_space, number = pasted.groups("") if pasted else ("", "", text.strip())
    # Full-width digits too, as a Japanese keyboard types them.
    app = _checked(App, {"name": "first"}, "app", int(number) if re.fullmatch(r"\d{1,18}", number) else number)
    return KintoneApp(int(app), base_url, guest_space)


def files(answers: Answers) -> dict[Path, bytes]:
    """The files of a new project by their paths in it; missing answers have made-up values."""
    language = answers.language
    templates = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, and every value that is put in was written as YAML.
        keep_trailing_newline=True,
    )
    app = answers.app
    units = templates.get_template(f"units.{language}.yaml.j2").render(
        app=app.id, name=f"app-{app.id}", units=[_unit(button, language, answers) for button in answers.buttons]
    )
    settings = templates.get_template(f"env.{language}.example.j2").render(
        base_url=app.base_url or "https://yourdomain.cybozu.com", guest_space=app.guest_space
    )
    schema = json.dumps(config_schema(language), ensure_ascii=False, indent=2)
    return {
        Path("units.yaml"): units.encode(),
        Path("units.schema.json"): f"{schema}\n".encode(),
        Path(".env.example"): settings.encode(),
        Path(".gitignore"): (_FOLDER / "gitignore").read_bytes(),
        Path("AGENTS.md"): (_FOLDER / f"AGENTS.{language}.md").read_bytes(),
    }


def _unit(button: Button, language: str, answers: Answers) -> dict[str, Any]:
    """A unit for the template of units.yaml."""
    values = [
        {
            "key": one.key,
            "words": say(language, one.words),
            "yaml": _yaml(button.values[one.key] if one.key in button.values else one.pasted(one.example)),
        }
        for one in questions_for(button.service)
    ]
    words = say(language, SERVICES[button.service].service_words)
    alone = len(answers.buttons) == 1
    label = button.label or (say(language, "init.labelDefault") if alone else words)
    return {
        "id": "first-button" if alone else button.service,
        "service": button.service,
        "asked": values,
        "label": _yaml(label),
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
