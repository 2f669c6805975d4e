"""What an application is rendered from: its source, and the values of one environment."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec.structs import replace

from kalypso.errors import Position, SourceError
from kalypso.git import GitFailed, git
from kalypso.loading import Location, parse_location, read_branch, read_location
from kalypso.model import Source

CONFIGS = "configs"
"""What the branch of an environment's values ends with: ``dev-configs``."""


class Checkout(msgspec.Struct, frozen=True):
    """The files of one commit, or of a folder as it is."""

    source: Source
    repository: str
    """What git reads the history of: a folder or an address."""
    folder: str = "."
    """What of the repository was read."""

    @property
    def commit(self) -> str:
        """The commit that was read; empty for a folder."""
        return self.source.commit


def read_application(place: str, *, committed: bool, commit: str = "") -> Checkout:
    """Read the source of an application whole.

    Args:
        place: A folder, or ``REPOSITORY@BRANCH``, with ``:PATH`` for a folder in it.
        committed: Whether a folder is read as it was last committed, and not as it is.
        commit: Read instead of what the place names; of the same repository.

    Raises:
        SourceError: The folder cannot be read, or has no commit and needs one.
    """
    location = parse_location(place)
    if commit:
        return _at_commit(location, commit)
    if location.branch or not committed:
        return _below(Checkout(_all_of(location), location.repository), location.path)
    return _at_commit(location, _head(location.repository))


def read_configs(place: str, application: Checkout, environment: str) -> Checkout | None:
    """Read the values of an environment.

    Args:
        place: As for the source; empty for the branch ``<environment>-configs`` beside the source.
        application: The source.
        environment: Whose values are wanted.

    Returns:
        None if no place is named and there is no such branch.

    Raises:
        SourceError: The repository cannot be read.
    """
    if place:
        location = parse_location(place)
        return _below(Checkout(_all_of(location), location.repository), location.path)
    if not application.commit and not _is_clone(application.repository):
        return None
    try:
        source = read_branch(application.repository, f"{environment}-{CONFIGS}")
    except SourceError as error:
        if error.problem.code in {"no-branch", "empty-repository"}:
            return None
        raise
    return Checkout(source, application.repository)


def read_before(checkout: Checkout, commit: str) -> Source | None:
    """Return the same files at an earlier commit; None if they cannot be read any more."""
    try:
        location = Location(checkout.repository, commit[:10], checkout.folder)
        return _at_commit(location, commit).source
    except SourceError:
        return None


def _all_of(location: Location) -> Source:
    return read_location(location, lambda _: True)


def _at_commit(location: Location, commit: str) -> Checkout:
    source = read_branch(location.repository, location.branch or commit[:10], commit)
    return _below(Checkout(source, location.repository), location.path)


def _below(checkout: Checkout, path: str) -> Checkout:
    """Return one folder of a checkout.

    Raises:
        SourceError: There is no such folder.
    """
    if path == ".":
        return checkout
    source = checkout.source.below(path)
    if not source.files:
        raise SourceError(
            f"there is no folder {path!r}",
            Position(checkout.source.place(path)),
            "check the path; it counts from the root of the repository",
            code="no-folder",
        )
    return replace(checkout, source=source, folder=path)


def _is_clone(folder: str) -> bool:
    return (Path(folder) / ".git").exists()


def _head(folder: str) -> str:
    """Return the commit that is checked out in a folder.

    Raises:
        SourceError: The folder is not a clone, or nothing was committed yet.
    """
    if _is_clone(folder):
        try:
            return git("rev-parse", "--verify", "HEAD^{commit}", repository=Path(folder)).decode()[
                :40
            ]
        except GitFailed:
            pass
    raise SourceError(
        "this is not a clone with a commit, so nobody could say later what was delivered",
        Position(folder),
        "commit first, or name a branch as REPOSITORY@BRANCH",
        code="no-commit",
    )
