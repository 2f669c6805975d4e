"""How much work the files of one source may make: they are not trusted to be small.

Single files have bounds of their own. What is counted here is what many of them, or a few that name
each other again and again, add up to. The bounds are far above any real model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from kalypso.errors import LoadError, Position

MOST_VALUES = 2_000_000
"""Values in all YAML files of a source."""
MOST_OF_TEAM = 500_000
"""The same for an application's repository; a workload with ten targets has some hundred."""
MOST_OBJECTS = 50_000
"""Objects that the kustomizations of a source pass on, counted in each of them."""
MOST_MATCHES = 2_500_000
"""Lines of ignore files, times the files that each is tried on."""
MOST_SECONDS = 120.0
"""Of the clock, for all files of a source: a net below the counts, which nothing real touches."""
LONGEST_PATTERN = 4096
"""Characters of a line of an ignore file."""


@dataclass(slots=True)
class Budget:
    """What is left for one source."""

    values: int = MOST_VALUES
    objects: int = MOST_OBJECTS
    seconds: float = MOST_SECONDS
    clock: Callable[[], float] = monotonic
    _most: int = field(init=False)
    _ends: float = field(init=False)
    _late: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self._most, self._ends = self.values, self.clock() + self.seconds

    @property
    def spent(self) -> bool:
        """Whether there was too much, which has been told: nothing more is read."""
        return self.values < 0 or self.objects < 0 or self._late

    def look_at_clock(self, at: Position) -> None:
        """Refuse to go on when the time is up.

        Raises:
            LoadError: The time is up, and nobody has said so yet.
        """
        if not self._late and self.clock() > self._ends:
            self._late = True
            raise LoadError(
                f"reading the repository takes more than {self.seconds:g} seconds",
                at,
                "point at a folder with less in it, or split the repository",
                code="source-too-large",
            )

    def spend_values(self, count: int, at: Position) -> None:
        """Count values of a file.

        Raises:
            LoadError: The source has more values than its budget.
        """
        self.values -= count
        if self.values < 0:
            raise _too_much(f"YAML files with more than {self._most:,} values", at)

    def spend_objects(self, count: int, at: Position) -> None:
        """Count objects that a kustomization takes over.

        Raises:
            LoadError: The source has more objects than its budget.
        """
        self.objects -= count
        if self.objects < 0:
            raise _too_much(f"kustomizations that pass on more than {MOST_OBJECTS:,} objects", at)


def check_patterns(lines: int, files: int, at: Position) -> None:
    """Refuse more lines of ignore files than can be tried on all files.

    Raises:
        LoadError: The ignore files have too many lines.
    """
    if lines * files > MOST_MATCHES:
        what = f"{lines:,} lines of .sourceignore for {files:,} files"
        raise _too_much(what, at)


def _too_much(what: str, at: Position) -> LoadError:
    return LoadError(
        f"the repository holds {what}",
        at,
        "point at a folder with less in it, or split the repository",
        code="source-too-large",
    )
