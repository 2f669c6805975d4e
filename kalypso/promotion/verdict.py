"""The verdict of a gate: one outcome, and for each cluster why."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kalypso.promotion.expected import Expected
from kalypso.promotion.findings import Finding, Outcome, worst
from kalypso.promotion.record import Span

STATUS_LENGTH = 140
"""Characters that GitHub takes as the description of a commit status."""
_EXIT = {Outcome.PASS: 0, Outcome.OUTSIDE: 3}


class ClusterVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one cluster."""

    name: str
    required: bool
    findings: tuple[Finding, ...]
    commit: str = ""
    """Of the GitOps branch; what it has applied, as far as anybody knows."""
    confirmed: float | None = None
    """When that was last confirmed, by our clock."""
    orphans: tuple[str, ...] = ()
    """What runs on it and should not."""
    span: Span | None = None
    """How long it has been healthy; None if it is not."""

    @property
    def outcome(self) -> Outcome:
        """Its worst finding."""
        return worst(finding.outcome for finding in self.findings)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a gate says of a commit."""

    expected: Expected
    outcome: Outcome
    final: bool
    """Whether asking again is useless: it is decided."""
    summary: str
    """One sentence."""
    deciding: bool = True
    """Whether whoever found it decides the gate; if another run does, it alone posts statuses."""
    findings: tuple[Finding, ...] = ()
    """What speaks against it apart from clusters."""
    clusters: tuple[ClusterVerdict, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader should know, and what decides nothing."""
    spans: Mapping[str, Span] = msgspec.field(default_factory=dict)
    """For the record: the next evaluation goes on from there."""

    @property
    def exit_code(self) -> int:
        """Of `check-promote`: 0 passed, 3 could not ask, 1 everything else."""
        return _EXIT.get(self.outcome, 1)

    @property
    def text(self) -> str:
        """The whole verdict, for people."""
        lines = [f"{self.expected.environment}: {self.summary}"]
        lines += [f"  {finding.text}" for finding in self.findings]
        for cluster in self.clusters:
            optional = "" if cluster.required else " (not required)"
            texts = [finding.text for finding in cluster.findings] or ["healthy"]
            lines += [f"  {cluster.name}{optional}: {text}" for text in texts]
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)

    @property
    def status_text(self) -> str:
        """The verdict as the description of a commit status."""
        blamed = [cluster for cluster in self.clusters if cluster.outcome is not Outcome.PASS]
        names = ", ".join(cluster.name for cluster in blamed)
        text = f"{self.summary}; not healthy: {names}" if names else self.summary
        return text if len(text) <= STATUS_LENGTH else f"{text[: STATUS_LENGTH - 1]}…"
