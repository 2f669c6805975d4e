"""Which lines of a file differ, and a diff of it for people."""

from __future__ import annotations

from difflib import SequenceMatcher, unified_diff
from functools import lru_cache

from kalypso.model.difference import FileDifference

_NO_NEWLINE = "\\ No newline at end of file"


def changed_lines(old: str, new: str) -> tuple[str, ...]:
    """Return the lines that go and come, each with ``-`` or ``+`` before it, without context."""
    before, after = old.splitlines(), new.splitlines()
    shorter = min(len(before), len(after))
    start = 0
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 1
    while end <= shorter - start and before[-end] == after[-end]:
        end += 1
    middles = (
        tuple(before[start : len(before) - end + 1]),
        tuple(after[start : len(after) - end + 1]),
    )
    return _between(*middles) or _last_newline(old, new)


def unified(file: FileDifference) -> list[str]:
    """Return a unified diff with three lines of context."""
    before = "/dev/null" if file.kind == "added" else f"a/{file.path}"
    after = "/dev/null" if file.kind == "removed" else f"b/{file.path}"
    lines = list(
        unified_diff(file.old.splitlines(), file.new.splitlines(), before, after, lineterm="")
    )
    return lines or [f"--- {before}", f"+++ {after}", *_last_newline(file.old, file.new)]


@lru_cache(maxsize=1024)
def _between(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
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
