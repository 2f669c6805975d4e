"""What promotes, step by step as GitHub runs it: a change goes in, a gate lets it go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from tests.standins.github.tokens import Grant
from tests.workflows.events import Event, by_hand, commit, push
from tests.workflows.machine import JobRun
from tests.workflows.organization import WRITES, Organization, settings
from tests.workflows.workflows import parse

POOR = "ghp_poor0123456789c4nary"


@pytest.fixture
def chain(acme: Organization) -> Iterator[Organization]:
    """An organization whose program has a chain of environments, without clusters yet."""
    program = acme.repository("kalypso-program")
    before = program.git("rev-parse", "refs/tags/v1")
    document = yaml.safe_load(settings(acme.sample, "dev"))
    document["config"] |= {
        "kalypso:environments": ["dev", "stage"],
        "kalypso:promotion": {name: {"allowEmpty": True} for name in ("dev", "stage")},
    }
    changed = commit(program, "main", {"Pulumi.dev.yaml": yaml.safe_dump(document).encode()})
    program.git("update-ref", "refs/tags/v1", changed)
    yield acme
    program.git("update-ref", "refs/tags/v1", before)
    program.git("update-ref", "refs/heads/main", before)
    for repository in (acme.control_plane, acme.gitops):
        repository.statuses.clear()
        for name in ("dev", "stage"):
            repository.git("update-ref", "-d", f"refs/kalypso/promotion/{name}")


def run(acme: Organization, event: Event, name: str) -> JobRun:
    """Run one workflow of the repository that an event is of."""
    text = event.repository.git("show", f"{event.sha}:.github/workflows/{name}.yaml")
    (found,) = acme.machine.run(parse(text), event)
    return found


def base(acme: Organization, environment: str) -> str:
    found: str = yaml.safe_load(acme.text(environment, "base-repo.yaml"))["spec"]["commit"]
    return found


def change_main(acme: Organization) -> str:
    return commit(acme.control_plane, "main", {"README.md": b"changed\n"})


def merge(acme: Organization, environment: str, promoted: str) -> str:
    """Let a pull request that promotes be merged."""
    changes = {".github/tracking/Promoted_Commit_Id": promoted.encode()}
    return commit(acme.gitops, environment, changes)


def shown(acme: Organization, of: str) -> list[tuple[str, str]]:
    statuses = acme.control_plane.statuses.get(of, [])
    return [(each.state, each.description or "") for each in statuses]


def test_a_change_of_main_goes_to_dev_with_the_token_that_starts_what_follows(
    chain: Organization,
) -> None:
    change = change_main(chain)
    job = run(chain, push(chain.control_plane, "main"), "cd")
    assert job.step("Promote").outcome == "success", job.log
    assert base(chain, "dev") == change
    assert job.step("Promote").environment["GITHUB_TOKEN"] == WRITES
    assert shown(chain, change) == [("pending", "Promoted")]
    assert job.concurrency == {"group": "cd-dev", "cancel-in-progress": False}
    assert WRITES not in job.log


def test_a_model_that_would_be_wrong_is_not_promoted(chain: Organization) -> None:
    before = base(chain, "dev")
    commit(chain.control_plane, "main", {"templates/argocd.yaml": b"kind: [\n"})
    job = run(chain, push(chain.control_plane, "main"), "cd")
    assert job.step("Promote").outcome == "failure"
    assert "templates/argocd.yaml:" in job.log
    assert base(chain, "dev") == before


def test_stage_is_not_promoted_by_hand_before_dev_has_passed(chain: Organization) -> None:
    change, before = change_main(chain), base(chain, "stage")
    inputs = {"environment": "stage", "commit": change}
    job = run(chain, by_hand(chain.control_plane, inputs), "cd")
    assert job.step("Promote").outcome == "failure"
    assert f"stage: fail: dev has not promoted {change[:7]}" in job.log
    assert base(chain, "stage") == before


def test_what_was_merged_to_dev_goes_on_to_stage_when_its_gate_opens(chain: Organization) -> None:
    change = change_main(chain)
    merge(chain, "dev", change)
    job = run(chain, push(chain.gitops, "dev"), "check-promote")
    assert job.step("Check promote").outcome == "success", job.log
    assert base(chain, "stage") == change
    assert shown(chain, change) == [("success", "Deployed to dev"), ("pending", "Promoted")]
    assert job.concurrency == {"group": "gate-dev", "cancel-in-progress": True}


def test_the_last_environment_of_the_chain_ends_it(chain: Organization) -> None:
    change = change_main(chain)
    merge(chain, "dev", change)
    run(chain, push(chain.gitops, "dev"), "check-promote")
    merge(chain, "stage", change)
    job = run(chain, push(chain.gitops, "stage"), "check-promote")
    assert job.step("Check promote").outcome == "success", job.log
    assert shown(chain, change)[-1] == ("success", "Deployed")


def test_an_approval_that_github_asked_for_opens_the_gate(chain: Organization) -> None:
    program = chain.repository("kalypso-program")
    document = yaml.safe_load(program.git("show", "main:Pulumi.dev.yaml"))
    document["config"]["kalypso:promotion"]["dev"]["approvals"] = 1
    changed = commit(program, "main", {"Pulumi.dev.yaml": yaml.safe_dump(document).encode()})
    program.git("update-ref", "refs/tags/v1", changed)
    change = change_main(chain)
    merge(chain, "dev", change)
    for number in range(1, 1_000):
        chain.control_plane.approvals[number] = [("approved", "dev", "ann")]
    inputs = {"environment": "dev", "commit": change}
    job = run(chain, by_hand(chain.control_plane, inputs), "check-promote")
    chain.control_plane.approvals.clear()
    assert job.step("Check promote").outcome == "success", job.log
    log = chain.gitops.git("log", "--format=%s", "refs/kalypso/promotion/dev")
    assert f"approve: ann: main {change[:7]} (run " in log


@pytest.mark.parametrize(
    ("repository", "workflow", "step", "lacking"),
    [
        ("control-plane", "cd", "Promote", "contents"),
        ("gitops", "check-promote", "Check promote", "contents"),
    ],
)
def test_a_token_without_the_stated_permission_fails(
    chain: Organization, repository: str, workflow: str, step: str, lacking: str
) -> None:
    rights = {"contents", "issues", "pull-requests", "statuses"} - {lacking}
    chain.sample.server.grants[POOR] = Grant(writes=sorted(rights), user="kalypso-bot")
    change, before = change_main(chain), base(chain, "stage")
    merge(chain, "dev", change)
    kept = chain.machine.secrets["KALYPSO_TOKEN"]
    chain.machine.secrets["KALYPSO_TOKEN"] = POOR
    try:
        branch = "main" if repository == "control-plane" else "dev"
        event = push(chain.repository(f"kalypso-{repository}"), branch)
        job = run(chain, event, workflow)
    finally:
        chain.machine.secrets["KALYPSO_TOKEN"] = kept
    assert job.step(step).outcome == "failure"
    assert "[denied]" in job.log
    assert base(chain, "stage") == before
    assert POOR not in job.log


def test_a_token_that_may_write_no_statuses_is_warned_of_and_stops_nothing(
    chain: Organization,
) -> None:
    chain.sample.server.grants[POOR] = Grant(
        writes=["contents", "issues", "pull-requests"], user="kalypso-bot"
    )
    change = change_main(chain)
    kept = chain.machine.secrets["KALYPSO_TOKEN"]
    chain.machine.secrets["KALYPSO_TOKEN"] = POOR
    try:
        job = run(chain, push(chain.control_plane, "main"), "cd")
    finally:
        chain.machine.secrets["KALYPSO_TOKEN"] = kept
    assert job.step("Promote").outcome == "success", job.log
    assert "[status-not-posted]" in job.log
    assert base(chain, "dev") == change
