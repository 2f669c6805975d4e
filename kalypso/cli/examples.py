"""An example or two of each command, which its help ends with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_COMMIT: Final = "9436f7032b7238b6fc3158fe8cc656c1693a9693"
EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "init": ("kalypso init acme", "kalypso init acme --yes --environments dev,stage,prod"),
    "environment": ("kalypso environment add prod",),
    "validate": (
        "kalypso validate -e dev",
        "kalypso validate -A",
        "kalypso validate -e dev --schemas --kubernetes-version 1.36",
    ),
    "render": ("kalypso render -e dev --out manifests",),
    "get": ("kalypso get assignments -e dev", "kalypso get cluster-types -e dev -l region=west"),
    "tree": ("kalypso tree -e dev --by workload",),
    "why": ("kalypso why large/hello-world-app-uat-test -e stage",),
    "config": ("kalypso config drone/hello-world-app-functional-test -e dev",),
    "diff": ("kalypso diff -e dev --from HEAD~1", "kalypso diff -e dev --from dev --to my-change"),
    "connect": ("kalypso connect drone -e dev | kubectl apply -f -",),
    "verify": ("kalypso verify --commit dev",),
    "ci": ("kalypso ci run up", "kalypso ci preview"),
    "schema": ("kalypso schema ClusterType",),
    "watch": ("kalypso watch -e dev --control-plane ../control-plane",),
    "promotion": ("kalypso promotion list", 'kalypso promotion hold -e stage --why "a freeze"'),
    "promote": (f"kalypso promote -e dev --commit {_COMMIT}",),
    "rollback": (f"kalypso rollback -e stage --to {_COMMIT}",),
    "check-promote": ("kalypso check-promote -e dev",),
    "status": ("kalypso status", "kalypso status -e dev --watch"),
    "clusters": (f"kalypso clusters report drone --state healthy --commit {_COMMIT}",),
    "app": ("kalypso app render -e dev --out manifests", "kalypso app run -e dev functional-test"),
    "onboard": ("kalypso onboard hello-world-app --workspace kaizen-app-team",),
    "offboard": ("kalypso offboard hello-world-app --dry-run",),
    "pr": ("kalypso pr list", "kalypso pr show 3", "kalypso pr merge 3"),
    "issues": ("kalypso issues list", "kalypso issues show 1"),
    "forge": ("kalypso forge serve",),
    "doctor": ("kalypso doctor --pre", "kalypso doctor -o json"),
    "teardown": ("kalypso teardown", "kalypso teardown --yes"),
    "recover": ("kalypso recover",),
    "explain": ("kalypso explain missing-key", "kalypso explain ClusterType.spec.reconciler"),
    "completion": ('eval "$(kalypso completion bash)"',),
    "settings": ("kalypso settings -e dev", "kalypso settings -e dev --all"),
    "version": ("kalypso version -o json",),
}


def epilog_of(name: str) -> str | None:
    """Return the end of a command's help; None if it has no example."""
    lines = EXAMPLES.get(name)
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)]) if lines else None
