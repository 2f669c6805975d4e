"""How much work the files of one source may make: they are not trusted to be small.

Single files have bounds of their own. What is counted here is what many of them, or a few that name
each other again and again, add up to. The bounds are far above any real model.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from kalypso.errors import LoadError, Position

MOST_VALUES = 2_000_000
"""Values in all YAML files of a source."""
MOST_OF_TEAM = 500_000
"""The same for an application's repository; a workload with ten targets has some hundred."""
MOST_OBJECTS = 50_000
"""Objects that the kustomizations of a source pass on, counted in each of them."""
MOST_MATCHES = 2_500_000
"""Lines of ignore files, times the files that each is tried on."""
LONGEST_PATTERN = 4096
"""Characters of a line of an ignore file."""


@dataclass(slots=True)
class Budget:
    """What is left for one source."""

    values: int = MOST_VALUES
    objects: int = MOST_OBJECTS
    _most: int = field(init=False)

    def __post_init__(self) -> None:
        self._most = self.values

    @property
    def spent(self) -> bool:
        """Whether there was too much, which has been told: nothing more is read."""
        return self.values < 0 or self.objects < 0

    def spend_values(self, count: int, at: Position) -> None:
        """Count values of a file.

        Raises:
            LoadError: There are too many.
        """
        self.values -= count
        if self.values < 0:
            raise _too_much(f"YAML files with more than {self._most:,} values", at)

    def spend_objects(self, count: int, at: Position) -> None:
        """Count objects that a kustomization takes over.

        Raises:
            LoadError: There are too many.
        """
        self.objects -= count
        if self.objects < 0:
            raise _too_much(f"kustomizations that pass on more than {MOST_OBJECTS:,} objects", at)


def check_patterns(lines: int, files: int, at: Position) -> None:
    """Refuse more lines of ignore files than can be tried on all files.

    Raises:
        LoadError: There are too many.
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
