"""The page about data output names every kind that a command prints, with its version."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kalypso.report.versioned import API_VERSION
from tests.cli.command import run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/data-output.md").read_text(encoding="utf-8")
_WRITTEN = re.compile(r'\bdocument(_list)?\(\s*"(\w+)"')
_LISTED = re.compile(r'(?:_by_name\(|columns, rows, )"(\w+)"')


def written() -> set[str]:
    """Return every kind that the program's source prints."""
    found: set[str] = set()
    for folder in ("cli", "report"):
        for path in (ROOT / "kalypso" / folder).glob("*.py"):
            text = path.read_text(encoding="utf-8")
            found |= {f"{kind}List" if many else kind for many, kind in _WRITTEN.findall(text)}
            found |= {f"{kind}List" for kind in _LISTED.findall(text)}
    return found


def test_every_kind_that_is_printed_is_on_the_page() -> None:
    kinds = written()
    assert {"Difference", "AssignmentList", "PullRequestList"} <= kinds
    assert [kind for kind in sorted(kinds) if f"`{kind}`" not in PAGE] == []


def test_the_page_names_no_kind_that_nothing_prints() -> None:
    cells = [line.split("|")[2] for line in PAGE.splitlines() if line.startswith("| `")]
    named = {kind for cell in cells for kind in re.findall(r"`(\w+)`", cell)}
    assert named - written() == set()


@pytest.mark.parametrize("arguments", [("version",), ("get", "policies"), ("validate",)])
def test_an_answer_begins_with_its_version(arguments: tuple[str, ...]) -> None:
    model = [] if arguments == ("version",) else [
        "-e", "dev", "--base", "base", "--control-plane", "dev", "--repositories", "repositories",
    ]  # fmt: skip
    out = run([*arguments, *model, "-o", "json"]).out
    assert out.startswith(f'{{\n  "apiVersion": "{API_VERSION}",\n  "kind": "')
