"""Evidence from the APIs of clusters and hubs, whichever reconcilers run there."""

from __future__ import annotations

from collections.abc import Sequence

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.expected import Expected, ExpectedCluster
from kalypso.promotion.readers.answers import Answer
from kalypso.promotion.readers.argocd import argocd_evidence
from kalypso.promotion.readers.flux import flux_evidence
from kalypso.promotion.readers.halves import together
from kalypso.promotion.readers.look import Look
from kalypso.promotion.readers.twins import evidence_of_twins


def cluster_evidence(
    answers: Sequence[Answer], expected: Expected, cluster: ExpectedCluster
) -> tuple[Evidence, ...]:
    """Return what the APIs that a cluster's reconcilers live in say about it.

    Args:
        answers: Of any clusters and hubs; those that have nothing to do with it are left out.
        expected: What is waited for.
        cluster: One of its clusters.
    """
    found: list[Evidence] = []
    for answer in answers:
        if answer.place not in {cluster.name, cluster.hub}:
            continue
        if answer.problem:
            found.append(
                Evidence(
                    cluster=cluster.name,
                    channel="cluster",
                    findings=(answer.problem,),
                    asked=answer.asked,
                )
            )
            continue
        found += evidence_of_twins(answer, expected, cluster, _walk)
    return tuple(found)


def _walk(look: Look, expected: Expected) -> tuple[Evidence, ...]:
    """Return what each reconciler of the environment says, and all that it has applied."""
    found: list[Evidence] = []
    for of_reconciler in (flux_evidence(look, expected), argocd_evidence(look, expected)):
        on_hub = look.answer.place == look.cluster.hub
        found += together(of_reconciler) if on_hub else of_reconciler
    return tuple(found)
