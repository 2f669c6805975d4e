"""Tokens tile the source: nothing is lost between them but white space and trim markers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.template.syntax.lexer import TokenKind, tokenize
from tests.template.sources import TEMPLATES


@given(st.one_of(st.text(), TEMPLATES))
def test_tokens_put_together_are_the_source(source: str) -> None:
    at = 0
    rebuilt = ""
    for token in tokenize(source):
        between = source[at : token.at]
        if token.kind is TokenKind.ERROR:
            return
        assert re.fullmatch(r"[ \t\r\n}-]*", between)
        assert token.value == source[token.at : token.end]
        rebuilt += between + token.value
        at = token.end
    assert rebuilt + source[at:] == source
    assert re.fullmatch(r"[ \t\r\n]*", source[at:])


@given(st.one_of(st.text(), TEMPLATES))
def test_the_last_token_says_how_it_ended(source: str) -> None:
    *others, last = tokenize(source)
    assert last.kind in (TokenKind.EOF, TokenKind.ERROR)
    assert all(token.kind > TokenKind.EOF for token in others)


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("a", ["TEXT"]),
        ("{{.}}", ["LEFT_DELIM", "DOT", "RIGHT_DELIM"]),
        ("a {{- .b -}} c", ["TEXT", "LEFT_DELIM", "FIELD", "RIGHT_DELIM", "TEXT"]),
        ("{{/* c */}}", ["COMMENT"]),
        ("{{$x.y:=-1.5}}", ["LEFT_DELIM", "VARIABLE", "FIELD", "DECLARE", "NUMBER", "RIGHT_DELIM"]),
        ("{{-3}}", ["LEFT_DELIM", "NUMBER", "RIGHT_DELIM"]),
        ("{{1+2i}}", ["LEFT_DELIM", "COMPLEX", "RIGHT_DELIM"]),
        ("{{range nil}}", ["LEFT_DELIM", "RANGE", "NIL", "RIGHT_DELIM"]),
    ],
)  # fmt: skip
def test_source_has_these_tokens(source: str, kinds: list[str]) -> None:
    assert [token.kind.name for token in tokenize(source)] == [*kinds, "EOF"]


@pytest.mark.parametrize(
    ("source", "message", "at"),
    [
        ("{{", "unclosed action", 2),
        ("{{ .x+ }}", "bad character U+002B '+'", 5),
        ('{{ "a', "unterminated quoted string", 3),
        ("{{ `a", "unterminated raw quoted string", 3),
        ("{{ 'a", "unterminated character constant", 3),
        ("{{ 1x }}", 'bad number syntax: "1x"', 3),
        ("{{ 1- }}", 'bad number syntax: "1-"', 3),
        ("{{ (1 }}", "unclosed left paren", 6),
        ("{{ ) }}", "unexpected right paren", 3),
        ("{{ :1 }}", "expected :=", 3),
        ("{{ \u20ac }}", "unrecognized character in action: U+20AC '€'", 3),
        ("{{/* a", "unclosed comment", 0),
        ("{{/* a */ }}", "comment ends before closing delimiter", 0),
    ],
)
def test_source_breaks_off_there(source: str, message: str, at: int) -> None:
    last = tokenize(source)[-1]
    assert (last.kind, last.value, last.at) == (TokenKind.ERROR, message, at)
