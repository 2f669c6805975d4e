"""Classes and cases of characters as Go's package unicode has them: one character to one."""

from __future__ import annotations

import unicodedata
from typing import Final

SPACES: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What ``unicode.IsSpace`` takes; ``str.isspace`` takes more."""


def to_upper(char: str) -> str:
    """Return the upper case of one character, itself where it needs several (ß)."""
    upper = char.upper()
    return upper if len(upper) == 1 else to_title(char)


def to_lower(char: str) -> str:
    """Return the lower case of one character."""
    return char.lower()[0] if char == "\u0130" else char.lower()


def to_title(char: str) -> str:
    """Return the title case of one character, itself where it needs several."""
    title = char.title()
    return title if len(title) == 1 else char


def is_upper(char: str) -> bool:
    """Return whether the character is an upper case letter; title case is none."""
    return unicodedata.category(char) == "Lu"


def is_lower(char: str) -> bool:
    """Return whether the character is a lower case letter."""
    return unicodedata.category(char) == "Ll"


def is_title(char: str) -> bool:
    """Return whether the character is a title case letter."""
    return unicodedata.category(char) == "Lt"


def is_number(char: str) -> bool:
    """Return whether the character is a digit, a letter number or another number."""
    return unicodedata.category(char)[0] == "N"


def is_punctuation(char: str) -> bool:
    """Return whether the character is punctuation."""
    return unicodedata.category(char)[0] == "P"
