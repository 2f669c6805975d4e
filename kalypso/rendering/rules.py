"""How the platform's templates are parsed and rendered, whichever of them it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from kalypso.rendering.memo import Memo
from kalypso.template import Function, Gaps, Limits, MissingKey, Template, parse

_LIMITS = Limits(output=1 << 20)
"""One manifest has at most 1 MiB."""
_WORD = re.compile(r"\w+")


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How the platform's templates are rendered."""

    functions: Mapping[str, Function]
    refused: Mapping[str, str]
    """Functions that may not be called, each with the reason."""
    missing_key: MissingKey = "error"

    memo: Memo

    def changes_data(self, text: str) -> bool:
        """Return whether a template names a function that changes what it is given."""
        names = {name for name, function in self.functions.items() if function.changes}
        return not names.isdisjoint(_WORD.findall(text))

    def parse(self, text: str, name: str) -> Template:
        """Parse a template with the platform's functions."""
        return parse(text, name, functions=self.functions, refuse=self.refused, limits=_LIMITS)

    def gaps(self, text: str, name: str) -> Gaps | None:
        """Return a template as texts with gaps, if each gap can be filled by itself."""
        if "{{" not in text:
            return Gaps((text,), ())
        return self.parse(text, name).gaps(self.missing_key)
