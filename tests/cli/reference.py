"""Writes ``docs/reference/cli.md`` from the commands themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence

import click

from kalypso.cli import cli
from kalypso.cli.inputs import Inputs

INTRODUCTION = """\
# Commands

Made from the commands' own help. All of them work offline, unless an option names a repository
elsewhere.

| exit code | means |
| --- | --- |
| 0 | done; with `--check`: nothing differs |
| 1 | with `--check`: something differs; or not yet |
| 2 | something that you can fix: the model, an option, the removal of too much |
| 3 | something outside failed |
| 130 | interrupted |

Problems are printed on standard error as `FILE:LINE:COLUMN: error: sentence [code]`, results on
standard output. Control characters in names and values are shown escaped.

## Options that name the model

`validate`, `render`, `get`, `tree`, `why`, `config`, `diff` and `watch` read the model of one
environment and take the same options. `DIR` is a folder; `URL@BRANCH` is a branch of a repository,
whose address may be a path; `:PATH` is a folder in it.
"""


def reference() -> str:
    """Return the whole page."""
    context = click.Context(cli, info_name="kalypso")
    parts = [INTRODUCTION]
    commands = [(name, cli.get_command(context, name)) for name in cli.list_commands(context)]
    found = [(name, command) for name, command in commands if command is not None]
    model = next(command for name, command in found if name == "validate")
    parts.append("\n".join(_table([each for each in model.params if _names_model(each)])))
    for name, command in found:
        parts += _sections(command, context, name)
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _sections(command: click.Command, above: click.Context, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=above)
    lines = [f"## {context.command_path}", "", "```text", _usage(command, context), "```", ""]
    lines += [_prose(command.help or ""), ""]
    shared = any(map(_names_model, command.params))
    own = [
        each for each in command.params if isinstance(each, click.Option) and not _names_model(each)
    ]
    if own:
        lines += _table(own)
    if shared:
        also = "Also" if own else "Takes"
        lines += [
            *([""] if own else []),
            f"{also} the [options that name the model](#options-that-name-the-model).",
        ]
    yield "\n".join(lines)
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            below = command.get_command(context, child)
            if below is not None:
                yield from _sections(below, context, child)


def _names_model(parameter: click.Parameter) -> bool:
    return parameter.name in Inputs.__struct_fields__


def _usage(command: click.Command, context: click.Context) -> str:
    pieces = command.collect_usage_pieces(context)
    return " ".join([context.command_path, *pieces])


def _prose(text: str) -> str:
    return "\n\n".join(
        " ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(text))
    )


def _table(parameters: Sequence[click.Parameter]) -> list[str]:
    lines = ["| option | meaning |", "| --- | --- |"]
    for each in parameters:
        assert isinstance(each, click.Option)
        names = ", ".join(
            f"`{name}`" for name in sorted((*each.opts, *each.secondary_opts), key=len)
        )
        value = "" if each.is_flag else f" `{_value(each)}`".replace("|", "\\|")
        lines.append(f"| {names}{value} | {_meaning(each)} |")
    return lines


def _value(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return "|".join(option.type.choices)
    return option.metavar or option.type.name.upper()


def _meaning(option: click.Option) -> str:
    text = (option.help or "").replace("|", "\\|")
    if option.required:
        text += " Required."
    shown = option.show_default and option.default is not None
    return f"{text} Default: `{option.default}`." if shown else text
