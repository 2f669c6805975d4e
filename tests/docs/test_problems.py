"""The index of the page of problems: every code, sorted, with a link to its own section."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.test_links import headings

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/problems.md"


def index() -> list[tuple[str, str]]:
    """Return the codes of the index, each with the anchor that it leads to."""
    page = PAGE.read_text("utf-8")
    part = re.search(r"^## Index\n(.*?)^## ", page, re.MULTILINE | re.DOTALL)
    assert part is not None
    return re.findall(r"\[([^\]]+)\]\(#([^)]+)\)", part[1])


def test_the_index_has_every_code_in_alphabetical_order() -> None:
    codes = re.findall(r"^### (\S+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [code for code, _ in index()] == sorted(codes)


def test_each_code_of_the_index_leads_to_a_section_of_its_own() -> None:
    there = headings(PAGE)
    wrong = [(code, to) for code, to in index() if there.get(to) != f"### {code}"]
    assert wrong == []
    targets = [to for _, to in index()]
    assert len(targets) == len(set(targets))
