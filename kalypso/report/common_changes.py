"""What files change in the same way: fields of their YAML with a value before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import yaml

from kalypso.model import FileDifference

Change = tuple[str, str | None, str | None]
"""A field, ``spec.interval``, with its text before and after; ``None`` where it is missing."""

_LONGEST = 50_000
"""Characters of a file that is read; a longer one is not the work of a template."""
_ALIAS = "&"
"""Begins an anchor: what repeats it could be without end."""


def common_changes(files: Sequence[Sequence[FileDifference]]) -> tuple[Change, ...]:
    """Return the fields that change in the same way in all of several assignments.

    Args:
        files: The files that differ, for each assignment.

    Returns:
        Sorted by field; empty if there is nothing in common, or a file is not plain YAML.
    """
    shared: set[Change] | None = None
    for each in files:
        found = set[Change]()
        for file in each:
            found |= set(_changes(file))
        shared = found if shared is None else shared & found
        if not shared:
            return ()
    return tuple(sorted(shared or (), key=lambda change: (change[0], str(change[1:]))))


def _changes(file: FileDifference) -> Iterator[Change]:
    texts = (file.old, file.new)
    if any(len(text) > _LONGEST or _ALIAS in text for text in texts):
        return
    try:
        before, after = (list(yaml.load_all(text, _Loader)) for text in texts)
    except (yaml.YAMLError, RecursionError):
        return
    for old, new in zip_longest(before, after):
        sides = dict(_fields(old, "")), dict(_fields(new, ""))
        for field in sides[0].keys() | sides[1].keys():
            values = sides[0].get(field), sides[1].get(field)
            if values[0] != values[1]:
                yield field, *values


def _fields(node: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text below a node by its path."""
    match node:
        case dict():
            for key, value in node.items():
                yield from _fields(value, f"{path}.{key}" if path else str(key))
        case list():
            for number, value in enumerate(node):
                yield from _fields(value, f"{path}[{number}]")
        case str():
            yield path, node


_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads every scalar as the text that is written."""
