"""Slips of the keyboard: the known name that was probably meant, and names that look alike."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from heapq import nsmallest
from itertools import combinations
from typing import Final

_LONGEST: Final = 64
"""Comparing takes time that grows with the square of the length."""
_MOST: Final = 2000
"""With how many names a word is compared; they may be the keys of anybody's data."""
_SHORT: Final = 4
"""Words up to this length differ in one letter too easily to suspect a slip."""
_SWAPPED: Final = 2
"""How many letters differ where two neighbours were swapped."""


def nearest(word: str, known: Iterable[object]) -> str:
    """Return the known name that looks most like a word; empty if none does."""
    return next(iter(several_nearest(word, known, 1)), "")


def several_nearest(word: str, known: Iterable[object], most: int = 3) -> list[str]:
    """Return the known names that look like a word, the most similar first.

    What is not text is not compared, and neither are very long names.
    """
    if len(word) > _LONGEST:
        return []
    names = (name for name in known if isinstance(name, str) and len(name) <= _LONGEST)
    return get_close_matches(word, nsmallest(_MOST, names), most)


def look_alikes(words: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield pairs of words that differ only in case, in separators, or in one letter."""
    for one, other in combinations(sorted(words), 2):
        if abs(len(one) - len(other)) <= 1 + one.count("-") + other.count("-") and _alike(
            one, other
        ):
            yield one, other


def _alike(one: str, other: str) -> bool:
    plain, plain_other = _plain(one), _plain(other)
    if plain == plain_other:
        return True
    if min(len(plain), len(plain_other)) <= _SHORT:
        return False
    return _one_letter_apart(plain, plain_other)


def _plain(word: str) -> str:
    return "".join(char for char in word.casefold() if char not in "-_./")


def _one_letter_apart(one: str, other: str) -> bool:
    """Return whether one insertion, deletion, change or swap of letters makes them equal.

    Digits do not count: ``node1`` and ``node2`` are two names.
    """
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    if not (left + right).isalpha():
        return False
    if len(left) == len(right) == _SWAPPED:
        return left == right[::-1]
    return len(left) <= 1 and len(right) <= 1
