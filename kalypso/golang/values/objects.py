"""Values whose Go type has methods: times, versions, months.

A template calls a method like a field, ``{{ (semver "v1.2").Major }}``, with
arguments after it. The engine finds it in :attr:`GoObject.methods`, checks the
arguments against the signature as for any function, and passes the value itself
as the first argument of ``call``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from kalypso.golang.signatures import Method


class GoObject(ABC):
    """A value of a Go type with methods; its fields, if any, are not exported."""

    __slots__ = ()

    type_name: ClassVar[str]
    """As ``%T`` prints it, for example ``*semver.Version``."""
    kind: ClassVar[str]
    """Name of its ``reflect.Kind``: ``struct``, ``ptr``, ``int`` …"""
    methods: ClassVar[Mapping[str, Method]] = {}
    """By name; ``params`` leaves out the receiver, ``call`` takes it first."""

    @abstractmethod
    def text(self) -> str:
        """Return what ``%v`` and ``{{ . }}`` print."""

    def yaml_scalar(self) -> str | None:
        """Return the plain YAML scalar that yaml.v3 writes; None for the empty mapping ``{}``."""
        return None

    def json_value(self) -> Any:  # noqa: ANN401 - JSON values are of any type
        """Return the value that ``encoding/json`` writes in its place.

        Raises:
            ValueError: There is none; the message is that of Go's ``MarshalJSON``.
        """
        return {}

    def hash_bytes(self) -> bytes | None:
        """Return what hashstructure feeds to FNV; None for a struct without exported fields."""
        return None

    def copied(self) -> GoObject:
        """Return what copystructure makes of the value: it leaves unexported fields out."""
        return self
