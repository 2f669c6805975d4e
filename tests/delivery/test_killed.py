"""A delivery that is killed between any two writes is completed by the next one."""

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from kalypso.forge.local import repository as local_git
from kalypso.forge.local.records import Records
from tests.delivery.platform import DRONE, OTHER, GitOps

P = ParamSpec("P")
T = TypeVar("T")
WRITES = 12
"""More than any delivery does."""


class Killed(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


class Killer:
    """Ends the run at its n-th write, just before or just after it."""

    def __init__(self, patch: pytest.MonkeyPatch, *, at: int, after: bool) -> None:
        self.left, self.after, self.armed = at, after, False
        for place, name in (
            (local_git, "update_refs"),
            (local_git, "write_commit"),
            (Records, "put"),
        ):
            patch.setattr(place, name, self.wrapped(getattr(place, name)))

    def wrapped(self, write: Callable[P, T]) -> Callable[P, T]:
        def step(*arguments: P.args, **options: P.kwargs) -> T:
            if not self.armed:
                return write(*arguments, **options)
            self.left -= 1
            if self.left == 0 and not self.after:
                raise Killed
            result = write(*arguments, **options)
            if self.left == 0:
                raise Killed
            return result

        return step


def nothing_yet(gitops: GitOps) -> None:
    del gitops


def one_is_open(gitops: GitOps) -> None:
    gitops.run(OTHER)


def the_branch_moved(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.commit("dev", {"README.md": b"moved\n"})


def one_was_closed(gitops: GitOps) -> None:
    gitops.run(OTHER)
    gitops.forge.close(1)


def one_is_no_longer_needed(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.forge.merge(1)
    gitops.run(OTHER)


def the_head_was_edited(gitops: GitOps) -> None:
    gitops.run(DRONE)
    gitops.commit("deployment/dev", {"drone/app/config.yaml": b"by hand\n"})


SITUATIONS = (
    nothing_yet,
    one_is_open,
    the_branch_moved,
    one_was_closed,
    one_is_no_longer_needed,
    the_head_was_edited,
)


def end_state(gitops: GitOps) -> tuple[list[str], dict[str, str] | None]:
    """Return what became of the pull requests, and what the open one proposes."""
    head = "deployment/dev"
    proposed = gitops.files(head) if f"refs/heads/{head}" in gitops.refs() else None
    return gitops.states(), proposed


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_next_run_ends_as_if_nothing_had_happened(
    situation: Callable[[GitOps], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    after: bool,
) -> None:
    good = GitOps(tmp_path / "good.git")
    situation(good)
    good.run(DRONE)
    killed = 0
    for at in range(1, WRITES):
        gitops = GitOps(tmp_path / f"{at}.git")
        situation(gitops)
        with monkeypatch.context() as patch:
            killer = Killer(patch, at=at, after=after)
            killer.armed = True
            try:
                gitops.run(DRONE)
            except Killed:
                killed += 1
            else:
                break  # it has fewer writes than that
        assert gitops.files("dev").keys() <= {*DRONE, *OTHER}, "the branch itself is not written"
        assert gitops.states().count("open") <= 1
        gitops.run(DRONE)
        assert end_state(gitops) == end_state(good), f"killed at write {at}"
    assert 3 <= killed < WRITES - 1, "the kills happened, at every write"
