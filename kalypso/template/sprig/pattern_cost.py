"""What compiling a regular expression and matching a text may take at worst, in steps.

RE2 takes time in proportion to the size of the pattern, once what it repeats is written out, times
the length of the text.
"""

from __future__ import annotations

import re
from typing import Final

from kalypso.golang.signatures import FunctionError

_LONGEST: Final = 4096
"""Characters of a pattern."""
_MOST: Final = 10_000_000
_TOKEN: Final = re.compile(
    r"""(?P<large>\\[pP](?:\{[^}]*\}|.)?)
    | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\] | \.)
    | \\.
    | (?P<open>\()
    | (?P<close>\))
    | \{(?P<low>[0-9]+)(?:,(?P<high>[0-9]*))?\}
    | .""",
    re.DOTALL | re.VERBOSE,
)
_LARGE: Final = 200
"""Size of a class of Unicode."""


def pattern_cost(pattern: str, text: str = "", *_: object) -> int:
    """Return the steps for a call that compiles a pattern and matches a text.

    Raises:
        FunctionError: The pattern is too long.
    """
    if len(pattern) > _LONGEST:
        raise FunctionError(f"the pattern is longer than {_LONGEST} characters")
    size = _size(pattern)
    return 2 * size + size * len(text) // 3


def _size(pattern: str) -> int:
    """Return about how many instructions a pattern has."""
    groups, last = [0], 0
    for token in _TOKEN.finditer(pattern):
        if token["open"]:
            groups.append(1)
            continue
        if token["close"]:
            last = groups.pop() if len(groups) > 1 else 1
        elif token["low"]:
            times = max(1, int(token["low"][:5]), int((token["high"] or "1")[:5]))
            last *= times - 1
        elif token["large"]:
            last = _LARGE
        elif token["set"]:
            last = _LARGE if "\\p" in token["set"].lower() else 2
        else:
            last = 1
        groups[-1] = min(_MOST, groups[-1] + last)
    return min(_MOST, sum(groups))
