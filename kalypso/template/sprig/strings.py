"""Text functions: trim, cut, replace, indent, quote.

Source: Sprig v2.22.0, strings.go and functions.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import AnyStr

from kalypso.golang.bytestrings import (
    byte_length,
    from_bytes,
    is_valid,
    joined,
    replace_invalid,
    to_bytes,
)
from kalypso.golang.fmt import sprint_v
from kalypso.golang.runes import SPACES
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.sizes import check_text
from kalypso.golang.strconv import quote
from kalypso.golang.values import StringList, StringMap, Value
from kalypso.template.functions import Function, Memory, per_text
from kalypso.template.sprig.panics import NEGATIVE_REPEAT, check_slice
from kalypso.template.sprig.text_values import sort_texts, text_of, texts_of

_TEXT = Kind.STRING


def _replace(old: AnyStr, new: AnyStr, text: AnyStr) -> AnyStr:
    return text.replace(old, new)


def replace(old: str, new: str, text: str) -> str:
    """Replace every occurrence of ``old``."""
    if len(new) > len(old):
        occurrences = text.count(old) if old else len(text) + 1
        check_text(byte_length(text) + occurrences * byte_length(new))
    if is_valid(old + text) or not old:
        return joined(_replace(old, new, text))
    return from_bytes(_replace(to_bytes(old), to_bytes(new), to_bytes(text)))


def _pieces(separator: str, text: str, count: int) -> list[str]:
    """Split into at most ``count`` pieces; below 0 into all of them."""
    if count == 0:
        return []
    if not separator:
        chars = list(text)
        if 0 < count < len(chars):
            chars[count - 1 :] = [joined("".join(chars[count - 1 :]))]
        return chars
    if is_valid(text + separator):
        return text.split(separator, count - 1 if count > 0 else -1)
    parts = to_bytes(text).split(to_bytes(separator), count - 1 if count > 0 else -1)
    return [from_bytes(part) for part in parts]


def split_list(separator: str, text: str) -> StringList:
    """Split into a list."""
    return StringList(_pieces(separator, text, -1))


def split(separator: str, text: str) -> StringMap:
    """Split into a map with the keys ``_0``, ``_1`` …."""
    return splitn(separator, -1, text)


def splitn(separator: str, count: int, text: str) -> StringMap:
    """Split into a map of at most ``count`` pieces."""
    pieces = _pieces(separator, text, count)
    return StringMap((f"_{index}", piece) for index, piece in enumerate(pieces))


def trim_all(cut: str, text: str) -> str:
    """Cut any of the characters off both ends."""
    if not is_valid(cut + text):
        # Go compares runes, and all bytes that are not UTF-8 are the same rune.
        cut, seen = replace_invalid(cut), replace_invalid(text)
        start = len(seen) - len(seen.lstrip(cut)) if cut else 0
        return text[start : len(text) - (len(seen) - len(seen.rstrip(cut)))]
    return text.strip(cut) if cut else text


def trim_prefix(prefix: str, text: str) -> str:
    """Cut a prefix off, once."""
    if is_valid(prefix + text):
        return text.removeprefix(prefix)
    return from_bytes(to_bytes(text).removeprefix(to_bytes(prefix)))


def trim_suffix(suffix: str, text: str) -> str:
    """Cut a suffix off, once."""
    if is_valid(suffix + text):
        return text.removesuffix(suffix)
    return from_bytes(to_bytes(text).removesuffix(to_bytes(suffix)))


def trunc(length: int, text: str) -> str:
    """Keep the first bytes."""
    data = to_bytes(text)
    if len(data) <= length:
        return text
    check_slice(0, length, len(data))
    return from_bytes(data[:length])


def substr(start: int, end: int, text: str) -> str:
    """Keep the bytes from start to end; a negative start is 0, a negative end is the end."""
    data = to_bytes(text)
    if start < 0:
        start = 0
    elif end < 0 or end > len(data):
        end = len(data)
        if start > end:
            raise FunctionError(f"runtime error: slice bounds out of range [{start}:{end}]")
    check_slice(start, end, len(data))
    return from_bytes(data[start:end])


def repeat(count: int, text: str) -> str:
    """Repeat a text."""
    if count < 0:
        raise FunctionError(NEGATIVE_REPEAT)
    check_text(count * byte_length(text))
    return joined(text * count)


def indent(spaces: int, text: str) -> str:
    """Put spaces before every line, empty ones as well."""
    if spaces < 0:
        raise FunctionError(NEGATIVE_REPEAT)
    check_text(byte_length(text) + spaces * (text.count("\n") + 1))
    pad = " " * spaces
    return pad + text.replace("\n", "\n" + pad)


def nindent(spaces: int, text: str) -> str:
    """Start a new line, then indent."""
    return "\n" + indent(spaces, text)


def plural(one: str, many: str, count: int) -> str:
    """Choose by number."""
    return one if count == 1 else many


def quoted(*values: Value) -> str:
    """Put each value but nil in double quotes, with Go's escapes."""
    return " ".join([quote(text_of(value)) for value in values if value is not None])


