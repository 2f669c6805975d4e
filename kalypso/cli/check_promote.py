"""`kalypso check-promote`: the gate of an environment, asked once or until it has decided."""

from __future__ import annotations

import os
import secrets
import socket
import sys
import time
from pathlib import Path

import click

from kalypso.cli.form import say
from kalypso.cli.gate import (
    commit_option,
    environment_option,
    gate_of,
    program_option,
)
from kalypso.cli.problems import print_problems
from kalypso.report import terminal

_POLL_SECONDS = 10.0


@click.command()
@environment_option
@commit_option()
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
@program_option
def command(  # noqa: PLR0913 - an option each
    *, environment: str, commit: str, watch: bool, timeout: str, run: str, program: Path
) -> None:
    """Check whether every cluster has applied a change and is healthy.

    Exit code 0: it may go on. 1: failed, superseded, or not yet. 3: something could not be asked.
    """
    from kalypso.promotion import read_duration  # noqa: PLC0415 - not for the help
    from kalypso.stack.announcing import announce, take_approvals  # noqa: PLC0415 - as above

    if run and not run.isdecimal():
        raise click.BadParameter(f"{run!r} is not the number of a run", param_hint="--approved-run")
    seconds = read_duration(timeout)
    if seconds is None:
        raise click.BadParameter(
            f"{timeout!r} is not a duration such as 5m", param_hint="--timeout"
        )
    gate = gate_of(program, environment)
    worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    limit = gate.clock() + seconds if watch else None
    before = ""
    while True:
        promoted = gate.carrying(commit)
        if promoted and run:
            take_approvals(gate, promoted, run)
        verdict = gate.look(promoted, worker=worker, limit=limit) if promoted else None
        if verdict:
            print_problems(announce(gate, verdict))
        text = verdict.text if verdict else f"{environment}: wait: main {commit[:7]} is not there"
        if text != before:
            say(terminal(text))
            before = text
        ended = limit is None or gate.clock() >= limit
        if (verdict and verdict.final) or ended:
            break
        time.sleep(_POLL_SECONDS)
        gate = gate_of(program, environment)  # settings and branch as they are by then
    after = gate.chain[gate.chain.index(environment) + 1 :]
    if verdict and verdict.exit_code == 0 and after:
        say(f"next: kalypso promote -e {after[0]} --commit {commit}")
    sys.exit(verdict.exit_code if verdict else 1)
