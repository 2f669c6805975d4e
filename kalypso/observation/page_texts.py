"""Pages of lists by their text: one that differs from another in times only is not parsed.

What is another value on every cluster is cut out of the text; the rest is the page's form. Each
value is one whole string or number of JSON, so that pages of one form have one structure: what is
known of the first page is what the others say, apart from those values.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, overload

from kalypso.promotion import MARK

Raw = dict[str, Any]
_OWN = (
    "creationTimestamp",
    "firstReconciled",
    "lastReconciled",
    "lastReconciledDuration",
    "lastTransitionTime",
    "lastUpdateTime",
    "resourceVersion",
    "time",
    "totalReconciliations",
    "uid",
)
_VALUE = re.compile(
    rf'("(?:{"|".join(_OWN)}|message(?=": ?"Health check passed in ))": ?)'
    r'("[^"\\\x00-\x1f]*"|(?:0|[1-9][0-9]*)(?![0-9.eE]))'
)
_MARKS = (MARK, r"\ue000", r"\uE000")
"""A page that has one is read in another way."""
_NUMBERS = count()
"""Of forms, whoever keeps them: none is used twice."""
_MOST_CHARACTERS = 16_000_000
"""Of the forms that are kept; what they say takes some times as much."""


@dataclass(frozen=True, slots=True)
class Known:
    """What all pages of one form say, with the values of the first."""

    number: int
    page: Raw
    size: int


@dataclass(frozen=True, slots=True)
class PageText:
    """One page as it came."""

    known: Known
    texts: tuple[str, ...]
    """In turn: what is the same in all pages of the form, and the key of a value."""
    values: tuple[str, ...]
    """As JSON, one for each key."""
    first: bool
    """Whether what is known was read from this very page."""
    items: Callable[[Raw], list[Raw]]
    """Returns the objects of a page as readers want them."""

    def parsed(self) -> list[Raw]:
        """Return the objects of the page."""
        return self.known.page["items"] if self.first else self._with(self.values)

    def marked(self, start: int) -> list[Raw]:
        """Return its objects with numbers in place of values, counted from a start."""
        numbers = range(start, start + len(self.values))
        return self._with([f'"{MARK}{number}"' for number in numbers])

    def _with(self, values: Sequence[str]) -> list[Raw]:
        parts = zip(self.texts[::2], self.texts[1::2], values, strict=False)
        pieces = [piece for part in parts for piece in part]
        return self.items(json.loads("".join([*pieces, self.texts[-1]])))


class PageTexts:
    """The pages that were read lately, by where they are from and by form."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: dict[Hashable, Known] = {}
        self._size = 0
        self._changing = threading.Lock()

    def read(
        self, where: Hashable, body: bytes, items: Callable[[Raw], list[Raw]]
    ) -> PageText | None:
        """Return a page; None if it has to be read in another way.

        Args:
            where: What was asked.
            body: What was answered.
            items: Returns the objects of a page as readers want them.
        """
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return None
        if any(mark in text for mark in _MARKS):
            return None
        pieces = _VALUE.split(text)
        values = tuple(pieces[2::3])
        del pieces[2::3]
        texts = tuple(pieces)
        known = self._known.get((where, texts))
        if known is not None:
            return PageText(known, texts, values, first=False, items=items)
        try:
            page = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(page, dict):
            return None
        known = Known(next(_NUMBERS), page, len(text))
        self._keep((where, texts), known)
        return PageText(known, texts, values, first=True, items=items)

    def _keep(self, key: Hashable, known: Known) -> None:
        with self._changing:
            self._known[key] = known
            self._size += known.size
            while self._size > _MOST_CHARACTERS and len(self._known) > 1:
                self._size -= self._known.pop(next(iter(self._known))).size


class Objects(Sequence[Raw]):
    """Objects of pages; where a page was not parsed, that is done when one is looked at."""

    def __init__(self, known: Sequence[Raw], load: Callable[[], list[Raw]]) -> None:
        """Take what is known to be there, and how to read what the pages say themselves."""
        self._number, self._load = len(known), load
        self._loaded: list[Raw] | None = None

    def __len__(self) -> int:
        """Return how many there are."""
        return self._number

    @overload
    def __getitem__(self, place: int) -> Raw: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Raw]: ...
    def __getitem__(self, place: int | slice) -> Raw | Sequence[Raw]:
        """Return one of them, or several."""
        return self._all()[place]

    def __iter__(self) -> Iterator[Raw]:
        """Go through them."""
        return iter(self._all())

    def _all(self) -> list[Raw]:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer said, by the texts of its pages."""

    pages: tuple[PageText, ...]
    objects: Sequence[Raw]
    """Of what is known, in the order of the answer."""

    @property
    def form(self) -> Hashable:
        """What is the same for answers that differ in their values only."""
        return tuple(page.known.number for page in self.pages)

    def values(self) -> list[str]:
        """Return all values, as JSON."""
        return [value for page in self.pages for value in page.values]

    def parsed(self) -> list[Raw]:
        """Return the objects."""
        return self._picked([page.parsed() for page in self.pages])

    def marked(self) -> list[Raw]:
        """Return the objects with a mark and its number in place of each value."""
        pages: list[list[Raw]] = []
        start = 0
        for page in self.pages:
            pages.append(page.marked(start))
            start += len(page.values)
        return self._picked(pages)

    def _picked(self, pages: Sequence[list[Raw]]) -> list[Raw]:
        found = {
            id(known): each
            for page, given in zip(self.pages, pages, strict=True)
            for known, each in zip(page.known.page["items"], given, strict=True)
        }
        return [found[id(known)] for known in self.objects]
