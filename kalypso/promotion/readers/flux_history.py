"""The history of a Kustomization: what came of its last reconciliations, and since when.

An entry is updated in place while manifests and outcome stay the same, and moves to the front. So
the first entry is the heartbeat, and what stands behind it tells of interruptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kalypso.promotion.findings import Finding, wait
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.readers.readiness import Condition
from kalypso.promotion.revisions import shown

SUCCEEDED = "ReconciliationSucceeded"


def history_findings(history: list[Fields], applied: str) -> Iterator[Finding]:
    """Return whether the last entry is a success, and of what is applied.

    Raises:
        Unclear: The history contradicts itself.
    """
    if not history:
        return
    for each in history:
        each.text("digest")
        each.duration("lastReconciledDuration")
        if each.number("totalReconciliations") < 1:
            raise Unclear(f"{each.path} counts no reconciliation")
        if each.time("firstReconciled") > each.time("lastReconciled"):
            raise Unclear(f"{each.path} ended before it began")
    last = history[0]
    if any(each.time("lastReconciled") > last.time("lastReconciled") for each in history):
        raise Unclear("status.history is not in order")
    status = last.text("lastReconciledStatus")
    if status != SUCCEEDED:
        yield wait(f"its last reconciliation ended with {status}")
    revision = last.text("metadata", "revision")
    if applied and revision != applied:
        yield wait(f"it has applied {shown(applied)}, and reconciled {shown(revision)} last")


def last_look(history: list[Fields], conditions: Mapping[str, Condition]) -> float | None:
    """Return when it was confirmed last; older versions keep no history."""
    if history:
        return history[0].time("lastReconciled")
    ready = conditions.get("Ready")
    return ready.changed if ready else None


def steady_since(history: list[Fields]) -> float | None:
    """Return when the present state began: an entry is updated in place while nothing changes."""
    if not history or history[0].text("lastReconciledStatus") != SUCCEEDED:
        return None
    began = history[0].time("firstReconciled")
    others = [
        each.time("lastReconciled")
        for each in history[1:]
        if each.text("lastReconciledStatus") != SUCCEEDED
    ]
    return max([began, *others])
