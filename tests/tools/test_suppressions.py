"""A finding of the linter or the type checker is suppressed for a reason that stands beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("__main__.py", "benchmarks", "components", "kalypso", "tests", "tools")
SUPPRESSED = re.compile(r"#\s*(?:noqa\b|type:\s*ignore\b)[^#]*(?:#.*)?$")
REASONED = re.compile(
    r"# (?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)* - |type: ignore\[[a-z-]+(?:, [a-z-]+)*\]  ?# )\S.*"
)


def unreasoned(text: str) -> list[str]:
    """Return the lines that suppress a finding and do not say which, or not why."""
    found = (line for line in text.splitlines() if SUPPRESSED.search(line))
    return [line for line in found if not REASONED.search(line)]


def files() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"))
        if path != Path(__file__)
    ]


def test_every_suppressed_finding_has_its_reason_beside_it() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): lines
        for path in files()
        if (lines := unreasoned(path.read_text()))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa",
        "x = 1  # noqa: E501",
        "x = 1  # noqa: E501, PLR2004",
        "x = 1  # noqa: E501 -",
        "x = f()  # type: ignore",
        "x = f()  # type: ignore[misc]",
        "x = f()  # type: ignore  # no code",
    ],
)
def test_a_suppression_without_code_or_reason_is_found(line: str) -> None:
    assert unreasoned(f"a = 0\n{line}\n") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # noqa: E501 - a table",
        "x = 1  # noqa: E501, PLR2004 - a table",
        "x = f()  # type: ignore[misc] # xdist has no types",
        "x = f()  # type: ignore[import-untyped]  # noqa: PLC0415 - untyped; large",
    ],
)
def test_a_suppression_with_code_and_reason_passes(line: str) -> None:
    assert unreasoned(line) == []
