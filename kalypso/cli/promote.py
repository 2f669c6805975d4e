"""`kalypso promote`: let a change of main go into an environment."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kalypso.cli.form import say
from kalypso.cli.gate import commit_option, environment_option, gate_of, program_option
from kalypso.report import terminal


@click.command()
@environment_option
@commit_option()
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@program_option
def command(*, environment: str, commit: str, dry_run: bool, program: Path) -> None:
    """Let a change of main go into an environment, in the order of the chain.

    Exit code 1: it may not; the environment before has not promoted it, or somebody holds this one.
    """
    from kalypso.stack.promoting import against, step, take  # noqa: PLC0415 - it loads pydantic

    gate = gate_of(program, environment)
    findings = against(gate, commit)
    for finding in findings:
        say(terminal(f"{environment}: {finding.outcome.value}: {finding.text}"))
    if findings:
        sys.exit(1)
    repository, planned = step(gate, commit)
    if planned.before == commit:
        say(f"{environment} has main {commit[:7]} already")
        return
    change = f"{environment}: main {planned.before[:7]} to {commit[:7]} in {planned.path}"
    if dry_run:
        say(f"would change {change}")
        return
    new = take(repository, gate, planned, commit)
    say(f"changed {change}: {new[:7]}")
    say(f"next: pulumi up -s {environment}, merge the pull request that it opens, then")
    say(f"  kalypso check-promote -e {environment} --commit {commit} --watch")
