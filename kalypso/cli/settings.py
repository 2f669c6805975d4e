"""`kalypso settings`: every setting of an environment, and where it comes from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import click

from kalypso.cli.completion import environment_names
from kalypso.cli.form import output_option, say, screen_width
from kalypso.errors import Position, SettingsError
from kalypso.report import document, table

_HEADINGS = ("SETTING", "FROM", "VALUE")
"""Values come last, since some are long."""


@click.command()
@click.option(
    "--environment",
    "-e",
    default="",
    shell_complete=environment_names,
    envvar="KALYPSO_ENVIRONMENT",
    help="Environment, if the folder has several.",
)
@click.option("--all", "everything", is_flag=True, help="Also those that are left at the default.")
@output_option("text", "json")
def command(environment: str, form: Literal["text", "json"], *, everything: bool) -> None:
    """Print the settings of an environment, and where each comes from.

    An option comes before a variable of the environment, a variable before a file, and a file
    before the default. Secrets are not printed.
    """
    from kalypso.stack import (
        find_settings,
        settings_folder,
    )

    folder = settings_folder(Path.cwd())
    if folder is None:
        raise SettingsError(
            "there are no settings in this folder",
            Position(str(Path.cwd())),
            "they are in Pulumi.<stack>.yaml, or in kalypso.yaml for whoever does without Pulumi",
            code="no-stack",
        )
    rows = [
        row
        for row in find_settings(folder, environment, os.environ).rows()
        if everything or row[2] != "default"
    ]
    if form == "json":
        found = {key: {"value": value, "source": source} for key, value, source in rows}
        say(document("Settings", {"settings": found}))
        return
    shown = [(key, source, value) for key, value, source in rows]
    say(table(_HEADINGS, shown, screen_width()))
