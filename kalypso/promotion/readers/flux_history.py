"""The history of a Kustomization: what came of its last reconciliations, and since when.

An entry is updated in place while manifests and outcome stay the same, and moves to the front. So
the first entry is the heartbeat, and what stands behind it tells of interruptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kalypso.promotion.findings import Finding, wait
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.revisions import shown
from kalypso.promotion.times import read_duration, read_time

SUCCEEDED = "ReconciliationSucceeded"
_TEXTS = ("firstReconciled", "lastReconciled", "lastReconciledDuration", "lastReconciledStatus")


class Look(NamedTuple):
    """Reconciliations of the same manifests with the same outcome."""

    first: float
    last: float
    succeeded: bool


def looks_of(fields: Fields) -> list[Look]:
    """Return the history of a Kustomization, newest first; none of an older version.

    Raises:
        Unclear: An entry has another form, or they contradict each other.
    """
    given = fields.given("status", "history")
    plain = [_plain_look(each) for each in given] if type(given) is list else [None]
    found = [each for each in plain if each is not None]
    if len(found) < len(plain):
        found = [_look(entry) for entry in fields.items("status", "history")]
    for each in found:
        if each.last > found[0].last:
            raise Unclear("status.history is not in order")
    return found


def _plain_look(entry: object) -> Look | None:
    """Return an entry that is as the controller writes it; None for any other."""
    if type(entry) is not dict:
        return None
    start, end, took, status = map(entry.get, _TEXTS)
    count = entry.get("totalReconciliations")
    if not (type(start) is type(end) is type(took) is type(status) is str and type(count) is int):
        return None
    first, last = read_time(start), read_time(end)
    if first is None or last is None or first > last or count < 1 or not status:
        return None
    return None if read_duration(took) is None else Look(first, last, status == SUCCEEDED)


def _look(entry: Fields) -> Look:
    entry.duration("lastReconciledDuration")
    if entry.number("totalReconciliations") < 1:
        raise Unclear(f"{entry.path} counts no reconciliation")
    first, last = entry.time("firstReconciled"), entry.time("lastReconciled")
    if first > last:
        raise Unclear(f"{entry.path} ended before it began")
    return Look(first, last, entry.text("lastReconciledStatus") == SUCCEEDED)


def history_findings(fields: Fields, applied: str) -> Iterator[Finding]:
    """Return whether the last entry is a success, and of what is applied.

    Raises:
        Unclear: An entry has another form.
    """
    history = fields.items("status", "history")
    for entry in history:
        entry.text("digest")
    if not history:
        return
    status = history[0].text("lastReconciledStatus")
    if status != SUCCEEDED:
        yield wait(f"its last reconciliation ended with {status}")
    revision = history[0].text("metadata", "revision")
    if applied and revision != applied:
        yield wait(f"it has applied {shown(applied)}, and reconciled {shown(revision)} last")


def steady_since(history: Sequence[Look]) -> float | None:
    """Return when the present state began: an entry is updated in place while nothing changes."""
    if not history or not history[0].succeeded:
        return None
    return max([history[0].first, *(each.last for each in history if not each.succeeded)])
