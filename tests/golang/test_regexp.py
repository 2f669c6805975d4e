"""Patterns match as in Go: empty matches, bytes that are not UTF-8, replacement templates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.golang.bytestrings import to_bytes
from kalypso.golang.regexp import (
    PatternError,
    compile_panic,
    compile_pattern,
    quote_meta,
)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("a*", "baac", ["", "aa", ""]),
        ("", "é", ["", ""]),
        (r"\b", "a b", ["", "", "", ""]),
        (r"\B", "é", ["", ""]),
        ("(?m)^", "a\nb", ["", ""]),
        (".", "a\udcffb", ["a", "\udcff", "b"]),
        ("[^a]+", "a\udcff\udcfeb", ["\udcff\udcfeb"]),
        ("a|ab", "ab", ["a"]),
        ("(?i)É", "é", ["é"]),
        (r"\Q.\E", "a.", ["."]),
        (r"[[:alpha:]]+", "ab1", ["ab"]),
        ("a{2,3}?", "aaaa", ["aa", "aa"]),
    ],
)
def test_matches_do_not_overlap_and_are_cut_from_the_text(
    pattern: str, text: str, expected: list[str]
) -> None:
    assert compile_pattern(pattern).find_all(text, -1) == expected


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [
        ("<$1>", "<a>"),
        ("$1x", ""),
        ("${1}x", "ax"),
        ("$name$2", "ab"),
        ("${name", "${name"),
        ("$9", ""),
        ("$$1", "$1"),
        ("$-", "$-"),
        ("$01", ""),
        ("$0", "ab"),
        ("\\1", "\\1"),
        ("$", "$"),
    ],
)
def test_replacements_are_go_templates(replacement: str, expected: str) -> None:
    assert compile_pattern("(?P<name>a)(b)").replace("ab", replacement) == expected


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("[a", "missing closing ]: `[a`"),
        ("(a", "missing closing ): `(a`"),
        ("a)", "unexpected ): `a)`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        (r"\Z", r"invalid escape sequence: `\Z`"),
        (r"(a)\1", r"invalid escape sequence: `\1`"),
        (r"\C", r"invalid escape sequence: `\C`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?<=a)b", "invalid named capture: `(?<=a)b`"),
        ("(?P<n", "invalid named capture: `(?P<n`"),
    ],
)
def test_wrong_patterns_are_told_as_in_go(pattern: str, message: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)

    assert str(caught.value) == f"error parsing regexp: {message}"
    assert compile_panic(pattern, caught.value).startswith(f"regexp: Compile(`{pattern}`): ")


@given(st.binary(max_size=40).map(lambda data: data.decode(errors="surrogateescape")))
def test_pieces_between_bytes_make_up_the_text(text: str) -> None:
    pieces = compile_pattern("(?s).").find_all(text, -1)

    assert b"".join(map(to_bytes, pieces)) == to_bytes(text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_quoted_text_matches_itself(text: str) -> None:
    assert compile_pattern(f"^(?:{quote_meta(text)})$").matches(text)
