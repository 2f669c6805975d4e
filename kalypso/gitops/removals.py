"""The guard against removing too much: a run that would is stopped until exactly that is wanted.

Source: docs/explanation/model.md, "Removals".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import groupby

import msgspec

from kalypso.errors import DeliveryError, Position
from kalypso.gitops.plans import Plan, assignments_in

_FEW = 10
"""Assignments of a platform on which `removals` would be half of all, or more."""
_SHOWN = 20
"""Assignments of one cluster type that a refusal lists by name."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one run may remove."""

    removals: int = 5
    """Assignments that may go in any case, unless there are few."""
    share: float = 0.10
    """Part of all assignments that may go in any case, from 0 to 1."""
    acknowledge: str = ""
    """Digest of a set of removals that is wanted; lets exactly that set through."""


def check(plan: Plan, limits: Limits, environment: str) -> None:
    """Refuse a plan that removes more assignments than the limits allow.

    It does if it removes more than ``removals`` and more than ``share`` of them, or leaves none; of
    few assignments also if half of them go, unless it is one or within ``share``.

    Args:
        plan: What would be done.
        limits: How much one run may remove.
        environment: Whose assignments the branch holds now, and so who loses them.

    Raises:
        DeliveryError: Lists what would go, by cluster type, and the digest that lets it through.
    """
    before, after = assignments_in(plan.present), assignments_in(plan.files)
    check_assignments(before, after, limits, environment)


def check_assignments(
    before: AbstractSet[str], after: AbstractSet[str], limits: Limits, environment: str
) -> None:
    """Do the same for folders of assignments as they are and as they would be.

    Raises:
        DeliveryError: More would be removed than the limits allow.
    """
    gone = sorted(before - after)
    if not gone or digest(gone) == limits.acknowledge:
        return
    everything = not after
    most_of_few = len(before) <= _FEW and len(gone) > 1 and 2 * len(gone) >= len(before)
    many = len(gone) > limits.removals or most_of_few
    if not everything and not (many and len(gone) > limits.share * len(before)):
        return
    what = f"{len(gone)} of {len(before)} assignments"
    if everything:
        what = f"all {len(gone)} assignments" if len(gone) > 1 else "the only assignment"
    raise DeliveryError(
        f"this would remove {what} of {environment!r}",
        Position(environment),
        f"if exactly this is wanted, set limits.acknowledge to {digest(gone)}",
        code="too-many-removals",
        excerpt="\n".join(_grouped(gone)),
    )


def digest(folders: Iterable[str]) -> str:
    """Return what names a set of removals: 12 hexadecimal digits, the same for the same set."""
    return hashlib.sha256("\n".join(sorted(folders)).encode()).hexdigest()[:12]


def _grouped(folders: Iterable[str]) -> Iterable[str]:
    for cluster, group in groupby(sorted(folders), key=lambda folder: folder.partition("/")[0]):
        names = [folder.partition("/")[2] for folder in group]
        shown = ", ".join(names[:_SHOWN])
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield f"{cluster} ({len(names)}): {shown}{more}"
