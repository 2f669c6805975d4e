"""What proves a pull request to the GitOps repository, step by step as GitHub runs it.

That a commit of delivery is proven, and one that was changed is not, is shown with the real engine.
"""

from tests.workflows.conftest import SECRETS
from tests.workflows.events import open_fork, open_pull, pull_request
from tests.workflows.machine import JobRun
from tests.workflows.organization import READS, WRITES, Organization

MANIFEST = {"large/observability-prometheus/config.yaml": b"kind: ConfigMap\n"}
SECRET = (*SECRETS.values(), READS, WRITES)


def runs(acme: Organization) -> list[JobRun]:
    return acme.machine.react(pull_request(acme.gitops, 1))


def given(run: JobRun) -> str:
    return run.log + str([step.environment for step in run.steps])


def test_what_people_propose_is_not_the_models_and_is_not_proven(acme: Organization) -> None:
    open_pull(acme.gitops, "dev", "by-hand", MANIFEST)
    assert runs(acme) == []


def test_a_commit_that_does_not_say_what_it_was_made_of_fails(acme: Organization) -> None:
    open_pull(acme.gitops, "dev", "deployment/dev", MANIFEST)
    (run,) = runs(acme)
    assert [(step.name, step.outcome) for step in run.steps] == [
        ("Check out what is proposed", "success"),
        ("Check out the program", "success"),
        ("actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065", "success"),
        ("Set up the program", "success"),
        ("Verify", "failure"),
    ]
    assert "does not say what it was made of" in run.log
    assert run.concurrency == {"group": "verify-1", "cancel-in-progress": True}
    assert run.step("Verify").environment["GITHUB_TOKEN"] == READS
    assert [secret for secret in SECRET if secret in run.log] == []
    assert WRITES not in given(run)


def test_a_fork_that_calls_its_branch_like_ours_fails_and_sees_no_secret(
    acme: Organization,
) -> None:
    acme.machine.careless = True
    acme.gitops.public = True
    open_fork(acme.gitops, "dev", MANIFEST, "deployment/dev")
    try:
        (run,) = runs(acme)
    finally:
        acme.gitops.public = False
    assert not run.good
    assert [secret for secret in SECRET if secret in given(run)] == []
