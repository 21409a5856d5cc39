"""A service made up for a test: a courier that is sent for with a token, or from an open desk without one."""

from typing import Literal

from pydantic import Field

from generator.units.unit import SERVICE, StoredRequest, Unit
from generator.units.values import Json, LocalizedText, Secret

_HOST = "https://courier.example"


class CourierUnit(Unit):
    """A courier that asks who sends for it."""

    runtime = "courier"
    service_words = LocalizedText(ja="宅配便", en="Courier")
    secret_key = "token"
    secret_words = LocalizedText(ja="宅配便の合い言葉", en="Courier token")

    service: Literal["courier"] = Field(description=SERVICE)
    parcel: int = Field(description="the parcel's number")
    token: Secret | None = Field(None, description="the courier's token")

    def for_page(self) -> dict[str, Json]:
        """The parcel, and the token if the config contains it."""
        page: dict[str, Json] = {"url": f"{_HOST}/runs", "parcel": self.parcel}
        return {**page, "token": self.token.get_secret_value()} if self.token else page

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """Every request of it takes the token."""
        headers = {"Authorization": "Bearer {secret}"}
        return (StoredRequest("POST", f"{_HOST}/runs", headers, {}), StoredRequest("GET", f"{_HOST}/runs", headers, {}))


class OpenCourierUnit(Unit):
    """A courier that anybody may send for."""

    runtime = "courier"
    service_words = LocalizedText(ja="宅配便（無料）", en="Open courier")

    service: Literal["open-courier"] = Field(description=SERVICE)
    parcel: int = Field(description="the parcel's number")

    def for_page(self) -> dict[str, Json]:
        """The parcel."""
        return {"url": f"{_HOST}/open", "parcel": self.parcel}

    def stored_requests(self) -> tuple[StoredRequest, ...]:
        """None: it has no secret."""
        return ()
