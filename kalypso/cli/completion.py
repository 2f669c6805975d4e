"""`kalypso completion`: the script by which a shell completes commands, options and names."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, get_completion_class

from kalypso.cli.form import say
from kalypso.errors import KalypsoError

if TYPE_CHECKING:
    from kalypso.evaluation import Survey


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
    from kalypso.stack import (
        environments_in,
        settings_folder,
    )

    names: list[str] = []
    with suppress(KalypsoError, OSError):
        folder = settings_folder(Path.cwd())
        names = environments_in(folder) if folder else []
    return _beginning(names, begun)


def pair_names(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the assignments of the environment that begin so; none if they cannot be read."""
    del parameter
    found = _survey(context)
    names = [each.folder for each in found.assignments] if found else []
    return _beginning(names, begun)


def cluster_type_names(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the cluster types of the environment that begin so; none if they cannot be read."""
    del parameter
    found = _survey(context)
    names = [each.name for each in found.platform.cluster_types] if found else []
    return _beginning(names, begun)


def explained_names(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """Return the codes of problems, and the kinds, that begin so."""
    del context, parameter
    from kalypso.advice import problem_sections
    from kalypso.loading import KINDS

    return _beginning([*sorted(problem_sections()), *KINDS], begun)


def _survey(context: click.Context) -> Survey | None:
    """Return what is in the environment that the command line names so far, if it can be read."""
    from kalypso.cli.inputs import request_of
    from kalypso.cli.settled import named_inputs
    from kalypso.evaluation import survey

    with suppress(KalypsoError, OSError, click.UsageError):
        environment = context.params.get("environment") or os.environ.get("KALYPSO_ENVIRONMENT", "")
        inputs = named_inputs(environment)
        return survey(request_of(inputs)) if inputs else None
    return None


def _beginning(names: Iterable[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(begun)]
