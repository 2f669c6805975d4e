r"""Regular expressions as Go's package regexp has them, matched by the RE2 library.

Go's syntax is RE2's but for ``\C``; the rules for empty matches, replacement templates and error
messages are Go's. Texts are matched as bytes; a byte that is not UTF-8 counts as U+FFFD.

Source: Go's packages regexp and regexp/syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from kalypso.golang.bytestrings import (
    from_bytes,
    is_valid,
    replace_invalid,
    to_bytes,
)
from kalypso.golang.sizes import check_text
from kalypso.golang.strconv import can_backquote, quote

_MESSAGES: Final = {
    "invalid escape sequence": "invalid escape sequence",
    "invalid character class": "invalid character class",
    "invalid character class range": "invalid character class range",
    "missing ]": "missing closing ]",
    "missing )": "missing closing )",
    "unexpected )": "unexpected )",
    "trailing \\": "trailing backslash at end of expression",
    "no argument for repetition operator": "missing argument to repetition operator",
    "invalid repetition size": "invalid repeat count",
    "bad repetition operator": "invalid nested repetition operator",
    "invalid perl operator": "invalid or unsupported Perl syntax",
    "invalid UTF-8": "invalid UTF-8",
    "invalid named capture group": "invalid named capture",
}
_TOKEN: Final = re.compile(r"\\Q.*?(?:\\E|\Z)|\\?.", re.DOTALL)
_TEMPLATE_NAME: Final = re.compile(r"\{(\w+)\}|(\w+)")
_GROUP_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,7}", re.ASCII)
_CONTINUATION: Final = 0x80
_META: Final = re.compile(r"[\\.+*?()|\[\]{}^$]")


class PatternError(ValueError):
    """A pattern that Go's regexp refuses; the message is Go's."""


class Pattern:
    """A compiled pattern."""

    __slots__ = ("_compiled", "_groups", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._compiled = _compile(source)
        self._groups: dict[bytes, int] = self._compiled.groupindex

    def spans(self, data: bytes, start: int = 0) -> tuple[tuple[int, int], ...] | None:
        """Return the spans of the first match from ``start`` on and of its groups."""
        match = self._compiled.search(data, start)
        while match and match.start() < len(data) and data[match.start()] & 0xC0 == _CONTINUATION:
            # RE2 looks for \B inside characters, too.
            match = self._compiled.search(data, match.start() + 1)
        if match is None:
            return None
        return tuple(match.span(group) for group in range(self._compiled.groups + 1))

    def matches(self, text: str) -> bool:
        """Return whether the pattern occurs in the text."""
        return self._compiled.search(_seen(text)) is not None

    def find(self, text: str) -> str:
        """Return the first match, or the empty text."""
        return next(iter(self.find_all(text, 1)), "")

    def find_all(self, text: str, count: int) -> list[str]:
        """Return at most ``count`` matches that do not overlap; below 0 all of them."""
        source = _Source(text)
        return [source.cut(*span) for span in self._find_spans(source.data, count)]

    def _find_spans(self, data: bytes, count: int) -> Iterator[tuple[int, int]]:
        at, previous_end = 0, -1
        while at <= len(data) and count != 0:
            spans = self.spans(data, at)
            if spans is None:
                return
            start, end = spans[0]
            accepted = end != at or start != previous_end
            at = end if end != at else at + (_width(data, at) or 1)
            previous_end = end
            if accepted:
                count -= 1
                yield start, end

    def split(self, text: str, count: int) -> list[str]:
        """Return the pieces between matches, at most ``count``; below 0 all of them."""
        if count == 0:
            return []
        if self.source and not text:
            return [""]
        pieces: list[str] = []
        source, start, end = _Source(text), 0, 0
        for match_start, match_end in self._find_spans(source.data, count):
            if len(pieces) == count - 1:
                break
            end = match_start
            if match_end != 0:
                pieces.append(source.cut(start, end))
            start = match_end
        if end != len(source.data):
            pieces.append(source.cut(start, len(source.data)))
        return pieces

    def replace(self, text: str, replacement: str, *, literal: bool = False) -> str:
        """Replace every match; ``$1`` and ``${name}`` stand for groups unless ``literal``."""
        source = _Source(text)
        data, out, last_end, at, size = source.data, [], 0, 0, 0
        parts = [replacement] if literal else _template_parts(replacement)
        while at <= len(data):
            spans = self.spans(data, at)
            if spans is None:
                break
            start, end = spans[0]
            out.append(source.cut(last_end, start))
            if end > last_end or start == 0:
                out += [
                    part if isinstance(part, str) else source.cut(*self._group(part[0], spans))
                    for part in parts
                ]
                size += sum(map(len, out[-len(parts) :])) if parts else 0
                check_text(size)
            last_end = end
            at = max(end, at + (_width(data, at) or 1))
        out.append(source.cut(last_end, len(data)))
        return from_bytes(to_bytes("".join(out)))

    def _group(self, name: str, spans: tuple[tuple[int, int], ...]) -> tuple[int, int]:
        number = _GROUP_NUMBER.fullmatch(name)
        index = int(name) if number else self._groups.get(to_bytes(name), -1)
        span = spans[index] if 0 <= index < len(spans) else (-1, -1)
        return span if span[0] >= 0 else (0, 0)


class _Source:
    """A text as the pattern sees it, from which matches are cut out as they were."""

    __slots__ = ("data", "offsets", "original")

    def __init__(self, text: str) -> None:
        self.original = to_bytes(text)
        self.data = self.original
        self.offsets: list[int] | None = None
        if not is_valid(text):
            self.data = _seen(text)
            self.offsets = _offsets(text)

    def cut(self, start: int, end: int) -> str:
        if self.offsets is None:
            return from_bytes(self.original[start:end])
        return from_bytes(self.original[self.offsets[start] : self.offsets[end]])


def _seen(text: str) -> bytes:
    return replace_invalid(text).encode()


def _offsets(text: str) -> list[int]:
    """Return for each byte of the replaced text the byte of the original."""
    offsets, at = [], 0
    for char in text:
        invalid = "\udc80" <= char <= "\udcff"
        width = 3 if invalid else len(char.encode())
        offsets += [at + (0 if invalid else index) for index in range(width)]
        at += 1 if invalid else width
    return [*offsets, at]


def _width(data: bytes, at: int) -> int:
    """Return the length of the character at an offset; 0 at the end."""
    if at >= len(data):
        return 0
    first = data[at]
    if first < 0x80:  # the lead bytes of UTF-8
        return 1
    return 2 if first < 0xE0 else 3 if first < 0xF0 else 4


def _template_parts(template: str) -> list[str | tuple[str]]:
    """Split a replacement into texts and, as tuples, names of groups."""
    parts: list[str | tuple[str]] = []
    while template:
        before, dollar, template = template.partition("$")
        parts.append(before)
        if not dollar:
            break
        if template.startswith("$"):
            parts.append("$")
            template = template[1:]
            continue
        match = _TEMPLATE_NAME.match(template)
        if match is None:
            parts.append("$")
            continue
        parts.append((match[1] or match[2],))
        template = template[match.end() :]
    return [part for part in parts if part]


@lru_cache(maxsize=256)
def compile_pattern(source: str) -> Pattern:
    """Compile a pattern; the last ones are kept.

    Raises:
        PatternError: Go's regexp refuses it.
    """
    return Pattern(source)


def _compile(source: str) -> Any:  # noqa: ANN401 - re2 has no types
    import re2  # type: ignore[import-untyped]  # noqa: PLC0415 - untyped; large, rarely needed

    if not is_valid(source):
        raise PatternError(f"error parsing regexp: invalid UTF-8: `{source}`")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(source.encode(), options)
    except re2.error as error:
        raise PatternError(_message(error, source)) from None
    if "\\C" in source and "\\C" in _TOKEN.findall(source):
        raise PatternError("error parsing regexp: invalid escape sequence: `\\C`")
    return compiled


def _message(error: Exception, source: str) -> str:
    text = error.args[0]
    text = text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else str(text)
    reason, _, part = text.partition(": ")
    if reason not in _MESSAGES:
        return f"error parsing regexp: expression too large: `{source}`"
    if part.startswith("(?<"):
        # Go takes look-behind for a group with a wrong name.
        rest = source[source.find(part) :]
        part = rest[: rest.find(">") + 1] or rest
        reason = "invalid named capture group"
    message = _MESSAGES[reason]
    if reason == "trailing \\":
        part = ""
    return f"error parsing regexp: {message}: `{part}`"


def compile_panic(source: str, error: PatternError) -> str:
    """Return what ``regexp.MustCompile`` panics with."""
    quoted = f"`{source}`" if can_backquote(source) else quote(source)
    return f"regexp: Compile({quoted}): {error}"


def quote_meta(text: str) -> str:
    """Return a pattern that matches the text itself."""
    return _META.sub(r"\\\g<0>", text)
