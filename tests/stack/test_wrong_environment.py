"""An environment is not delivered to the branch of another one."""

import pytest

from kalypso.errors import KalypsoError
from kalypso.git.write import Content
from kalypso.stack.schedule import Schedule, make_schedule
from tests.stack.forge import SampleForge, settings_for

POINTER: dict[str, Content] = {
    "gitops-repo.yaml": b"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: GitOpsRepo
metadata:
  name: stage
spec:
  repo: http://127.0.0.1:3180/kalypso-gitops
  branch: dev
"""
}
README: dict[str, Content] = {"README.md": b"About this branch.\n"}


def schedule(forge: SampleForge, stack: str, **config: str) -> Schedule:
    return make_schedule(settings_for(forge.folder, stack, **config))


@pytest.fixture
def misled_forge(made_forge: SampleForge) -> SampleForge:
    """Have dev's manifests on its branch, and stage's GitOpsRepo name that branch."""
    made_forge.deliver(dict(schedule(made_forge, "dev").evaluation.files))
    made_forge.forge().merge(1)
    made_forge.commit("control-plane", "stage", POINTER)
    return made_forge


def test_a_branch_that_carries_another_environment_is_refused(misled_forge: SampleForge) -> None:
    with pytest.raises(KalypsoError) as caught:
        schedule(misled_forge, "stage")
    assert str(caught.value) == (
        "kalypso-gitops@dev:1:1: error: this branch carries the manifests of 'dev'; delivering"
        " 'stage' would replace them [other-environment]\n"
        "  hint: correct the branch in the GitOpsRepo of 'stage'; if the branch is meant to move,"
        " set limits.takeOver to dev"
    )


def test_commits_of_people_on_the_branch_do_not_hide_whose_it_is(
    misled_forge: SampleForge,
) -> None:
    for _ in range(3):
        misled_forge.commit("gitops", "dev", README)
    with pytest.raises(KalypsoError, match="carries the manifests of 'dev'"):
        schedule(misled_forge, "stage")


def test_the_removal_guard_names_the_environment_that_loses(misled_forge: SampleForge) -> None:
    with pytest.raises(KalypsoError, match="would remove the only assignment of 'dev'"):
        schedule(misled_forge, "stage", **{"limits.takeOver": "dev"})


def test_a_deliberate_move_takes_the_branch_over(misled_forge: SampleForge) -> None:
    with pytest.raises(KalypsoError) as caught:
        schedule(misled_forge, "stage", **{"limits.takeOver": "dev"})
    digest = caught.value.problems[0].hint.rpartition(" ")[2]
    settings = {"limits.takeOver": "dev", "limits.acknowledge": digest}
    assert schedule(misled_forge, "stage", **settings).standing is not None


def test_only_the_environment_that_is_named_may_be_replaced(misled_forge: SampleForge) -> None:
    with pytest.raises(KalypsoError, match="carries the manifests of 'dev'"):
        schedule(misled_forge, "stage", **{"limits.takeOver": "prod"})


def test_the_environment_itself_is_delivered_again(misled_forge: SampleForge) -> None:
    standing = schedule(misled_forge, "dev").standing
    assert standing is not None
    assert standing.step in {"nothing", "withdraw"}
