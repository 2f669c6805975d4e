"""No content of a model is a command to a CI system, however it is disguised."""

from __future__ import annotations

import io

import pytest

from kalypso.ci.console import Console
from kalypso.harmless_text import without_commands


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x\n", ": :error::x\n"),
        ("  \t::error::x\n", "  \t: :error::x\n"),
        ("a\n::error::x", "a\n: :error::x"),
        ("a\r::error::x\n", "a\r: :error::x\n"),
        ("a\r\n::error::x\n", "a\r\n: :error::x\n"),
        ("\N{NO-BREAK SPACE}::error::x\n", "\N{NO-BREAK SPACE}: :error::x\n"),
        ("\N{IDEOGRAPHIC SPACE}\f::x\n", "\N{IDEOGRAPHIC SPACE}\f: :x\n"),
        ("a ##[error]x\n", "a # #[error]x\n"),
        ("a ##vso[task.prependpath]/evil\n", "a # #vso[task.prependpath]/evil\n"),
        ("###[x]\n", "## #[x]\n"),
    ],
)
def test_a_command_is_taken_apart(text: str, shown: str) -> None:
    assert without_commands(text) == shown


@pytest.mark.parametrize("text", ["", "a::b\n", "kalypso::kalypso\n", "# heading\n", "## [x]\n"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert without_commands(text) == text


def test_what_a_log_cannot_encode_is_escaped() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Console(out, out).show("\N{LATIN SMALL LETTER U WITH DIAERESIS}\n")
    buffer = out.buffer
    assert isinstance(buffer, io.BytesIO)
    assert buffer.getvalue() == b"\\xfc\n"
