"""The sources of a request at another commit: a branch, a tag, or whatever Git understands."""

from __future__ import annotations

import contextlib
from pathlib import Path

from msgspec.structs import replace

from kalypso.errors import Position, SourceError
from kalypso.evaluation.request import Request
from kalypso.git import GitFailed, git, is_remote, resolve
from kalypso.loading import ControlPlane, Location, WithBase, parse_location, read_branch
from kalypso.model import Source


def start_at(request: Request, location: str, revision: str) -> Request:
    """Return a request that begins with the environment's control plane at a revision.

    Args:
        request: What else is evaluated, and how.
        location: The control plane's repository, as :func:`parse_location` reads it. A folder may
            be any folder of a work tree.
        revision: A branch, a tag, a commit, or for a local repository all that git understands,
            for example ``HEAD~1``.

    Raises:
        SourceError: The folder is not in a repository, or there is no such commit.
    """
    source, path = _read(location, revision)
    start = ControlPlane(environment=request.start.environment, source=source, path=path)
    return replace(request, start=start)


def base_at(request: Request, location: str, revision: str) -> Request:
    """Return a request whose base is read at a revision; otherwise like :func:`start_at`."""
    source, path = _read(location, revision)
    base = source if path == "." else source.below(path)
    return replace(request, repositories=WithBase(request.repositories, lambda: base))


def _read(location: str, revision: str) -> tuple[Source, str]:
    """Read the repository of a location at a revision; return also the folder in it."""
    place = parse_location(location)
    if not place.branch:
        place = _in_work_tree(Path(place.repository))
    source = read_branch(place.repository, revision, _commit(place.repository, revision))
    return source, place.path


def _in_work_tree(folder: Path) -> Location:
    """Find the repository of a folder, and the folder's path in it."""
    if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
        return Location(str(folder))
    whole = folder.resolve()
    for above in (whole, *whole.parents):
        if (above / ".git").exists():
            return Location(str(above), path=whole.relative_to(above).as_posix())
    raise SourceError(
        "the folder is in no git repository, so it has no commits to compare",
        Position(str(folder)),
        "name the repository as REPOSITORY@BRANCH, or compare with --gitops",
        code="no-such-repository",
    )


def _commit(repository: str, revision: str) -> str:
    if not is_remote(repository):
        with contextlib.suppress(GitFailed):
            found = git(
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                f"{revision}^{{commit}}",
                repository=Path(repository),
            )
            return found.decode().strip()
    commit = resolve(repository, revision)
    if commit is None:
        raise SourceError(
            f"there is no commit {revision!r}",
            Position(repository),
            "name a branch, a tag or a commit",
            code="no-such-commit",
        )
    return commit
