"""What a stack declares, seen through the SDK's mocks."""

from pathlib import Path

import pulumi
import pytest
from msgspec.structs import replace

from components.arguments import platform_args
from components.platform import Platform
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


def of_size(schedule: Schedule, cluster_types: int, assignments: int) -> Schedule:
    """Return a schedule of many cluster types, the first of which has many assignments."""
    (one,), kind = schedule.summary.assignments, schedule.summary.cluster_types[0]
    names = [f"type-{number:03}" for number in range(cluster_types)]
    kinds = [replace(kind, name=name, assignments=0) for name in names]
    kinds[0] = replace(kinds[0], assignments=assignments)
    many = [
        replace(one, cluster_type=names[0], folder=f"{names[0]}/target-{number:03}")
        for number in range(assignments)
    ]
    summary = replace(schedule.summary, cluster_types=tuple(kinds), assignments=tuple(many))
    return replace(schedule, summary=summary)


@pytest.mark.parametrize(
    ("cluster_types", "assignments", "shown"),
    [(20, 100, (20, 100)), (20, 101, (20, 0)), (120, 5, (120, 0)), (121, 5, (0, 0))],
)
def test_a_large_fleet_is_shown_by_cluster_type_and_a_larger_one_not_at_all(
    seen: Seen, tmp_path: Path, cluster_types: int, assignments: int, shown: tuple[int, int]
) -> None:
    schedule = make_schedule(settings_for(tmp_path / "forge"))
    schedule = of_size(schedule, cluster_types, assignments)
    declare(tmp_path / "forge", owns=False, schedule=schedule)
    assert (len(seen.names("ClusterType")), len(seen.names("Assignment"))) == shown
    if shown[0]:
        assert seen.inputs["ClusterType type-000"]["assignments"] == assignments
