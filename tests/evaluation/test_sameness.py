"""Manifests are taken over only if nothing that they are made from is written differently."""

from typing import Any

import pytest

from kalypso.evaluation.sameness import Known, Sameness
from kalypso.model import (
    Assignment,
    ClusterType,
    DeploymentTarget,
    Origin,
    RenderedAssignment,
    TargetName,
    Template,
)

ORIGIN = Origin("file.yaml", "", 0, 1)
CLUSTER = ClusterType(
    name="large",
    labels={},
    origin=ORIGIN,
    reconciler="flux",
    namespace_service="ns",
    config_type="",
)
TARGET = DeploymentTarget(
    name=TargetName("app-test"), short_name="test", environment="dev", workload="app",
    workspace="team", labels={}, manifests={}, config_schemas=(), origin=ORIGIN, index=0,
)  # fmt: skip
ASSIGNMENT = Assignment(CLUSTER, TARGET, ())


def template(replicas: object) -> dict[str, Template]:
    manifest: dict[str, Any] = {"kind": "Deployment", "spec": {"replicas": replicas}}
    made = Template(
        name="flux", labels={}, origin=ORIGIN, type="reconciler", content_type="yaml",
        manifests=(manifest,),
    )  # fmt: skip
    return {"flux": made}


def taken_over(before: tuple[object, object], after: tuple[object, object]) -> bool:
    """Return whether manifests stay; of each side, a value of a template and one of a key."""
    old, new = Sameness(template(before[0])), Sameness(template(after[0]))
    rendered = RenderedAssignment(ASSIGNMENT, "dev-team-app-test", ())
    known = Known(ASSIGNMENT, {"PORT": before[1]}, old.templates_of(CLUSTER), rendered)
    return new.holds(known, ASSIGNMENT, {"PORT": after[1]})


def test_manifests_stay_where_everything_is_as_it_was() -> None:
    assert taken_over((1, 80), (1, 80))


@pytest.mark.parametrize("other", [True, 1.0, "1", 2])
def test_a_template_or_a_value_that_is_equal_but_written_differently_is_a_change(
    other: object,
) -> None:
    assert not taken_over((1, 80), (other, 80))
    assert not taken_over((1, 1), (1, other))
