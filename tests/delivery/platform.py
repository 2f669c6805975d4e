"""A GitOps repository on some forge, and a scheduler of very little brain."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from kalypso.delivery.marker import content_digest
from kalypso.delivery.proposal import Changes, PathChange, Proposal, Wording
from kalypso.delivery.steps import Standing, deliver, examine, withdraw
from kalypso.forge.interface import PullRequest, Repository
from kalypso.forge.local.repository import BareRepository
from kalypso.git.history import read_commit
from kalypso.git.objects import tree_id
from kalypso.git.read import read_tree
from kalypso.git.trees import differing, has_object, write_tree
from kalypso.git.write import (
    NO_COMMIT,
    Content,
    RefUpdate,
    Signature,
    create_repository,
    update_refs,
    write_commit,
)
from tests.support.bare_repository import read_refs
from tests.support.prepared import copied

CLOCK = 1_700_000_000.0
START = {"README.md": b"ours to keep\n", ".github/workflows/ci.yaml": b"on: push\n"}
DRONE = {"drone/README.md": "drone\n", "drone/app/config.yaml": "A: 1\n"}
OTHER = {"drone/README.md": "drone\n", "drone/app/config.yaml": "A: 2\n"}
LARGE = {"large/README.md": "large\n"}


def proposing(files: Mapping[str, str]) -> Proposal:
    """Return a proposal of files, which are written where they are asked for."""
    encoded = {path: text.encode() for path, text in files.items()}

    def plan(folder: Path, commit: str, tree: str) -> Changes:
        if not has_object(folder, tree):
            write_tree(folder, encoded)
        return owns_folders(folder, commit, tree)

    return Proposal(
        environment="dev",
        branch="dev",
        tree=tree_id(encoded),
        content=content_digest(files),
        planner=plan,
    )


def owns_folders(folder: Path, commit: str, tree: str) -> Changes:
    """Keep root files and dot-folders; everything else is what is wanted."""
    return {
        path: PathChange(sides.before, sides.after)
        for path, sides in differing(folder, commit, tree).items()
        if sides.after or ("/" in path and not path.startswith("."))
    }


class People(Protocol):
    """What people do with pull requests on a forge."""

    def pull_requests(self) -> tuple[PullRequest, ...]: ...

    def pull_request(self, number: int) -> PullRequest: ...

    def create(
        self, *, base: str, head: str, title: str, body: str, labels: Sequence[str]
    ) -> PullRequest: ...

    def merge(self, number: int) -> PullRequest: ...

    def close(self, number: int) -> None: ...

    def reopen(self, number: int) -> PullRequest: ...


class Bench:
    """One repository with an environment branch dev, and what runs and people do to it."""

    def __init__(self, folder: Path, forge: Repository, people: People) -> None:
        self.folder, self.people = folder, people
        self._forge: Repository = forge
        copied("gitops", _start, folder)
        self.start = self.refs()["refs/heads/dev"]

    def deliver_by(self, forge: Repository) -> None:
        """Deliver by another forge object from now on."""
        self._forge = forge

    def proposal(self, files: Mapping[str, str]) -> Proposal:
        return proposing(files)

    def run(self, files: Mapping[str, str], wording: Wording | None = None) -> Standing:
        """Deliver, as `pulumi up` does."""
        return deliver(self._forge, replace(self.proposal(files), wording=wording))

    def look(self, files: Mapping[str, str]) -> Standing:
        """Examine, as `pulumi preview` does."""
        return examine(self._forge, self.proposal(files))

    def lacks(self, files: Mapping[str, str]) -> list[str]:
        """Return the paths at which the branch differs from what delivering makes of it."""
        found = self.look(files)
        return self._forge.reading(
            found.branch.commit,
            lambda folder: list(differing(folder, found.branch.tree, found.whole)),
        )

    def label(self, number: int, label: str) -> None:
        """Add a label to a pull request, as a person does."""
        pull = self.people.pull_request(number)
        labels = [*pull.labels, label]
        self._forge.edit(number, title=pull.title, body=pull.body, labels=labels)

    def withdraw(self) -> None:
        """Take back what is proposed, as `pulumi destroy` does."""
        withdraw(self._forge, "dev", "dev")

    def commit(self, branch: str, changes: Mapping[str, Content], message: str = "m\n") -> str:
        """Commit on top of a branch as a person does with git."""
        old = self.refs().get(f"refs/heads/{branch}", "")
        commit = _commit(self.folder, [old] if old else [], changes, message)
        self.move(branch, commit)
        return commit

    def move(self, branch: str, commit: str | None) -> None:
        """Force-push a branch, or remove it."""
        old = self.refs().get(f"refs/heads/{branch}", NO_COMMIT)
        update_refs(self.folder, [RefUpdate(f"refs/heads/{branch}", old, commit or NO_COMMIT)])

    def refs(self) -> dict[str, str]:
        return read_refs(self.folder)

    def files(self, ref: str) -> dict[str, str]:
        """Return a branch as text, without what was there at the start."""
        tree = read_tree(str(self.folder), ref).files
        return {path: text.decode() for path, text in tree.items() if path not in START}

    def tree(self, ref: str) -> Mapping[str, bytes]:
        """Return all files of a branch."""
        return read_tree(str(self.folder), ref).files

    def parents(self, ref: str) -> tuple[str, ...]:
        return read_commit(self.folder, self.refs()[f"refs/heads/{ref}"]).parents

    def states(self) -> list[str]:
        """Return what became of all pull requests, oldest first."""
        return [pull.state for pull in reversed(self.people.pull_requests())]

    def healthy(self) -> bool:
        """Return whether git finds every object in order."""
        command = ["git", "--git-dir", str(self.folder), "fsck", "--strict"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


class GitOps(Bench):
    """The repository on the local forge."""

    def __init__(self, folder: Path) -> None:
        self.forge = self.review = BareRepository(folder, clock=lambda: CLOCK, wait_seconds=0.2)
        super().__init__(folder, self.forge, self.forge)


def _start(folder: Path) -> None:
    """Make a repository as each test finds it, without a HEAD where there is one already."""
    create_repository(folder, branch="dev")
    commit = _commit(folder, [], START, "m\n")
    update_refs(folder, [RefUpdate("refs/heads/dev", NO_COMMIT, commit)])


def _commit(
    folder: Path, parents: Sequence[str], changes: Mapping[str, Content], message: str
) -> str:
    return write_commit(
        folder,
        parents=parents,
        changes=changes,
        message=message,
        signature=Signature("Ada", "ada@example.com", int(CLOCK)),
    )
