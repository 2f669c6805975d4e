"""`kalypso ci`: the scripts that a CI system runs, and the comment that they post."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from kalypso.report.comment import ci_comment


@click.group()
def command() -> None:
    """Print what a CI system runs, for `sh -c "$(kalypso ci preview)"`.

    Each script says on top which variables it reads. They are the same on every CI system.
    """


@command.command()
def preview() -> None:
    """Print the script for a pull request to the control plane."""
    click.echo(_script("preview"), nl=False)


@command.command(name="github-comment")
def github_comment() -> None:
    """Print the script that puts the comment on a pull request of GitHub."""
    click.echo(_script("github-comment"), nl=False)


@command.command()
def up() -> None:
    """Print the script for a change that was merged, a schedule, and a call from outside."""
    click.echo(_script("up"), nl=False)


@command.command()
def verify() -> None:
    """Print the script for a pull request to the GitOps repository."""
    click.echo(_script("verify"), nl=False)


_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@command.command()
@click.option("--environment", "-e", required=True, help="Environment that it is about.")
@click.option("--diff", type=_file, help="What `kalypso diff -o markdown` printed.")
@click.option("--removals", type=_file, help="Why too much would be removed; empty: it is not.")
@click.option("--preview", type=_file, help="What `pulumi preview` printed.")
@click.option("--problems", type=_file, help="What `kalypso validate` printed, if it failed.")
def comment(
    environment: str,
    diff: Path | None,
    removals: Path | None,
    preview: Path | None,
    problems: Path | None,
) -> None:
    """Make the comment of a pull request from what the scripts found; it fits any forge."""
    click.echo(
        ci_comment(
            environment,
            diff=_read(diff),
            removals=_read(removals),
            preview=_read(preview),
            problems=_read(problems),
        )
    )


def _script(name: str) -> str:
    return files("kalypso.cli").joinpath("scripts", f"{name}.sh").read_text(encoding="utf-8")


def _read(path: Path | None) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path else ""
