"""Merging of maps in place, key by key.

Source: imdario/mergo v0.3.13 for v2's ``merge``, dario.cat/mergo v1.0.1 for v3's ``mustMerge``.
"""

from __future__ import annotations

from typing import Any, Literal

from kalypso.golang.reflect import is_nil
from kalypso.golang.signatures import FunctionError
from kalypso.golang.sizes import check_depth
from kalypso.golang.values import (
    AnyMap,
    GoObject,
    NilMap,
    NilStringMap,
    StringMap,
    Struct,
    Value,
    type_name,
)
from kalypso.template.sprig.conversion import is_empty

_UNADDRESSABLE = "reflect: reflect.Value.Set using unaddressable value"


class TypesDifferError(Exception):
    """A pointer and something else meet; Sprig turns this into an empty text or an error."""


def merge_maps(
    target: dict[str, Any],
    sources: tuple[dict[str, Any], ...],
    *,
    overwrite: bool,
    version: Literal[2, 3],
) -> dict[str, Any]:
    """Merge maps into the first one and return it; a nil one is replaced by a new one.

    Args:
        target: Changed in place; its nested maps as well.
        sources: Earlier ones are merged first. Values may become shared.
        overwrite: Values of the sources win; otherwise they only fill what is empty.
        version: Sprig's: a map never replaces another kind of value in v2.

    Raises:
        TypesDifferError: A pointer and something else meet.
        FunctionError: Go panics, for example on keys of other types.
    """
    for source in sources:
        if isinstance(target, NilMap) and not is_nil(source):
            target = {}
        _merge(target, source, overwrite=overwrite, version=version, depth=0)
    return target


def _merge(
    target: dict[Any, Any], source: dict[Any, Any], *, overwrite: bool, version: int, depth: int
) -> None:
    check_depth(depth)
    for key, item in list(source.items()):
        _check_key(target, source)
        known = key in target
        current = target.get(key)
        if item is None:
            if overwrite:
                _put(target, source, key, item)
            continue
        if isinstance(item, (dict, Struct, GoObject)):
            _merge_nested(current, item, overwrite=overwrite, version=version, depth=depth)
        elif isinstance(item, list):
            _check_list(target, key, item)
            if overwrite and current is not None:
                target[key] = item
        if known and not is_empty(current) and _stays(current, item, version):
            continue
        if overwrite or not known or is_empty(current):
            _put(target, source, key, item)


def _stays(current: Value, item: Value, version: int) -> bool:
    """Return whether a value that is not empty has been dealt with by going into it."""
    if isinstance(item, dict):
        return version == 2 or isinstance(current, dict)  # noqa: PLR2004 - Sprig's version
    return isinstance(item, list)


def _merge_nested(
    current: Value, item: Value, *, overwrite: bool, version: int, depth: int
) -> None:
    if isinstance(current, dict):
        if isinstance(item, dict):
            if not isinstance(current, (NilMap, NilStringMap)):
                _merge(current, item, overwrite=overwrite, version=version, depth=depth + 1)
        elif overwrite and version == 2:  # noqa: PLR2004 - Sprig's version
            raise FunctionError(_UNADDRESSABLE)
    elif _is_pointer(current) and not overwrite and not _is_pointer(item):
        raise TypesDifferError


def _is_pointer(value: Value) -> bool:
    return isinstance(value, GoObject) and value.kind == "ptr"


def _check_key(target: dict[Any, Any], source: dict[Any, Any]) -> None:
    if isinstance(source, AnyMap) and not isinstance(target, AnyMap):
        raise FunctionError(
            "reflect.Value.MapIndex: value of type interface {} is not assignable to type string"
        )


def _check_list(target: dict[Any, Any], key: Value, item: list[Any]) -> None:
    if isinstance(target, StringMap):
        if key in target:
            raise FunctionError("reflect: call of reflect.Value.IsNil on string Value")
        raise FunctionError(
            f"reflect.Value.SetMapIndex: value of type {type_name(item)} "
            "is not assignable to type string"
        )


def _put(target: dict[Any, Any], source: dict[Any, Any], key: Value, item: Value) -> None:
    if isinstance(target, StringMap) and not isinstance(source, StringMap):
        raise FunctionError(
            "reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string"
        )
    target[key] = item
