"""The parameters of a request to TROCCO, read from its address and body, and checked."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from generator.stub.services.trocco.errors import ERRORS, AnswerError, bad_request, json_response
from generator.stub.wire import Request

JST = timezone(timedelta(hours=9))


def header_of(request: Request, name: str) -> str:
    return next((value for key, value in request.headers.items() if key.lower() == name.lower()), "")


def parameters_of(request: Request, *, in_body: bool) -> dict[str, object]:
    """The parameters from query and body merged as in Rails: the query takes precedence. Without `in_body`, a body's
    parameters are ignored."""
    query = _form(urlsplit(request.url).query)
    if request.method == "GET" or not request.body or not in_body:
        return query
    content_type = header_of(request, "Content-Type").partition(";")[0].strip().lower()
    if content_type == "application/x-www-form-urlencoded":
        return {**_form(request.body), **query}
    if content_type != "application/json":
        # Rails would ignore such a body, and the job would run without its parameters.
        message = f"a body of the type {content_type or '(none)'} is not read; send JSON or a form"
        raise AnswerError(json_response(400, {"message": message, "errors": []}))
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise AnswerError(ERRORS["bad-request-error"])
    return {**body, **query}


def _form(text: str) -> dict[str, object]:
    """Form parameters; of `list[][key]` a new element starts when a key comes again."""
    plain: dict[str, object] = {}
    lists: dict[str, list[dict[str, str]]] = {}
    for key, value in parse_qsl(text, keep_blank_values=True):
        nested = re.fullmatch(r"(\w+)\[\]\[(\w+)\]", key)
        if nested is None:
            plain[key] = value
            continue
        elements = lists.setdefault(nested[1], [])
        if not elements or nested[2] in elements[-1]:
            elements.append({})
        elements[-1][nested[2]] = value
    return {**plain, **lists}


def refuse_others(parameters: Mapping[str, object], *known: str) -> None:
    """Refuses parameters that the reference does not have: stricter than Rails, so that typing errors are found."""
    others = sorted(parameters.keys() - set(known))
    if others:
        message = f"unknown parameters: {', '.join(others)}"
        raise AnswerError(json_response(400, {"message": message, "errors": []}))


def read_integer(attribute: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        return int(value)
    raise bad_request(attribute, "is not a number")


def read_zone(parameters: Mapping[str, object]) -> tzinfo:
    name = parameters.get("time_zone", "Asia/Tokyo")
    if isinstance(name, str):
        try:
            return ZoneInfo(name)
        except (LookupError, OSError, ValueError):
            pass
    raise bad_request("time_zone", "is not a time zone")


def read_time(attribute: str, value: object, zone: tzinfo) -> datetime:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", value, re.ASCII):
        try:
            return datetime.strptime(value, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
        except ValueError:
            pass
    raise bad_request(attribute, "must be YYYY-MM-DD HH:MM:SS")


def read_context_time(parameters: Mapping[str, object], now: datetime) -> tuple[datetime, str]:
    """The moment that "time and date (when queuing)" variables are expanded from, and the zone's name."""
    zone = read_zone(parameters)
    name = str(parameters.get("time_zone", "Asia/Tokyo"))
    if "context_time" not in parameters:
        return now, name
    return read_time("context_time", parameters["context_time"], zone), name


def read_custom_variables(parameters: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    variables = parameters.get("custom_variables", [])
    if not isinstance(variables, list):
        raise bad_request("custom_variables", "must be a list of name and value")
    read = []
    for variable in variables:
        if not isinstance(variable, dict) or variable.keys() != {"name", "value"}:
            raise bad_request("custom_variables", "must be a list of name and value")
        name, value = variable["name"], variable["value"]
        if not isinstance(name, str) or not isinstance(value, str):
            raise bad_request("custom_variables", "name and value must be text")
        if not re.fullmatch(r"\$[^$]+\$", name):
            message = f"custom_variables: {name} must be wrapped in $"
            raise AnswerError(json_response(422, {"message": message}))
        read.append((name, value))
    return tuple(read)
