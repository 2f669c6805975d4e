"""Objects as a server sent them, read without trusting their shape.

Whatever is missing or of another type than it should be is `Unclear`: the reader turns that into a
finding, so that a strange answer is never an exception and never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from kalypso.promotion.times import read_duration, read_time

Raw = Mapping[str, object]
_VERSION = re.compile(r"v[1-9]\d*(?:(?:alpha|beta)[1-9]\d*)?")


class Unclear(Exception):  # noqa: N818 - reads as what the answer is
    """A field says nothing that could be used."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, and the path that led to it."""

    raw: Raw = field(default_factory=dict)
    path: str = ""

    def has(self, *keys: str) -> bool:
        """Return whether a field is there; null is the same as absent."""
        return self._get(keys) is not None

    def text(self, *keys: str) -> str:
        """Return a text that must be there and not be empty."""
        value = self.optional_text(*keys)
        if not value:
            raise self._missing(keys)
        return value

    def optional_text(self, *keys: str) -> str:
        """Return a text, empty if it is absent."""
        value = self._get(keys)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong(keys, "text")
        return value

    def flag(self, *keys: str) -> bool:
        """Return a boolean, false if it is absent."""
        value = self._get(keys)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self._wrong(keys, "true or false")
        return value

    def number(self, *keys: str) -> int:
        """Return a whole number that must be there."""
        value = self._get(keys)
        if value is None:
            raise self._missing(keys)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(keys, "a number")
        return value

    def optional_number(self, *keys: str, default: int) -> int:
        """Return a whole number, or what stands for it if it is absent."""
        return self.number(*keys) if self.has(*keys) else default

    def time(self, *keys: str) -> float:
        """Return a time that must be there, in seconds since 1970."""
        found = read_time(self.text(*keys))
        if found is None:
            raise self._wrong(keys, "a time")
        return found

    def duration(self, *keys: str) -> float:
        """Return a duration that must be there, in seconds."""
        found = read_duration(self.text(*keys))
        if found is None:
            raise self._wrong(keys, "a duration")
        return found

    def version(self, *keys: str) -> str:
        """Return a version of a Kubernetes API that must be there, for example `v1beta2`."""
        found = self.text(*keys)
        if not _VERSION.fullmatch(found):
            raise self._wrong(keys, "a version")
        return found

    def shaped(self, *, flags: Sequence[str] = (), durations: Sequence[str] = ()) -> None:
        """Check fields that decide nothing: where they are there, they have to make sense."""
        for key in flags:
            self.flag(key)
        for key in durations:
            if self.has(key):
                self.duration(key)

    def inner(self, *keys: str) -> Fields:
        """Return a mapping, empty if it is absent."""
        value = self._get(keys)
        if value is None:
            return Fields({}, self._name(keys))
        if type(value) is not dict and not isinstance(value, Mapping):
            raise self._wrong(keys, "a mapping")
        return Fields(cast("Raw", value), self._name(keys))

    def items(self, *keys: str) -> list[Fields]:
        """Return a list of mappings, empty if it is absent."""
        value = self._get(keys)
        if value is None:
            return []
        if not isinstance(value, list) or not all(
            type(item) is dict or isinstance(item, Mapping) for item in value
        ):
            raise self._wrong(keys, "a list of mappings")
        name = self._name(keys)
        return [Fields(item, f"{name}[{place}]") for place, item in enumerate(value)]

    def texts(self, *keys: str) -> list[str]:
        """Return a list of texts, empty if it is absent."""
        value = self._get(keys)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(keys, "a list of texts")
        return list(value)

    def _get(self, keys: tuple[str, ...]) -> object:
        value: object = self.raw
        for place, key in enumerate(keys):
            if type(value) is dict:  # what JSON gives; a fleet has millions of fields
                value = value.get(key)
            elif value is None:
                return None
            elif isinstance(value, Mapping):
                value = value.get(key)
            else:
                raise self._wrong(keys[:place], "a mapping")
        return value

    def _name(self, keys: tuple[str, ...]) -> str:
        return ".".join((self.path, *keys) if self.path else keys)

    def _missing(self, keys: tuple[str, ...]) -> Unclear:
        return Unclear(f"{self._name(keys)} is missing")

    def _wrong(self, keys: tuple[str, ...], what: str) -> Unclear:
        return Unclear(f"{self._name(keys)} is not {what}")
