"""`kalypso check-promote`: the gate of an environment, asked once or until it has decided."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import click

from kalypso.cli import colours
from kalypso.cli.form import say, say_fitted
from kalypso.cli.gate import (
    commit_option,
    environment_option,
    gate_of,
    program_option,
)
from kalypso.cli.problems import print_problems
from kalypso.report import terminal

if TYPE_CHECKING:
    from kalypso.promotion import Verdict
    from kalypso.stack import EnvironmentGate

_POLL_SECONDS = 10.0


@click.command()
@environment_option
@commit_option(required=False, more=" Default: what the environment's branch carries now.")
@click.option("--watch", is_flag=True, help="Look again until it is decided.")
@click.option(
    "--timeout",
    default="5m",
    show_default=True,
    metavar="DURATION",
    help="With --watch: what has not passed by then has failed.",
)
@click.option(
    "--approved-run",
    "run",
    default="",
    metavar="ID",
    help="Run of a workflow of GitHub whose approvals for this environment count.",
)
@click.option("--then-promote", is_flag=True, help="If it passes, promote to the next environment.")
@program_option
def command(
    *,
    environment: str,
    commit: str,
    watch: bool,
    timeout: str,
    run: str,
    then_promote: bool,
    program: Path,
) -> None:
    """Check whether every cluster has applied a change and is healthy.

    Exit code 0: it may go on. 1: failed, superseded, or not yet. 3: something could not be asked.
    """
    from kalypso.promotion import read_duration

    if run and not run.isdecimal():
        raise click.BadParameter(f"{run!r} is not the number of a run", param_hint="--approved-run")
    seconds = read_duration(timeout)
    if seconds is None:
        raise click.BadParameter(
            f"{timeout!r} is not a duration such as 5m", param_hint="--timeout"
        )
    gate = gate_of(program, environment)
    commit = commit or _carried(gate)
    limit = gate.clock() + seconds if watch else None
    verdict, gate = _decide(gate, commit, program, limit, run)
    after = gate.chain[gate.chain.index(environment) + 1 :]
    if verdict and verdict.exit_code == 0 and after:
        if then_promote:
            sys.exit(_promote(program, after[0], commit))
        say(f"next: kalypso promote -e {after[0]} --commit {commit}")
    sys.exit(verdict.exit_code if verdict else 1)


def _decide(
    gate: EnvironmentGate, commit: str, program: Path, limit: float | None, run: str
) -> tuple[Verdict | None, EnvironmentGate]:
    """Look until it is decided, and tell what changes; return the last verdict and its gate."""
    from kalypso.stack import announce, take_approvals

    worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    before = ""
    while True:
        promoted = gate.carrying(commit)
        if promoted and run:
            take_approvals(gate, promoted, run)
        verdict = gate.look(promoted, worker=worker, limit=limit) if promoted else None
        if verdict:
            print_problems(announce(gate, verdict))
        missing = f"{gate.environment}: wait: main {commit[:7]} has not arrived"
        text = verdict.text if verdict else missing
        if text != before:
            say_fitted(terminal(text), paint=colours.outcome)
            before = text
        ended = limit is None or gate.clock() >= limit
        if (verdict and verdict.final) or ended:
            return verdict, gate
        sleep(_POLL_SECONDS)
        gate = gate_of(program, gate.environment)  # settings and branch as they are by then


def _carried(gate: EnvironmentGate) -> str:
    """Return the commit of main that the environment's branch carries.

    Raises:
        SettingsError: Nothing was promoted there.
    """
    from kalypso.errors import SettingsError

    current = gate.current()
    if current is None:
        raise SettingsError(
            f"nothing is promoted to {gate.environment}",
            hint="merge a pull request that promotes, or name a commit with --commit",
            code="not-promoted",
        )
    return current.main


def _promote(program: Path, environment: str, commit: str) -> int:
    """Run `kalypso promote`, and return its exit code."""
    from kalypso.cli.promote import command as promote

    try:
        promote.main(
            ["-e", environment, "--commit", commit, "--program", str(program)],
            standalone_mode=False,
        )
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0
