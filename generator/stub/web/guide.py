"""The guide. Its addresses are as on a forge, so that the links in the pages lead there too."""

from flask import Flask, Response, abort, redirect, request, send_from_directory
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from generator.guide import FOLDER, LANGUAGES, html, page_path, title
from generator.stub.web.answers import rendered


def add_guide(flask: Flask) -> None:
    """Adds /guide/, in the browser's language first."""

    @flask.get("/guide/")
    def guide() -> BaseResponse:
        return redirect(f"/guide/{request.accept_languages.best_match(LANGUAGES, 'en')}/README.md")

    @flask.get("/guide/<language>/")
    def language_start(language: str) -> BaseResponse:
        return redirect(f"/guide/{language}/README.md")

    @flask.get("/guide/<language>/<name>")
    def page(language: str, name: str) -> str:
        path = page_path(language, name)
        if path is None:
            abort(404)
        others = [other for other in LANGUAGES if other != language and page_path(other, name)]
        body = Markup(html(path))  # noqa: S704 - made of our own pages, with HTML in them shown as text.
        return rendered("guide.html.j2", language, name=name, title=title(path), body=body, others=others)

    @flask.get("/guide/pictures/<name>")
    def picture(name: str) -> Response:
        return send_from_directory(FOLDER / "pictures", name)
