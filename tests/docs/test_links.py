"""Links between documents, and from code to documents."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path
    for folder in (ROOT, ROOT / "docs")
    for path in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
)
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")
CITATION = re.compile(r'(docs/[\w/.-]+\.md)(?:,\s+"([^"]+)")?')


def headings(path: Path) -> dict[str, str]:
    """Return the headings of a document by the anchors that forges make of them."""
    found: dict[str, str] = {}
    for heading in re.findall(r"^#+ .+$", path.read_text(encoding="utf-8"), re.MULTILINE):
        name = anchor(heading.lstrip("# "))
        again = (f"{name}-{number}" for number in itertools.count(1))
        found[next(x for x in itertools.chain([name], again) if x not in found)] = heading
    return found


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings."""
    return set(headings(path))


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def broken_links(path: Path, text: str) -> list[str]:
    """Return the relative links of a document that lead nowhere."""
    broken = []
    for target, fragment in LINK.findall(text):
        there = path.parent / target if target else path
        if not there.exists() or (fragment and fragment not in anchors(there)):
            broken.append(f"{target}#{fragment}" if fragment else target)
    return broken


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_link_of_a_document_is_broken(path: Path) -> None:
    assert broken_links(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("[a](nowhere.md)", ["nowhere.md"]),
        ("[a](README.md) and [b](gone/)", ["gone/"]),
        ("[a](explanation/model.md#no-such-heading)", ["explanation/model.md#no-such-heading"]),
        ("[a](explanation/model.md#selectors)", []),
        ("[a](https://example.org/gone)", []),
    ],
)
def test_broken_link_is_found(text: str, broken: list[str]) -> None:
    assert broken_links(ROOT / "docs/README.md", text) == broken


def test_no_citation_in_code_names_a_heading_that_is_not_there() -> None:
    broken = []
    for folder in ("kalypso", "components"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for name, heading in CITATION.findall(path.read_text(encoding="utf-8")):
                document = ROOT / name
                if heading and anchor(heading) not in anchors(document):
                    broken.append(f"{path.relative_to(ROOT)}: {name}, {heading!r}")
    assert broken == []


def test_no_two_decision_records_share_a_number_and_each_states_its_status() -> None:
    records = sorted((ROOT / "docs/adr").glob("*.md"))
    numbers = [record.name.partition("-")[0] for record in records]
    assert len(numbers) == len(set(numbers))
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(record.name[:4])}. "), record.name
        assert re.search(r"^Status: ", text, re.MULTILINE), record.name


def test_no_decision_record_is_missing_from_the_map() -> None:
    listed = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    missing = [r.name for r in (ROOT / "docs/adr").glob("*.md") if f"adr/{r.name}" not in listed]
    assert missing == []
