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
from itertools import count
from typing import Any, overload

import msgspec

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
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?![0-9.eE])")
_ESCAPED = re.compile(r"[\\\x00-\x1f]")
"""What would be more than it seems in a value of JSON."""
_MOST_FORMS = 8
"""Of pages that answer the same question: fleets have some types of clusters."""
_NUMBERS = count()
"""Of forms, whoever keeps them: none is used twice."""
_MOST_CHARACTERS = 16_000_000
"""Of the forms that are kept; what they say takes some times as much."""


class Known(msgspec.Struct, frozen=True):
    """What all pages of one form say, with the values of the first."""

    number: int
    page: Raw
    fixed: tuple[str, ...]
    """The form: what is before each value, in their order."""
    end: str
    """What is behind the last one."""
    size: int

    def values(self, text: str) -> tuple[str, ...] | None:
        """Return the values of another page, as JSON; None if it has another form."""
        found: list[str] = []
        at = 0
        for fixed in self.fixed:
            if not text.startswith(fixed, at):
                return None
            at += len(fixed)
            if text.startswith('"', at):
                after = text.find('"', at + 1) + 1
            else:
                number = _NUMBER.match(text, at)
                after = number.end() if number else 0
            if not after:
                return None
            found.append(text[at:after])
            at = after
        if text[at:] != self.end or _ESCAPED.search("".join(found)):
            return None
        return tuple(found)

    def text(self, values: Sequence[str]) -> str:
        """Return the text of a page with other values."""
        pieces = [piece for pair in zip(self.fixed, values, strict=True) for piece in pair]
        return "".join([*pieces, self.end])


class PageText(msgspec.Struct, frozen=True):
    """One page as it came."""

    known: Known
    values: tuple[str, ...]
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
        return self.items(json.loads(self.known.text(values)))


class PageTexts:
    """The pages that were read lately, by what was asked."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: dict[Hashable, tuple[Known, ...]] = {}
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
        for known in self._known.get(where, ()):
            values = known.values(text)
            if values is not None:
                return PageText(known, values, first=False, items=items)
        if any(mark in text for mark in _MARKS):
            return None
        try:
            page = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(page, dict):
            return None
        pieces = _VALUE.split(text)
        fixed = tuple(map(str.__add__, pieces[:-1:3], pieces[1::3]))
        new = Known(next(_NUMBERS), page, fixed, pieces[-1], len(text))
        self._keep(where, new)
        return PageText(new, tuple(pieces[2::3]), first=True, items=items)

    def _keep(self, where: Hashable, new: Known) -> None:
        with self._changing:
            kept = (new, *self._known.pop(where, ()))
            self._known[where] = kept[:_MOST_FORMS]
            self._size += new.size - sum(each.size for each in kept[_MOST_FORMS:])
            while self._size > _MOST_CHARACTERS and len(self._known) > 1:
                gone = self._known.pop(next(iter(self._known)))
                self._size -= sum(each.size for each in gone)


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


class Said(msgspec.Struct, frozen=True):
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
