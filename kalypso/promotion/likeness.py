"""Whether an object on a cluster is asked to do what its manifest says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard, cast

Compared = Mapping[str, object]
_PLAIN = frozenset({bool, float, int, str, type(None)})


class Likeness:
    """Comparisons of manifests with objects: of the same two, made once for all clusters."""

    def __init__(self) -> None:
        """Begin without any."""
        # The two are kept, so that no other object gets the identity of one of them.
        self._known: dict[tuple[int, int], tuple[Compared, Compared, str | None]] = {}

    def difference(self, wanted: Compared, live: Compared) -> str | None:
        """Return the path of the first value that differs; None if all that is wanted is there."""
        pair = id(wanted), id(live)
        known = self._known.get(pair)
        if known is None:
            known = self._known[pair] = wanted, live, difference(wanted, live)
        return known[2]


def difference(wanted: object, live: object) -> str | None:
    """Return the path of the first value that differs; None if all that is wanted is there.

    What a cluster adds, such as defaults, is not a difference. Lists are compared as they are.
    """
    return None if _covers(wanted, live) else next(_differences(wanted, live, ""), None)


def _covers(wanted: object, live: object) -> bool:
    """Return whether nothing differs, for sure; most objects of a fleet are as they should be."""
    kind = type(wanted)
    if kind is not type(live):
        return False
    if kind is dict:
        there = cast("dict[object, object]", live)
        for key, value in cast("dict[object, object]", wanted).items():
            if key not in there or not _covers(value, there[key]):
                return False
        return True
    if kind is list:
        wanted_items, live_items = cast("list[object]", wanted), cast("list[object]", live)
        return len(wanted_items) == len(live_items) and all(map(_covers, wanted_items, live_items))
    return kind in _PLAIN and wanted == live


def _differences(wanted: object, live: object, path: str) -> Iterator[str]:
    if isinstance(wanted, Mapping) and isinstance(live, Mapping):
        for key, value in wanted.items():
            inner = f"{path}.{key}" if path else str(key)
            if key in live:
                yield from _differences(value, live[key], inner)
            elif value is not None and value != {}:  # the API server drops these
                yield inner
    elif _is_list(wanted) and _is_list(live):
        if len(wanted) != len(live):
            yield path
            return
        for place, (one, other) in enumerate(zip(wanted, live, strict=True)):
            yield from _differences(one, other, f"{path}[{place}]")
    elif type(wanted) is not type(live) or wanted != live:
        yield path


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)
