"""`kalypso promotion`: what became of each change in each environment, and what people say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from kalypso.cli import colours
from kalypso.cli.form import output_option, say, say_fitted
from kalypso.cli.gate import (
    commit_option,
    environment_option,
    gate_of,
    platform_settings,
    program_option,
    promoted_here,
)
from kalypso.cli.person import person
from kalypso.report import document_list, terminal

if TYPE_CHECKING:
    from kalypso.promotion import Gate, Record

_output = output_option("text", "json")


@click.group()
def command() -> None:
    """Show what was promoted where; hold, release and approve."""


@command.command(name="list")
@_output
@program_option
def list_(*, form: Literal["text", "json"], program: Path) -> None:
    """List the gates of all environments, newest first."""
    records = _records(program)
    if form == "json":
        say(document_list("Gate", [each for record in records for each in _gates(record)]))
        return
    lines = [_line(each) for record in records for each in _gates(record)]
    text = terminal("\n".join(lines)) if lines else "no gate has started yet"
    say_fitted(text, paint=colours.outcome)
    for record in records:
        if record.held:
            say_fitted(terminal(f"{record.environment} is held by {_hold(record)}"))


@command.command()
@commit_option()
@_output
@program_option
def show(*, commit: str, form: Literal["text", "json"], program: Path) -> None:
    """Show what became of a commit of main in each environment."""
    found = [
        each
        for record in _records(program)
        for each in _gates(record)
        if each["promoted"] == commit
    ]
    if form == "json":
        say(document_list("Gate", found))
        return
    text = terminal("\n".join(map(_line, found))) if found else "no gate has seen this commit"
    say_fitted(text, paint=colours.outcome)


@command.command()
@environment_option
@click.option("--why", required=True, help="The reason, for people.")
@program_option
def hold(*, environment: str, why: str, program: Path) -> None:
    """Let nothing be promoted into an environment until somebody releases it."""
    from kalypso.promotion import Hold, held

    gate = gate_of(program, environment)
    who = person()[0]
    entry = Hold(who=who, when=gate.clock(), why=why)
    gate.ledger.change(environment, lambda record: held(record, entry), f"hold: {who}: {why}")
    say_fitted(f"{environment} is held; `kalypso promotion release -e {environment}` releases it")


@command.command()
@environment_option
@click.option("--why", default="", help="The reason, for people.")
@program_option
def release(*, environment: str, why: str, program: Path) -> None:
    """Release every hold of an environment."""
    from kalypso.promotion import released

    gate = gate_of(program, environment)
    if gate.ledger.read(environment).held is None:
        say_fitted(f"{environment} is not held")
        return
    who, now = person()[0], gate.clock()
    message = f"release: {who}{f': {why}' if why else ''}"
    gate.ledger.change(environment, lambda record: released(record, who, now), message)
    say_fitted(f"{environment} is released")


@command.command()
@environment_option
@commit_option()
@program_option
def approve(*, environment: str, commit: str, program: Path) -> None:
    """Say yes to one commit in one environment; it means nothing for any other."""
    from kalypso.promotion import Approval, approved

    gate = gate_of(program, environment)
    promoted = promoted_here(gate, commit)
    who = person()[0]
    entry = Approval(who=who, when=gate.clock(), promoted=commit, commit=promoted.commit)
    at = f"main {commit[:7]} ({environment} {promoted.commit[:7]})"
    gate.ledger.change(environment, lambda record: approved(record, entry), f"approve: {who}: {at}")
    say_fitted(f"{who} approves {at}")


def _records(program: Path) -> list[Record]:
    settings = platform_settings(program)
    names = settings.environments or [settings.environment]
    return [gate_of(program, name).ledger.read(name) for name in names]


def _gates(record: Record) -> Iterator[dict[str, Any]]:
    yield from (_data(record.environment, gate) for gate in reversed(record.gates))


def _data(environment: str, gate: Gate) -> dict[str, Any]:
    from kalypso.promotion import time_text

    decision = gate.decision
    return {
        "environment": environment,
        "promoted": gate.expected.promoted,
        "commit": gate.expected.commit,
        "started": time_text(gate.started),
        "outcome": decision.outcome.value if decision else None,
        "ended": time_text(decision.when) if decision else None,
        "text": decision.text if decision else None,
    }


def _line(gate: dict[str, Any]) -> str:
    at = f"main {gate['promoted'][:7]} ({gate['environment']} {gate['commit'][:7]})"
    if gate["outcome"] is None:
        return f"{gate['environment']}: {at}: under way since {gate['started']}"
    return f"{gate['environment']}: {at}: {gate['outcome']} at {gate['ended']}"


def _hold(record: Record) -> str:
    from kalypso.promotion import time_text

    hold = record.held
    return f"{hold.who} since {time_text(hold.when)}: {hold.why}" if hold else "nobody"
