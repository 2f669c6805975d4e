"""Objects as a server sent them, read without trusting their shape.

Whatever is missing or of another type than it should be is `Unclear`: the reader turns that into a
finding, so that a strange answer is never an exception and never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TypeGuard

from kalypso.promotion.times import read_duration, read_time

Raw = Mapping[str, object]
_VERSION = re.compile(r"v[1-9]\d*(?:(?:alpha|beta)[1-9]\d*)?")


@lru_cache(maxsize=1024)
def is_version(text: str) -> bool:
    """Return whether a text is a version of a Kubernetes API."""
    return _VERSION.fullmatch(text) is not None


def is_mapping(value: object) -> TypeGuard[Raw]:
    """Return whether a value is a mapping; what JSON gives is known without asking its class."""
    return type(value) is dict or isinstance(value, Mapping)


class Unclear(Exception):
    """A field says nothing that could be used."""


class Fields:
    """A mapping, and the way that led to it.

    A fleet has millions of them, so the way is put into words only for a message.
    """

    __slots__ = ("_above", "_keys", "raw")

    def __init__(
        self,
        raw: Raw = MappingProxyType({}),
        above: Fields | None = None,
        keys: tuple[str | int, ...] = (),
    ) -> None:
        """Take a mapping.

        Args:
            raw: As it came.
            above: What holds it; None for a whole object.
            keys: Where it is in there.
        """
        self.raw, self._above, self._keys = raw, above, keys

    @property
    def path(self) -> str:
        """The way from the whole object, with dots."""
        found = self._above.path if self._above is not None else ""
        for key in self._keys:
            dot = "." if found and isinstance(key, str) else ""
            found += f"{dot}{key}" if isinstance(key, str) else f"[{key}]"
        return found

    def given(self, *keys: str) -> object:
        """Return a field as it came; None if it is absent."""
        return self._get(keys)

    def has(self, *keys: str) -> bool:
        """Return whether a field is there; null is the same as absent."""
        return self._get(keys) is not None

    def text(self, *keys: str) -> str:
        """Return a text that must be there and not be empty."""
        value = self._get(keys)
        if isinstance(value, str) and value:
            return value
        self.optional_text(*keys)
        raise self._missing(keys)

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
        value = self._get(keys)
        found = read_time(value if isinstance(value, str) else self.text(*keys))
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
        if not is_version(found):
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
            return Fields(above=self, keys=keys)
        if not is_mapping(value):
            raise self._wrong(keys, "a mapping")
        return Fields(value, self, keys)

    def items(self, *keys: str) -> list[Fields]:
        """Return a list of mappings, empty if it is absent."""
        value = self._get(keys)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(keys, "a list of mappings")
        found = []
        for place, item in enumerate(value):
            if not is_mapping(item):
                raise self._wrong(keys, "a list of mappings")
            found.append(Fields(item, self, (*keys, place)))
        return found

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
        for key in keys:
            if type(value) is dict:  # what JSON gives; asking `isinstance` takes longer
                value = value.get(key)
            elif value is None:
                return None
            elif isinstance(value, Mapping):
                value = value.get(key)
            else:
                raise self._not_a_mapping(keys)
        return value

    def _not_a_mapping(self, keys: tuple[str, ...]) -> Unclear:
        """Return which field on the way along keys holds nothing."""
        for end in range(1, len(keys)):
            if not isinstance(self._get(keys[:end]), Mapping):
                return self._wrong(keys[:end], "a mapping")
        return self._wrong(keys, "a mapping")

    def _name(self, keys: tuple[str, ...]) -> str:
        path = self.path
        return ".".join((path, *keys) if path else keys)

    def _missing(self, keys: tuple[str, ...]) -> Unclear:
        return Unclear(f"{self._name(keys)} is missing")

    def _wrong(self, keys: tuple[str, ...], what: str) -> Unclear:
        return Unclear(f"{self._name(keys)} is not {what}")
