"""Says in the GitOps repository which stacks are there, so that none of them goes too early.

`pulumi destroy` runs no program, so nobody could refuse to destroy what other stacks still use. The
stack that shares something has a mark that depends on all of it and is therefore deleted first;
that fails while there are marks of others. Their own are deleted last. A program that runs and
declares no mark any more, because the settings name no clusters, is obeyed.
"""

import shutil
import tempfile
from pathlib import Path

from kalypso.errors import DeliveryError, Position, SourceError
from kalypso.forge import Place
from kalypso.git import (
    NO_COMMIT,
    RefUpdate,
    Remote,
    Signature,
    create_repository,
    git,
    update_refs,
    write_commit,
)
from kalypso.stack import ProviderConfiguration

from ..resource_arguments import StackMarkArgs
from .resource import Difference, Present, Report, changed_inputs, required_inputs
from .values import Properties, text

_MARKS = "refs/kalypso/stacks/"
_IDENTITY = ("folder", "github", "repository", "stack")
_NOBODY = Signature("Kalypso", "kalypso@localhost", 0)


class StackMark:
    """A ref for each stack; what it points to means nothing."""

    inputs = required_inputs(StackMarkArgs)

    def __init__(self, configuration: ProviderConfiguration | None = None) -> None:
        self._configuration = configuration or ProviderConfiguration()

    def create(self, inputs: Properties, report: Report) -> Present:
        """Mark the stack; a mark that is there is its own."""
        del report
        place, stack = self._configuration.place(inputs), text(inputs, "stack")
        if stack not in self._marks(place):
            self._set(place, stack)
        return Present(stack, {**inputs}, inputs)

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        """Return whether the mark is there."""
        return Present(resource_id if self._is_set(state) else "", state, inputs or state)

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        """A mark that is gone is set again; another repository or stack needs another one."""
        del old
        replaces = changed_inputs(state, inputs, _IDENTITY)
        other = bool(replaces) or state.get("shares") != inputs.get("shares")
        return Difference(other or not self._is_set(state), replaces=replaces)

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        """Set the mark if it is gone."""
        return {**state, **self.create(inputs, report).state}

    def before_destroy(self, state: Properties) -> None:
        """Refuse to destroy what others still use.

        Raises:
            DeliveryError: There are marks of other stacks.
        """
        place, stack = self._configuration.place(state), text(state, "stack")
        others = sorted(self._known(place).keys() - {stack})
        if state.get("shares") and others:
            use = "uses" if len(others) == 1 else "use"
            raise DeliveryError(
                f"{' and '.join(others)} still {use} what the stack {stack!r} shares",
                Position(place.git_address),
                "destroy the others first; `kalypso teardown` does it in order",
                code="stacks-left",
            )

    def delete(self, state: Properties) -> None:
        """Remove the mark."""
        place, stack = self._configuration.place(state), text(state, "stack")
        marks = self._known(place)
        if stack in marks:
            self._move(place, RefUpdate(f"{_MARKS}{stack}", marks[stack], NO_COMMIT))

    def _is_set(self, state: Properties) -> bool:
        return text(state, "stack") in self._marks(self._configuration.place(state))

    def _known(self, place: Place) -> dict[str, str]:
        """Return the marks; they go with a repository that is gone."""
        try:
            return self._marks(place)
        except SourceError as error:
            if error.problem.code == "no-repository":
                return {}
            raise

    def _marks(self, place: Place) -> dict[str, str]:
        """Return the commit of each mark by its stack."""
        if place.forge.here:
            return _marks_in(Path(place.git_address))
        found = self._remote(place).refs(f"{_MARKS}*")
        return {ref.removeprefix(_MARKS): commit for ref, commit in found.items()}

    def _set(self, place: Place, stack: str) -> None:
        if place.forge.here:
            self._write(Path(place.git_address), place, stack)
            return
        scratch = Path(tempfile.mkdtemp(prefix="kalypso-"))
        try:
            create_repository(scratch, branch="main")
            self._write(scratch, place, stack)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _write(self, folder: Path, place: Place, stack: str) -> None:
        message = f"the stack {stack} is there\n"
        commit = write_commit(folder, parents=[], changes={}, message=message, signature=_NOBODY)
        self._move(place, RefUpdate(f"{_MARKS}{stack}", NO_COMMIT, commit), folder)

    def _move(self, place: Place, update: RefUpdate, folder: Path | None = None) -> None:
        if place.forge.here:
            update_refs(Path(place.git_address), [update])
            return
        if folder is not None:
            self._remote(place).push(folder, update)
            return
        scratch = Path(tempfile.mkdtemp(prefix="kalypso-"))
        try:
            create_repository(scratch, branch="main")
            self._remote(place).push(scratch, update)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _remote(self, place: Place) -> Remote:
        return Remote(place.git_address, self._configuration.access())


def _marks_in(folder: Path) -> dict[str, str]:
    """Return the commit of each mark in a folder; a folder that is gone has none."""
    if not folder.is_dir():
        return {}
    out = git("for-each-ref", "--format=%(objectname) %(refname)", _MARKS, repository=folder)
    lines = (line.partition(" ") for line in out.decode().splitlines())
    return {name.removeprefix(_MARKS): commit for commit, _, name in lines}
