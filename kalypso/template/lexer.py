"""The tokens of a template: text, delimiters and what stands between them.

Follows Go's text/template/parse/lex.go, with one regular expression per state.
White space that a trim marker cuts belongs to the delimiter's token, so the texts
of all tokens put together are the source.
"""

from __future__ import annotations

import re
from enum import IntEnum, auto
from typing import Final, NamedTuple

from kalypso.template.quoting import quote, quote_rune


class TokenKind(IntEnum):
    """What a token is; kinds after ``KEYWORD`` are keywords."""

    ERROR = auto()
    """The source is no template from here on; the token's ``value`` is the message."""
    EOF = auto()
    TEXT = auto()
    COMMENT = auto()
    LEFT_DELIM = auto()
    RIGHT_DELIM = auto()
    SPACE = auto()
    LEFT_PAREN = auto()
    RIGHT_PAREN = auto()
    PIPE = auto()
    ASSIGN = auto()
    DECLARE = auto()
    CHAR = auto()
    """Any other ASCII character, such as a comma."""
    BOOL = auto()
    NUMBER = auto()
    COMPLEX = auto()
    CHAR_CONSTANT = auto()
    STRING = auto()
    RAW_STRING = auto()
    FIELD = auto()
    VARIABLE = auto()
    IDENTIFIER = auto()
    KEYWORD = auto()
    DOT = auto()
    NIL = auto()
    BLOCK = auto()
    BREAK = auto()
    CONTINUE = auto()
    DEFINE = auto()
    ELSE = auto()
    END = auto()
    IF = auto()
    RANGE = auto()
    TEMPLATE = auto()
    WITH = auto()


class Token(NamedTuple):
    """One token; ``text`` is its source, ``value`` what the parser makes use of."""

    kind: TokenKind
    text: str
    at: int
    """Offset in the source of where the token shows: a left delimiter's braces."""
    value: str

    def __str__(self) -> str:
        """As messages show it: the start of its text in quotes, a keyword in angle brackets."""
        if self.kind is TokenKind.EOF:
            return "EOF"
        if self.kind is TokenKind.ERROR:
            return self.value
        if self.kind > TokenKind.KEYWORD:
            return f"<{self.value}>"
        if len(self.value.encode("utf-8", "surrogatepass")) > _SHOWN:
            return quote(self.value[:_SHOWN]) + "..."
        return quote(self.value)


_SHOWN: Final = 10
_KEYWORDS: Final = {
    "nil": TokenKind.NIL,
    "block": TokenKind.BLOCK,
    "break": TokenKind.BREAK,
    "continue": TokenKind.CONTINUE,
    "define": TokenKind.DEFINE,
    "else": TokenKind.ELSE,
    "end": TokenKind.END,
    "if": TokenKind.IF,
    "range": TokenKind.RANGE,
    "template": TokenKind.TEMPLATE,
    "with": TokenKind.WITH,
    "true": TokenKind.BOOL,
    "false": TokenKind.BOOL,
}
_SPACES: Final = " \t\r\n"
_COMMENT: Final = re.compile(
    r"\{\{(?:-[ \t\r\n])?/\*(?P<body>.*?)\*/(?P<close>[ \t\r\n]-\}\}[ \t\r\n]*|\}\})?", re.DOTALL
)
_COMMENT_START: Final = re.compile(r"\{\{(?:-[ \t\r\n])?/\*")
_LEFT_DELIM: Final = re.compile(r"\{\{(?:-[ \t\r\n])?")
_ACTION: Final = re.compile(
    r"""
      (?P<RIGHT_DELIM>[ \t\r\n]-\}\}[ \t\r\n]*|\}\})
    | (?P<SPACE>[ \t\r\n]+(?=[ \t\r\n]-\}\})|[ \t\r\n]+)
    | (?P<FIELD>\.(?![0-9]|\Z)\w*)
    | (?P<VARIABLE>\$\w*)
    | (?P<NUMBER>(?=[0-9.+-])[+-]?
        (?: 0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
          | 0[oO][0-7_]*(?:\.[0-7_]*)?
          | 0[bB][01_]*(?:\.[01_]*)?
          | [0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?
        )i?)
    | (?P<IDENTIFIER>\w+)
    | (?P<STRING>"(?:\\[^\n]|[^"\\\n])*")
    | (?P<RAW_STRING>`[^`]*`)
    | (?P<CHAR_CONSTANT>'(?:\\[^\n]|[^'\\\n])*')
    | (?P<PIPE>\|)
    | (?P<DECLARE>:=)
    | (?P<ASSIGN>=)
    | (?P<LEFT_PAREN>\()
    | (?P<RIGHT_PAREN>\))
    | (?P<CHAR>[!-~])
    """,
    re.VERBOSE,
)
_KINDS: Final = {name: TokenKind[name] for name in _ACTION.groupindex}
_TERMINATORS: Final = frozenset(_SPACES + ".,|:)(")
_UNTERMINATED: Final = {
    '"': "unterminated quoted string",
    "`": "unterminated raw quoted string",
    "'": "unterminated character constant",
}


