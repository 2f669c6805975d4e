"""Values that a chart is rendered with, defaults and a target's own, and which of them changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kalypso.errors import KalypsoError
from kalypso.loading import read_documents
from kalypso.model import Source
from kalypso.report import ValueChange, to_json


def changed_values(
    paths: Sequence[str], before: Sequence[Source | None], after: Sequence[Source | None]
) -> tuple[ValueChange, ...]:
    """Return which values differ, sorted by key.

    Args:
        paths: Files with values, the later ones winning.
        before: Which tree each file was in at the delivery before.
        after: Which tree each file is in now.

    Returns:
        Nothing if what was there before cannot be read.
    """
    try:
        old = _merged(paths, before)
        new = _merged(paths, after)
    except KalypsoError:
        return ()
    return tuple(
        ValueChange(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )


def _merged(paths: Sequence[str], trees: Sequence[Source | None]) -> dict[str, str]:
    """Return single values by their key with dots, as JSON; lists are values."""
    values: dict[str, str] = {}
    for path, tree in zip(paths, trees, strict=True):
        if tree is None or path not in tree.files:
            continue
        for document in read_documents(tree.place(path), tree.files[path]):
            values |= dict(_leaves(document.value, ""))
    return values


def _leaves(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from _leaves(item, f"{key}.{name}" if key else str(name))
    elif key:
        yield key, value if isinstance(value, str) else to_json(value, indent=None)
