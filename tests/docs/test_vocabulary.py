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
    "files of no assignment": r"\bfiles of no assignment\b",
    "but for names the same": r"\bbut for names\b",
    "pull requests that wait": r"\bpull requests? that waits?\b(?! for review)",
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


@cache
def lines_of_code() -> list[tuple[str, str]]:
    """Return each line of the program, with its place: docstrings and comments among them."""
    return [
        (f"{file.relative_to(ROOT)}:{number}", line)
        for room in ("kalypso", "components", "tools")
        for file in sorted((ROOT / room).rglob("*.py"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
    ]


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
def test_docstrings_and_comments_do_without_a_word(word: str) -> None:
    assert found(lines_of_code(), FORBIDDEN[word]) == []


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


FOREIGN_NAMES = {"told", "tell", "tells", "ours", "stands", "heal", "healed", "mend", "mended"}
PUBLIC_NAMES = {"find_ours", "is_ours"}
"""What other programs import may stay as it is."""
PRONOUN = re.compile(
    r"(?:They|One(?! of the)|None|Everything|What is wrong|It(?! is not (?:clear|known)\b))\b"
)


@cache
def code() -> list[tuple[str, ast.Module]]:
    """Return the parsed files of the program, by their paths."""
    files = (
        file for room in ("kalypso", "components", "tools") for file in (ROOT / room).rglob("*.py")
    )
    return [(str(file.relative_to(ROOT)), ast.parse(file.read_text("utf-8"))) for file in files]


def names_in(tree: ast.Module) -> set[str]:
    """Return the names that a file gives to its variables, arguments, attributes and functions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case _:
                pass
    return found


def foreign_names(tree: ast.Module) -> list[str]:
    found = names_in(tree) - PUBLIC_NAMES
    return sorted(name for name in found if FOREIGN_NAMES & set(name.lower().split("_")))


def unclear_errors(tree: ast.Module) -> list[str]:
    """Return what stands under Raises and leaves the reader to find out what it speaks of."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
            continue
        _, _, raises = (ast.get_docstring(node) or "").partition("Raises:\n")
        entries = re.findall(r"^    (\w+): (.*)$", raises.partition("\n\n")[0], re.MULTILINE)
        found += [f"{error}: {when}" for error, when in entries if PRONOUN.match(when)]
    return found


def test_names_in_the_code_are_plain_words() -> None:
    found = {file: names for file, tree in code() if (names := foreign_names(tree))}
    assert found == {}


def test_a_docstring_says_in_a_full_sentence_when_an_error_is_raised() -> None:
    found = {file: entries for file, tree in code() if (entries := unclear_errors(tree))}
    assert found == {}


@pytest.mark.parametrize(
    "text", ["told = 1", "def _tell_missing(): ...", "x.may_be_ours()", "def f(ours): ..."]
)
def test_a_name_that_a_reader_trips_over_is_found(text: str) -> None:
    assert len(foreign_names(ast.parse(text))) == 1


@pytest.mark.parametrize("when", ["It is.", "They are none.", "One is.", "What is wrong."])
def test_an_error_without_a_subject_is_found(when: str) -> None:
    text = f'def f():\n    """Do it.\n\n    Raises:\n        Stop: {when}\n    """\n'
    assert unclear_errors(ast.parse(text)) == [f"Stop: {when}"]
