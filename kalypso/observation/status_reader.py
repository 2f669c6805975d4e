"""Commit statuses as evidence, of clusters that write them: at the awaited commit, or later."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import msgspec

from kalypso.errors import KalypsoError
from kalypso.forge import Statuses
from kalypso.promotion import Evidence, Expected, outside, status_evidence


class StatusReader(msgspec.Struct, frozen=True):
    """Evidence from the statuses beside the commits of the GitOps repository."""

    statuses: Statuses
    commits: Callable[[Expected], Sequence[str]]
    """The awaited commit, and those that came after it; raises if Git cannot be read."""
    clock: Callable[[], float] = time.time

    def read(self, expected: Expected) -> tuple[Evidence, ...]:
        """Return evidence of every cluster that is read by commit statuses."""
        clusters = [each for each in expected.clusters if "statuses" in each.evidence]
        if not clusters:
            return ()
        try:
            found: Mapping[str, Sequence[Mapping[str, object]]] = {
                commit: self.statuses.statuses(commit) for commit in self.commits(expected)
            }
        except KalypsoError as error:
            finding = outside(f"unreachable: {error.problems[0].message}")
            return tuple(
                Evidence(
                    cluster=each.name, channel="statuses", findings=(finding,), asked=self.clock()
                )
                for each in clusters
            )
        return tuple(
            evidence
            for each in clusters
            for evidence in status_evidence(found, each, asked=self.clock())
        )
