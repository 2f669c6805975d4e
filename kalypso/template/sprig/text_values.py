"""How Sprig turns any value into text, and lists into texts.

Source: Sprig v2.22.0, strings.go (``strval``, ``strslice``).
"""

from __future__ import annotations

from kalypso.golang.bytestrings import is_valid, to_bytes
from kalypso.golang.fmt import sprint_v
from kalypso.golang.values import StringList, Value


def text_of(value: Value) -> str:
    """Return the value's text as ``toString`` has it; ``<nil>`` for nil."""
    return value if isinstance(value, str) else sprint_v(value)


def texts_of(value: Value) -> StringList:
    """Return the items of a list as texts, nil items left out; another value as the only item.

    A ``[]string`` is returned itself, as Go does.
    """
    if isinstance(value, StringList):
        return value
    if isinstance(value, list):
        return StringList(text_of(item) for item in value if item is not None)
    return StringList() if value is None else StringList((text_of(value),))


def sort_texts(texts: StringList) -> StringList:
    """Sort in place by bytes, and return the list."""
    texts.sort(key=None if all(map(is_valid, texts)) else to_bytes)
    return texts
