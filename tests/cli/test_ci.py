"""`kalypso ci comment`: what the scripts found, as the comment of a pull request."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Result, run


def comment(*arguments: str) -> Result:
    return run(["ci", "comment", "--environment", "dev", *arguments])


def test_a_comment_is_made_of_what_the_files_hold(tmp_path: Path) -> None:
    problems = tmp_path / "problems.txt"
    problems.write_bytes(b"a.yaml:1:1: error: no \xff [load]\n")
    result = comment("--problems", str(problems), "--commit", "0123456789abcdef")
    assert result.code == 0
    assert result.out == (
        "<!-- kalypso-diff:dev -->\n\n"
        "**<code>dev</code>: the model has errors**, so nothing was compared\n\n"
        "```\na.yaml:1:1: error: no \N{REPLACEMENT CHARACTER} [load]\n```\n\n"
        "of commit <code>0123456789</code>\n"
    )


def test_it_is_as_long_as_is_asked_for(tmp_path: Path) -> None:
    preview = tmp_path / "preview.txt"
    preview.write_text("line\n" * 9_000)
    short, long = (comment("--preview", str(preview), "--longest", n) for n in ("2000", "20000"))
    assert 1_000 < len(short.out) <= 2_000
    assert 19_000 < len(long.out) <= 20_000


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--report", "javascript:alert(1)"),
        ("--report", "https://example.com/) [x](https://evil.example"),
        ("--report", "https://example.com/<img>"),
        ("--commit", "HEAD"),
        ("--commit", "</code>0123456"),
    ],
)
def test_what_could_leave_its_place_is_refused(option: str, text: str) -> None:
    result = comment(option, text)
    assert (result.code, result.out) == (2, "")
    assert f"{option}:1:1: error: " in result.err
    assert "[option]" in result.err


def test_a_file_that_is_not_there_is_refused() -> None:
    assert comment("--diff", "nowhere.md").code == 2
