"""What a stack declares, seen through the SDK's mocks."""

from dataclasses import replace
from pathlib import Path

import pulumi
import pytest

from components.arguments import platform_args
from components.platform import Platform
from components.scheduling.scheduling import SHOWN_ASSIGNMENTS
from kalypso.model.objects import TargetName
from kalypso.model.platform import Assignment
from kalypso.stack.schedule import Schedule, make_schedule
from tests.components.mocks import Seen
from tests.stack.forge import settings_for


def declare(folder: Path, *, owns: bool, schedule: Schedule | None = None) -> None:
    """Declare a platform and wait until every resource is registered."""
    settings = settings_for(folder)

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        platform = Platform(
            "kalypso",
            platform_args(settings, schedule or make_schedule(settings), owns_repositories=owns),
        )
        return platform.urn

    program()


def test_the_first_stack_owns_the_repositories(seen: Seen, tmp_path: Path) -> None:
    declare(tmp_path / "forge", owns=True)
    names = [
        "kalypso-app-gitops",
        "kalypso-app-src",
        "kalypso-control-plane",
        "kalypso-gitops",
        "kalypso-svc-gitops",
        "kalypso-svc-src",
    ]
    assert seen.names("LocalRepository") == names
    assert seen.names("RepositoryContent") == names
    assert seen.names("Assignment") == ["large/observability-prometheus"]
    assert seen.names("ClusterType") == ["command-center", "drone", "large", "small"]


def test_another_stack_declares_its_scheduling_only(seen: Seen, tmp_path: Path) -> None:
    declare(tmp_path / "forge", owns=False)
    assert seen.names("LocalRepository") == []
    assert seen.names("GitOpsBranch") == ["dev"]
    assert seen.inputs["GitOpsBranch dev"]["totals"] == {
        "files": 8,
        "assignments": 1,
        "clusterTypes": 4,
    }
    assert "observability" not in str(seen.inputs["GitOpsBranch dev"])
    assert seen.names("Files") == []


@pytest.mark.parametrize(
    ("number", "shown"), [(SHOWN_ASSIGNMENTS, SHOWN_ASSIGNMENTS), (SHOWN_ASSIGNMENTS + 1, 0)]
)
def test_a_large_fleet_is_shown_by_cluster_type(
    seen: Seen, tmp_path: Path, number: int, shown: int
) -> None:
    schedule = make_schedule(settings_for(tmp_path / "forge"))
    (one,) = schedule.evaluation.assignments
    many = tuple(renamed(one, f"target-{index:04}") for index in range(number))
    evaluation = replace(schedule.evaluation, assignments=many)
    declare(tmp_path / "forge", owns=False, schedule=replace(schedule, evaluation=evaluation))
    assert len(seen.names("Assignment")) == shown
    assert seen.inputs["ClusterType large"]["assignments"] == number


def renamed(assignment: Assignment, name: str) -> Assignment:
    target = replace(assignment.target, name=TargetName(name))
    return replace(assignment, target=target)
