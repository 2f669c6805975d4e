"""An explanation says of every pair what scheduling decided."""

from __future__ import annotations

import pytest

from kalypso.errors import Collector, Position
from kalypso.explanation.assignment import explain_pair
from kalypso.model.objects import (
    ClusterType,
    DeploymentTarget,
    SchedulingPolicy,
    TargetName,
    Workload,
    WorkloadRegistration,
)
from kalypso.model.origin import Origin
from kalypso.model.platform import Platform
from kalypso.model.repositories import Pointer
from kalypso.model.selector import parse_selector
from kalypso.scheduling.assignments import assign

ORIGIN = Origin("model.yaml", "{}\n", 0, 1)
SELECTORS: list[object] = [
    {},
    {"matchLabels": {"region": "west"}},
    {"matchExpressions": [{"key": "region", "operator": "NotIn", "values": ["west"]}]},
    {"matchExpressions": [{"key": "size", "operator": "Exists"}]},
    {
        "matchLabels": {"size": "big"},
        "matchExpressions": [{"key": "edge", "operator": "DoesNotExist"}],
    },
]
LABELS: list[dict[str, str]] = [
    {},
    {"region": "west"},
    {"region": "east", "size": "big"},
    {"size": "big", "edge": "true"},
]


def policy(name: str, targets: object, clusters: object, workspace: str | None) -> SchedulingPolicy:
    return SchedulingPolicy(
        name=name,
        labels={},
        origin=ORIGIN,
        workspace=workspace,
        target_selector=parse_selector(targets),
        cluster_type_selector=parse_selector(clusters),
    )


def platform(policies: list[SchedulingPolicy]) -> Platform:
    registration = WorkloadRegistration(
        name="r", labels={}, origin=ORIGIN, workload=Pointer(repo="r"), workspace="team"
    )
    targets = tuple(
        DeploymentTarget(
            name=TargetName(f"w-t{number}"),
            short_name=f"t{number}",
            environment="dev",
            workload="w",
            workspace="team",
            labels={**labels, "workload": "w", "workspace": "team"},
            manifests={},
            config_schemas=(),
            origin=ORIGIN,
            index=number,
        )
        for number, labels in enumerate(LABELS)
    )
    workload = Workload(
        name="w", labels={}, origin=ORIGIN, targets=targets, registration=registration
    )
    clusters = tuple(
        ClusterType(
            name=f"c{number}",
            labels=labels,
            origin=ORIGIN,
            reconciler="",
            namespace_service="",
            config_type="",
        )
        for number, labels in enumerate(LABELS)
    )
    return Platform(
        environment="dev", cluster_types=clusters, policies=tuple(policies), workloads=(workload,)
    )


def all_policies() -> list[SchedulingPolicy]:
    return [
        policy(f"p{one}-{two}-{workspace}", SELECTORS[one], SELECTORS[two], workspace)
        for one in range(len(SELECTORS))
        for two in range(len(SELECTORS))
        for workspace in (None, "team", "other")
    ]


def test_the_policies_that_explain_a_pair_are_those_that_assign_it() -> None:
    model = platform(all_policies())
    assigned = {
        each.folder: [policy.name for policy in each.policies]
        for each in assign(model, Collector())
    }
    for cluster in model.cluster_types:
        for target in model.targets:
            selecting = explain_pair(model, cluster, target).selecting
            names = sorted(verdict.policy.name for verdict in selecting)
            assert names == sorted(assigned.get(f"{cluster.name}/{target.name}", []))


@pytest.mark.parametrize(
    ("selector", "requirement", "found"),
    [
        ({"matchLabels": {"region": "north"}}, "region = north", "west"),
        ({"matchLabels": {"size": "big"}}, "size = big", None),
        (
            {"matchExpressions": [{"key": "region", "operator": "NotIn", "values": ["west", "x"]}]},
            "region not in (west, x)",
            "west",
        ),
        (
            {"matchExpressions": [{"key": "region", "operator": "DoesNotExist"}]},
            "region does not exist",
            "west",
        ),
        ({"matchExpressions": [{"key": "edge", "operator": "Exists"}]}, "edge exists", None),
    ],
)
def test_a_condition_that_fails_says_what_it_found(
    selector: object, requirement: str, found: str | None
) -> None:
    model = platform([policy("p", {}, selector, None)])
    (verdict,) = explain_pair(model, model.cluster_types[1], model.targets[0]).verdicts
    (failed,) = verdict.failed
    assert (failed.side, failed.requirement, failed.found) == ("clusterType", requirement, found)


def test_a_target_of_another_workspace_fails_by_its_workspace() -> None:
    model = platform([policy("p", {}, {}, "other")])
    (verdict,) = explain_pair(model, model.cluster_types[0], model.targets[0]).verdicts
    assert [(each.requirement, each.found) for each in verdict.failed] == [
        ("workspace = other", "team")
    ]


def test_policies_that_miss_equally_much_stand_with_the_one_that_holds_more_first() -> None:
    wanted = {"matchLabels": {"region": "west", "size": "big"}}
    model = platform(
        [policy("a", {"matchLabels": {"x": "y"}}, {}, None), policy("b", {}, wanted, None)]
    )
    verdicts = explain_pair(model, model.cluster_types[1], model.targets[0]).verdicts
    assert [verdict.policy.name for verdict in verdicts] == ["b", "a"]


def test_places_are_those_of_the_files() -> None:
    text = "kind: ClusterType\nmetadata:\n  labels:\n    region: west\n"
    model = platform([policy("p", {}, {"matchLabels": {"region": "west"}}, None)])
    cluster = ClusterType(
        name="c",
        labels={"region": "west"},
        origin=Origin("west.yaml", text, 0, 1),
        reconciler="",
        namespace_service="",
        config_type="",
    )
    (verdict,) = explain_pair(model, cluster, model.targets[0]).verdicts
    assert verdict.conditions[0].found_at == Position("west.yaml", 4, 5)
