"""Every code of a problem is explained in the documentation, and produced by a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "problems.md"
SECTION = re.compile(r"^### (\S+)\n\n(.+?)\n\n```text\n(.+?)\n```\n", re.MULTILINE | re.DOTALL)
WORDS = re.compile(r"\bcode\b|\bwarn\(|\bProblem\(")
"""What stands in each file that names a code."""
CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
NO_PROBLEMS = {"kalypso/golang/strconv/quoting.py"}
"""Files in which a variable named ``code`` is none of a problem."""
TOLD_BY_MESSAGE = {
    "cannot-listen": "choose another with --port",
    "damaged-state": "is damaged, and so is its backup",
    "no-backend": "PULUMI_BACKEND_URL",
    "no-forge": "there is no forge",
    "no-such-commit": "there is no commit",
}
"""Codes whose tests look at the message."""
ABSTRACT = {"load", "model", "config", "source", "delivery", "settings", "error", "problems"}
"""Codes of the classes, which stand where a raiser gives no finer one."""
OUTSIDE = ("git", "delivery", "forge", "stack")
"""Rooms that meet network, disk or engine: their tests break those, and look at messages."""


@cache
def sections() -> dict[str, str]:
    """Return the example of each section by its code."""
    return {name: example for name, _, example in SECTION.findall(PAGE.read_text())}


@cache
def raised(package: str, besides: tuple[str, ...] = ()) -> frozenset[str]:
    """Return the codes that a package's source names, besides those of some of its rooms."""
    found: set[str] = set()
    for path in sorted((ROOT / package).rglob("*.py")):
        room = path.relative_to(ROOT / package).parts[0]
        if room not in besides and path.relative_to(ROOT).as_posix() not in NO_PROBLEMS:
            found |= _in_file(path)
    return frozenset(found)


@cache
def _in_file(path: Path) -> frozenset[str]:
    text = path.read_text()
    if not WORDS.search(text):
        return frozenset()  # most files; to parse all of them would take seconds
    return frozenset(code for node in ast.walk(ast.parse(text)) for code in _codes(node))


def _codes(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=function, args=arguments, keywords=keywords):
            for keyword in keywords:
                if keyword.arg == "code":
                    yield from _texts(keyword.value)
            name = getattr(function, "attr", getattr(function, "id", ""))
            if name in ("warn", "Problem") and arguments:
                yield from _texts(arguments[0])
        case ast.Assign(targets=[ast.Name(id="code")], value=value):
            yield from _texts(value)
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            for target, value in zip(names, values, strict=False):
                if isinstance(target, ast.Name) and target.id == "code":
                    yield from _texts(value)
        case _:
            pass


def _texts(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and CODE.fullmatch(str(inner.value)):
            yield str(inner.value)


@cache
def text_of_tests() -> str:
    """Return all tests and cases as one text."""
    tests = ROOT / "tests"
    files = [
        path
        for path in sorted(tests.rglob("*"))
        if path.suffix in (".py", ".case", ".txt") and path != Path(__file__)
    ]
    return "\n".join(path.read_text(errors="replace") for path in files)


def test_the_source_names_many_codes() -> None:
    assert {"yaml-syntax", "unknown-field", "empty-label", "moved", "missing-key"} <= raised(
        "kalypso"
    )


@pytest.mark.parametrize("code", sorted(raised("kalypso") | raised("components")))
def test_every_code_is_explained(code: str) -> None:
    assert code in sections(), f"docs/reference/problems.md has no section {code!r}"


@pytest.mark.parametrize("code", sorted(raised("kalypso", besides=OUTSIDE) - ABSTRACT))
def test_every_code_is_produced_by_a_test(code: str) -> None:
    text = text_of_tests()
    words = TOLD_BY_MESSAGE.get(code)
    assert f"[{code}]" in text or f'"{code}"' in text or (words is not None and words in text)


def test_no_section_is_left_of_a_code_that_is_gone() -> None:
    assert sections().keys() <= raised("kalypso") | raised("components")


@pytest.mark.parametrize("code", sorted(sections()))
def test_every_example_shows_its_code(code: str) -> None:
    first = sections()[code].splitlines()[0]
    assert re.fullmatch(rf"\S.*?:\d+:\d+: (error|warning): .+ \[{code}\]", first)


@pytest.mark.parametrize("code", sorted(sections()))
def test_every_example_of_a_model_is_one_that_a_case_shows(code: str) -> None:
    cases = "\n".join(path.read_text() for path in (ROOT / "tests/platforms/cases").rglob("*.txt"))
    if f"[{code}]" in cases:
        assert sections()[code].splitlines()[0] in cases
