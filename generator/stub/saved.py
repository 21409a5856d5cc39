"""The plug-in settings that a preview starts with: as saved on the settings page, with stand-ins for secrets."""

import base64
import json
from collections.abc import Iterable
from typing import Literal

from generator.stub.plugins import Addition, PluginSettings, Saved
from generator.units.unit import StoredRequest

CHOICES = ("stand-ins", "unsaved")
State = Literal["stand-ins", "unsaved", "own"]

# The version of the settings page's format: MARKS_VERSION of templates/runtime/page/marks.js.
_VERSION = "1"


def saved_with(requests: Iterable[tuple[StoredRequest, str]]) -> Saved:
    """What the settings page stores for these requests, each with its secret."""
    each = list(requests)
    marks = {request.address: request.mark for request, _ in each}
    return Saved(
        {"version": _VERSION, "stored": json.dumps(marks, sort_keys=True, separators=(",", ":"))},
        {
            (request.method, request.url): Addition(_filled(request.headers, secret), _filled(request.data, secret))
            for request, secret in each
        },
    )


class StandInSettings:
    """Keeps the settings of apps' plug-ins filled with stand-ins, until the user saves something else there.

    The preview's user can empty them, to see what an administrator sees, and fill them again.
    """

    def __init__(self, settings: PluginSettings) -> None:
        self._settings = settings
        self._requests: dict[int, list[tuple[StoredRequest, str]]] = {}
        self._filled: dict[tuple[int, str], Saved] = {}
        self._emptied: set[int] = set()

    def forget_units(self) -> None:
        """Removes all units; they have to be registered again."""
        self._requests.clear()

    def register(self, app_id: int, requests: Iterable[StoredRequest], secret: str) -> None:
        """Registers requests of a unit that need a secret, with this stand-in."""
        if needed := [(request, secret) for request in requests]:
            self._requests.setdefault(app_id, []).extend(needed)

    def fill(self, app_id: int, plugin_id: str) -> None:
        """Saves the stand-ins of the app's current units; values that the user saved stay."""
        key = app_id, plugin_id
        untouched = self._settings.preview(app_id, plugin_id) in (Saved(), self._filled.get(key))
        if untouched and app_id not in self._emptied:
            self._put(key)

    def choose(self, app_id: int, plugin_id: str, choice: object) -> None:
        """Replaces everything that is saved. ValueError for a choice that is not in CHOICES."""
        if choice not in CHOICES:
            raise ValueError(f"saved is one of {', '.join(CHOICES)}")
        if choice == "unsaved":
            self._emptied.add(app_id)
            self._settings.replace(app_id, plugin_id, Saved())
        else:
            self._emptied.discard(app_id)
            self._put((app_id, plugin_id))

    def state(self, app_id: int, plugin_id: str) -> State | None:
        """Which choice is saved; None for an app whose buttons need nothing."""
        if app_id not in self._requests:
            return None
        saved = self._settings.preview(app_id, plugin_id)
        if saved == Saved():
            return "unsaved"
        return "stand-ins" if saved == self._filled.get((app_id, plugin_id)) else "own"

    def reset(self) -> None:
        """Fills emptied settings again with the next page."""
        self._emptied.clear()

    def _put(self, key: tuple[int, str]) -> None:
        if requests := self._requests.get(key[0]):
            self._filled[key] = saved_with(requests)
            self._settings.replace(*key, self._filled[key])


def _filled(templates: dict[str, str], secret: str) -> dict[str, str]:
    encoded = base64.b64encode(secret.encode()).decode()
    return {
        name: template.replace("{secret}", secret).replace("{base64}", encoded) for name, template in templates.items()
    }
