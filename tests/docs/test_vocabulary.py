"""Documents and messages keep to the vocabulary: no word stands for two things, none is foreign."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VOCABULARY = ROOT / "docs/explanation/vocabulary.md"
FORBIDDEN = {
    "embedded forge": r"embedded forge",
    "healed": r"\bhealed\b",
    "mend": r"\bmend(s|ed|ing)?\b",
    "anew": r"\banew\b",
    "is told": r"\b(is|are|was) told\b",
    "tells whether": r"\btells? whether\b",
    "is no X": r"(?<!there )\b(is|are) no (?!(longer|more|way|use|reason|telling|less)\b)\w+",
    "stands twice": r"\bstands twice\b",
    "is not there": r"\bis not there\b(?! yet)",
    "no one has": r"\bno one has\b",
    "hangs on": r"\bhangs? on\b",
    "belongs into": r"\bbelongs? into\b",
    "what is to be": r"\bwhat is to be\b",
    "names no pair": r"\bnames no pair\b",
}


@cache
def documents() -> list[tuple[str, str]]:
    """Return each line of the documents that users read, with its place."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [
        (f"{page.relative_to(ROOT)}:{number}", line)
        for page in sorted(pages)
        if page != VOCABULARY
        for number, line in enumerate(page.read_text("utf-8").splitlines(), start=1)
    ]


@cache
def messages() -> list[tuple[str, str]]:
    """Return each text of the code that is not a docstring, with its place."""
    texts = []
    for room in ("kalypso", "components", "tools"):
        for file in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(file.read_text("utf-8"))
            notes = {
                id(each.value)
                for each in ast.walk(tree)
                if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
            }
            texts += [
                (f"{file.relative_to(ROOT)}:{node.lineno}", node.value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in notes
            ]
    return texts


def found(texts: Iterable[tuple[str, str]], pattern: str) -> list[str]:
    wrong = re.compile(pattern, re.IGNORECASE)
    return [f"{place}: {text}" for place, text in texts if wrong.search(text)]


@pytest.mark.parametrize("word", FORBIDDEN)
def test_documents_do_without_a_word(word: str) -> None:
    assert found(documents(), FORBIDDEN[word]) == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_messages_do_without_a_word(word: str) -> None:
    assert found(messages(), FORBIDDEN[word]) == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_forbidden_word_would_be_found(word: str) -> None:
    text = word.replace("X", "mapping")
    assert found([("here", f"It {text} of it.")], FORBIDDEN[word])


def test_every_forbidden_word_is_in_the_vocabulary() -> None:
    page = VOCABULARY.read_text("utf-8").split("## Words that we do not use")[1]
    for pattern in FORBIDDEN.values():
        assert re.search(pattern, page, re.IGNORECASE), pattern


def test_terms_are_sorted_and_defined_once() -> None:
    terms = re.findall(r"^\| \*\*(.+?)\*\* \|", VOCABULARY.read_text("utf-8"), re.MULTILINE)
    assert len(terms) >= 12
    assert terms == sorted(set(terms), key=str.lower)
