"""A bare repository to read from and write to."""

from pathlib import Path

import pytest

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
