"""The functions of the platform's templates: Sprig's, the operator's own, and what is refused.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.values import StringMap, type_name
from kalypso.rendering.memo import Memo
from kalypso.template import REFUSED_NUMBERS, Function, function_set


def functions(memo: Memo) -> Mapping[str, Function]:
    """Return the functions of the platform's templates.

    Args:
        memo: Keeps the results of functions of the configuration.
    """
    return {
        name: memo.wrap(name, _with_string_maps(name, function))
        for name, function in function_set("sprig3").items()
    }


def refused(allowed: frozenset[str]) -> dict[str, str]:
    """Return the functions that templates may not call, each with the reason.

    Args:
        allowed: Functions whose results do not repeat (``now``, ``uuidv4`` …) and that the
            setting ``templates.allow`` names all the same.
    """
    reason = (
        "its result is another one each time, so output could not be compared;"
        " the setting templates.allow admits it"
    )
    known = function_set("sprig3")
    names = sorted(name for name in known.keys() - allowed if not known[name].repeats)
    return {**REFUSED_NUMBERS, **dict.fromkeys(names, reason)}


def _with_string_maps(name: str, function: Function) -> Function:
    """Let a function that takes a map take labels and manifests as well."""
    if Kind.MAP not in function.params:
        return function
    places = {number for number, kind in enumerate(function.params) if kind is Kind.MAP}
    last = len(function.params) - 1
    params = tuple(Kind.ANY if kind is Kind.MAP else kind for kind in function.params)
    return replace(function, params=params, call=_converting(name, function, places, last))


def _converting(name: str, function: Function, places: set[int], last: int) -> Callable[..., Any]:
    def call(*arguments: object) -> object:
        return function.call(*_converted(name, arguments, places, last))

    return call


def _converted(
    name: str, arguments: Iterable[object], places: set[int], last: int
) -> Iterable[object]:
    for number, argument in enumerate(arguments):
        if min(number, last) not in places or type(argument) is dict:
            yield argument
        elif isinstance(argument, StringMap):
            yield dict(argument)
        else:
            raise FunctionError(
                f"wrong type for value of {name}; expected map[string]interface {{}}; got"
                f" {type_name(argument)}"
            )
