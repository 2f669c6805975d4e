"""What differs between two states of an environment, and which objects of the model caused it."""

from __future__ import annotations

from typing import Literal

import msgspec

from kalypso.errors import Position

ChangeKind = Literal["added", "changed", "removed"]
CauseKind = Literal["added", "changed", "removed", "applies now", "applies no more"]
"""The last two: an object that is as it was, and concerns an assignment now, or did."""


class FileDifference(msgspec.Struct, frozen=True):
    """One file that differs."""

    path: str
    kind: ChangeKind
    old: str = ""
    new: str = ""

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return self.path.rpartition("/")[2]


class Detail(msgspec.Struct, frozen=True):
    """One thing about an object that differs."""

    what: str
    """For example a key of a ConfigMap, ``label region``, or ``manifest 1``."""
    old: str | None = None
    """``None`` where it was not there, or where the texts are too long to be of use."""
    new: str | None = None


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """An object of the model whose change changes assignments."""

    kind: str
    """For example ``ConfigMap``."""
    name: str
    change: CauseKind
    at: Position
    """In the state after; in the state before if the object is gone."""
    details: tuple[Detail, ...] = ()
    stems: tuple[str, ...] = ()
    """Of a template: names, without endings, of the files of an assignment that it writes."""


class AssignmentDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One assignment that comes, goes or has other files."""

    cluster_type: str
    target: str
    kind: ChangeKind
    files: tuple[FileDifference, ...]
    """Sorted by path."""
    causes: tuple[Cause, ...] = ()
    """Empty if the state before is content of the GitOps repository: it has no model."""
    names: tuple[str, ...] = ()
    """Names that differ from assignment to assignment and may stand in its files."""

    @property
    def folder(self) -> str:
        """Its folder in the GitOps repository."""
        return f"{self.cluster_type}/{self.target}"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """All that differs between two states of an environment."""

    environment: str
    before: str
    """What the state before was read from, as people name it."""
    after: str
    assignments: tuple[AssignmentDifference, ...]
    """Sorted by folder."""
    other_files: tuple[FileDifference, ...]
    """Files that belong to no assignment, sorted by path."""
    count_before: int
    """How many assignments there were."""
    count_after: int
    explained: bool
    """Whether causes are known."""

    @property
    def files(self) -> tuple[FileDifference, ...]:
        """All files that differ, sorted by path."""
        own = (file for each in self.assignments for file in each.files)
        return tuple(sorted((*own, *self.other_files), key=lambda file: file.path))

    def of(self, kind: ChangeKind) -> tuple[AssignmentDifference, ...]:
        """Return the assignments that came, went, or changed."""
        return tuple(each for each in self.assignments if each.kind == kind)
