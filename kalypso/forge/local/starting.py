"""Starts a branch on the local forge that nothing has been written to yet."""

from __future__ import annotations

from kalypso.errors import DeliveryError, Position
from kalypso.forge.author import WRITER
from kalypso.forge.local.folder import LocalPlace
from kalypso.git import NO_COMMIT, RefUpdate, create_repository, resolve, update_refs, write_commit


def start_branch(place: LocalPlace, branch: str, now: int) -> bool:
    """Start a branch with a README, in a repository that is made if it does not exist.

    Args:
        place: The repository.
        branch: Its new branch.
        now: The date of the commit, in seconds since 1970.

    Returns:
        Whether the repository was made.

    Raises:
        DeliveryError: The repository has the branch, or cannot be written.
        SourceError: The name of the branch is not one.
    """
    made = not place.exists
    create_repository(place.path, branch=branch)
    if resolve(place.git_address, branch) is not None:
        raise DeliveryError(
            f"{place.full_name} has a branch {branch!r} already",
            Position(str(place.path)),
            "name a branch that it does not have",
            code="option",
        )
    commit = write_commit(
        place.path,
        parents=[],
        changes={"README.md": f"# {place.full_name}, branch {branch}\n".encode()},
        message=f"Start {branch}\n",
        signature=WRITER.at(now),
    )
    update_refs(place.path, [RefUpdate(f"refs/heads/{branch}", NO_COMMIT, commit)])
    return made
