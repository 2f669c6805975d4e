"""`kalypso version`: which version this is."""

from __future__ import annotations

import platform

import click

from kalypso import __version__
from kalypso.report import document


@click.command()
@click.option("--output", "-o", "form", type=click.Choice(["text", "json"]), default="text")
def command(form: str) -> None:
    """Print the version of Kalypso and of Python."""
    versions = {"kalypso": __version__, "python": platform.python_version()}
    if form == "json":
        click.echo(document("Version", versions))
    else:
        click.echo(f"kalypso {versions['kalypso']} (Python {versions['python']})")
