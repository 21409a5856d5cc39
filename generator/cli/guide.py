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
    from generator.stub.configured import stub_for
    from generator.stub.tenant import Script

    stub = stub_for(None, lambda _: Script())
    page = f"/guide/{lang}/README.md"
    serve_until_interrupt(stub, port, page, lambda home: f"The guide is at {home}{page} .", open_browser=True)
