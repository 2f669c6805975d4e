"""`kalypso recover`: what a killed `pulumi up` leaves behind is cleaned up."""

from __future__ import annotations

from pathlib import Path

import click

from kalypso.cli.form import say_fitted
from kalypso.cli.gate import program_option
from kalypso.stack import KeptState, recover, state_folder


@click.command()
@click.option("--stack", "-s", default="", help="Only this stack; all of the project without it.")
@click.option(
    "--backend",
    envvar="PULUMI_BACKEND_URL",
    default="",
    help="Where the state is: a file:// address.  [default: PULUMI_BACKEND_URL]",
)
@program_option
def command(stack: str, backend: str, program: Path) -> None:
    """Clean up what an interrupted `pulumi up` has left: its lock, and notes of unfinished work."""
    from kalypso.stack import project_name

    kept = KeptState(state_folder(backend), project_name(program))
    messages = recover(kept, stack)
    for line in messages or ["nothing to recover"]:
        say_fitted(line)
