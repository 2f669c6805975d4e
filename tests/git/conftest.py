"""A bare repository to read from and write to."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kalypso.git import cache, history, refs, trees
from kalypso.git.write import (
    NO_COMMIT,
    Content,
    RefUpdate,
    Signature,
    create_repository,
    update_refs,
    write_commit,
)

SIGNATURE = Signature("Ada", "ada@example.com", 1_700_000_000)
ELSEWHERE = "0" * 39 + "1"
"""The id of what no repository has."""


class Repository:
    """A bare repository, and short words for what tests do with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = str(folder)
        create_repository(folder, branch="main")

    def commit(
        self, branch: str, changes: dict[str, Content], parent: str = "", message: str = "change\n"
    ) -> str:
        """Commit on a branch; without a parent it starts the branch."""
        commit = write_commit(
            self.folder,
            parents=[parent] if parent else [],
            changes=changes,
            message=message,
            signature=SIGNATURE,
        )
        update_refs(self.folder, [RefUpdate(f"refs/heads/{branch}", parent or NO_COMMIT, commit)])
        return commit


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository.git")


def git(repository: Repository, *arguments: str) -> str:
    """Run git on a repository as its owner does, and return what it says."""
    command = ["git", "--git-dir", repository.name, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What git is started for from now on."""
    found: list[str] = []

    def noting(run: Callable[..., bytes]) -> Callable[..., bytes]:
        def noted(*arguments: str, **options: Any) -> bytes:
            found.append(arguments[0])
            return run(*arguments, **options)

        return noted

    for module in (cache, history, refs, trees):
        monkeypatch.setattr(module, "git", noting(getattr(module, "git")))  # noqa: B009 - mypy: it is not exported
    return found
