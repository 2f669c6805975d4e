"""A GitOps repository of the embedded forge, and a scheduler of very little brain."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from kalypso.delivery.deliver import Standing, deliver, examine
from kalypso.delivery.local_git import LocalForge
from kalypso.delivery.proposal import Proposal
from kalypso.git.history import read_commit
from kalypso.git.read import all_refs, read_tree
from kalypso.git.write import (
    NO_COMMIT,
    Content,
    RefUpdate,
    Signature,
    create_repository,
    update_refs,
    write_commit,
)

CLOCK = 1_700_000_000.0
START = {"README.md": b"ours to keep\n", ".github/workflows/ci.yaml": b"on: push\n"}
DRONE = {"drone/README.md": "drone\n", "drone/app/config.yaml": "A: 1\n"}
OTHER = {"drone/README.md": "drone\n", "drone/app/config.yaml": "A: 2\n"}
LARGE = {"large/README.md": "large\n"}


def owns_folders(present: Mapping[str, bytes], files: Mapping[str, str]) -> dict[str, bytes]:
    """Keep root files and dot-folders; everything else is what is wanted."""
    kept = {p: text for p, text in present.items() if "/" not in p or p.startswith(".")}
    return {**kept, **{path: text.encode() for path, text in files.items()}}


class GitOps:
    """One repository with an environment branch dev, and what people do to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        create_repository(folder, branch="dev")
        self.forge = LocalForge(folder, clock=lambda: CLOCK, wait_seconds=0.2)
        self.start = self.commit("dev", dict(START))

    def proposal(self, files: Mapping[str, str]) -> Proposal:
        return Proposal(environment="dev", branch="dev", files=files, planner=owns_folders)

    def run(self, files: Mapping[str, str]) -> Standing:
        """Deliver, as `pulumi up` does."""
        return deliver(self.forge, self.proposal(files))

    def look(self, files: Mapping[str, str]) -> Standing:
        """Examine, as `pulumi preview` does."""
        return examine(self.forge, self.proposal(files))

    def commit(self, branch: str, changes: Mapping[str, Content], message: str = "m\n") -> str:
        """Commit on top of a branch as a person does with git."""
        old = self.refs().get(f"refs/heads/{branch}", "")
        commit = write_commit(
            self.folder,
            parents=[old] if old else [],
            changes=changes,
            message=message,
            signature=Signature("Ada", "ada@example.com", int(CLOCK)),
        )
        self.move(branch, commit)
        return commit

    def move(self, branch: str, commit: str | None) -> None:
        """Force-push a branch, or remove it."""
        old = self.refs().get(f"refs/heads/{branch}", NO_COMMIT)
        update = RefUpdate(f"refs/heads/{branch}", old, commit or NO_COMMIT)
        update_refs(self.folder, [update])

    def refs(self) -> dict[str, str]:
        return all_refs(self.folder)

    def files(self, ref: str) -> dict[str, str]:
        """Return a branch as text, without what was there at the start."""
        tree = read_tree(str(self.folder), ref).files
        return {path: text.decode() for path, text in tree.items() if path not in START}

    def parents(self, ref: str) -> tuple[str, ...]:
        return read_commit(self.folder, self.refs()[f"refs/heads/{ref}"]).parents

    def states(self) -> list[str]:
        """Return what became of all pull requests, oldest first."""
        return [pull.state for pull in reversed(self.forge.pull_requests())]

    def healthy(self) -> bool:
        """Tell whether git finds every object in order."""
        command = ["git", "--git-dir", str(self.folder), "fsck", "--strict"]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
