"""What git knows of the commits that a gate meets: who is before whom, and what each delivers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from kalypso.promotion.expected import Wanted, short
from kalypso.promotion.findings import Finding, fail, outside, superseded, unknown, wait

Relation = Literal["same", "after", "before", "apart", "unknown"]
"""To the awaited commit: `after` has it in its history, `apart` shares only older ones."""
Promoted = Literal["same", "newer", "older", "unknown"]
"""What the tracking file of a commit names, beside what the awaited one brought."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One commit of the GitOps repository."""

    relation: Relation
    on_branch: bool
    """Whether the environment's branch, as it is now, holds it."""
    promoted: Promoted
    delivers: Mapping[str, Mapping[str, tuple[Wanted, ...]]] | None = None
    """By cluster type and deployment target; None if its files were not read."""


class Ancestry(msgspec.Struct, frozen=True, kw_only=True):
    """The awaited commit among the others; complete, or a problem says why not."""

    tip: str = ""
    """Where the environment's branch is now; empty if there is no such branch."""
    known: Mapping[str, Known] = msgspec.field(default_factory=dict)
    """By commit. Whatever is not in here is a commit that git does not know."""
    problem: str = ""
    """Why git could not be asked, for example that a clone is shallow."""

    def findings(self, awaited: str, branch: str) -> tuple[Finding, ...]:
        """Return what the branch itself says against a commit."""
        if self.problem:
            return (outside(self.problem),)
        if not self.tip:
            return (outside(f"the GitOps repository has no branch {branch}, or it is empty"),)
        tip, own = self.known.get(self.tip), self.known.get(awaited)
        if tip is None or tip.relation == "unknown" or own is None:
            return (outside(f"git does not say how {short(awaited)} and {branch} are related"),)
        if tip.relation in {"before", "apart"} or not (own.on_branch and tip.on_branch):
            return (fail(f"{short(awaited)} is no longer on {branch}", lasting=True),)
        if own.relation != "same" or own.promoted != "same":
            return (unknown(f"{short(awaited)} does not carry the promoted commit"),)
        return self._what_counts(tip, branch)

    def _what_counts(self, tip: Known, branch: str) -> tuple[Finding, ...]:
        at = f"{branch} {short(self.tip)}"
        match tip.promoted:
            case "same":
                return ()
            case "newer":
                return (superseded(f"superseded: {at} promotes a newer commit of main"),)
            case "older":
                return (superseded(f"rolled back: {at} went back to an older commit of main"),)
            case "unknown":
                text = f"superseded: {at} promotes something that main's history does not order"
                return (superseded(text),)

    def against(self, commit: str, awaited: str, branch: str) -> tuple[Finding, ...]:
        """Return what speaks against a commit that a cluster has applied."""
        known = self.known.get(commit)
        if known is None or known.relation == "unknown":
            return (unknown(f"git does not know commit {short(commit)}"),)
        if known.relation == "before":
            return (wait(f"it is still at {short(commit)}, before {short(awaited)}"),)
        if known.relation == "apart" or not known.on_branch:
            return (wait(f"it is at {short(commit)}, which is not on {branch}"),)
        if known.promoted != "same":
            return (unknown(f"{short(commit)} does not carry the promoted commit"),)
        return ()

    def still_counts(self, awaited: str) -> bool:
        """Return whether a commit that passed once still counts: there, and nobody went back."""
        tip, own = self.known.get(self.tip), self.known.get(awaited)
        if self.problem or tip is None or own is None:
            return False
        there = own.relation == "same" and own.on_branch and tip.relation in {"same", "after"}
        return there and tip.promoted in {"same", "newer"}

    def holds(self, commit: str) -> bool:
        """Return whether a commit is the awaited one or has it in its history."""
        known = self.known.get(commit)
        return known is not None and known.relation in {"same", "after"} and known.on_branch
