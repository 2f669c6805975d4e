"""`kalypso recover`: what a killed `pulumi up` leaves behind is cleaned up."""

from __future__ import annotations

import click

from kalypso.cli.form import say
from kalypso.stack.recovery import recover, state_folder


@click.command()
@click.option("--stack", "-s", default="", help="Only this stack; all of the project without it.")
@click.option(
    "--backend",
    envvar="PULUMI_BACKEND_URL",
    default="",
    help="Where the state is: a file:// address.  [default: PULUMI_BACKEND_URL]",
)
def command(stack: str, backend: str) -> None:
    """Put away what an interrupted `pulumi up` has left: its lock and its open notes."""
    messages = recover(state_folder(backend), stack)
    for line in messages or ["nothing to recover"]:
        say(line)
