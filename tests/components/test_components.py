"""What a stack declares, seen through the SDK's mocks."""

from dataclasses import replace
from pathlib import Path

import pulumi

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


def test_a_large_fleet_is_shown_by_cluster_type(seen: Seen, tmp_path: Path) -> None:
    schedule = make_schedule(settings_for(tmp_path / "forge"))
    kinds = [
        replace(kind, assignments=201 if kind.name == "large" else 0)
        for kind in schedule.summary.cluster_types
    ]
    summary = replace(schedule.summary, cluster_types=tuple(kinds), assignments=())
    declare(tmp_path / "forge", owns=False, schedule=replace(schedule, summary=summary))
    assert seen.names("Assignment") == []
    assert seen.inputs["ClusterType large"]["assignments"] == 201
