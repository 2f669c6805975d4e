"""The outputs of a stack say who runs where, so that a preview shows what comes as what comes."""

from __future__ import annotations

import pytest

from kalypso.stack.summary import (
    AssignmentSummary,
    ClusterTypeSummary,
    Summary,
    listed_assignments,
)


def summary(*targets: str, number: int = 0) -> Summary:
    """Return what a run knows of targets on the cluster type `drone`; `small` has none."""
    kinds = [("drone", number or len(targets)), ("small", 0)]
    return Summary(
        manifests="",
        content="",
        files=0,
        gitops=None,
        promoted_commit="",
        bases=(),
        cluster_types=tuple(
            ClusterTypeSummary(name=name, labels={}, assignments=count) for name, count in kinds
        ),
        assignments=tuple(
            AssignmentSummary(
                cluster_type="drone",
                target=target,
                folder=f"drone/{target}",
                policies=("east", "everywhere"),
                workspace="",
            )
            for target in targets
        ),
        warnings=(),
    )


def test_each_target_is_listed_with_its_policies() -> None:
    assert listed_assignments(summary("app", "web")) == {
        "drone": {"app": "east, everywhere", "web": "east, everywhere"},
        "small": {},
    }


def test_one_that_comes_first_changes_nothing_of_those_that_follow() -> None:
    before = listed_assignments(summary("b", "c"))["drone"]
    after = listed_assignments(summary("a", "b", "c"))["drone"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert after.items() - before.items() == {("a", "east, everywhere")}


@pytest.mark.parametrize("number", [51, 201])
def test_too_many_to_read_are_counted(number: int) -> None:
    """Above 200, a run does not know their names."""
    names = [f"target-{n}" for n in range(number)] if number <= 200 else []
    assert listed_assignments(summary(*names, number=number)) == {"drone": number, "small": 0}
