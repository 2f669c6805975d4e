"""`kalypso promote`: let a change of main go into an environment."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kalypso.cli import colours
from kalypso.cli.form import say, say_fitted, say_painted, screen_width
from kalypso.cli.gate import (
    commit_option,
    environment_option,
    environment_settings,
    gate_of,
    program_option,
)
from kalypso.cli.problems import print_problems
from kalypso.report import diff_text, terminal


@click.command()
@environment_option
@commit_option()
@click.option("--dry-run", is_flag=True, help="Only show what it would change, and the gate.")
@click.option(
    "--pull-request",
    is_flag=True,
    help="Open a pull request, also where the environment's branch takes a commit.",
)
@program_option
def command(
    *, environment: str, commit: str, dry_run: bool, pull_request: bool, program: Path
) -> None:
    """Let a change of main go into an environment, in the order of the chain.

    It is one commit on the environment's branch of the control plane, or a pull request if that
    branch is protected.

    Exit code 1: it may not; the environment before has not promoted it, or somebody holds this one.
    """
    from kalypso.stack import (
        announce_promotion,
        control_plane_of,
        difference_of_step,
        findings_against,
        gate_before,
        open_control_plane,
        step_to,
        take_step,
    )

    gate = gate_of(program, environment)
    findings = findings_against(gate, commit)
    for finding in findings:
        text = terminal(f"{environment}: {finding.outcome.value}: {finding.text}")
        say_fitted(text, paint=colours.outcome)
    if findings and not dry_run:
        sys.exit(1)
    repository = open_control_plane(gate)
    step = step_to(repository, environment, commit)
    if step.before == commit:
        say_fitted(f"{environment} has main {commit[:7]} already")
        return
    if dry_run:
        say_fitted(f"would change {environment}: {step.change}")
        before = gate_before(gate, commit)
        if before:
            say_fitted(terminal(f"the gate before it: {before}"), paint=colours.outcome)
        changes = difference_of_step(step, environment_settings(program, environment))
        text = diff_text(changes, screen_width(), patch=True, everything=False)
        say_painted(text, colours.difference)
        sys.exit(1 if findings else 0)
    taken = take_step(repository, step, by_pull_request=pull_request)
    print_problems(announce_promotion(gate, commit))
    if taken.pull_request:
        place = control_plane_of(gate)
        number = taken.pull_request.number
        say_fitted(f"opened pull request {number} in {place.full_name}; {place.look(number)}")
        say_fitted(
            f"next: merge it, `pulumi up -s {environment}`, merge the pull request that opens, then"
        )
    else:
        say_fitted(f"changed {environment}: {step.change}: {taken.commit[:7]}")
        say_fitted(
            f"next: `pulumi up -s {environment}`, merge the pull request that it opens, then"
        )
    say(f"  kalypso check-promote -e {environment} --commit {commit} --watch")
