"""A webhook that a button calls: one with a key, and one that needs none."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from generator.units.record import FieldCodes
from generator.units.unit import SERVICE, StoredRequest, Unit
from generator.units.values import Json, LocalizedText, Secret


class OpenHookUnit(Unit):
    """A webhook that takes calls from everybody."""

    runtime = "webhook"
    runtime_folder = Path(__file__).parent
    service_words = LocalizedText(ja="Webhook", en="Webhook")

    service: Literal["open-hook"] = Field(description=SERVICE)
    url: str = Field(description="the webhook's address")
    record: FieldCodes = Field(description="field codes")

    def for_page(self) -> dict[str, Json]:
        """What webhook.js needs."""
        return {"url": self.url, "record": list(self.record)}


class HookUnit(OpenHookUnit):
    """A webhook that wants a key."""

    service_words = LocalizedText(ja="鍵のあるWebhook", en="Webhook with a key")
    secret_key = "hook_key"
    secret_words = LocalizedText(ja="Webhookの鍵", en="Webhook key")

    service: Literal["hook"] = Field(description=SERVICE)  # type: ignore[assignment]
    hook_key: Secret | None = Field(None, description="the webhook's key")

    def for_page(self) -> dict[str, Json]:
        """The data that webhook.js needs; with the key if the config contains it."""
        return super().for_page() | ({"key": self.hook_key.get_secret_value()} if self.hook_key else {})

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """The calls of this webhook."""
        return (StoredRequest("POST", self.url, {"X-Hook-Key": "{secret}"}, {}),)
