"""`kalypso completion`: the script by which a shell completes commands, options and names."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class

from kalypso.cli.form import say
from kalypso.errors import KalypsoError


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a shell.

    Bash: eval "$(kalypso completion bash)" in ~/.bashrc. Zsh: the same in ~/.zshrc. Fish: kalypso
    completion fish > ~/.config/fish/completions/kalypso.fish.
    """
    from kalypso.cli import cli

    kind = get_completion_class(shell)
    if kind is not None:
        say(kind(cli, {}, "kalypso", "_KALYPSO_COMPLETE").source())


def environment_names(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the environments of this folder that begin so; none where that cannot be said."""
    del context, parameter
    from kalypso.stack.found_settings import (
        environments_in,
        settings_folder,
    )

    names: list[str] = []
    with suppress(KalypsoError, OSError):
        folder = settings_folder(Path.cwd())
        names = environments_in(folder) if folder else []
    return [CompletionItem(name) for name in names if name.startswith(begun)]


def pair_names(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the assignments of the environment that begin so; none if they cannot be read."""
    del parameter
    from kalypso.cli.inputs import request_of
    from kalypso.cli.settled import named_inputs
    from kalypso.evaluation import survey

    found: list[str] = []
    with suppress(KalypsoError, OSError, click.UsageError):
        environment = context.params.get("environment") or os.environ.get("KALYPSO_ENVIRONMENT", "")
        inputs = named_inputs(environment)
        assignments = survey(request_of(inputs)).assignments if inputs else ()
        found = [each.folder for each in assignments]
    return [CompletionItem(name) for name in found if name.startswith(begun)]
