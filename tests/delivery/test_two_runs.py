"""Two runs at once: one of them, whole; or one after the other."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kalypso.delivery.steps import deliver
from kalypso.errors import DeliveryError
from kalypso.forge import PullRequest
from kalypso.forge.local.repository import BareRepository
from kalypso.git.file_lock import locked
from kalypso.git.history import Commit
from kalypso.git.write import Content, RefMoved
from tests.delivery.platform import DRONE, OTHER, GitOps

OUR_MESSAGE = "Update\n\nKalypso-Environment: dev\n"


class Interrupted(BareRepository):
    """A forge on which somebody else does something just before a branch is moved."""

    def __init__(self, gitops: GitOps, *, times: int) -> None:
        super().__init__(gitops.folder)
        self.gitops, self.times = gitops, times

    def write_commit(
        self,
        parent: Commit,
        changes: Mapping[str, Content],
        message: str,
        known: Commit | None = None,
    ) -> str:
        commit = super().write_commit(parent, changes, message, known)
        if self.times:
            self.times -= 1
            self.gitops.commit("deployment/dev", {f"x{self.times}": b"1"}, OUR_MESSAGE)
        return commit


def test_many_runs_at_once_give_one_pull_request(gitops: GitOps) -> None:
    proposal = gitops.proposal(DRONE)
    with ThreadPoolExecutor(6) as pool:
        runs = [pool.submit(deliver, BareRepository(gitops.folder), proposal) for _ in range(6)]
    steps = sorted(run.result().step for run in runs)
    assert steps == ["keep"] * 5 + ["open"]
    assert gitops.states() == ["open"]
    assert gitops.files("deployment/dev") == DRONE


def test_a_branch_that_moves_while_we_write_is_read_again(gitops: GitOps) -> None:
    deliver(Interrupted(gitops, times=2), gitops.proposal(DRONE))
    assert gitops.files("deployment/dev") == DRONE
    assert gitops.states() == ["open"]


def test_a_branch_that_never_rests_is_an_error_in_the_end(gitops: GitOps) -> None:
    with pytest.raises(RefMoved):
        deliver(Interrupted(gitops, times=99), gitops.proposal(DRONE))
    assert gitops.states() == []


def test_a_run_that_waits_too_long_says_so(gitops: GitOps) -> None:
    with gitops.forge.lock(), pytest.raises(DeliveryError, match="another run"):
        gitops.run(OTHER)
    assert gitops.run(OTHER).step == "open"


def test_a_lock_in_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="unwritable-folder"), locked(tmp_path / "no" / "lock"):
        pass


class Overtaken(BareRepository):
    """A forge on which somebody moves the head just after the pull request is opened."""

    def __init__(self, gitops: GitOps, *, times: int) -> None:
        super().__init__(gitops.folder)
        self.gitops, self.times = gitops, times

    def create(
        self, *, base: str, head: str, title: str, body: str, labels: Sequence[str]
    ) -> PullRequest:
        made = super().create(base=base, head=head, title=title, body=body, labels=labels)
        self._overtake()
        return made

    def edit(self, number: int, *, title: str, body: str, labels: Sequence[str]) -> None:
        super().edit(number, title=title, body=body, labels=labels)
        self._overtake()

    def _overtake(self) -> None:
        if self.times:
            self.times -= 1
            self.gitops.commit("deployment/dev", {f"x{self.times}": b"1"}, OUR_MESSAGE)


def test_a_head_that_moves_after_its_text_is_written_is_proposed_again(gitops: GitOps) -> None:
    done = deliver(Overtaken(gitops, times=1), gitops.proposal(DRONE))
    assert gitops.files("deployment/dev") == DRONE
    assert gitops.states() == ["open"]
    assert done.head is not None
    assert done.head.commit == gitops.refs()["refs/heads/deployment/dev"]


def test_a_head_that_never_rests_is_an_error_in_the_end(gitops: GitOps) -> None:
    with pytest.raises(RefMoved, match="another run moved the head"):
        deliver(Overtaken(gitops, times=99), gitops.proposal(DRONE))
