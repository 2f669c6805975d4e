"""What commands about promotion share: the settings of the program, and one environment's gate."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kalypso.cli.completion import environment_names
from kalypso.errors import SettingsError

if TYPE_CHECKING:
    from kalypso.stack import EnvironmentGate, Promoted, Settings

_Command = TypeVar("_Command", bound=Callable[..., Any])
_COMMIT = re.compile(r"[0-9a-f]{40}")

program_option = click.option(
    "--program",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Folder of the program, which has the files of the stacks. Default: this one.",
)
environment_option = click.option(
    "--environment",
    "-e",
    required=True,
    shell_complete=environment_names,
    help="Which environment.",
)


def commit_option(
    of: str = "the control plane's main",
    *,
    option: str = "--commit",
    required: bool = True,
    more: str = "",
) -> Callable[[_Command], _Command]:
    """Return the option that names a commit.

    Args:
        of: Which branch has it.
        option: How it is called.
        required: Whether it may not be left out; else it is empty then.
        more: What its help says besides.
    """
    shown = f"Commit of {of}, all 40 digits.{more}"
    absent: dict[str, Any] = {} if required else {"default": ""}  # click takes None for a value
    return click.option(
        option, required=required, metavar="SHA", callback=_whole, help=shown, **absent
    )


def platform_settings(program: Path) -> Settings:
    """Return the settings of the platform's stack: the only one that names clusters and order.

    Raises:
        SettingsError: The program has no file of a stack.
        Problems: Something is wrong with the settings.
    """
    from kalypso.stack import read_settings

    stacks = sorted(path.name.split(".")[1] for path in program.glob("Pulumi.*.yaml"))
    first = "dev" if "dev" in stacks or not stacks else stacks[0]
    settings = read_settings(program, first)
    if settings.platform_stack != first:
        settings = read_settings(program, settings.platform_stack)
    return settings


def environment_settings(program: Path, environment: str) -> Settings:
    """Return the settings of the stack of an environment; the platform's if it has none.

    Raises:
        SettingsError: The program has no file of a stack.
        Problems: Something is wrong with the settings.
    """
    from kalypso.stack import read_settings

    for path in sorted(program.glob("Pulumi.*.yaml")):
        settings = read_settings(program, path.name.split(".")[1])
        if settings.environment == environment:
            return settings
    return platform_settings(program).model_copy(update={"environment": environment})


def gate_of(program: Path, environment: str) -> EnvironmentGate:
    """Return the gate of an environment.

    Raises:
        SettingsError: There is no such environment, or no file of a stack.
        Problems: Something is wrong with the settings.
    """
    return gate_with(platform_settings(program), environment)


def gate_with(settings: Settings, environment: str) -> EnvironmentGate:
    """Return the gate of an environment, with every way of asking that the settings name.

    Raises:
        SettingsError: There is no such environment.
        DeliveryError: A library that a way of asking needs is not installed.
    """
    from kalypso.stack import EnvironmentGate, checks_of, readers_of

    return EnvironmentGate(
        settings,
        environment,
        readers=readers_of(settings, os.environ),
        checks=checks_of(settings, environment, os.environ),
    )


def promoted_here(gate: EnvironmentGate, commit: str) -> Promoted:
    """Return what carries a commit of main in an environment.

    Raises:
        SettingsError: Nothing carries the commit.
    """
    found = gate.carrying(commit)
    if found is None:
        raise SettingsError(
            f"{gate.environment} has not promoted main {commit[:7]}",
            hint="name a commit of main whose pull request to this environment was merged",
            code="not-promoted",
        )
    return found


def _whole(_context: click.Context, _option: click.Parameter, given: str) -> str:
    if given and not _COMMIT.fullmatch(given):
        raise click.BadParameter(
            f"{given!r} is not a commit of 40 lower-case digits; `git rev-parse main` in a clone"
            " prints that of main"
        )
    return given
