"""A workspace whose manifests take too long does not use up the time of the others."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kalypso.model import DeploymentTarget, TargetName
from kalypso.model.origin import Origin
from kalypso.rendering.shares import Shares


def target(name: str, workspace: str) -> DeploymentTarget:
    return DeploymentTarget(
        name=TargetName(name),
        short_name=name,
        environment="dev",
        workload="app",
        workspace=workspace,
        labels={},
        manifests={},
        config_schemas=(),
        origin=Origin("app.yaml", "spec: {deploymentTargets: [{name: a}]}\n", 0, 1),
        index=0,
    )


class Clock:
    """A clock that stands still until a test moves it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_workspace_goes_on_until_its_time_is_used_up() -> None:
    clock = Clock()
    shares, slow = Shares(seconds=10.0, clock=clock), target("a", "slow")
    for _ in range(2):
        assert shares.refusal(slow) is None
        begin, clock.now = clock.now, clock.now + 6
        shares.spend(slow, begin)
    assert shares.refusal(slow) is not None


def test_the_others_go_on() -> None:
    clock = Clock()
    shares = Shares(seconds=10.0, clock=clock)
    clock.now = 11
    shares.spend(target("a", "slow"), 0.0)
    assert shares.refusal(target("a", "slow")) is not None
    assert shares.refusal(target("a", "other")) is None


def test_the_refusal_is_the_same_for_all_its_targets() -> None:
    clock = Clock()
    shares, first = Shares(seconds=300.0, clock=clock), target("a", "slow")
    clock.now = 301
    shares.spend(first, 0.0)
    refusal = shares.refusal(first)
    assert refusal is not None
    assert str(refusal).splitlines()[0] == (
        "app.yaml:1:28: error: the manifests of the workspace 'slow' take more than 300 seconds"
        " [template-limit]"
    )
    assert shares.refusal(replace(first, name=TargetName("b"))) is refusal


@pytest.mark.parametrize("seconds", [0.0, 9.9, 10.0])
def test_what_stays_below_the_limit_is_not_refused(seconds: float) -> None:
    clock = Clock()
    shares, some = Shares(seconds=10.0, clock=clock), target("a", "quick")
    clock.now = seconds
    shares.spend(some, 0.0)
    assert shares.refusal(some) is None
