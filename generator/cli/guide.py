"""`runbutton guide`."""

import click

from generator.cli.terminal import LANG, port_option


@click.command()
@port_option(8046)
@LANG
def guide(port: int, lang: str) -> None:
    """Open the guide in the browser, in the terminal's language.

    Example: runbutton guide --lang en
    """
    from generator.cli.serving import serve_until_interrupt
    from generator.guide import FIRST
    from generator.stub.server import serve_web
    from generator.stub.web.guide import guide_alone

    page = f"/guide/{lang}/{FIRST}"
    server = serve_web(guide_alone(), port)
    serve_until_interrupt(server, port, page, lambda home: f"The guide is at {home}{page} .", open_browser=True)
