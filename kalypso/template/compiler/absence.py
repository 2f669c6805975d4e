"""A missing key that something needs: the failure about it, and what functions get in its place.

Go gives most functions ``nil`` for a missing key, so that ``quote .Manifests.typo`` writes nothing
at all. Under the rule ``error``, only functions about absence get one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kalypso.golang.signatures import Kind
from kalypso.golang.strconv import quote
from kalypso.golang.values import MISSING, Missing, NilList, NilMap, StringList, Value
from kalypso.spelling import nearest
from kalypso.template.failures import Failure
from kalypso.template.functions import Absence
from kalypso.template.syntax import nodes

_WAY_OUT: Final = 'give it a value, or print `default "" …` where it may be missing'
NILS: Final[Mapping[Kind, Callable[[], Value]]] = {
    Kind.ANY: lambda: None,
    Kind.VALUE: lambda: MISSING,
    Kind.LIST: NilList,
    Kind.STRINGS: StringList,
    Kind.MAP: NilMap,
}
"""What Go gives a parameter of each kind for nothing; other kinds take only values."""


def given(value: Missing, kind: Kind, absence: Absence, at: int) -> Value:
    """Return what a function gets for a missing key, or for nil that came through a pipe.

    Raises:
        Failure: The function does not take a missing key, or Go has nothing to give it.
    """
    if value.key and absence is Absence.REFUSED:
        raise missing_key(value, at)
    if value.key and absence is Absence.PASSED and kind in (Kind.ANY, Kind.VALUE):
        return value
    if kind in NILS:
        return NILS[kind]()
    raise Failure(f"invalid value; expected {kind.value}", at)


def no_value(value: Value, pipe: nodes.Pipe, at: int) -> Failure:
    """Return the failure of an action that has nothing to print, where that is a mistake."""
    if not isinstance(value, Missing) or not value.key:
        return Failure(f"{pipe} has no value", at, code="missing-key", hint=_WAY_OUT)
    return missing_key(value, at)


def missing_key(value: Missing, at: int) -> Failure:
    """Return the failure about a missing key, with the nearest one that exists."""
    near = nearest(value.key, value.holder)
    hint = f"the nearest key is {near}" if near else _WAY_OUT
    return Failure(
        f"map has no entry for key {quote(value.key)}", at, code="missing-key", hint=hint
    )