def single_quoted(*values: Value) -> str:
    """Put each value but nil in single quotes; quotes inside stay as they are."""
    return " ".join([f"'{sprint_v(value)}'" for value in values if value is not None])


def cat(*values: Value) -> str:
    """Join with spaces, nil left out."""
    return joined(" ".join([sprint_v(value) for value in values if value is not None]))


def join(separator: str, value: Value) -> str:
    """Join the items of a list, nil left out."""
    texts = texts_of(value)
    check_text(sum(map(byte_length, texts)) + byte_length(separator) * max(len(texts) - 1, 0))
    return joined(separator.join(texts))


def sort_alpha(value: Value) -> StringList:
    """Sort the texts of a list; a ``[]string`` itself is changed, as in Go."""
    if isinstance(value, list):
        return sort_texts(texts_of(value))
    return StringList((text_of(value),))


def _test(method: Callable[[bytes, bytes], bool]) -> Function:
    def call(part: str, text: str) -> bool:
        return method(to_bytes(text), to_bytes(part))

    return Function((_TEXT, _TEXT), call)


FUNCTIONS: dict[str, Function] = {
    "hello": Function((), lambda: "Hello!"),
    "trim": Function((_TEXT,), lambda text: text.strip(SPACES)),
    "trimAll": Function((_TEXT, _TEXT), trim_all),
    "trimall": Function((_TEXT, _TEXT), trim_all),
    "trimPrefix": Function((_TEXT, _TEXT), trim_prefix),
    "trimSuffix": Function((_TEXT, _TEXT), trim_suffix),
    "trunc": Function((Kind.INT, _TEXT), trunc),
    "substr": Function((Kind.INT, Kind.INT, _TEXT), substr),
    "repeat": Function((Kind.INT, _TEXT), repeat),
    "contains": _test(lambda text, part: part in text),
    "hasPrefix": _test(lambda text, part: text.startswith(part)),
    "hasSuffix": _test(lambda text, part: text.endswith(part)),
    "quote": Function((Kind.ANY,), quoted, variadic=True, walks=True),
    "squote": Function((Kind.ANY,), single_quoted, variadic=True, walks=True),
    "cat": Function((Kind.ANY,), cat, variadic=True, walks=True),
    "indent": Function((Kind.INT, _TEXT), indent, memory=Memory.TEXT),
    "nindent": Function((Kind.INT, _TEXT), nindent, memory=Memory.TEXT),
    "replace": Function((_TEXT, _TEXT, _TEXT), replace),
    "plural": Function((_TEXT, _TEXT, Kind.INT), plural),
    "split": Function((_TEXT, _TEXT), split, cost=per_text(60)),
    "splitn": Function((_TEXT, Kind.INT, _TEXT), splitn, cost=per_text(60)),
    "splitList": Function((_TEXT, _TEXT), split_list),
    "join": Function((_TEXT, Kind.ANY), join, walks=True),
    "sortAlpha": Function((Kind.ANY,), sort_alpha, walks=True),
    "toString": Function((Kind.ANY,), text_of, walks=True),
    "toStrings": Function((Kind.ANY,), texts_of, walks=True),
}
