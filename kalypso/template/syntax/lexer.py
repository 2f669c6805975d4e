"""The tokens of a template: text, delimiters and what stands between them.

Follows Go's text/template/parse/lex.go, with one regular expression per state.
White space inside of actions is not a token, but each token knows whether there is some before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import IntEnum, auto
from typing import Final, NamedTuple

from kalypso.golang.strconv import quote, quote_rune


class TokenKind(IntEnum):
    """What a token is; kinds after ``KEYWORD`` are keywords."""

    ERROR = auto()
    """The source is not a template from here on; the token's ``value`` is the message."""
    EOF = auto()
    TEXT = auto()
    COMMENT = auto()
    LEFT_DELIM = auto()
    RIGHT_DELIM = auto()
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
    """One token. Between two of them there is nothing but white space and trim markers."""

    kind: TokenKind
    value: str
    """Its source; of an ``ERROR`` the message."""
    at: int
    """Offset in the source of its first character; of an ``ERROR`` where to look."""
    end: int
    """Offset behind it."""
    spaced: bool = False
    """There is white space before it, inside an action."""

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


_new_token: Final = tuple.__new__
"""Makes a token without the call in between that ``Token()`` would need."""
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
    r"(?P<text>\{\{(?:-[ \t\r\n])?/\*.*?\*/)(?P<close>[ \t\r\n]-\}\}[ \t\r\n]*|\}\})?", re.DOTALL
)
_TRIMMED: Final = frozenset(_SPACES)
_ACTION: Final = re.compile(
    r"""
    [ \t\r\n]*(?:
      (?P<RIGHT_DELIM>\}\}|(?<=[ \t\r\n])-\}\}[ \t\r\n]*)
      # What is plain ASCII and ends as words do needs no second look.
    | (?P<PLAIN_FIELD>\.[a-zA-Z_][a-zA-Z0-9_]*(?=[ \t\r\n.,|:)(]|\}\}|\Z))
    | (?P<PLAIN_VARIABLE>\$[a-zA-Z0-9_]*(?=[ \t\r\n.,|:)(]|\}\}|\Z))
    | (?P<PLAIN_IDENTIFIER>[a-zA-Z_][a-zA-Z0-9_]*(?=[ \t\r\n.,|:)(]|\}\}|\Z))
    | (?P<PIPE>\|)
    | (?P<STRING>"(?:\\[^\n]|[^"\\\n])*")
    | (?P<FIELD>\.(?![0-9]|\Z)\w*)
    | (?P<VARIABLE>\$\w*)
    | (?P<NUMBER>(?=[0-9.+-])[+-]?
        (?: 0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?
          | 0[oO][0-7_]*(?:\.[0-7_]*)?
          | 0[bB][01_]*(?:\.[01_]*)?
          | [0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?
        )i?)
    | (?P<IDENTIFIER>\w+)
    | (?P<RAW_STRING>`[^`]*`)
    | (?P<CHAR_CONSTANT>'(?:\\[^\n]|[^'\\\n])*')
    | (?P<DECLARE>:=)
    | (?P<ASSIGN>=)
    | (?P<LEFT_PAREN>\()
    | (?P<RIGHT_PAREN>\))
    | (?P<CHAR>[!-~]))
    """,
    re.VERBOSE,
)
_PLAIN: Final = "PLAIN_"
_KINDS: Final = {
    index: TokenKind[name.removeprefix(_PLAIN)] for name, index in _ACTION.groupindex.items()
}
_IS_PLAIN: Final = frozenset(
    index for name, index in _ACTION.groupindex.items() if name.startswith(_PLAIN)
)
_TERMINATORS: Final = frozenset(_SPACES + ".,|:)(")
_UNTERMINATED: Final = {
    '"': "unterminated quoted string",
    "`": "unterminated raw quoted string",
    "'": "unterminated character constant",
}


