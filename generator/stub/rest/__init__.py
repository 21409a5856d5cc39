"""The REST side of the stubbed kintone: files, customizations, plug-ins, deploys, forms, records; users and passwords.

Rules are those of the pages on cybozu.dev and kintone.dev named next to them. For undocumented behaviour `Switches`
has a switch, or the stub returns its own error (code STUB_…).
"""

from generator.stub.rest.answers import RestError
from generator.stub.rest.api import add_rest
from generator.stub.rest.faults import Exchange, Fault
from generator.stub.rest.package import Plugin, read_plugin
from generator.stub.rest.record_rights import Actor
from generator.stub.rest.record_store import Addition, Change, Records, properties_of
from generator.stub.rest.state import ApiToken, Kind, Rest, RestApp, Settings, StoredFile

__all__ = [
    "Actor",
    "Addition",
    "ApiToken",
    "Change",
    "Exchange",
    "Fault",
    "Kind",
    "Plugin",
    "Records",
    "Rest",
    "RestApp",
    "RestError",
    "Settings",
    "StoredFile",
    "add_rest",
    "properties_of",
    "read_plugin",
]
