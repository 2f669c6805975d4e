"""List functions.

Each takes any list, ``[]string`` and ``[]int`` included, and returns a plain one.

Source: Sprig v2.22.0 and v3.3.0, list.go.
"""

from __future__ import annotations

import math
from collections.abc import Hashable

from kalypso.golang.reflect import deep_equal, fingerprint
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.sizes import check_items
from kalypso.golang.values import (
    IntList,
    ListList,
    NilList,
    StringList,
    Value,
)
from kalypso.template.functions import Function
from kalypso.template.sprig.conversion import is_empty, to_int, to_int_v3
from kalypso.template.sprig.panics import dynamic_kind

_OUT_OF_RANGE = "runtime error: makeslice: len out of range"


def _items(value: Value, complaint: str) -> list[Value]:
    """Return the value if it is a list.

    Raises:
        FunctionError: The value is not a list; ``complaint`` is filled with the value's kind.
    """
    kind = dynamic_kind(value)
    if isinstance(value, list):
        return value
    raise FunctionError(complaint.format(kind))


def make_list(*values: Value) -> list[Value]:
    """Return the arguments as a list."""
    return list(values)


def append(value: Value, item: Value) -> list[Value]:
    """Return a new list with the item at the end."""
    return [*_items(value, "Cannot push on type {}"), item]


def prepend(value: Value, item: Value) -> list[Value]:
    """Return a new list with the item at the start."""
    return [item, *_items(value, "Cannot prepend on type {}")]


def first(value: Value) -> Value:
    """Return the first item; nil if there is none."""
    items = _items(value, "Cannot find first on type {}")
    return items[0] if items else None


def last(value: Value) -> Value:
    """Return the last item; nil if there is none."""
    items = _items(value, "Cannot find last on type {}")
    return items[-1] if items else None


def rest(value: Value) -> list[Value]:
    """Return all items but the first."""
    items = _items(value, "Cannot find rest on type {}")
    return list(items[1:]) if items else NilList()


def initial(value: Value) -> list[Value]:
    """Return all items but the last."""
    items = _items(value, "Cannot find initial on type {}")
    return list(items[:-1]) if items else NilList()


def reverse(value: Value) -> list[Value]:
    """Return the items in reverse order."""
    return list(reversed(_items(value, "Cannot find reverse on type {}")))


def compact(value: Value) -> list[Value]:
    """Return the items that are not empty."""
    return [item for item in _items(value, "Cannot compact on type {}") if not is_empty(item)]


def uniq(value: Value) -> list[Value]:
    """Return the items without repetitions."""
    found: dict[Hashable, Value] = {}
    for item in _items(value, "Cannot find uniq on type {}"):
        found.setdefault(fingerprint(item), item)
    return list(found.values())


def without(value: Value, *omitted: Value) -> list[Value]:
    """Return the items that equal none of the arguments."""
    items = _items(value, "Cannot find without on type {}")
    return [item for item in items if not _contains(list(omitted), item)]


def has(needle: Value, value: Value) -> bool:
    """Return whether the list holds the item, of the same type."""
    if value is None:
        return False
    return _contains(_items(value, "Cannot find has on type {}"), needle)


def _contains(items: list[Value], needle: Value) -> bool:
    kind = type(needle)
    return any(type(item) is kind and deep_equal(needle, item) for item in items)


def concat(*values: Value) -> list[Value]:
    """Return the items of all lists."""
    found: list[Value] = []
    for value in values:
        items = _items(value, "Cannot concat type {} as list")
        check_items(len(found) + len(items))
        found += items
    return found or NilList()


def cut(value: Value, *indices: Value) -> Value:
    """Return the items from one index up to another; nil for an empty list."""
    return _cut(value, [to_int(index) for index in indices[:2]])


def _cut_v3(value: Value, *indices: Value) -> Value:
    return _cut(value, [to_int_v3(index) for index in indices[:2]])


def _cut(value: Value, bounds: list[int]) -> Value:
    items = _items(value, "list should be type of slice or array but {}")
    if not items:
        return None
    start = bounds[0] if bounds else 0
    end = bounds[1] if len(bounds) > 1 else len(items)
    if not 0 <= start <= end <= len(items):
        raise FunctionError("reflect.Value.Slice: slice index out of bounds")
    part = items[start:end]
    if isinstance(items, (StringList, IntList, ListList)):
        return type(items)(part)
    return part


def chunk(size: int, value: Value) -> ListList:
    """Return the items in lists of a size; the last one may be shorter."""
    items = _items(value, "Cannot chunk type {}")
    if size == 0:
        raise FunctionError(_OUT_OF_RANGE)
    count = math.floor((len(items) - 1) / size) + 1
    if size < 0:
        if count == 0:
            return ListList()
        if len(items) == 1 and size < -1:
            return ListList([list(items)])
        raise FunctionError(_OUT_OF_RANGE)
    return ListList(list(items[at * size : (at + 1) * size]) for at in range(count))


_ONE = (Kind.ANY,)
_TWO = (Kind.ANY, Kind.ANY)

FUNCTIONS: dict[str, Function] = {
    "list": Function(_ONE, make_list, variadic=True),
    "tuple": Function(_ONE, make_list, variadic=True),
    "append": Function(_TWO, append),
    "push": Function(_TWO, append),
    "prepend": Function(_TWO, prepend),
    "first": Function(_ONE, first),
    "last": Function(_ONE, last),
    "rest": Function(_ONE, rest),
    "initial": Function(_ONE, initial),
    "reverse": Function(_ONE, reverse),
    "compact": Function(_ONE, compact),
    "uniq": Function(_ONE, uniq, walks=True),
    "without": Function(_TWO, without, variadic=True, walks=True),
    "has": Function(_TWO, has, walks=True),
    "slice": Function(_TWO, cut, variadic=True),
    "concat": Function(_ONE, concat, variadic=True),
}
FUNCTIONS_V3: dict[str, Function] = {
    "mustAppend": Function(_TWO, append),
    "mustPush": Function(_TWO, append),
    "mustPrepend": Function(_TWO, prepend),
    "mustFirst": Function(_ONE, first),
    "mustLast": Function(_ONE, last),
    "mustRest": Function(_ONE, rest),
    "mustInitial": Function(_ONE, initial),
    "mustReverse": Function(_ONE, reverse),
    "mustCompact": Function(_ONE, compact),
    "mustUniq": Function(_ONE, uniq, walks=True),
    "mustWithout": Function(_TWO, without, variadic=True, walks=True),
    "mustHas": Function(_TWO, has, walks=True),
    "mustSlice": Function(_TWO, _cut_v3, variadic=True),
    "chunk": Function((Kind.INT, Kind.ANY), chunk),
    "mustChunk": Function((Kind.INT, Kind.ANY), chunk),
}
