"""Statuses on the promoted commit of main: for people, and never read back as memory.

A status that cannot be posted changes nothing about a gate: it is a warning.
"""

from __future__ import annotations

from functools import partial

from kalypso.errors import KalypsoError, Problem
from kalypso.forge import CommitStatus
from kalypso.promotion import (
    Approval,
    Record,
    Verdict,
    approved,
    promoted_status,
    shown_now,
    status_of,
    to_post,
)
from kalypso.stack.base_commit import control_plane_of
from kalypso.stack.gates import EnvironmentGate, Promoted


def announce_promotion(gate: EnvironmentGate, commit: str) -> tuple[Problem, ...]:
    """Show that a commit was promoted to an environment.

    Returns:
        Warnings: why it could not be posted.
    """
    return _post(gate, commit, promoted_status(gate.environment))


def announce(gate: EnvironmentGate, verdict: Verdict) -> tuple[Problem, ...]:
    """Show what a gate has found, if that is not shown already.

    Returns:
        Warnings: why it could not be posted, or that somebody else claims a success.
    """
    if not verdict.deciding:
        return ()
    last = gate.environment == gate.chain[-1]
    return _post(gate, verdict.expected.promoted, status_of(verdict, last=last))


def take_approvals(gate: EnvironmentGate, promoted: Promoted, run: str) -> tuple[str, ...]:
    """Record who approved a run of a workflow for this environment on the forge.

    Args:
        gate: Of the environment, whose name is that of the forge's.
        promoted: What the run is about.
        run: Its number.

    Returns:
        Who approved it.

    Raises:
        KalypsoError: The forge cannot be asked, or the record cannot be written.
    """
    forge = control_plane_of(gate).statuses(gate.settings.access)
    found = forge.approvers(run, gate.environment) if forge else ()
    for who in found:
        entry = Approval(who=who, when=gate.clock(), promoted=promoted.main, commit=promoted.commit)
        message = f"approve: {who}: main {promoted.main[:7]} (run {run})"
        gate.ledger.change(gate.environment, partial(_with, entry), message)
    return found


def _with(entry: Approval, record: Record) -> Record:
    return approved(record, entry)


def _post(gate: EnvironmentGate, commit: str, wanted: CommitStatus) -> tuple[Problem, ...]:
    place = control_plane_of(gate)
    try:
        forge = place.statuses(gate.settings.access)
        if forge is None:
            return ()
        listed = forge.statuses(commit)
        shown = shown_now(listed, wanted.context)
        if to_post(wanted, shown) is not None:
            forge.post(commit, wanted)
    except KalypsoError as error:
        return tuple(
            Problem("status-not-posted", f"the status is not posted: {each.message}", each.at,
                    each.hint, "warning")
            for each in error.problems
        )  # fmt: skip
    return ()
