"""What happens on GitHub and starts workflows: pull requests, pushes, schedules, calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kalypso.git.write import NO_COMMIT, RefUpdate, Signature, update_refs, write_commit
from tests.standins.github.repository import GitHubRepository, Pull, Wish

_ADA = Signature("Ada", "ada@example.com", 1_800_000_000)
Changes = Mapping[str, bytes | None]


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened, as the context `github` tells it."""

    repository: GitHubRepository
    name: str
    ref: str
    """What is checked out unless a step says otherwise."""
    sha: str
    branch: str
    """Whose workflows run; for a pull request, that it goes to."""
    head: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)

    @property
    def foreign(self) -> bool:
        """Whether it is a pull request from a fork: GitHub then gives no secrets."""
        if self.name != "pull_request":
            return False
        source = self.payload["pull_request"]["head"]["repo"]["full_name"]
        return bool(source != self.repository.full_name)

    def starts(self, on: Mapping[str, Any]) -> bool:
        """Return whether a workflow runs, by its `on`."""
        if self.name not in on:
            return False
        asked = on[self.name]
        if self.name in {"pull_request", "push"}:
            return self.branch in asked["branches"]
        return self.name != "repository_dispatch" or self.payload["action"] in asked["types"]


def commit(repository: GitHubRepository, branch: str, changes: Changes, start: str = "") -> str:
    """Commit on a branch, as a person does; one that does not exist starts at another."""
    old = repository.branches().get(branch)
    parent = old or repository.branches()[start]
    made = write_commit(
        repository.folder, parents=[parent], changes=changes, message="change\n", signature=_ADA
    )
    update_refs(repository.folder, [RefUpdate(f"refs/heads/{branch}", old or NO_COMMIT, made)])
    return made


def open_pull(repository: GitHubRepository, base: str, head: str, changes: Changes) -> Pull:
    """Propose a change from a branch of the repository itself."""
    commit(repository, head, changes, base)
    return repository.open_pull(Wish(base=base, head=head, title="Change"))


def open_fork(
    repository: GitHubRepository, base: str, changes: Changes, head: str = "patch-1"
) -> Pull:
    """Propose a change from a fork: its commit is here, and no branch of ours points at it."""
    parent = repository.branches()[base]
    made = write_commit(
        repository.folder, parents=[parent], changes=changes, message="x\n", signature=_ADA
    )
    wish = Wish(base=base, head=head, title="Change", user="eve")
    pull = repository.keep(wish, fork=f"eve/{repository.name}")
    pull.head_commit = made
    repository.git("update-ref", f"refs/pull/{pull.number}/head", made)
    return pull


def pull_request(repository: GitHubRepository, number: int) -> Event:
    """Tell of a pull request; GitHub merges it for the run, on a ref of its own."""
    pull = repository.pull(number)
    base = repository.branches()[pull.base]
    tree = repository.git("merge-tree", "--write-tree", base, pull.head_commit)
    merged = repository.git("commit-tree", tree, "-p", base, "-p", pull.head_commit, "-m", "Merge")
    ref = f"refs/pull/{number}/merge"
    repository.git("update-ref", ref, merged)
    head = {
        "ref": pull.head,
        "sha": pull.head_commit,
        "repo": {"full_name": pull.from_repository},
    }
    told = {"number": number, "head": head, "user": {"login": pull.user}}
    return Event(
        repository=repository, name="pull_request", ref=ref, sha=merged, branch=pull.base,
        head=pull.head, payload={"pull_request": told},
    )  # fmt: skip


def push(repository: GitHubRepository, branch: str) -> Event:
    """Tell of a push, as a merge is one."""
    return _on_branch(repository, "push", branch, {})


def by_hand(repository: GitHubRepository, inputs: Mapping[str, str]) -> Event:
    """Tell that somebody started a workflow of main by hand."""
    return _on_branch(repository, "workflow_dispatch", "main", {"inputs": dict(inputs)})


def schedule(repository: GitHubRepository) -> Event:
    """Tell that it is time; that is always told on the default branch."""
    return _on_branch(repository, "schedule", "main", {"schedule": "17 * * * *"})


def dispatch(repository: GitHubRepository, action: str) -> Event:
    """Tell of a call from outside, on the default branch too."""
    return _on_branch(repository, "repository_dispatch", "main", {"action": action})


def _on_branch(
    repository: GitHubRepository, name: str, branch: str, payload: Mapping[str, Any]
) -> Event:
    return Event(
        repository=repository, name=name, ref=f"refs/heads/{branch}", branch=branch,
        sha=repository.branches()[branch], payload=payload,
    )  # fmt: skip
