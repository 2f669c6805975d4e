"""What a stack declares, seen through the SDK's mocks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pulumi
import pytest

from components.platform import Platform
from components.schedule import Schedule, make_schedule
from components.scheduling import SHOWN_ASSIGNMENTS
from kalypso.model.objects import TargetName
from kalypso.model.platform import Assignment
from tests.components.forge import settings_for


class Seen(pulumi.runtime.Mocks):
    """Remembers every resource."""

    def __init__(self) -> None:
        self.resources: list[tuple[str, str]] = []
        self.inputs: dict[str, dict[str, object]] = {}

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, object]]:
        kind = args.typ.rpartition(":")[2]
        self.resources.append((kind, args.name))
        self.inputs[f"{kind} {args.name}"] = dict(args.inputs)
        return args.name, {**args.inputs, "path": "there", "pullRequest": 1}

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, object], list[tuple[str, str]] | None]:
        del args
        return {}, None

    def names(self, kind: str) -> list[str]:
        return sorted(name for found, name in self.resources if found == kind)


@pytest.fixture
def seen() -> Iterator[Seen]:
    mocks = Seen()
    pulumi.runtime.set_mocks(mocks, project="kalypso", stack="dev")
    yield mocks
    pulumi.runtime.settings.reset_options()


def declare(folder: Path, *, owns: bool, schedule: Schedule | None = None) -> None:
    """Declare a platform and wait until every resource is registered."""
    settings = settings_for(folder)

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        platform = Platform(
            "kalypso",
            {
                "settings": settings,
                "schedule": schedule or make_schedule(settings),
                "owns_repositories": owns,
                "wording": None,
            },
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
    files = seen.inputs["GitOpsBranch dev"]["files"]
    assert isinstance(files, dict)
    assert "large/observability-prometheus/config.yaml" in files


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
