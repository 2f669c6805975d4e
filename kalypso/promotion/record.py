"""The record of an environment: what gates saw and decided, and what people said.

It is the gate's only memory. Commit statuses, labels and logs are for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from kalypso.promotion.expected import Expected
from kalypso.promotion.findings import Outcome

ReportState = Literal["healthy", "failed"]


class Span(msgspec.Struct, frozen=True):
    """How long a cluster has been healthy at the awaited commit, without interruption."""

    since: float
    seen: float
    """When a gate saw that last."""


class Decision(msgspec.Struct, frozen=True):
    """How a gate ended."""

    outcome: Outcome
    when: float
    text: str


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to get a commit through an environment's gate."""

    expected: Expected
    """As it was when the gate started; later changes of the settings do not touch it."""
    started: float
    spans: Mapping[str, Span] = msgspec.field(default_factory=dict)
    """By cluster."""
    decision: Decision | None = None
    worker: str = ""
    """Which run works on it, and so alone posts statuses and starts what follows."""
    alive: float = 0.0
    """When that run was last heard of."""


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A person's yes to one commit; it means nothing for any other."""

    who: str
    when: float
    promoted: str
    """Of main."""
    commit: str
    """Of the GitOps branch."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing is promoted into the environment until somebody releases it."""

    who: str
    when: float
    why: str
    to: str = ""
    """The commit of main that the environment is held at; empty if it is what it is."""
    released_by: str = ""
    released_at: float = 0.0


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was said about a cluster that nobody can ask."""

    cluster: str
    commit: str
    """Of the GitOps branch."""
    state: ReportState
    at: float
    """When it was seen, by the clock of who reports."""
    author: str
    message: str = ""
    signed: bool = False
    """Whether it came with a signature that was verified."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept of one environment, oldest first."""

    environment: str
    gates: tuple[Gate, ...] = ()
    approvals: tuple[Approval, ...] = ()
    holds: tuple[Hold, ...] = ()
    reports: tuple[Report, ...] = ()

    def gate(self, promoted: str, commit: str) -> Gate | None:
        """Return the last attempt for a commit; None if there was none."""
        wanted = (promoted, commit)
        found = [g for g in self.gates if (g.expected.promoted, g.expected.commit) == wanted]
        return found[-1] if found else None

    def passed(self, promoted: str) -> Gate | None:
        """Return the last gate that let a commit of main through; None if none did."""
        found = [
            gate
            for gate in self.gates
            if gate.expected.promoted == promoted
            and gate.decision
            and gate.decision.outcome is Outcome.PASS
        ]
        return found[-1] if found else None

    @property
    def held(self) -> Hold | None:
        """The oldest hold that nobody has released; None if there is none."""
        return next((hold for hold in self.holds if not hold.released_by), None)