def tokenize(source: str) -> list[Token]:
    """Split a template into tokens.

    Returns:
        The tokens, an ``EOF`` last, or an ``ERROR`` where the source is no template.
    """
    return _Lexer(source).run()


class _Lexer:
    """The walk through one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.tokens: list[Token] = []
        self.depth = 0
        self.broken = False

    def run(self) -> list[Token]:
        """Return all tokens."""
        while not self.broken:
            start = self.source.find("{{", self.at)
            if start < 0:
                break
            self._text_and_delimiter(start)
        if not self.broken:
            if self.at < len(self.source):
                text = self.source[self.at :]
                self.tokens.append(Token(TokenKind.TEXT, text, self.at, text))
            self.tokens.append(Token(TokenKind.EOF, "", len(self.source), ""))
        return self.tokens

    def _fail(self, message: str, at: int) -> None:
        self.tokens.append(Token(TokenKind.ERROR, self.source[self.at :], at, message))
        self.broken = True

    def _text_and_delimiter(self, start: int) -> None:
        source = self.source
        text = source[self.at : start]
        delimiter = _LEFT_DELIM.match(source, start)
        if delimiter is None:  # pragma: no cover - find() has seen the braces
            return
        if text:
            kept = text.rstrip(_SPACES) if delimiter.end() > start + 2 else text
            if kept:
                self.tokens.append(Token(TokenKind.TEXT, kept, self.at, kept))
            self.at += len(kept)
        if _COMMENT_START.match(source, start):
            self._comment(start)
            return
        self.tokens.append(
            Token(TokenKind.LEFT_DELIM, source[self.at : delimiter.end()], start, "{{")
        )
        self.at = delimiter.end()
        self._inside_action()

    def _comment(self, start: int) -> None:
        match = _COMMENT.match(self.source, start)
        if match is None:
            self._fail("unclosed comment", start)
        elif match["close"] is None:
            self._fail("comment ends before closing delimiter", start)
        else:
            text = self.source[self.at : match.end()]
            self.tokens.append(Token(TokenKind.COMMENT, text, start, match["body"]))
            self.at = match.end()

    def _inside_action(self) -> None:
        source, tokens = self.source, self.tokens
        self.depth = 0
        while not self.broken:
            match = _ACTION.match(source, self.at)
            if match is None:
                self._no_token()
                return
            kind = _KINDS[match.lastgroup or ""]
            check = _CHECKS.get(kind)
            if check is not None:
                if check(self, match) and kind is TokenKind.RIGHT_DELIM:
                    return
                continue
            text = match.group()
            tokens.append(Token(kind, text, self.at, text))
            self.at = match.end()

    def _no_token(self) -> None:
        if self.at >= len(self.source):
            self._fail("unclosed action", self.at)
            return
        self._fail(f"unrecognized character in action: {_named(self.source[self.at])}", self.at)

    def _emit(self, kind: TokenKind, text: str, value: str | None = None) -> bool:
        self.tokens.append(Token(kind, text, self.at, text if value is None else value))
        self.at += len(text)
        return True

    def _right_delim(self, match: re.Match[str]) -> bool:
        if self.depth:
            self._fail("unclosed left paren", self.at)
            return False
        return self._emit(TokenKind.RIGHT_DELIM, match.group(), "}}")

    def _paren(self, match: re.Match[str]) -> bool:
        text = match.group()
        self.depth += 1 if text == "(" else -1
        if self.depth < 0:
            self._fail("unexpected right paren", self.at)
            return False
        return self._emit(TokenKind.LEFT_PAREN if text == "(" else TokenKind.RIGHT_PAREN, text)

    def _word(self, match: re.Match[str]) -> bool:
        """Take a field, variable or identifier, which must end where words end."""
        text = match.group()
        kind = _KINDS[match.lastgroup or ""]
        first = 0 if kind is TokenKind.IDENTIFIER else 1
        if not text.isascii():
            text = text[:first] + _leading_word(text[first:])
            if not text[first:] and kind is TokenKind.IDENTIFIER:
                self._no_token()
                return False
        end = self.at + len(text)
        if not self._word_ends(end):
            self._fail(f"bad character {_named(self.source[end])}", end)
            return False
        if kind is TokenKind.FIELD and text == ".":
            kind = TokenKind.DOT
        elif kind is TokenKind.IDENTIFIER:
            kind = _KEYWORDS.get(text, kind)
        return self._emit(kind, text)

    def _word_ends(self, at: int) -> bool:
        source = self.source
        return at >= len(source) or source[at] in _TERMINATORS or source.startswith("}}", at)

    def _number(self, match: re.Match[str]) -> bool:
        end = match.end()
        source = self.source
        good = not _is_word(source[end : end + 1])
        if good and source[end : end + 1] in ("+", "-"):
            second = _ACTION.match(source, end)
            end = second.end() if second else end
            good = not _is_word(source[end : end + 1]) and source[end - 1] == "i"
            if good:
                return self._emit(TokenKind.COMPLEX, source[self.at : end])
        if not good:
            end += _is_word(source[end : end + 1])
            self._fail(f"bad number syntax: {quote(source[self.at : end])}", self.at)
            return False
        return self._emit(TokenKind.NUMBER, match.group())

    def _char(self, match: re.Match[str]) -> bool:
        char = match.group()
        if char in _UNTERMINATED:
            self._fail(_UNTERMINATED[char], self.at)
            return False
        if char == ":":
            self._fail("expected :=", self.at)
            return False
        return self._emit(TokenKind.CHAR, char)


_CHECKS: Final = {
    TokenKind.RIGHT_DELIM: _Lexer._right_delim,  # noqa: SLF001 - the table belongs to the class
    TokenKind.LEFT_PAREN: _Lexer._paren,  # noqa: SLF001 - as above
    TokenKind.RIGHT_PAREN: _Lexer._paren,  # noqa: SLF001 - as above
    TokenKind.FIELD: _Lexer._word,  # noqa: SLF001 - as above
    TokenKind.VARIABLE: _Lexer._word,  # noqa: SLF001 - as above
    TokenKind.IDENTIFIER: _Lexer._word,  # noqa: SLF001 - as above
    TokenKind.NUMBER: _Lexer._number,  # noqa: SLF001 - as above
    TokenKind.CHAR: _Lexer._char,  # noqa: SLF001 - as above
}


def _is_word(char: str) -> bool:
    """Tell whether Go counts the character as a letter, digit or underscore."""
    return char == "_" or char.isalpha() or char.isdecimal()


def _leading_word(text: str) -> str:
    r"""Return what Go takes of ``\w*``, which also matches letter-like numbers such as ½."""
    for index, char in enumerate(text):
        if not _is_word(char):
            return text[:index]
    return text


def _named(char: str) -> str:
    """Return a character as Go's ``%#U`` names it: ``U+003D '='``."""
    code = 0xFFFD if "\ud800" <= char <= "\udfff" else ord(char)
    shown = f" {quote_rune(code)}" if chr(code).isprintable() else ""
    return f"U+{code:04X}{shown}".replace("\\'", "'").replace("\\\\", "\\")
