"""Refuses pages of other origins, with any host name."""

import re

from flask import Flask, Response, abort, request

# Another site's page could reach a loopback server through its own host name (DNS rebinding).
_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:[0-9]{1,5})?", re.IGNORECASE)
_NOT_PAGES = ("/k/stub/", "/k/api/", "/k/v1/", "/k/guest/", "/services/")


def add_guard(flask: Flask, scene_host: str = "") -> None:
    """Refuses requests that another site's page makes, except that a person may follow a link to a page.

    A scene has its own host name, `scene_host`, and appears in frames of the gallery, which has another name.
    """

    @flask.before_request
    def only_us() -> None:
        name = request.host.partition(":")[0].lower()
        if name != f"{scene_host}.localhost" if scene_host else not _HOST.fullmatch(request.host):
            abort(403, "the preview answers to 127.0.0.1 and localhost only")
        # Browsers set this header, and pages cannot change it; programs and older browsers do not send it.
        if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"} and not _is_visit(
            {"document", "iframe"} if scene_host else {"document"}
        ):
            abort(403, "only the preview's own pages get this")

    @flask.after_request
    def headers(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        # A page that calls a service directly must fail here as in kintone, and must not reach the real service.
        framed_by = "'self'"
        if scene_host:
            port = request.host.rpartition(":")[2]
            framed_by = f"http://127.0.0.1:{port} http://localhost:{port}"
        response.headers["Content-Security-Policy"] = f"connect-src 'self'; frame-ancestors {framed_by}"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def _is_visit(destinations: set[str]) -> bool:
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") in destinations
        and not request.path.startswith(_NOT_PAGES)
    )
