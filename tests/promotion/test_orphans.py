"""What runs and should not: found among what reconcilers apply, and beside them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.promotion.fleet import World, change, expected_of, fleet, look
from tests.promotion.fleet import evidence_of as evidence

OWNER = {
    "kustomize.toolkit.fluxcd.io/name": "dev-drone",
    "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
}


def orphans(world: World, cluster: str) -> tuple[str, ...]:
    return next(each.orphans for each in look(world).clusters if each.name == cluster)


def like(world: World, place: str, kind: str, name: str, **changes: Any) -> None:
    """Add an object that is like another one, and what is different."""
    objects = world["answers"][place]
    (found,) = (
        each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name)
    )
    objects.append(copy.deepcopy({**found, "metadata": {**found["metadata"], "name": "old"}}))
    change(world, {f"answers.{place}[{kind} old].{path}": value for path, value in changes.items()})


def test_a_healthy_fleet_has_none() -> None:
    assert [orphans(fleet("flux"), name) for name in ("drone", "edge")] == [(), ()]


@pytest.mark.parametrize("prune", [True, False])
def test_an_assignment_that_was_removed_and_still_runs_is_one(prune: bool) -> None:  # noqa: FBT001 - of the table above
    world = fleet("flux")
    like(world, "drone", "Kustomization", "functional-test")
    change(world, {"answers.drone[Kustomization dev-drone].spec.prune": prune})
    assert orphans(world, "drone") == ("Kustomization flux-system/old",)
    assert orphans(world, "edge") == ()


def test_a_reconciler_of_another_folder_of_the_branch_is_one() -> None:
    world = fleet("flux")
    like(world, "drone", "Kustomization", "dev-drone", **{"spec.path": "./large"})
    assert orphans(world, "drone") == ("Kustomization flux-system/old, which applies ./large",)
    assert look(world).outcome.value == "pass"


def test_a_reconciler_of_another_branch_is_none() -> None:
    world = fleet("flux")
    like(world, "drone", "GitRepository", "dev", **{"spec.ref": {"branch": "stage"}})
    like(
        world, "drone", "Kustomization", "dev-drone",
        **{"spec.path": "./large", "spec.sourceRef": {"kind": "GitRepository", "name": "old"}},
    )  # fmt: skip
    assert orphans(world, "drone") == ()


def test_an_application_of_another_folder_of_the_branch_is_one() -> None:
    world = fleet("argocd")
    like(world, "large", "Application", "dev", **{"spec.source.path": "small"})
    assert orphans(world, "large") == ("Application argocd/old, which applies small",)


def test_what_argo_cd_has_not_pruned_is_one() -> None:
    world = fleet("argocd")
    left: dict[str, object] = {
        "kind": "ConfigMap",
        "name": "old",
        "namespace": "a",
        "version": "v1",
    }
    left |= {"status": "OutOfSync", "requiresPruning": True}
    (application,) = (
        each for each in world["answers"]["large"] if each["metadata"]["name"] == "dev"
    )
    application["status"]["resources"].append(left)
    expected = expected_of(world["expected"])
    (found,) = evidence(world, expected)
    assert found.orphans == ("ConfigMap a/old",)
