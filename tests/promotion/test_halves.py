"""A hub that applies a folder in two parts: the gate opens only if both have arrived."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.promotion.asked import told

HERE = {"server": "https://kubernetes.default.svc", "namespace": "argocd"}
THERE = {"name": "large", "namespace": "default"}
CHILD = "[Application performance-test]"
CHILD_THERE = {"name": "large", "namespace": "dev-performance-test"}
NAMESPACE = {"version": "v1", "kind": "Namespace", "name": "dev-performance-test"}
CONFIG = {"version": "v1", "kind": "ConfigMap", "name": "platform-config"}
BROUGHT = [
    {**NAMESPACE, "status": "Synced"},
    {**CONFIG, "namespace": "dev-performance-test", "status": "Synced"},
]
APPLICATION = {
    "group": "argoproj.io",
    "version": "v1alpha1",
    "kind": "Application",
    "namespace": "argocd",
    "name": "performance-test",
    "status": "Synced",
}
OLD = "0ba6f0d30760d567de0bac86c8c4eec13ce1a590"
NEW = "5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80"


def half(name: str, destination: Mapping[str, str], revision: str, brought: Any) -> dict[str, Any]:
    """Return an Application of the environment that applied a part of the folder."""
    source = {
        "repoURL": "https://github.com/acme/gitops",
        "targetRevision": "dev",
        "path": "large",
        "directory": {"recurse": True},
    }
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd"},
        "spec": {
            "source": source,
            "destination": destination,
            "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
        },
        "status": {
            "reconciledAt": "2026-11-28T10:04:30Z",
            "sync": {
                "status": "Synced",
                "revision": revision,
                "comparedTo": {"source": source, "destination": destination},
            },
            "health": {"status": "Healthy", "lastTransitionTime": "2026-11-28T10:00:50Z"},
            "operationState": {
                "phase": "Succeeded",
                "startedAt": "2026-11-28T10:00:40Z",
                "finishedAt": "2026-11-28T10:00:45Z",
                "operation": {"sync": {"revision": revision}},
                "syncResult": {"revision": revision, "source": source},
            },
            "resources": brought,
        },
    }


def platform(revision: str = NEW, brought: Any = BROUGHT) -> dict[str, Any]:
    return half("large-platform-dev", THERE, revision, brought)


def reconcilers(revision: str = NEW) -> dict[str, Any]:
    return half("large-reconcilers-dev", HERE, revision, [APPLICATION])


def gate(one: Mapping[str, Any], other: Mapping[str, Any] | None = None) -> tuple[str, str]:
    """Return what the gate says if the hub has one half, or both: outcome, and the text."""
    change = {
        "answers.large[Application dev]": "<absent>",
        "expected.clusters[large].hub": "hub",
        "expected.clusters[large].destinations": ["large"],
        f"answers.large{CHILD}.spec.destination": CHILD_THERE,
        f"answers.large{CHILD}.status.sync.comparedTo.destination": CHILD_THERE,
        f"manifests.large.performance-test{CHILD}.spec.destination": CHILD_THERE,
        "answers.large.+": one,
    }
    second = {"answers.large.+": other} if other else {}
    scenario = {"fleet": ["argocd"], "move": {"large": "hub"}, "change": change}
    (verdict,) = told(scenario, {"change": second, "says": {"outcome": "", "text": ""}})
    return verdict["outcome"], verdict["text"]


def test_two_halves_at_the_commit_open_the_gate() -> None:
    outcome, text = gate(platform(), reconcilers())
    assert outcome == "pass", text


@pytest.mark.parametrize(
    ("only", "missing"),
    [
        (platform(), "Application argocd/performance-test is missing"),
        (reconcilers(), "Namespace dev-performance-test is missing"),
    ],
)
def test_one_half_alone_keeps_it_closed(only: Mapping[str, Any], missing: str) -> None:
    outcome, text = gate(only)
    assert outcome == "wait"
    assert missing in text


@pytest.mark.parametrize("halves", [(platform(OLD), reconcilers()), (platform(), reconcilers(OLD))])
def test_a_half_that_is_behind_keeps_it_closed(halves: tuple[Mapping[str, Any], ...]) -> None:
    outcome, text = gate(*halves)
    assert outcome == "wait"
    assert "it is still at 0ba6f0d, before 5d6e7f8" in text


def test_an_object_that_neither_half_brought_keeps_it_closed() -> None:
    outcome, text = gate(platform(brought=BROUGHT[:1]), reconcilers())
    assert outcome == "wait"
    assert "ConfigMap dev-performance-test/platform-config is missing" in text


@pytest.mark.parametrize("name", ["large-platform-dev", "large-reconcilers-dev"])
def test_what_speaks_against_either_half_counts(name: str) -> None:
    halves = {each["metadata"]["name"]: each for each in (platform(), reconcilers())}
    halves[name]["status"]["sync"]["status"] = "OutOfSync"
    outcome, text = gate(*halves.values())
    assert outcome == "wait"
    assert f"Application argocd/{name}" in text


@pytest.mark.parametrize("name", ["large-platform-dev", "large-reconcilers-dev"])
def test_a_half_that_nobody_looks_at_any_more_keeps_it_closed(name: str) -> None:
    halves = {each["metadata"]["name"]: each for each in (platform(), reconcilers())}
    halves[name]["status"]["reconciledAt"] = "2026-11-28T09:30:00Z"
    outcome, text = gate(*halves.values())
    assert outcome == "wait"
    assert "stale" in text


GROUP = "kustomize.toolkit.fluxcd.io"
OF_FLUX = {
    "expected.clusters[edge]": "<absent>",
    "expected.clusters[drone].hub": "hub",
    "expected.clusters[drone].destinations": ["drone-kubeconfig"],
    "answers.edge": "<absent>",
    "answers.drone[Kustomization dev-drone].status.inventory.entries": [
        {"id": "_dev-functional-test__Namespace", "v": "v1"},
        {"id": "dev-functional-test_platform-config__ConfigMap", "v": "v1"},
        {"id": "east_functional-test_source.toolkit.fluxcd.io_GitRepository", "v": "v1"},
        {"id": f"east_functional-test_{GROUP}_Kustomization", "v": "v1"},
    ],
    "answers.drone[Kustomization dev-drone].spec.targetNamespace": "east",
    "answers.drone[GitRepository functional-test].metadata.namespace": "east",
    "answers.drone[Kustomization functional-test].metadata.namespace": "east",
    "answers.drone[Deployment hello-world-deployment].metadata.labels": {
        f"{GROUP}/name": "functional-test",
        f"{GROUP}/namespace": "east",
    },
    "answers.drone[Kustomization functional-test].spec.kubeConfig": {
        "secretRef": {"name": "drone-kubeconfig"}
    },
}


def flux(**changes: object) -> tuple[str, str]:
    """Return what the gate says of a hub that keeps Flux's objects in a namespace of its own."""
    scenario = {"fleet": ["flux"], "move": {"drone": "hub"}, "change": OF_FLUX}
    case = {"change": changes, "says": {"outcome": "", "text": ""}}
    (verdict,) = told(scenario, case)
    return verdict["outcome"], verdict["text"]


def test_a_hub_keeps_flux_objects_in_a_namespace_of_its_own() -> None:
    outcome, text = flux()
    assert outcome == "pass", text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"answers.drone[Kustomization dev-drone].spec.targetNamespace": "<absent>"},
            "Kustomization flux-system/functional-test is missing",
        ),
        (
            {"answers.drone[Kustomization functional-test].spec.kubeConfig": "<absent>"},
            "it applies to hub, not to drone",
        ),
        (
            {"answers.drone[GitRepository functional-test]": "<absent>"},
            "GitRepository flux-system/functional-test: it does not exist",
        ),
    ],
)
def test_what_a_hub_lacks_there_keeps_the_gate_closed(
    change: Mapping[str, object], said: str
) -> None:
    outcome, text = flux(**change)
    assert outcome == "wait"
    assert said in text
