"""Evidence from the APIs of clusters and hubs, whichever reconcilers run there."""

from __future__ import annotations

from collections.abc import Sequence

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.expected import Expected, ExpectedCluster
from kalypso.promotion.readers.answers import Answer
from kalypso.promotion.readers.argocd import argocd_evidence
from kalypso.promotion.readers.flux import flux_evidence
from kalypso.promotion.readers.halves import together


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
        for of_reconciler in (
            flux_evidence(answer, expected, cluster),
            argocd_evidence(answer, expected, cluster),
        ):
            found += together(of_reconciler) if answer.place == cluster.hub else of_reconciler
    return tuple(found)
