"""Map functions.

Where Go would list keys in random order, they come sorted.

Source: Sprig v2.22.0 and v3.3.0, dict.go.
"""

from __future__ import annotations

from typing import Any

from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.sizes import check_depth
from kalypso.golang.values import (
    GoObject,
    Missing,
    NilList,
    NilMap,
    NilStringMap,
    StringList,
    StringMap,
    Value,
    sorted_items,
    type_name,
)
from kalypso.template.functions import Absence, Function
from kalypso.template.sprig.merging import TypesDifferError, merge_maps
from kalypso.template.sprig.text_values import text_of

_Map = dict[str, Any]
_FEWEST_DIG_ARGUMENTS = 3


def make_dict(*pairs: Value) -> _Map:
    """Return a map of keys and values in turn; a last key alone has the value ``""``."""
    keys = map(text_of, pairs[::2])
    values = list(pairs[1::2])
    return dict(zip(keys, [*values, ""], strict=False))


def put(target: _Map, key: str, value: Value) -> _Map:
    """Set a key of the map itself, and return the map."""
    target[key] = value
    return target


def unset(target: _Map, key: str) -> _Map:
    """Remove a key from the map itself, and return the map."""
    target.pop(key, None)
    return target


def pluck(key: str, *maps: _Map) -> list[Value]:
    """Return the key's values in all maps that have it."""
    return [found[key] for found in maps if key in found]


def keys(*maps: _Map) -> StringList:
    """Return the keys of all maps."""
    return StringList(key for found in maps for key, _ in sorted_items(found))


def values(found: _Map) -> list[Value]:
    """Return the values in the order of their keys."""
    return [value for _, value in sorted_items(found)]


def pick(found: _Map, *wanted: str) -> _Map:
    """Return a new map with some of the keys."""
    return {key: found[key] for key in wanted if key in found}


def omit(found: _Map, *unwanted: str) -> _Map:
    """Return a new map without some of the keys."""
    return {key: value for key, value in found.items() if key not in unwanted}


def merge(target: _Map, *sources: _Map) -> Value:
    """Fill what the first map lacks; it is changed and returned."""
    return _merge_quietly(target, sources, overwrite=False)


def merge_overwrite(target: _Map, *sources: _Map) -> Value:
    """Overwrite values of the first map, later maps win; it is changed and returned."""
    return _merge_quietly(target, sources, overwrite=True)


def _merge_quietly(target: _Map, sources: tuple[_Map, ...], *, overwrite: bool) -> Value:
    try:
        return merge_maps(target, sources, overwrite=overwrite, version=2)
    except TypesDifferError:
        return ""


def _must_merge(*, overwrite: bool) -> Function:
    def call(target: _Map, *sources: _Map) -> Value:
        try:
            return merge_maps(target, sources, overwrite=overwrite, version=3)
        except TypesDifferError:
            raise FunctionError("src and dst must be of same type") from None

    return Function((Kind.MAP, Kind.MAP), call, variadic=True, walks=True, changes=True)


def deep_copy(value: Value) -> Value:
    """Copy lists and maps at every depth."""
    if value is None:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    return _copy(value, 0)


def _copy(value: Value, depth: int) -> Value:
    check_depth(depth)
    if isinstance(value, (NilList, NilMap, NilStringMap)):
        return value
    if isinstance(value, list):
        return type(value)([_copy(item, depth + 1) for item in value])
    if isinstance(value, dict):
        kind: type[dict[Any, Any]] = type(value)
        return kind((key, _copy(item, depth + 1)) for key, item in value.items())
    return value.copied() if isinstance(value, GoObject) else value


def get(found: _Map, key: str) -> Value:
    """Return the key's value; the empty text if it is absent."""
    return found.get(key, "")


def dig(*arguments: Value) -> Value:
    """Follow keys into nested maps; the argument before the map is for a missing key."""
    if len(arguments) < _FEWEST_DIG_ARGUMENTS:
        raise FunctionError("dig needs at least three arguments")
    *path, fallback, found = arguments
    _check_map(found)
    for key in path:
        if not isinstance(key, str):
            raise FunctionError(_conversion(key, "string"))
    for at, key in enumerate(path):
        if at:
            _check_map(found)
        if key not in found:
            return fallback
        found = found[key]
    return found


def _check_map(value: Value) -> None:
    plain = isinstance(value, dict) and type_name(value) == "map[string]interface {}"
    if not plain or isinstance(value, (StringMap, GoObject)):
        raise FunctionError(_conversion(value, "map[string]interface {}"))


def _conversion(value: Value, wanted: str) -> str:
    found = "nil" if value is None or isinstance(value, Missing) else type_name(value)
    return f"interface conversion: interface {{}} is {found}, not {wanted}"


_MAP_KEY = (Kind.MAP, Kind.STRING)
_KEYS = slice(1, None)
_MAPS = (Kind.MAP, Kind.MAP)

FUNCTIONS: dict[str, Function] = {
    "dict": Function((Kind.ANY,), make_dict, variadic=True),
    "set": Function((Kind.MAP, Kind.STRING, Kind.ANY), put, changes=True),
    "unset": Function(_MAP_KEY, unset, changes=True, selects=_KEYS),
    "hasKey": Function(
        _MAP_KEY, lambda found, key: key in found, selects=_KEYS, absence=Absence.TAKEN
    ),
    "pluck": Function((Kind.STRING, Kind.MAP), pluck, variadic=True, selects=slice(0, 1)),
    "keys": Function((Kind.MAP,), keys, variadic=True),
    "values": Function((Kind.MAP,), values),
    "pick": Function(_MAP_KEY, pick, variadic=True, selects=_KEYS),
    "omit": Function(_MAP_KEY, omit, variadic=True, selects=_KEYS),
    "merge": Function(_MAPS, merge, variadic=True, walks=True, changes=True),
    "mergeOverwrite": Function(_MAPS, merge_overwrite, variadic=True, walks=True, changes=True),
    "deepCopy": Function((Kind.ANY,), deep_copy, walks=True),
}
FUNCTIONS_V3: dict[str, Function] = {
    "get": Function(_MAP_KEY, get, selects=_KEYS, absence=Absence.TAKEN),
    "dig": Function((Kind.ANY,), dig, variadic=True, selects=slice(0, -2), absence=Absence.PASSED),
    "mustMerge": _must_merge(overwrite=False),
    "mustMergeOverwrite": _must_merge(overwrite=True),
    "mustDeepCopy": Function((Kind.ANY,), deep_copy, walks=True),
}
