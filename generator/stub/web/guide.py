"""The guide. Its addresses are as on a forge, so that links between the pages work there too."""

from flask import Flask, Response, abort, redirect, request, send_from_directory
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from generator.assets import TEMPLATES
from generator.guide import FIRST, FOLDER, order, page_path, read_page, title
from generator.stub.web.answers import new_flask, rendered
from generator.stub.web.guard import add_guard
from generator.words import LANGUAGES

_ASSETS = ("guide.css", "guide.js")


def guide_alone() -> Flask:
    """The web application of the guide without kintone pages; serve it on the loopback address only."""
    flask = new_flask("runbutton-guide")
    add_guard(flask)
    add_guide(flask, alone=True)

    @flask.get("/")
    def home() -> BaseResponse:
        return redirect("/guide/")

    return flask


def add_guide(flask: Flask, *, alone: bool = False) -> None:
    """Adds /guide/, in the browser's language first."""

    @flask.get("/guide/")
    def guide() -> BaseResponse:
        return redirect(f"/guide/{request.accept_languages.best_match(LANGUAGES, 'en')}/{FIRST}")

    @flask.get("/guide/<language>/")
    def language_start(language: str) -> BaseResponse:
        return redirect(f"/guide/{language}/{FIRST}")

    @flask.get("/guide/<language>/<name>")
    def guide_page(language: str, name: str) -> str:
        path = page_path(language, name)
        if path is None:
            abort(404)
        page = read_page(path)
        pages = order(language)
        at = pages.index(name)
        return rendered(
            "guide.html.j2",
            language,
            name=name,
            title=page.title,
            body=Markup(page.html),  # noqa: S704 - made of our own pages, with HTML in them shown as text.
            chapters=page.chapters,
            first=FIRST,
            previous=_link(language, pages[at - 1]) if at else None,
            following=_link(language, pages[at + 1]) if at + 1 < len(pages) else None,
            others=[other for other in LANGUAGES if other != language and page_path(other, name)],
            alone=alone,
        )

    @flask.get("/guide/pictures/<name>")
    def picture(name: str) -> Response:
        # Python before 3.13 does not know the type, and a header forbids browsers to guess it.
        kind = "image/webp" if name.endswith(".webp") else None
        return send_from_directory(FOLDER / "pictures", name, mimetype=kind)

    @flask.get("/guide/assets/<name>")
    def guide_asset(name: str) -> Response:
        if name not in _ASSETS:
            abort(404)
        return send_from_directory(TEMPLATES / "stub", name)


def _link(language: str, name: str) -> tuple[str, str]:
    return name, title(FOLDER / language / name)
