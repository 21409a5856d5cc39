"""`runbutton check`."""

import json
from collections.abc import Sequence

import click

from generator.cli.command import Command
from generator.cli.terminal import Project, done, failed, on_project, say
from generator.errors import BuildError, ConfigError, Problem
from generator.words import Message, counted


@click.command(cls=Command, about="help.check", example="runbutton check --json")
@on_project
@click.option("--json", "as_json", is_flag=True, help="help.checkJson")
@click.pass_context
def check(ctx: click.Context, project: Project, *, as_json: bool) -> None:
    """Reports all problems of the config at once, and its warnings."""
    problems: Sequence[Problem] = ()
    try:
        config, warnings = project.read_quietly()
        if shared := config.shared_plugin:
            from generator.plugin import plugin_files

            # kintone's limits for a plug-in's files; the key is a matter of the build.
            plugin_files(shared)
    except ConfigError as error:
        problems, warnings = error.problems, ()
    except BuildError as error:
        # The package as a whole has no line in the config.
        problems, warnings = [Problem(str(project.path), 1, 1, "", line) for line in error.lines], ()
    if as_json:
        report = {"problems": [each.as_json() for each in problems], "warnings": [str(each) for each in warnings]}
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        for problem in problems:
            say(problem)
        project.warn(warnings)
    if problems:
        if not as_json:
            failed(Message("check.failed", path=project.path, problems=counted(len(problems), "problem")))
        ctx.exit(ConfigError.exit_code)
    if not as_json:
        apps, buttons = counted(len(config.apps), "app"), counted(sum(len(app.units) for app in config.apps), "button")
        done(Message("check.done", path=project.path, apps=apps, buttons=buttons))
