"""Text functions that look at letters: case, initials, abbreviations, wrapped lines.

Source: Sprig v2.22.0, strings.go; goutils v1.1.1, wordutils.go and stringutils.go.
"""

from __future__ import annotations

from collections.abc import Callable

from kalypso.golang.bytestrings import from_bytes, replace_invalid, to_bytes
from kalypso.golang.runes import (
    SPACES,
    is_lower,
    is_title,
    is_upper,
    to_lower,
    to_title,
    to_upper,
)
from kalypso.golang.signatures import Kind
from kalypso.golang.sizes import check_text
from kalypso.template.functions import Function, per_text
from kalypso.template.sprig.word_case import camel_case, kebab_case, snake_case

_MARKER = b"..."
_SMALLEST_WIDTH = 4
_SMALLEST_WIDTH_BOTH = 7
_LATIN_SPACES = frozenset(ord(char) for char in SPACES if ord(char) < 256)  # noqa: PLR2004 - Latin-1


def _each(change: Callable[[str], str], text: str) -> str:
    return "".join(map(change, replace_invalid(text)))


def upper(text: str) -> str:
    """Return the text in upper case, letter by letter."""
    return text.upper() if text.isascii() else _each(to_upper, text)


def lower(text: str) -> str:
    """Return the text in lower case, letter by letter."""
    return text.lower() if text.isascii() else _each(to_lower, text)


def title(text: str) -> str:
    """Start each word with its title case; a word starts after anything but a letter or digit."""
    out, before = [], " "
    for char in replace_invalid(text):
        out.append(to_title(char) if _separates(before) else char)
        before = char
    return "".join(out)


def _separates(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char == "_")
    if char.isalpha() or char.isdecimal():
        return False
    return char in SPACES


def untitle(text: str) -> str:
    """Start each word with its lower case."""
    out, starts = [], True
    for char in replace_invalid(text):
        if char in SPACES:
            starts = True
            out.append(char)
        else:
            out.append(to_lower(char) if starts else char)
            starts = False
    return "".join(out)


def swap_case(text: str) -> str:
    """Swap upper and lower case; the first letter of a word becomes title case."""
    out, starts = [], True
    for char in replace_invalid(text):
        if is_upper(char) or is_title(char):
            out.append(to_lower(char))
            starts = False
        elif is_lower(char):
            out.append(to_title(char) if starts else to_upper(char))
            starts = False
        else:
            out.append(char)
            starts = char in SPACES
    return "".join(out)


def initials(text: str) -> str:
    """Return the first byte of each word, each as the character of that number."""
    out, after_space = [], True
    for byte in to_bytes(text):
        if byte in _LATIN_SPACES:
            after_space = True
        elif after_space:
            out.append(chr(byte))
            after_space = False
    return "".join(out)


def nospace(text: str) -> str:
    """Remove white space; if there is any, each byte becomes the character of that number."""
    data = to_bytes(text)
    kept = [byte for byte in data if byte not in _LATIN_SPACES]
    return text if len(kept) == len(data) else "".join(map(chr, kept))


def abbrev(width: int, text: str) -> str:
    """Cut to a width of bytes that includes three dots at the end."""
    if width < _SMALLEST_WIDTH:
        return text
    return from_bytes(_abbreviate(to_bytes(text), 0, width))


def abbrevboth(left: int, right: int, text: str) -> str:
    """Cut at both ends, starting near ``left``, to a width of ``right`` bytes."""
    if right < _SMALLEST_WIDTH or (left > 0 and right < _SMALLEST_WIDTH_BOTH):
        return text
    return from_bytes(_abbreviate(to_bytes(text), left, right))


def _abbreviate(data: bytes, offset: int, width: int) -> bytes:
    if len(data) <= width:
        return data
    room = width - len(_MARKER)
    offset = min(offset, len(data))
    if len(data) - offset < room:
        offset = len(data) - room
    if offset <= _SMALLEST_WIDTH:
        return data[:room] + _MARKER
    if offset + room < len(data):
        return _MARKER + _abbreviate(data[offset:], 0, room)
    return _MARKER + data[len(data) - room :]


def wrap(width: int, text: str) -> str:
    """Break lines at spaces before they get longer than the width; long words stay whole."""
    return _wrap(text, width, "\n", cut_words=False)


def wrap_with(width: int, separator: str, text: str) -> str:
    """Break lines with a text of one's own; words longer than the width are cut."""
    return _wrap(text, width, separator or "\n", cut_words=True)


def _wrap(text: str, width: int, separator: str, *, cut_words: bool) -> str:
    data, line_end, width = to_bytes(text), to_bytes(separator), max(width, 1)
    check_text(len(data) + (len(data) // width + 1) * len(line_end) if cut_words else len(data))
    out, at = [], 0
    while len(data) - at > width:
        if data[at] == ord(" "):
            at += 1
            continue
        space = data.rfind(b" ", at, at + width + 1)
        if space < 0 and not cut_words:
            space = data.find(b" ", at + width)
            if space < 0:
                break
        end = at + width if space < 0 else space
        out += [data[at:end], line_end]
        at = end + (space >= 0)
    return from_bytes(b"".join([*out, data[at:]]))


FUNCTIONS: dict[str, Function] = {
    "upper": Function((Kind.STRING,), upper),
    "lower": Function((Kind.STRING,), lower),
    "title": Function((Kind.STRING,), title, cost=per_text(25)),
    "untitle": Function((Kind.STRING,), untitle, cost=per_text(25)),
    "swapcase": Function((Kind.STRING,), swap_case, cost=per_text(60)),
    "snakecase": Function((Kind.STRING,), snake_case, cost=per_text(200)),
    "kebabcase": Function((Kind.STRING,), kebab_case, cost=per_text(200)),
    "camelcase": Function((Kind.STRING,), camel_case, cost=per_text(40)),
    "initials": Function((Kind.STRING,), initials, cost=per_text(25)),
    "nospace": Function((Kind.STRING,), nospace),
    "abbrev": Function((Kind.INT, Kind.STRING), abbrev),
    "abbrevboth": Function((Kind.INT, Kind.INT, Kind.STRING), abbrevboth),
    "wrap": Function((Kind.INT, Kind.STRING), wrap, cost=per_text(70)),
    "wrapWith": Function((Kind.INT, Kind.STRING, Kind.STRING), wrap_with, cost=per_text(100)),
}
