"""Which lines of a file differ, and a diff of it for people."""

from __future__ import annotations

from difflib import SequenceMatcher, unified_diff
from functools import lru_cache

from kalypso.model import FileDifference

_NO_NEWLINE = "\\ No newline at end of file"


def changed_lines(old: str, new: str) -> tuple[str, ...]:
    """Return the lines that go and come, each with ``-`` or ``+`` before it, without context."""
    # Most texts differ in a line or two: what is the same at both ends is cut off without a look
    # at single lines, and the same middles are compared once.
    start = old.rfind("\n", 0, _common(old, new)) + 1
    rest_old, rest_new = old[start:], new[start:]
    first = rest_old.find("\n", len(rest_old) - _common(rest_old[::-1], rest_new[::-1]))
    tail = len(rest_old) - first - 1 if first >= 0 else 0
    middles = rest_old[: len(rest_old) - tail], rest_new[: len(rest_new) - tail]
    return _between(*middles) or _last_newline(old, new)


def _common(one: str, other: str) -> int:
    """Return the length of the common beginning, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def unified(file: FileDifference) -> list[str]:
    """Return a unified diff with three lines of context."""
    before = "/dev/null" if file.kind == "added" else f"a/{file.path}"
    after = "/dev/null" if file.kind == "removed" else f"b/{file.path}"
    lines = list(
        unified_diff(file.old.splitlines(), file.new.splitlines(), before, after, lineterm="")
    )
    return lines or [f"--- {before}", f"+++ {after}", *_last_newline(file.old, file.new)]


@lru_cache(maxsize=1024)
def _between(old: str, new: str) -> tuple[str, ...]:
    before, after = old.splitlines(), new.splitlines()
    found: list[str] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            found += [f"-{line}" for line in before[i:j]]
            found += [f"+{line}" for line in after[k:m]]
    return tuple(found)


def _last_newline(old: str, new: str) -> tuple[str, ...]:
    if old == new:
        return ()
    return (f"+{_NO_NEWLINE}",) if old.endswith("\n") else (f"-{_NO_NEWLINE}",)
