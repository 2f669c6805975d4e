"""`LocalRepository`: a bare repository of the local forge; destroying it removes it."""

import shutil
from contextlib import suppress
from pathlib import Path

from kalypso.errors import DeliveryError, Position
from kalypso.forge.local import LocalFolder
from kalypso.git import create_repository

from ..resource_arguments import LocalRepositoryArgs
from .resource import Difference, Present, Report, changed_inputs, required_inputs
from .values import Properties, text

_OWNED = "kalypso-repository"
"""File in the repository that says that we made it and may remove it."""


class LocalRepository:
    """Keeps a bare repository in the forge's folder."""

    inputs = required_inputs(LocalRepositoryArgs)

    def create(self, inputs: Properties, report: Report) -> Present:
        """Make an empty repository; one that a killed run left is taken over."""
        del report
        path = _path(inputs)
        if not (path / _OWNED).exists():
            if path.exists():
                raise DeliveryError(
                    "the repository exists already and was not made by this stack",
                    Position(str(path)),
                    "move it away, or choose another prefix: `pulumi config set prefix NAME`",
                    code="foreign-repository",
                )
            _make(path, text(inputs, "branch"))
        return Present(text(inputs, "name"), {**inputs, "path": str(path)}, inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        """Return whether the repository is still there."""
        return Present(resource_id if _path(state).is_dir() else "", state, inputs or state)

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        """One that is gone is made again; another name or folder is another repository."""
        del old
        replaces = changed_inputs(state, inputs, ("folder", "name"))
        return Difference(bool(replaces) or not _path(state).is_dir(), replaces=replaces)

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        """Make it again if it is gone; nothing of one that is there changes in place."""
        if not _path(state).is_dir():
            return self.create(inputs, report).state
        return {**state, **inputs}

    def delete(self, state: Properties) -> None:
        """Remove the repository, and the forge's folder if it was the last."""
        path = _path(state)
        if not path.exists():
            _scratch(path)
            return
        if not (path / _OWNED).exists():
            raise DeliveryError(
                "the repository was not made by this stack and is not removed",
                Position(str(path)),
                "remove it by hand, or `pulumi state delete` the resource",
                code="foreign-repository",
            )
        try:
            scratch = _scratch(path)
            path.rename(scratch)  # gone at once, whatever happens to the rest
            shutil.rmtree(scratch)
        except OSError as error:
            raise _unwritable(path, error) from error
        with suppress(OSError):  # others are in it, or the last of them just went, and it with them
            path.parent.rmdir()


def _make(path: Path, branch: str) -> None:
    """Make a repository aside and give it its name last, so that it is never half there."""
    scratch = _scratch(path)
    create_repository(scratch, branch=branch)
    try:
        (scratch / _OWNED).write_text("Made by Kalypso; `pulumi destroy` removes it.\n")
        scratch.rename(path)
    except OSError as error:
        raise _unwritable(path, error) from error


def _scratch(path: Path) -> Path:
    """Return a folder beside a repository, without what a killed run left in it."""
    scratch = path.with_suffix(".scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    return scratch


def _path(properties: Properties) -> Path:
    return LocalFolder(Path(text(properties, "folder"))).path(text(properties, "name"))


def _unwritable(path: Path, error: OSError) -> DeliveryError:
    return DeliveryError(
        f"the repository cannot be written: {error.strerror}",
        Position(str(path)),
        "give this user the right to write there",
        code="unwritable-folder",
    )
