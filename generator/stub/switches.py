"""kintone's switches: undocumented behaviour."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass
class Switches:
    """Each can be changed at any time. `probe/facts.toml` says how the probe tests each in a real kintone."""

    # The result for a host that does not exist: status 503 "DNS Cache Missing" (kintone.dev, Proxy Request, notes) or
    # a rejection.
    unknown_host: Literal["503", "reject"] = "503"
    # The Content-Type of a body that is sent without one.
    default_content_type: Literal["none", "json"] = "none"
    # The seconds that the proxy waits for an answer, and the bytes that it accepts; None: no limit.
    proxy_timeout: float | None = None
    proxy_size: int | None = None
    # The names of response headers: as the service wrote them, or in lower case.
    header_case: Literal["original", "lower"] = "original"
    # Whether detail, edit and create get a new header space each time they are shown.
    header_space: Literal["rebuilt", "reused"] = "rebuilt"
    # What record.get() does inside an event handler, where it is forbidden.
    record_get_in_handler: Literal["throw", "null"] = "throw"
    # What the next handler gets after one that returned nothing.
    undefined_return: Literal["previous", "undefined"] = "previous"
    # Whether saved plug-in settings wait for "Update App", as kintone's other settings do.
    settings_need_update: bool = False
    # Whether a plug-in runs in an app while its required_params are not saved.
    unset_plugin: Literal["runs", "off"] = "runs"
    # Whether saved data is merged into a body that is JSON in text.
    merge_text: bool = False
    # Whether a saved header replaces one of the call whose name differs in letter case alone.
    header_clash: Literal["any case", "same case"] = "any case"
    # Which entry getProxyConfig gives: that of the very address, or the one that the plug-in proxy would take.
    get_proxy_config: Literal["same", "longest"] = "same"
    # Whether getProxyConfig gives what this page has just saved, or what there was when the page was loaded.
    reads_saved: Literal["at once", "on reload"] = "on reload"
    # Whether a save fails that comes within a tenth of a second of the one before.
    saves_need_pause: bool = False
    # Whether the plug-in proxy resolves `..` and `%2e%2e` in an address before it compares and sends it.
    resolves_dots: bool = False
    # Whether a saved address matches all that begins with it as text, or must end where a part of the address ends.
    prefix_match: Literal["text", "part"] = "text"
    # Whether the plug-in proxy sends headers that the call alone gives.
    call_headers: Literal["sent", "dropped"] = "sent"
    # Whether the plug-in proxy works on the settings page.
    settings_proxy: Literal["nothing", "works"] = "nothing"

    def for_page(self) -> dict[str, Any]:
        """The switches that the page's kintone object reads."""
        return {
            "headerSpace": self.header_space,
            "recordGetInHandler": self.record_get_in_handler,
            "undefinedReturn": self.undefined_return,
            "getProxyConfig": self.get_proxy_config,
            "readsSaved": self.reads_saved,
            "settingsProxy": self.settings_proxy,
        }
