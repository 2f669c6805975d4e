"""From commits of main to commits of the GitOps branch, in repositories that Git made."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kalypso.git import NO_COMMIT, RefUpdate, Signature, git, update_refs, write_commit
from kalypso.model import TRACKING
from kalypso.promotion import Branch, ObjectId
from tests.support.bare_repository import make_bare

APPLICATION = b"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: test
  namespace: argocd
spec:
  project: default
"""


class Platform:
    """A control plane with main, and a GitOps repository with dev."""

    def __init__(self, folder: Path) -> None:
        self.main, self.gitops = folder / "control-plane.git", folder / "gitops.git"
        for each in (self.main, self.gitops):
            make_bare(each, "main")
        self._second = 1_700_000_000

    def on_main(self, parent: str = "") -> str:
        """Commit something on main."""
        return self._commit(self.main, "main", {"file": str(self._second).encode()}, [parent])

    def on_dev(self, promoted: str, *parents: str, file: str = "large/test/reconciler.yaml") -> str:
        """Commit on dev: what is promoted, and an assignment."""
        changes = {file: APPLICATION, "large/README.md": b"x", "note": str(self._second).encode()}
        if promoted:
            changes[TRACKING] = promoted.encode()
        return self._commit(self.gitops, "dev", changes, list(parents))

    def branch(self) -> Branch:
        return Branch(str(self.gitops), "dev", str(self.main))

    def _commit(
        self, folder: Path, name: str, changes: dict[str, bytes], parents: list[str]
    ) -> str:
        self._second += 60
        old = git("for-each-ref", "--format=%(objectname)", f"refs/heads/{name}", repository=folder)
        commit = write_commit(
            folder,
            parents=[each for each in parents if each],
            changes=dict(changes),
            message="change\n",
            signature=Signature("Ada", "ada@example.com", self._second),
        )
        here = old.decode().strip() or NO_COMMIT
        update_refs(folder, [RefUpdate(f"refs/heads/{name}", here, commit)])
        return commit


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


def test_a_promotion_is_found_where_it_came_and_not_where_something_else_changed(
    platform: Platform,
) -> None:
    one = platform.on_main()
    two = platform.on_main(one)
    start = platform.on_dev(one)
    brought = platform.on_dev(two, start)
    platform.on_dev(two, brought)
    branch = platform.branch()
    assert (branch.carrying(one), branch.carrying(two)) == (start, brought)


def test_a_merge_commit_is_what_is_waited_for_not_the_head_of_its_pull_request(
    platform: Platform,
) -> None:
    one = platform.on_main()
    two = platform.on_main(one)
    start = platform.on_dev(one)
    head = platform.on_dev(two, start)
    git("update-ref", "refs/heads/dev", start, repository=platform.gitops)
    merged = platform.on_dev(two, start, head)
    assert platform.branch().carrying(two) == merged


def test_a_commit_that_was_never_promoted_is_found_nowhere(platform: Platform) -> None:
    one = platform.on_main()
    platform.on_dev(one)
    assert platform.branch().carrying(platform.on_main(one)) is None
    assert Branch(str(platform.gitops), "stage", str(platform.main)).carrying(one) is None


def test_a_commit_that_came_back_after_a_rollback_is_the_one_that_came_last(
    platform: Platform,
) -> None:
    one = platform.on_main()
    two = platform.on_main(one)
    first = platform.on_dev(two, platform.on_dev(one))
    again = platform.on_dev(two, platform.on_dev(one, first))
    assert platform.branch().carrying(two) == again


def test_git_orders_the_commits_that_clusters_name(platform: Platform) -> None:
    one = platform.on_main()
    two = platform.on_main(one)
    start = platform.on_dev(one)
    awaited = platform.on_dev(two, start)
    later = platform.on_dev(two, awaited)
    other = platform.on_dev(two)
    git("update-ref", "refs/heads/dev", later, repository=platform.gitops)
    unknown = "7" * 40
    found = platform.branch().ancestry(awaited, two, [start, other, unknown], [later])
    assert found.tip == later
    facts = {c: (k.relation, k.on_branch, k.promoted) for c, k in found.known.items()}
    assert facts == {
        start: ("before", True, "older"),
        awaited: ("same", True, "same"),
        later: ("after", True, "same"),
        other: ("apart", False, "same"),
        unknown: ("unknown", False, "unknown"),
    }
    delivered = found.known[later].delivers
    assert delivered is not None
    (wanted,) = delivered["large"]["test"]
    assert wanted.id == ObjectId("argoproj.io", "Application", "argocd", "test")
    assert wanted.body == {"spec": {"project": "default"}}


def test_what_went_back_is_older_and_what_nobody_orders_is_unknown(platform: Platform) -> None:
    one = platform.on_main()
    two = platform.on_main(one)
    awaited = platform.on_dev(two, platform.on_dev(one))
    back = platform.on_dev(one, awaited)
    assert platform.branch().ancestry(awaited, two, [], []).known[back].promoted == "older"
    foreign = platform.on_dev("6" * 40, back)
    assert platform.branch().ancestry(awaited, two, [], []).known[foreign].promoted == "unknown"


def test_a_force_push_leaves_the_commit_on_no_branch(platform: Platform) -> None:
    one = platform.on_main()
    start = platform.on_dev("")
    awaited = platform.on_dev(one, start)
    git("update-ref", "refs/heads/dev", start, repository=platform.gitops)
    known = platform.branch().ancestry(awaited, one, [], []).known
    assert (known[awaited].on_branch, known[start].relation) == (False, "before")


def test_a_shallow_clone_says_so_and_orders_nothing(platform: Platform, tmp_path: Path) -> None:
    one = platform.on_main()
    awaited = platform.on_dev(one, platform.on_dev(""))
    clone = tmp_path / "clone.git"
    source = f"file://{platform.gitops}"
    command = ["git", "clone", "--quiet", "--bare", "--depth=1", "--branch=dev", source, str(clone)]
    subprocess.run(command, check=True)
    found = Branch(str(clone), "dev", str(platform.main)).ancestry(awaited, one, [], [])
    assert "shallow" in found.problem
    assert found.known == {}


def test_a_repository_that_is_not_there_is_a_problem_and_not_an_empty_branch(
    platform: Platform, tmp_path: Path
) -> None:
    branch = Branch(str(tmp_path / "nowhere.git"), "dev", str(platform.main))
    assert "nowhere.git" in branch.ancestry("1" * 40, "2" * 40, [], []).problem
