"""`runbutton guide`."""

import click

from generator.cli.command import Command
from generator.cli.language import language
from generator.cli.terminal import port_option
from generator.words import Message


@click.command(cls=Command, about="help.guide", example="runbutton guide --lang en")
@port_option(8046)
def guide(port: int) -> None:
    """Serves the guide's pages, and opens them in the browser."""
    from generator.cli.serving import serve_until_interrupt
    from generator.guide import FIRST
    from generator.stub.server import serve_web
    from generator.stub.web.guide import guide_alone

    page = f"/guide/{language()}/{FIRST}"
    server = serve_web(guide_alone(), port)
    serve_until_interrupt(
        server, port, page, lambda home: Message("serving.guide", address=home + page), open_browser=True
    )
