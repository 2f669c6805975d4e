"""`kalypso clusters`: what is said about clusters that nobody can ask."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from kalypso.cli.completion import environment_names
from kalypso.cli.form import say_fitted
from kalypso.cli.gate import commit_option, platform_settings, program_option
from kalypso.errors import SettingsError


@click.group()
def command() -> None:
    """Report what a cluster runs that nobody can ask."""


@command.command()
@click.argument("name")
@click.option(
    "--environment",
    "-e",
    default="",
    shell_complete=environment_names,
    help="Default: where the commit is.",
)
@commit_option("the environment's branch of the GitOps repository")
@click.option(
    "--state",
    type=click.Choice(["healthy", "failed"]),
    required=True,
    help="What was seen of that commit.",
)
@click.option("--message", default="", help="Why, for people.")
@click.option("--sign", is_flag=True, help="Sign it with git, for a cluster that has signers.")
@program_option
def report(
    *,
    name: str,
    environment: str,
    commit: str,
    state: Literal["healthy", "failed"],
    message: str,
    sign: bool,
    program: Path,
) -> None:
    """Say that a cluster has applied a commit of the GitOps branch, and how it is."""
    from kalypso.cli.person import person
    from kalypso.promotion import Report
    from kalypso.stack import EnvironmentGate

    settings = platform_settings(program)
    order = settings.environments or [settings.environment]
    gates = [EnvironmentGate(settings, each) for each in ([environment] if environment else order)]
    gates_with_it = [gate for gate in gates if name in {each.name for each in gate.clusters}]
    if not gates_with_it:
        known = ", ".join(sorted({each.name for gate in gates for each in gate.clusters}))
        raise SettingsError(
            f"there is no cluster {name} here",
            hint=f"the setting clusters has {known or 'none'}",
            code="no-cluster",
        )
    there = [gate for gate in gates_with_it if gate.branch.has(commit)]
    if not there:
        names = ", ".join(gate.environment for gate in gates_with_it)
        raise SettingsError(
            f"commit {commit[:7]} is not on {names}",
            hint="name a commit of the GitOps branch, which is what a cluster sees",
            code="no-such-commit",
        )
    for gate in there:
        author = person()
        said = Report(
            cluster=name,
            commit=commit,
            state=state,
            at=gate.clock(),
            author=author[0],
            message=message,
        )
        if sign:
            gate.signed.write(said, author)
        else:
            gate.report(said)
        how = "is healthy" if state == "healthy" else "has failed"
        say_fitted(f"{gate.environment}: {name} {how} at {gate.environment} {commit[:7]}")
