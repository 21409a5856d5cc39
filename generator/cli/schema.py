"""`runbutton schema`."""

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of units.yaml, for editors.

    Example: runbutton schema > units.schema.json
    """
    import json

    from generator.config import config_schema

    click.echo(json.dumps(config_schema(), ensure_ascii=False, indent=2))
