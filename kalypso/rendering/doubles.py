"""A manifest beside its double, in which a team's texts are inert.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from kalypso.golang.bytestrings import joined
from kalypso.golang.values import AnyMap
from kalypso.golang.yaml.v3 import marshal
from kalypso.rendering.structure import structure
from kalypso.template import Marks


class Sides(msgspec.Struct, frozen=True):
    """A manifest with the team's texts, and with inert ones in their places."""

    real: str
    double: str

    @classmethod
    def of(cls, marked: Any, marks: Marks) -> Sides:  # noqa: ANN401 - text, or a mapping of 2023
        """Put both kinds of texts in place of the marks.

        Raises:
            BracesError: The team's texts make ``{{``, which would be run further on.
        """
        real = _filled(marked, marks.real)
        if _holds_braces(real):
            raise BracesError
        return cls(written(real), written(_filled(marked, marks.double)))

    def wrong(self) -> str:
        """Say what the team's texts do to the manifest beside what they say; empty if nothing."""
        found, wanted = structure(self.real), structure(self.double)
        if found is not None and found == wanted:
            return ""
        if found is None or wanted is None or len(found.tokens) != len(wanted.tokens):
            return "adds keys or documents to the result"
        pairs = zip(found.tokens, wanted.tokens, strict=True)
        name, *texts = next(one for one, other in pairs if one != other)
        if name in ("object", "metadata"):
            return f"becomes the {texts[0]} of an object"
        return "adds keys or documents to the result"


class BracesError(Exception):
    """A team's texts would begin an action of a template."""


def written(manifest: Any) -> str:  # noqa: ANN401 - text, or a mapping of 2023
    """Return a rendered manifest as text."""
    return joined(manifest) if isinstance(manifest, str) else marshal(manifest)


def _filled(manifest: Any, fill: Callable[[str], str]) -> Any:  # noqa: ANN401 - as it was
    """Put texts in place of the marks of a manifest, or of all texts of a mapping."""
    match manifest:
        case str():
            return fill(manifest)
        case dict():
            return AnyMap({key: _filled(item, fill) for key, item in manifest.items()})
        case list():
            return [_filled(item, fill) for item in manifest]
        case _:
            return manifest


def _holds_braces(manifest: object) -> bool:
    match manifest:
        case str():
            return "{{" in manifest
        case dict():
            return any(map(_holds_braces, manifest.values()))
        case list():
            return any(map(_holds_braces, manifest))
        case _:
            return False
