"""`kalypso ci`: the steps that a CI system runs, and the comment that they post."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from kalypso.ci import STEPS, Console, script
from kalypso.errors import Position, SettingsError
from kalypso.model import LONGEST_COMMENT
from kalypso.report import ADDRESS, COMMIT, Findings, ci_comment


@click.group()
def command() -> None:
    """Run what a CI system runs, or print it, for `sh -c "$(kalypso ci preview)"`.

    Each script says on top which variables it reads. They are the same on every CI system.
    """


@command.group()
def run() -> None:
    """Run a step. It reads environment variables: `kalypso ci preview` prints which."""


@run.command(name="preview")
def run_preview() -> None:
    """Show what a pull request to the control plane does to one environment."""
    _run("preview")


@run.command(name="github-comment")
def run_github_comment() -> None:
    """Put the comment of a preview on a pull request of GitHub."""
    _run("github-comment")


@run.command(name="up")
@click.option("--fail-on-held", is_flag=True, help="End with 1 if application sources are held.")
def run_up(*, fail_on_held: bool) -> None:
    """Deliver one environment."""
    _run("up", {"FAIL_ON_HELD": "true"} if fail_on_held else {})


@run.command(name="cd")
def run_cd() -> None:
    """Let a change of main into an environment."""
    _run("cd")


@run.command(name="check-promote")
def run_check_promote() -> None:
    """Wait for the gate of an environment, and go on to the next one."""
    _run("check-promote")


@run.command(name="verify")
def run_verify() -> None:
    """Prove a pull request to the GitOps repository."""
    _run("verify")


@command.command()
def preview() -> None:
    """Print the script for a pull request to the control plane."""
    click.echo(script("preview"), nl=False)


@command.command(name="github-comment")
def github_comment() -> None:
    """Print the script that puts the comment on a pull request of GitHub."""
    click.echo(script("github-comment"), nl=False)


@command.command()
def up() -> None:
    """Print the script for a change that was merged, a schedule, and a call from outside."""
    click.echo(script("up"), nl=False)


@command.command()
def cd() -> None:
    """Print the script for a change of main that goes into an environment."""
    click.echo(script("cd"), nl=False)


@command.command(name="check-promote")
def check_promote() -> None:
    """Print the script for a change that was merged to an environment's GitOps branch."""
    click.echo(script("check-promote"), nl=False)


@command.command()
def verify() -> None:
    """Print the script for a pull request to the GitOps repository."""
    click.echo(script("verify"), nl=False)


_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@command.command()
@click.option("--environment", "-e", required=True, help="Environment that it is about.")
@click.option("--diff", type=_file, help="What `kalypso diff -o markdown` printed.")
@click.option("--checked", type=_file, help="Standard error of `kalypso diff --check`.")
@click.option("--uncompared", type=_file, help="Why `kalypso diff` could not compare.")
@click.option("--preview", type=_file, help="What `pulumi preview --diff` printed.")
@click.option("--failed", is_flag=True, help="`pulumi preview` ended with an error.")
@click.option("--problems", type=_file, help="What `kalypso validate` printed, if it failed.")
@click.option("--commit", default="", metavar="ID", help="Commit that it is about.")
@click.option("--report", default="", metavar="URL", help="Page with the full report.")
@click.option(
    "--longest",
    default=LONGEST_COMMENT,
    show_default=True,
    type=click.IntRange(2_000),
    help="Characters of the comment.",
)
def comment(
    environment: str,
    diff: Path | None,
    checked: Path | None,
    uncompared: Path | None,
    preview: Path | None,
    problems: Path | None,
    commit: str,
    report: str,
    longest: int,
    *,
    failed: bool,
) -> None:
    """Make the comment of a pull request from what commands printed; it fits any forge."""
    for name, text, pattern in (("--report", report, ADDRESS), ("--commit", commit, COMMIT)):
        if not re.fullmatch(pattern, text):
            raise SettingsError(f"{text!r} cannot stand here", Position(name), code="option")
    found = Findings(
        difference=_read(diff),
        checked=_read(checked),
        uncompared=_read(uncompared),
        preview=_read(preview),
        failed=failed,
        problems=_read(problems),
        commit=commit,
        report=report,
    )
    click.echo(ci_comment(environment, found, longest))


def _run(name: str, more: Mapping[str, str] | None = None) -> None:
    """Run a step, and end as it does; with more variables than those of the environment."""
    sys.exit(STEPS[name].run({**os.environ, **(more or {})}, Console(sys.stdout, sys.stderr)))


def _read(path: Path | None) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path else ""
