"""Services that Runbutton does not have, as a developer would add them."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import reload

from generator.units.unit import SERVICES

OPEN = {"id": "call", "service": "open-hook", "url": "https://hooks.example.com/open", "record": ["部門名"]}
HOOK = {"id": "call-key", "service": "hook", "url": "https://hooks.example.com/key", "record": ["部門名"]}


@contextmanager
def added_services() -> Iterator[None]:
    """Adds the services of webhook.py to the project's own within the context."""
    before = dict(SERVICES)
    from tests.added_services import webhook

    if not {"hook", "open-hook"} & SERVICES.keys():
        reload(webhook)
    yield
    SERVICES.clear()
    SERVICES.update(before)
