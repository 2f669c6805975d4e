"""What goes wrong with assignments, collected so that each problem is reported once for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from kalypso.errors import Problem
from kalypso.model import Assignment


class Failures(msgspec.Struct):
    """Assignments that cannot be rendered, by what is wrong with them."""

    _folders: dict[Problem, list[str]] = msgspec.field(default_factory=dict)
    """In order of discovery."""

    def add(self, problem: Problem, assignment: Assignment) -> None:
        """Remember what is wrong with an assignment."""
        folders = self._folders.setdefault(problem, [])
        if folders[-1:] != [assignment.folder]:
            folders.append(assignment.folder)

    def problems(self) -> Iterator[Problem]:
        """Yield every problem once, with the assignments that it concerns."""
        for problem, folders in self._folders.items():
            others = f" and {len(folders) - 1:,} more" if len(folders) > 1 else ""
            message = f"{problem.message} (assignment {folders[0]}{others})"
            yield replace(problem, message=message)
