"""Checks of clusters that are reached by a context of a kubeconfig: each answers."""

from __future__ import annotations

from collections.abc import Iterator

from kalypso.doctor.finding import Finding, fix, ok
from kalypso.doctor.surroundings import Surroundings, Unanswered
from kalypso.stack import Settings, is_made


def check_contexts_answer(settings: Settings, around: Surroundings) -> Iterator[Finding]:
    """Ask every cluster and every hub that the stack sets up for its version."""
    contexts: dict[str, str] = {}
    for cluster in settings.clusters:
        if cluster.context and cluster.provider != "none" and not is_made(cluster):
            contexts.setdefault(cluster.context, f"the cluster {cluster.name!r}")
        if cluster.hub:
            contexts.setdefault(cluster.hub.context, f"the hub of {cluster.name!r}")
    for context, what in contexts.items():
        try:
            version = around.context(context)
        except Unanswered as error:
            way = f"`kubectl --context {context} version` asks the same"
            yield fix("context", f"{what} does not answer: {error}", way)
        else:
            yield ok("context", f"{what} answers: Kubernetes {version}")
