"""`kalypso offboard`: an application leaves the platform by pull requests."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kalypso.application.onboarding import Leaving, open_all, plan_leaving
from kalypso.cli.control_plane import find_plane
from kalypso.cli.form import say_fitted
from kalypso.cli.onboard import opened_text
from kalypso.cli.place import forge_option
from kalypso.errors import Position, SettingsError


@click.command()
@click.argument("name")
@click.option("--control-plane", default="", metavar="NAME|OWNER/NAME|URL", help="Which one.")
@forge_option
@click.option(
    "--acknowledge",
    "acknowledged",
    multiple=True,
    metavar="DIGEST",
    help="Let exactly the removals go that a refusal has listed. Repeatable.",
)
@click.option("--yes", is_flag=True, help="Open the pull requests without asking.")
@click.option("--dry-run", is_flag=True, help="Say what would stop, and open nothing.")
def command(
    *,
    name: str,
    control_plane: str,
    forge: Path | None,
    acknowledged: tuple[str, ...],
    yes: bool,
    dry_run: bool,
) -> None:
    """Offboard the application NAME: its registration, and the policies that schedule only it.

    It shows what would stop before it opens any pull request, and refuses to remove more than the
    limits allow. The application's own repositories are left alone.
    """
    leaving = plan_leaving(name, find_plane(forge, control_plane), acknowledged)
    say_fitted(_plan_text(leaving))
    if dry_run:
        return
    if not yes:
        if not sys.stdin.isatty():
            raise SettingsError(
                "--yes is missing, and nobody can be asked", Position("--yes"), code="option"
            )
        click.confirm("Open these pull requests?", abort=True)
    say_fitted(opened_text(open_all(leaving.additions)))


def _plan_text(leaving: Leaving) -> str:
    lines = ["It would stop:"] if leaving.stopped else ["Nothing would stop: it runs nowhere."]
    lines += [f"  {each}: {', '.join(folders)}" for each, folders in leaving.stopped.items()]
    if leaving.kept:
        lines.append("Policies that stay, because they schedule others or share their file:")
        lines += [f"  {name}" for name in leaving.kept]
    lines.append("Pull requests:")
    for each in leaving.additions:
        lines.append(f"  {each.place.full_name}@{each.base}: {each.title}")
        lines += [f"    {path}" for path in each.changes]
    return "\n".join(lines)
