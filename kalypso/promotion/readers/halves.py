"""Two reconcilers of a hub that apply one folder together: one to the cluster, one to the hub.

Each shows only what it applied, so neither alone says that an assignment has arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from kalypso.promotion.evidence import Evidence, Sighting
from kalypso.promotion.expected import ObjectId


def together(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return what reconcilers on a hub say about one cluster, as one if they are at one commit.

    If they are not, or if one of them says nothing of its commit, each stays for itself: what the
    other one applied is then missing, which keeps a gate closed.
    """
    commits = {each.commit for each in evidence}
    shown = [each.objects for each in evidence if each.objects is not None]
    if len(evidence) < 2 or len(commits) > 1 or "" in commits or len(shown) < len(evidence):  # noqa: PLR2004 - a half needs another
        return tuple(evidence)
    moments = [each.as_of for each in evidence]
    return (
        replace(
            evidence[0],
            reached=frozenset().union(*(each.reached for each in evidence)),
            findings=tuple(finding for each in evidence for finding in each.findings),
            objects=_all_of(shown),
            leftovers=tuple(name for each in evidence for name in each.leftovers),
            as_of=_least(moments) if None not in moments else None,
            fresh_for=_least(each.fresh_for for each in evidence),
            steady_since=_greatest([each.steady_since for each in evidence]),
        ),
    )


def _all_of(shown: Iterable[Mapping[ObjectId, Sighting]]) -> dict[ObjectId, Sighting]:
    """Return every object; what speaks against one counts, whoever says it."""
    found: dict[ObjectId, Sighting] = {}
    for objects in shown:
        for identity, seen in objects.items():
            earlier = found[identity].findings if identity in found else ()
            found[identity] = seen._replace(findings=(*earlier, *seen.findings))
    return found


def _least(values: Iterable[float | None]) -> float | None:
    return min((value for value in values if value is not None), default=None)


def _greatest(values: Sequence[float | None]) -> float | None:
    """Return the greatest value; None if one of them is not known."""
    known = [value for value in values if value is not None]
    return max(known) if len(known) == len(values) else None
