"""`kalypso environment`: adds an environment to a platform."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kalypso.cli.form import say, say_fitted
from kalypso.errors import Position, SettingsError


@click.group()
def command() -> None:
    """Add an environment to a platform."""


@command.command()
@click.argument("name", metavar="NAME")
@click.option("--like", default="", metavar="NAME", help="Copy this one. Default: the last one.")
def add(name: str, like: str) -> None:
    """Add an environment after the others, as a copy of the last one.

    Writes its branches in the control plane and the GitOps repository, its stack file, its
    Environment on main, and its name into the lists of stacks and of workflows on every branch.
    """
    from kalypso.beginning import add_environment
    from kalypso.stack import settings_folder

    folder = settings_folder(Path.cwd())
    if folder is None:
        raise SettingsError(
            "there is no platform in this folder",
            Position(str(Path.cwd())),
            "run this in the folder with Pulumi.<stack>.yaml; `kalypso init DIR` begins one",
            code="no-stack",
        )
    added = add_environment(folder, name, os.environ, like)
    say_fitted(f"added {name}, as a copy of {added.like}")
    for each in (*added.branches, *added.files):
        say_fitted(f"  {each}")
    say("\nNext:")
    say(f"  kalypso validate -e {name}")
    say(f"  pulumi stack init {name} && pulumi preview -s {name}")
