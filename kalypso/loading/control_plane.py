"""The objects of a control plane: an environment's branch, and the bases that it leads to.

A base may name further bases, whose objects count as well: each BaseRepo is a source of its own.

Source: docs/explanation/model.md, "Where the model is read from".
"""

from __future__ import annotations

import posixpath

import msgspec
from msgspec.structs import replace

from kalypso.errors import KalypsoError, ModelError, Position, SourceError
from kalypso.loading.agreement import check_base, check_environments, ignored_environments
from kalypso.loading.scope import Scope
from kalypso.loading.start import ControlPlane
from kalypso.loading.tree import read_tree_objects
from kalypso.model import (
    BaseRepo,
    ConfigSchema,
    Environment,
    Repositories,
    Source,
    Template,
    main_base,
)

_NEEDED = {
    "BaseRepo": "templates and registrations come from there",
    "GitOpsRepo": "manifests are delivered to it",
}
_MOST_BASES = 50
"""Bases of one environment: a chain of more is one that nobody meant."""


class ControlPlaneReader(msgspec.Struct):
    """Reads all objects of a control plane into a scope."""

    start: ControlPlane
    repositories: Repositories
    scope: Scope
    files_hidden: bool = False
    """Whether files could not be read, behind which any object may be."""
    _read: set[tuple[str, ...]] = msgspec.field(default_factory=set)
    _ignored: list[Environment] = msgspec.field(default_factory=list)

    @property
    def templates_hidden(self) -> bool:
        """Whether templates may be there that could not be read."""
        return self.files_hidden or self.scope.lost(Template)

    @property
    def config_hidden(self) -> bool:
        """Whether config maps or schemas may be there that could not be read."""
        return self.files_hidden or self.scope.lost_maps or self.scope.lost(ConfigSchema)

    def read(self) -> tuple[BaseRepo, ...]:
        """Read the environment's branch and all bases; return these, sorted by name.

        What is wrong goes to the problems of the scope.
        """
        problems, start = self.scope.problems, self.start
        with problems.catching():
            self._add(start.source, start.path)
        if not self.files_hidden:
            self._report_missing()
        self._read_bases()
        check_environments([*self._ignored, *self.scope.of(Environment)], start, problems)
        return self.scope.of(BaseRepo)

    def _add(self, source: Source, path: str) -> None:
        problems = self.scope.problems
        before = len(problems.errors)
        problems.lines.add(source.name, source.files)
        try:
            objects = read_tree_objects(source, path, problems)
        except KalypsoError:
            self.files_hidden = True
            raise
        self.files_hidden |= len(problems.errors) > before
        self.scope.add(objects)

    def _read_bases(self) -> None:
        first = main_base(self.scope.of(BaseRepo))
        while new := [base for base in self.scope.of(BaseRepo) if _place(base) not in self._read]:
            for base in new:
                self._read.add(_place(base))
                with self.scope.problems.catching():
                    self._read_base(base, main=base is first)

    def _read_base(self, base: BaseRepo, *, main: bool) -> None:
        if len(self._read) > _MOST_BASES:
            raise ModelError(
                f"this is one base more than the {_MOST_BASES} that an environment may have",
                base.at,
                "a base that names further bases is followed; end the chain",
                code="too-many-bases",
            )
        pointer = replace(base.pointer, main_base=main)
        if main:
            check_base(base, self.start, self.scope.problems)
        try:
            source = self.repositories.read(pointer)
            self._add(source, pointer.path)
        except SourceError as error:
            self.files_hidden = True
            cause = error.problem
            message = f"the base {base.name!r} cannot be read: {cause.message}"
            raise SourceError(message, pointer.at, cause.hint, code=cause.code) from None
        self._ignored += ignored_environments(source, self.scope.problems)

    def _report_missing(self) -> None:
        """Tell what the environment lacks, of which no file could hide it."""
        start = self.start
        at = Position(start.source.place(posixpath.join(start.path, "").removeprefix("./")))
        for kind, why in _NEEDED.items():
            if not self.scope.saw(kind):
                message = f"the environment {start.environment!r} has no {kind}"
                error = ModelError(message, at, f"add one: {why}", code="missing-object")
                self.scope.problems.error(error)


def _place(base: BaseRepo) -> tuple[str, ...]:
    pointer = base.pointer
    return pointer.repo, pointer.branch, pointer.commit, pointer.path
