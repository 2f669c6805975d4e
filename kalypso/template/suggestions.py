"""The nearest known name, for errors about unknown ones."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Final

from kalypso.golang.values import Value

_LONGEST: Final = 64
_MOST: Final = 2000


def nearest(word: str, known: Iterable[Value]) -> str | None:
    """Return the known name most like the word; None if none is.

    Comparing takes time that grows with the square of the length, so long names are left out.
    """
    if len(word) > _LONGEST:
        return None
    names = (name for name in known if isinstance(name, str) and len(name) <= _LONGEST)
    return next(iter(get_close_matches(word, islice(names, _MOST), 1)), None)
