"""What the local forge keeps of a pull request beside its ref."""

from __future__ import annotations

from kalypso.forge.interface import State
from kalypso.forge.local.records import Record


class PullRecord(Record, frozen=True, kw_only=True):
    """One pull request, as its file holds it."""

    title: str
    body: str
    base: str
    head: str
    state: State
    labels: tuple[str, ...]
    created: str
    opened_on: str
    """Commit of the base branch when it was opened."""
    merge_commit: str = ""
