"""`kalypso rollback`: bring an earlier state of an environment back, and hold it there."""

from __future__ import annotations

from pathlib import Path

import click

from kalypso.cli.form import say, say_fitted
from kalypso.cli.gate import commit_option, environment_option, gate_of, program_option


@click.command()
@environment_option
@commit_option(option="--to")
@click.option("--why", default="rollback", show_default=True, help="The reason, for people.")
@program_option
def command(*, environment: str, to: str, why: str, program: Path) -> None:
    """Open the pull request that brings an earlier state back, and hold the environment there.

    It goes back in main's history, to what the environment had before. Undo a change of the
    environment's own branch with `git revert`. Nothing is promoted into the environment until
    somebody releases the hold.
    """
    from kalypso.cli.person import person
    from kalypso.stack import (
        check_way_back,
        control_plane_of,
        go_back,
        hold_at,
        open_control_plane,
        step_to,
    )

    gate = gate_of(program, environment)
    repository = open_control_plane(gate)
    step = step_to(repository, environment, to)
    check_way_back(gate, step)
    who = person()[0]
    hold_at(gate, to, who, why)
    release = f"kalypso promotion release -e {environment}"
    say_fitted(f"{environment} is held at main {to[:7]}; `{release}` releases it")
    if step.before == to:
        say_fitted(f"{environment} has main {to[:7]} already")
        return
    pull = go_back(repository, step, who, why)
    place = control_plane_of(gate)
    say_fitted(f"opened pull request {pull.number} in {place.full_name}; {place.look(pull.number)}")
    say_fitted(
        f"next: merge it, `pulumi up -s {environment}`, merge the pull request that opens, then"
    )
    say(f"  kalypso check-promote -e {environment} --commit {to} --watch")
