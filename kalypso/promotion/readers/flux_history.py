"""The history of a Kustomization: what came of its last reconciliations, and since when.

An entry is updated in place while manifests and outcome stay the same, and moves to the front. So
the first entry is the heartbeat, and what stands behind it tells of interruptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kalypso.promotion.findings import Finding, wait
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.readers.readiness import Condition
from kalypso.promotion.revisions import shown

SUCCEEDED = "ReconciliationSucceeded"


class Look(NamedTuple):
    """Reconciliations of the same manifests with the same outcome."""

    first: float
    last: float
    status: str
    fields: Fields


def looks_of(fields: Fields) -> tuple[Look, ...]:
    """Return the history of a Kustomization, newest first; none of an older version.

    Raises:
        Unclear: An entry has another form, or contradicts itself.
    """
    return tuple(map(_look, fields.items("status", "history")))


def _look(entry: Fields) -> Look:
    entry.text("digest")
    entry.duration("lastReconciledDuration")
    if entry.number("totalReconciliations") < 1:
        raise Unclear(f"{entry.path} counts no reconciliation")
    first, last = entry.time("firstReconciled"), entry.time("lastReconciled")
    if first > last:
        raise Unclear(f"{entry.path} ended before it began")
    return Look(first, last, entry.optional_text("lastReconciledStatus"), entry)


def history_findings(history: Sequence[Look], applied: str) -> Iterator[Finding]:
    """Return whether the last entry is a success, and of what is applied.

    Raises:
        Unclear: The history contradicts itself.
    """
    if not history:
        return
    newest = history[0]
    if any(each.last > newest.last for each in history):
        raise Unclear("status.history is not in order")
    status = newest.fields.text("lastReconciledStatus")
    if status != SUCCEEDED:
        yield wait(f"its last reconciliation ended with {status}")
    revision = newest.fields.text("metadata", "revision")
    if applied and revision != applied:
        yield wait(f"it has applied {shown(applied)}, and reconciled {shown(revision)} last")


def last_look(history: Sequence[Look], conditions: Mapping[str, Condition]) -> float | None:
    """Return when it was confirmed last; older versions keep no history."""
    if history:
        return history[0].last
    ready = conditions.get("Ready")
    return ready.changed if ready else None


def steady_since(history: Sequence[Look]) -> float | None:
    """Return when the present state began: an entry is updated in place while nothing changes."""
    if not history or history[0].status != SUCCEEDED:
        return None
    others = (each.fields.text("lastReconciledStatus") for each in history[1:])
    ended = [
        each.last for each, status in zip(history[1:], others, strict=True) if status != SUCCEEDED
    ]
    return max([history[0].first, *ended])
