"""Parameters of a body, as kintone checks them."""

from collections.abc import Iterable, Mapping

from generator.stub.rest.answers import Json, invalid, mapped


def known_keys(given: Mapping[str, Json], allowed: Iterable[str], where: str) -> None:
    """RestError for a property that the document of the API does not have."""
    for key in given:
        if key not in allowed:
            raise invalid(f"{where}.{key}".lstrip("."), "Unknown property.")


def flag(given: Json, where: str) -> bool:
    """True or false, which kintone accepts as text too; RestError for anything else."""
    if given in (True, "true"):
        return True
    if given in (False, "false"):
        return False
    raise invalid(where, "Enter true or false.")


def text(given: Json, where: str, longest: int) -> str:
    """A text that is not empty and not too long; RestError for anything else."""
    if not isinstance(given, str) or not given:
        raise invalid(where, "Required field.")
    if len(given) > longest:
        raise invalid(where, f"The value must be {longest} characters or less.")
    return given


def one_of(given: Json, allowed: Iterable[str], where: str) -> str:
    """One of several words; RestError for anything else."""
    words = tuple(allowed)
    if given not in words:
        raise invalid(where, f"Enum value must be one of {', '.join(words)}.")
    return str(given)


def entity(given: Json, types: Iterable[str], fields: Mapping[str, Json], where: str) -> Json:
    """Whom a right or a notification is for. A FIELD_ENTITY is a field of persons, groups or organizations; only the
    app's CREATOR needs no code. RestError for anything else."""
    row = mapped(given, where)
    known_keys(row, {"type", "code"}, where)
    kind = one_of(row.get("type"), types, f"{where}.type")
    if kind == "CREATOR":
        return {"type": kind, "code": None}
    code = text(row.get("code"), f"{where}.code", 128)
    if kind == "FIELD_ENTITY" and fields.get(code, {}).get("type") not in _PERSONS:
        raise invalid(f"{where}.code", f"The specified field (code: {code}) is not found.")
    return {"type": kind, "code": code}


_PERSONS = ("CREATOR", "MODIFIER", "USER_SELECT", "GROUP_SELECT", "ORGANIZATION_SELECT")
