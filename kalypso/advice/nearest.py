"""The nearest known word to one that is not known, and pairs of words that look like one slip."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import combinations

_LIKE = 0.6
_SHORT = 4
"""Words up to this length differ in one letter too easily to suspect a slip."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that looks most like the given one; empty if none does."""
    found = get_close_matches(word, sorted(known), 1, _LIKE)
    return found[0] if found else ""


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

    A difference in digits is none: ``node1`` and ``node2`` are two names.
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
    if len(left) == len(right) == len("ab"):
        return left == right[::-1]
    return len(left) <= 1 and len(right) <= 1
