"""`RepositoryContent`: what a repository starts with; written once, and only if it is empty."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from kalypso.errors import KalypsoError
from kalypso.forge import Place
from kalypso.git import (
    NO_COMMIT,
    Patience,
    RefMoved,
    RefUpdate,
    Remote,
    all_refs,
    create_repository,
    patiently,
    update_refs,
    write_commit,
)
from kalypso.stack import ProviderConfiguration, StartingBranch, starting_branches

from ..resource_arguments import RepositoryContentArgs
from .resource import Difference, Present, Report, changed_inputs, required_inputs
from .values import Properties, text

_IDENTITY = ("folder", "github", "repository")
_APPEARS = Patience(attempts=6)
"""A repository that GitHub has just made may stay unseen for some seconds."""


class RepositoryContent:
    """Gives an empty repository its first branches, and then leaves it alone."""

    inputs = required_inputs(RepositoryContentArgs)

    def __init__(
        self,
        configuration: ProviderConfiguration | None = None,
        appears: Patience = _APPEARS,
    ) -> None:
        self._configuration = configuration or ProviderConfiguration()
        self._appears = appears

    def create(self, inputs: Properties, report: Report) -> Present:
        """Write all branches together; a repository that has branches is left as it is."""
        del report
        content, prefix = text(inputs, "content"), text(inputs, "prefix")
        branches = starting_branches(content, prefix, text(inputs, "url"))
        place = self._configuration.place(inputs)
        path = Path(place.git_address)
        if not place.forge.here:
            self._push(place, branches)
        elif not all_refs(path):
            update_refs(path, _written(path, branches))
        return Present(text(inputs, "repository"), {**inputs}, inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        """Return whether the repository has content; which is up to people."""
        return Present(resource_id if self._is_there(state) else "", state, inputs or state)

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        """Only an empty or another repository needs content; a newer sample changes nothing."""
        del old
        replaces = changed_inputs(state, inputs, _IDENTITY)
        return Difference(bool(replaces) or not self._is_there(state), replaces=replaces)

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        """Write the content again if it is gone, and else keep it as it is."""
        return {**state, **self.create(inputs, report).state}

    def delete(self, state: Properties) -> None:
        """Leave the content: it goes with its repository."""
        del state

    def _is_there(self, state: Properties) -> bool:
        place = self._configuration.place(state)
        return place.has_content if place.forge.here else bool(self._remote(place).refs())

    def _push(self, place: Place, branches: Mapping[str, StartingBranch]) -> None:
        remote = self._remote(place)
        if patiently(remote.refs, _while_missing, self._appears):
            return
        scratch = Path(tempfile.mkdtemp(prefix="kalypso-"))
        try:
            create_repository(scratch, branch=next(iter(branches)))
            remote.push(scratch, *_written(scratch, branches))
        except RefMoved:
            if not remote.refs():  # else it has content by now: maybe our own, its answer lost
                raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _remote(self, place: Place) -> Remote:
        return Remote(place.git_address, self._configuration.access())


def _written(path: Path, branches: Mapping[str, StartingBranch]) -> Sequence[RefUpdate]:
    """Write the commit of each branch; return what makes the branches."""
    updates = []
    for name, branch in branches.items():
        commit = write_commit(
            path,
            parents=[],
            changes=branch.files,
            message=branch.message,
            signature=branch.signature,
        )
        updates.append(RefUpdate(f"refs/heads/{name}", NO_COMMIT, commit))
    return updates


def _while_missing(error: BaseException) -> float | None:
    missing = isinstance(error, KalypsoError) and error.problem.code == "no-repository"
    return 0.0 if missing else None
