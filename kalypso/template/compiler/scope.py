"""Variables of a template: which slot of the running template holds which name.

Go looks a variable up by name in a stack while the template runs. Which entry that
is can be told beforehand, but for declarations inside arguments of ``and`` and ``or``,
which may not be reached; a name then has several slots, tried from the innermost.
"""

from __future__ import annotations

from typing import Final

import msgspec


class Unset:
    """The type of :data:`UNSET`."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


UNSET: Final = Unset()
"""What a slot holds until its declaration is reached."""

RUN_SLOT: Final = 0
"""Holds the state of the rendering."""
ROOT_SLOT: Final = 1
"""Holds ``$``."""
SCRATCH_SLOT: Final = 2
"""Takes what nobody reads."""
_FIRST_FREE: Final = 3


class Entry(msgspec.Struct, frozen=True):
    """One declaration that is visible."""

    name: str
    slot: int
    certain: bool
    """It is always reached before what follows it."""
    origin: int
    """Slot that holds whether the value came out of an interface; 0 if it never does."""


class Scope(msgspec.Struct):
    """The declarations visible at one point of a template's body."""

    size: int = _FIRST_FREE
    """How many slots there are so far."""
    dot_origin: int = 0
    """Slot that holds whether the dot came out of an interface; 0 if it never does."""
    conditional: bool = False
    """The point is inside arguments that may not be evaluated."""
    entries: list[Entry] = msgspec.field(default_factory=lambda: [Entry("$", ROOT_SLOT, True, 0)])  # noqa: FBT003 - reads as a table

    def new_slot(self) -> int:
        """Return a slot that nothing else uses."""
        self.size += 1
        return self.size - 1

    def declare(self, name: str, origin: int = 0) -> int:
        """Make a variable visible from here on; return its slot."""
        slot = self.new_slot()
        self.entries.append(Entry(name, slot, not self.conditional, origin))
        return slot

    def redeclare(self, name: str, slot: int, origin: int) -> None:
        """Make a variable visible that has its slot already, as a loop's own variables."""
        self.entries.append(Entry(name, slot, not self.conditional, origin))

    def lookup(self, name: str) -> list[Entry]:
        """Return the declarations that may hold the name, innermost first."""
        found: list[Entry] = []
        for entry in reversed(self.entries):
            if entry.name == name:
                found.append(entry)
                if entry.certain:
                    break
        return found

    def mark(self) -> int:
        """Return a mark for :meth:`release`."""
        return len(self.entries)

    def release(self, mark: int) -> None:
        """Forget what was declared since the mark."""
        del self.entries[mark:]
