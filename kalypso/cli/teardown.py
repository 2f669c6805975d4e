"""`kalypso teardown`: every stack is destroyed, in the order that works."""

from __future__ import annotations

from pathlib import Path

import click

from kalypso.cli.form import say_fitted
from kalypso.cli.gate import platform_settings, program_option


@click.command()
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@program_option
def command(*, yes: bool, program: Path) -> None:
    """Destroy every stack of the platform, the one with what all share last.

    Stops at the first one that cannot be destroyed. In the end it names what is left: what the
    program did not make, and what it keeps. Running it again goes on where it stopped.
    """
    from kalypso.stack import (
        PulumiEngine,
        read_settings,
        stacks_in_order,
        tear_down,
    )

    platform = platform_settings(program).platform_stack
    names = sorted(path.name.split(".")[1] for path in program.glob("Pulumi.*.yaml"))
    settings = {name: read_settings(program, name) for name in names}
    order = ", then ".join(stacks_in_order(settings, platform))
    if not yes:
        click.confirm(f"Destroy {order}?", abort=True)
    for line in tear_down(settings, platform, PulumiEngine(program)):
        say_fitted(line)
