"""Words put together in camel, snake and kebab case.

Source: huandu/xstrings v1.4.0, convert.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum, auto

from kalypso.golang.runes import (
    SPACES,
    is_number,
    is_punctuation,
    is_upper,
    to_lower,
    to_upper,
)


class _Word(Enum):
    NOTHING = auto()
    NUMBER = auto()
    UPPER = auto()
    LETTERS = auto()
    CONNECTOR = auto()
    PUNCTUATION = auto()
    OTHER = auto()


_GLUED = (_Word.LETTERS, _Word.NUMBER)
_OUTSIDE = (_Word.CONNECTOR, _Word.PUNCTUATION)


def camel_case(text: str) -> str:
    """Join words at spaces, ``_`` and ``-``, each with an upper case start; the rest stays."""
    text = "".join("\ufffd" if _is_invalid(char) else char for char in text)
    body = text.lstrip("-_" + SPACES)
    lead = text[: len(text) - len(body)]
    if not body:
        # A leading run of connectors is written, its last character twice.
        return lead + lead[-1:]
    out, last = [lead], to_upper(body[0])
    for char in body[1:]:
        before, last = last, char
        if _is_connector(before) and not _is_connector(char):
            last = to_upper(char)
        else:
            out.append(before)
    return "".join(out) + last


def snake_case(text: str) -> str:
    """Split at upper case letters, digits, spaces and hyphens; join with ``_`` in lower case."""
    return _separated(text, "_")


def kebab_case(text: str) -> str:
    """Split at upper case letters, digits, spaces and underscores; join with ``-``."""
    return _separated(text, "-")


def _separated(text: str, connector: str) -> str:
    writer = _Writer(connector, _words(text))
    while writer.has_more():
        writer.step()
    writer.flush()
    return "".join(writer.out)


class _Writer:
    """Walks over the words with one word in hand."""

    def __init__(self, connector: str, words: Iterator[tuple[_Word, str]]) -> None:
        self.connector = connector
        self.words = list(words)
        self.next_word = 0
        self.kind, self.word = _Word.NOTHING, ""
        self.out: list[str] = []
        self.advance()

    def has_more(self) -> bool:
        return self.next_word < len(self.words)

    def advance(self) -> _Word:
        if self.has_more():
            self.kind, self.word = self.words[self.next_word]
            self.next_word += 1
        else:
            self.kind, self.word = _Word.NOTHING, ""
        return self.kind

    def flush(self) -> None:
        self.write(self.kind, self.word)

    def write(self, kind: _Word, word: str) -> None:
        if kind is _Word.CONNECTOR or kind is _Word.UPPER:
            word = "".join(map(self.lower, word))
        self.out.append(word)

    def lower(self, char: str) -> str:
        if _is_connector(char):
            return self.connector
        if _is_invalid(char):
            return "\ufffd"
        return to_lower(char) if is_upper(char) else char

    def connect(self) -> None:
        self.out.append(self.connector)

    def write_glued(self) -> None:
        """Write letters and digits as they follow each other, then a connector if need be."""
        while self.kind in _GLUED:
            self.flush()
            self.advance()
        if self.kind is not _Word.NOTHING and self.kind not in _OUTSIDE:
            self.connect()

    def step(self) -> None:
        if self.kind is not _Word.CONNECTOR:
            self.flush()
        before, word = self.kind, self.word
        self.advance()
        if before is _Word.NUMBER:
            self.write_glued()
        elif before is _Word.CONNECTOR:
            self.write(before, word)
        elif before is not _Word.PUNCTUATION:
            self.after_letters()

    def after_letters(self) -> None:
        if self.kind is not _Word.NUMBER:
            if self.kind not in _OUTSIDE:
                self.connect()
            return
        if not self.has_more():
            return
        number = self.word
        if self.advance() is _Word.LETTERS:
            # Lower case letters after a number: the number starts the word, as in http_2xx.
            self.connect()
            self.write(_Word.NUMBER, number)
            self.write_glued()
            return
        self.write(_Word.NUMBER, number)
        if self.kind not in _OUTSIDE:
            self.connect()


def _is_invalid(char: str) -> bool:
    return char == "\ufffd" or "\udc80" <= char <= "\udcff"


def _is_connector(char: str) -> bool:
    return char in "-_" or char in SPACES


def _is_letter(char: str) -> bool:
    """Return whether words are made of the character; Chinese ones stand alone."""
    return char.isalpha() and not (
        "\u3400" <= char <= "\u4d85"
        or "\u4e00" <= char <= "\u9fcc"
        or "\U00020000" <= char <= "\U0002b81d"
    )


def _is_small(char: str) -> bool:
    return _is_letter(char) and not is_upper(char)


def _is_other(char: str) -> bool:
    return not (_is_connector(char) or _is_letter(char) or is_number(char) or is_punctuation(char))


def _words(text: str) -> Iterator[tuple[_Word, str]]:
    at = 0
    while at < len(text):
        kind, end = _next_word(text, at)
        yield kind, text[at:end]
        at = end


def _next_word(text: str, at: int) -> tuple[_Word, int]:
    start = at
    while start < len(text) and _is_invalid(text[start]):
        start += 1
    if start == len(text):
        return _Word.NOTHING, start
    first = text[start]
    if is_upper(first):
        return _Word.UPPER, _upper_end(text, start)
    for kind, belongs in (
        (_Word.CONNECTOR, _is_connector),
        (_Word.PUNCTUATION, is_punctuation),
        (_Word.LETTERS, _is_small),
        (_Word.NUMBER, is_number),
        (_Word.OTHER, _is_other),
    ):
        if belongs(first):
            return kind, _run_end(text, start + 1, belongs)
    return _Word.OTHER, start + 1


def _run_end(text: str, start: int, belongs: Callable[[str], bool]) -> int:
    """Return where the run ends; bytes that are not UTF-8 go with what follows them."""
    end = at = start
    while at < len(text):
        if not _is_invalid(text[at]):
            if not belongs(text[at]):
                return end
            end = at + 1
        at += 1
    return at


def _upper_end(text: str, start: int) -> int:
    end = _run_end(text, start + 1, is_upper)
    if end == start + 1:
        return _run_end(text, end, _is_small)
    # HTTPStatus is HTTP and Status: the last capital belongs to what follows.
    after = end
    while after < len(text) and _is_invalid(text[after]):
        after += 1
    if after < len(text) and _is_letter(text[after]):
        end -= 1
        while _is_invalid(text[end - 1]):
            end -= 1
    return end
