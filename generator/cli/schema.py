"""`runbutton schema`."""

import click

from generator.cli.command import Command
from generator.cli.language import language


@click.command(cls=Command, about="help.schema", example="runbutton schema > units.schema.json")
def schema() -> None:
    """Prints the schema on stdout, with descriptions in the language of the command line."""
    import json

    from generator.config import config_schema

    click.echo(json.dumps(config_schema(language()), ensure_ascii=False, indent=2))
