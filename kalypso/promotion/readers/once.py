"""A look at objects that is made once for all that say the same.

Clusters of a type run the same objects, which differ in times and counts only. Those are read from
each object itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from kalypso.promotion.readers.fields import Fields
from kalypso.promotion.readers.forms import key_of

T = TypeVar("T")
_MOST_FORMS = 50_000
"""More are forgotten: a fleet whose objects all differ would fill the memory."""


class Once(Generic[T]):
    """A look at objects of one kind, which is made once for each form."""

    def __init__(self, look: Callable[[Fields], T]) -> None:
        """Take the look: a pure function that reads no time."""
        self._look = look
        self._known: dict[tuple[bytes, ...], T] = {}

    def __call__(self, form: dict[str, object]) -> T:
        """Return what the look finds.

        Raises:
            Unclear: The object does not say what it has to.
        """
        key = key_of(form)
        if key is None:
            return self._look(Fields(form))
        found = self._known.get(key)
        if found is None:
            found = self._look(Fields(form))
            if len(self._known) >= _MOST_FORMS:
                self._known.clear()
            self._known[key] = found
        return found
