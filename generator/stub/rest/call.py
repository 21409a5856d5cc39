"""A request's parameters, and the app that they name."""

from collections.abc import Callable
from typing import TypeAlias

from flask import Response, request

from generator.stub.rest.answers import Json, RestError, invalid, is_number, listed, number
from generator.stub.rest.record_rights import Actor
from generator.stub.rest.state import Rest, RestApp, Settings
from generator.stub.sample_apps import StubApp


class Call:
    """Flask's current request. RestError if a parameter is missing or invalid."""

    def __init__(self, rest: Rest, guest_space: int | None, actor: Actor) -> None:
        self.rest = rest
        self.actor = actor
        self.guest_space = guest_space
        self.body: Json = {}
        if request.is_json:
            self.body = request.get_json(silent=True)
            if not isinstance(self.body, dict):
                raise RestError(400, "CB_IJ01", "Invalid JSON string.")

    def count(self) -> None:
        """Counts the request for the app that it names, if it names one."""
        given = self.parameter("app")
        if is_number(given):
            self.rest.count(int(given))

    def app_id(self) -> int:
        """The parameter `app`, of the body or the address."""
        given = self.parameter("app")
        if given is None:
            raise invalid("app", "Required field.")
        return number(given, "app")

    def parameter(self, name: str) -> Json:
        """A parameter of the body, or of the address: a GET may come as a POST with X-HTTP-Method-Override."""
        return self.body.get(name, request.args.get(name))

    def known(self, app_id: int) -> RestApp:
        """The app of this ID, if the request's path may name it."""
        if app_id not in self.rest.apps:
            raise RestError(404, "GAIA_AP01", f"The app (ID: {app_id}) not found. The app may have been deleted.")
        app = self.rest.current_app(app_id)
        if app.guest_space != self.guest_space:
            raise RestError(520, "GAIA_IL23", "The app belongs to another space than the request's path.")
        return app

    def app(self) -> RestApp:
        """The app that the request names."""
        return self.known(self.app_id())

    def form(self) -> StubApp:
        """The form of the app that the request names."""
        self.app()
        return self.rest.forms[self.app_id()]

    def live_app(self) -> Settings:
        """The live settings of the app that the request names."""
        live = self.app().live
        if live is None:
            raise RestError(404, "GAIA_AP01", f"The app (ID: {self.app_id()}) not found. It was never published.")
        return live

    def app_to_change(self) -> RestApp:
        """The app that the request names, if it is at the request's revision and may be changed now."""
        app = self.app()
        self.rest.refuse_while_deploying(self.app_id())
        check_revision(self.app_id(), app.preview, self.body.get("revision"))
        return app

    def numbered(self, name: str) -> list[str]:
        """The parameters name[0], name[1] and so on of the address, or a list of the body."""
        given = self.body.get(name)
        if given is not None:
            return [str(each) for each in listed(given, name)]
        found = [key for key in request.args if key.startswith(f"{name}[")]
        return [request.args[key] for key in sorted(found, key=lambda key: (len(key), key))]

    def page(self, most: int) -> slice:
        """The part of a list selected by offset and limit, which all lists of the API have."""
        offset = number(request.args.get("offset", "0"), "offset")
        limit = number(request.args.get("limit", str(most)), "limit")
        if not 1 <= limit <= most:
            raise invalid("limit", f"The value must be between 1 and {most}.")
        return slice(max(offset, 0), max(offset, 0) + limit)


Api: TypeAlias = Callable[[Rest, Call], Response]
Apis: TypeAlias = dict[tuple[str, str], Api]


def check_revision(app_id: int, settings: Settings, given: Json) -> None:
    """RestError if the revision differs; -1 and no revision match any."""
    if given is not None and number(given, "revision") not in (-1, settings.revision):
        text = f"The revision is not the latest. Someone may update the app settings (ID: {app_id})."
        raise RestError(409, "GAIA_CO03", text)