def tokenize(source: str) -> list[Token]:
    """Split a template into tokens.

    Returns:
        The tokens, an ``EOF`` last, or an ``ERROR`` where the source is not a template.
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
        source = self.source
        while not self.broken:
            start = source.find("{{", self.at)
            if start < 0:
                break
            self._text_and_delimiter(start)
        if not self.broken:
            end = len(source)
            if self.at < end:
                self.tokens.append(Token(TokenKind.TEXT, source[self.at :], self.at, end))
            self.tokens.append(Token(TokenKind.EOF, "", end, end))
        return self.tokens

    def _fail(self, message: str, at: int) -> None:
        self.tokens.append(Token(TokenKind.ERROR, message, at, len(self.source)))
        self.broken = True

    def _text_and_delimiter(self, start: int) -> None:
        source, at = self.source, self.at
        delimiter_end = start + 2
        trims = source.startswith("-", delimiter_end) and source[start + 3 : start + 4] in _TRIMMED
        if trims:
            delimiter_end += 2
        if start > at:
            text = source[at:start].rstrip(_SPACES) if trims else source[at:start]
            if text:
                token = (TokenKind.TEXT, text, at, at + len(text), False)
                self.tokens.append(_new_token(Token, token))
        if source.startswith("/*", delimiter_end):
            self._comment(start)
            return
        token = (TokenKind.LEFT_DELIM, "{{", start, start + 2, False)
        self.tokens.append(_new_token(Token, token))
        self.at = delimiter_end
        self._inside_action()

    def _comment(self, start: int) -> None:
        match = _COMMENT.match(self.source, start)
        if match is None:
            self._fail("unclosed comment", start)
        elif match["close"] is None:
            self._fail("comment ends before closing delimiter", start)
        else:
            end = match.end("text")
            self.tokens.append(Token(TokenKind.COMMENT, self.source[start:end], start, end))
            self.at = match.end()

    def _inside_action(self) -> None:
        source, tokens = self.source, self.tokens
        self.depth = 0
        at = self.at
        while True:
            match = _ACTION.match(source, at)
            if match is None:
                self._no_token()
                return
            group = match.lastindex or 0
            start, end = match.span(group)
            value = source[start:end]
            kind = _KINDS[group]
            if group in _IS_PLAIN:
                if kind is TokenKind.IDENTIFIER:
                    kind = _KEYWORDS.get(value, kind)
            elif kind is TokenKind.RIGHT_DELIM:
                if self.depth:
                    self._fail("unclosed left paren", start)
                    return
                if value != "}}":
                    start += 1
                tokens.append(_new_token(Token, (kind, "}}", start, start + 2, True)))
                self.at = end
                return
            elif kind in _CHECKS:
                found = _CHECKS[kind](self, value, start)
                if found is None:
                    return
                kind, value = found
                end = start + len(value)
            tokens.append(_new_token(Token, (kind, value, start, end, start > at)))
            self.at = at = end

    def _no_token(self) -> None:
        at = self.at
        while at < len(self.source) and self.source[at] in _SPACES:
            at += 1
        if at >= len(self.source):
            self._fail("unclosed action", at)
            return
        self._fail(f"unrecognized character in action: {_named(self.source[at])}", at)

    def _left_paren(self, value: str, _start: int) -> tuple[TokenKind, str]:
        self.depth += 1
        return TokenKind.LEFT_PAREN, value

    def _right_paren(self, value: str, start: int) -> tuple[TokenKind, str] | None:
        self.depth -= 1
        if self.depth < 0:
            self._fail("unexpected right paren", start)
            return None
        return TokenKind.RIGHT_PAREN, value

    def _field(self, value: str, start: int) -> tuple[TokenKind, str] | None:
        value = value if value.isascii() else "." + _leading_word(value[1:])
        if not self._word_ends(start + len(value)):
            return None
        return TokenKind.DOT if value == "." else TokenKind.FIELD, value

    def _variable(self, value: str, start: int) -> tuple[TokenKind, str] | None:
        value = value if value.isascii() else "$" + _leading_word(value[1:])
        return (TokenKind.VARIABLE, value) if self._word_ends(start + len(value)) else None

    def _identifier(self, value: str, start: int) -> tuple[TokenKind, str] | None:
        value = value if value.isascii() else _leading_word(value)
        if not value:
            self._no_token()
            return None
        if not self._word_ends(start + len(value)):
            return None
        return _KEYWORDS.get(value, TokenKind.IDENTIFIER), value

    def _word_ends(self, at: int) -> bool:
        """Return whether a word may end here; otherwise report the character that follows it."""
        source = self.source
        if at >= len(source) or source[at] in _TERMINATORS or source.startswith("}}", at):
            return True
        self._fail(f"bad character {_named(source[at])}", at)
        return False

    def _number(self, value: str, start: int) -> tuple[TokenKind, str] | None:
        source = self.source
        end = start + len(value)
        kind = TokenKind.NUMBER
        good = not _is_word(source[end : end + 1])
        if good and source[end : end + 1] in ("+", "-"):
            second = _ACTION.match(source, end)
            end = second.end() if second else end
            good = not _is_word(source[end : end + 1]) and source[end - 1] == "i"
            kind = TokenKind.COMPLEX
        if not good:
            end += _is_word(source[end : end + 1])
            self._fail(f"bad number syntax: {quote(source[start:end])}", start)
            return None
        return kind, source[start:end]

    def _char(self, value: str, start: int) -> tuple[TokenKind, str] | None:
        message = _UNTERMINATED.get(value) or ("expected :=" if value == ":" else "")
        if message:
            self._fail(message, start)
            return None
        return TokenKind.CHAR, value


_CHECKS: Final[Mapping[TokenKind, Callable[[_Lexer, str, int], tuple[TokenKind, str] | None]]] = {
    TokenKind.LEFT_PAREN: _Lexer._left_paren,
    TokenKind.RIGHT_PAREN: _Lexer._right_paren,
    TokenKind.FIELD: _Lexer._field,
    TokenKind.VARIABLE: _Lexer._variable,
    TokenKind.IDENTIFIER: _Lexer._identifier,
    TokenKind.NUMBER: _Lexer._number,
    TokenKind.CHAR: _Lexer._char,
}


def _is_word(char: str) -> bool:
    """Return whether Go counts the character as a letter, digit or underscore."""
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
