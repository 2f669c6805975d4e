"""The control plane of a command at another commit."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from kalypso.cli.inputs import Inputs
from kalypso.errors import Position, SettingsError, SourceError
from kalypso.evaluation.pipeline import Request
from kalypso.git.address import is_remote
from kalypso.git.read import resolve
from kalypso.git.run import GitFailed, git
from kalypso.loading.platform import ControlPlane
from kalypso.loading.sources import Location, parse_location, read_branch
from kalypso.model.records import Pointer, Repositories, Source


def at_revision(inputs: Inputs, revision: str) -> ControlPlane:
    """Read the environment's control plane as it is at a revision.

    Args:
        inputs: The command's options; ``--control-plane`` says which repository. A folder may be
            any folder of a work tree.
        revision: A branch, a tag, a commit, or for a local repository all that git understands,
            for example ``HEAD~1``.

    Raises:
        SourceError: The folder is in no repository, or there is no such commit.
    """
    source, path = _read(inputs.control_plane, revision)
    return ControlPlane(environment=inputs.environment, source=source, path=path)


def base_at_revision(inputs: Inputs, revision: str, request: Request) -> Repositories:
    """Return the repositories of a request, but for the base, which is read at a revision.

    Raises:
        SettingsError: ``--base`` does not say which repository the base is in.
        SourceError: As for :func:`at_revision`.
    """
    if not inputs.base:
        raise SettingsError("--base-from goes with --base", Position("--base-from"), code="option")
    source, path = _read(inputs.base, revision)
    if path != ".":
        files = {
            name.removeprefix(f"{path}/"): content
            for name, content in source.files.items()
            if name.startswith(f"{path}/")
        }
        source = Source(f"{source.name}{path}/", files, source.commit)
    return _OtherBase(source, request.repositories)


@dataclass(frozen=True, slots=True)
class _OtherBase:
    """Repositories of which the base is another state."""

    base: Source
    others: Repositories

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names."""
        return self.others.read(pointer)

    def read_base(self, pointer: Pointer) -> Source:  # noqa: ARG002  # the state is given instead
        """Return the base as it was read."""
        return self.base


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
    try:
        found = git("-C", str(folder), "rev-parse", "--show-toplevel", "--show-prefix")
    except GitFailed:
        raise SourceError(
            "the folder is in no git repository, so it has no commits to compare",
            Position(str(folder)),
            "name the repository as REPOSITORY@BRANCH, or compare with --gitops",
            code="no-such-repository",
        ) from None
    top, _, prefix = found.decode(errors="surrogateescape").partition("\n")
    return Location(top, path=prefix.strip("/\n") or ".")


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
