"""A command whose --help and usage errors come from the word files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, Any

import click

from generator.cli.language import choose_by, lang_option, language
from generator.near import near_word
from generator.words import Message, Text


def spoken(key: str, **values: object) -> str:
    """A sentence in the language of the command line."""
    return Message(key, **values).text(language())


class UsageError(click.UsageError):
    """Wrong usage, in Runbutton's own words; exit code 2."""

    def __init__(self, text: Text, ctx: click.Context | None = None) -> None:
        super().__init__(str(text), ctx)
        self.text = text

    def show(self, file: IO[Any] | None = None) -> None:
        """Shows the command's usage, how to get help, and the error."""
        if self.ctx is not None:
            click.echo(self.ctx.get_usage(), file=file, err=True)
            click.echo(spoken("usage.tryHelp", command=self.ctx.command_path), file=file, err=True)
        click.echo(spoken("text.error", text=self.text), file=file, err=True)


def pair(text: str) -> tuple[str, str]:
    """The key and the value of an option such as --set. UsageError without an equals sign."""
    key, equals, value = text.partition("=")
    if not equals:
        raise UsageError(Message("usage.pair", text=text))
    return key, value


class Argument(click.Argument):
    """An argument with a line of help, which click's own has not."""

    def __init__(self, *args: Any, about: str, **extra: Any) -> None:  # noqa: ANN401 - as click declares it.
        super().__init__(*args, **extra)
        self.about = about


class _Spoken(click.Command):
    """What a command and the group of all commands have in common."""

    about: str
    example: str

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - as click calls it.
        """The command in one line."""
        return spoken(self.about)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """-h and --help."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "help.help" if isinstance(self, click.Group) else "help.thisHelp"
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it, with usage errors in Runbutton's own words."""
        try:
            return super().parse_args(ctx, args)
        except UsageError:
            raise
        except click.UsageError as error:
            raise UsageError(_in_words(error, ctx), ctx) from None

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What follows the command's name in its usage."""
        own = [piece for param in self.get_params(ctx) for piece in param.get_usage_pieces(ctx)]
        return [spoken("help.optionsPlace"), *own]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes how the command is used."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=spoken("help.usage"))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes all of the help."""
        self.format_usage(ctx, formatter)
        formatter.write(f"\n{spoken(self.about)}\n")
        self.format_more(ctx, formatter)
        self.format_options(ctx, formatter)
        with _section(formatter, "help.example"):
            formatter.write(f"  {self.example}\n")

    def format_more(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the help between the first line and the options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes a line for each option."""
        rows = []
        for param in self.get_params(ctx):
            if isinstance(param, click.Option) and not param.hidden and (row := param.get_help_record(ctx)):
                rows.append((row[0], spoken(param.help or "", default=param.default)))
        with _section(formatter, "help.options"):
            formatter.write_dl(rows)


class Command(_Spoken):
    """One command: `about` it in a line, an `example`, and `more` paragraphs of help, as keys of templates/words."""

    def __init__(self, *args: Any, about: str, example: str, more: Sequence[str] = (), **extra: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **extra)
        self.about = about
        self.example = example
        self._more = more
        self.params.append(lang_option())
        self.allow_extra_args = True  # parse_args refuses them in Runbutton's own words

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click has it."""
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise UsageError(Message("usage.tooMany", rest=" ".join(rest)), ctx)
        return rest

    def format_more(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the paragraphs and the arguments."""
        for paragraph in self._more:
            formatter.write_paragraph()
            # Japanese has no spaces to wrap at; the terminal does it.
            write = formatter.write_text if language() == "en" else lambda text: formatter.write(f"{text}\n")
            write(spoken(paragraph))
        arguments = [
            (param.make_metavar(ctx).strip("[]"), spoken(param.about))
            for param in self.get_params(ctx)
            if isinstance(param, Argument)
        ]
        if arguments:
            with _section(formatter, "help.arguments"):
                formatter.write_dl(arguments)


class Commands(_Spoken, click.Group):
    """The group of all commands, in `sections` by heading, in the order in which they are used."""

    about = "help.runbutton"
    example = "runbutton init my-buttons && cd my-buttons && runbutton preview --open"

    def __init__(self, *args: Any, sections: Mapping[str, Sequence[click.Command]], **extra: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **extra)
        self._sections = sections
        self.params.append(lang_option())
        for command in (each for commands in sections.values() for each in commands):
            self.add_command(command)

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> click.Context:  # noqa: ANN401
        """As click has it."""
        choose_by(args)
        return super().make_context(info_name, args, parent, **extra)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:  # noqa: ANN401 - as click declares it.
        """As click has it."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            near = near_word(args[0], self.commands)
            key = "usage.noCommandNear" if near else "usage.noCommand"
            raise UsageError(Message(key, name=args[0], near=near, allowed=tuple(self.commands)), ctx)
        return super().resolve_command(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What follows the program's name in its usage."""
        return [*super().collect_usage_pieces(ctx), spoken("help.commandPlace")]

    def format_more(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Writes the commands by their headings."""
        width = max(map(len, self.commands))
        for heading, commands in self._sections.items():
            with _section(formatter, heading):
                formatter.write_dl([(f"{each.name:{width}}", each.get_short_help_str()) for each in commands])


@contextmanager
def _section(formatter: click.HelpFormatter, heading: str) -> Iterator[None]:
    formatter.write(f"\n{spoken(heading)}\n")
    with formatter.indentation():
        yield


def _in_words(error: click.UsageError, ctx: click.Context) -> Text:
    match error:
        case click.exceptions.NoSuchOption():
            near = next(iter(error.possibilities or ()), "")
            return Message("usage.noOptionNear" if near else "usage.noOption", name=error.option_name, near=near)
        case click.MissingParameter() if error.param is not None:
            return Message("usage.missing", name=_shown(error.param, ctx))
        case click.BadOptionUsage():
            options = [param for param in ctx.command.get_params(ctx) if isinstance(param, click.Option)]
            flags = {name for option in options if option.is_flag for name in option.opts}
            key = "usage.noValue" if error.option_name in flags else "usage.needsValue"
            return Message(key, name=error.option_name)
        case click.BadParameter() if error.param is not None:
            name, kind = _shown(error.param, ctx), error.param.type
            if isinstance(kind, click.Choice):
                return Message("usage.choice", name=name, allowed=tuple(map(str, kind.choices)))
            if isinstance(kind, click.IntRange):
                key = "usage.from" if kind.max is None else "usage.range"
                return Message(key, name=name, least=kind.min, most=kind.max)
    return error.message


def _shown(param: click.Parameter, ctx: click.Context) -> str:
    """An option, or an argument as the usage names it."""
    return param.opts[0] if isinstance(param, click.Option) else param.make_metavar(ctx).strip("[]")
