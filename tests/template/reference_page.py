"""The page docs/reference/templates.md, put together from its text and the tables of functions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import yaml

REFERENCE: Final = Path(__file__).parents[2] / "docs" / "reference"
PAGE: Final = REFERENCE / "templates.md"
INTRODUCTION: Final = REFERENCE / "templates.introduction.md"
LANGUAGE: Final = REFERENCE / "template-language.yaml"
SPRIG: Final = REFERENCE / "template-functions.yaml"

Entry = dict[str, Any]


def entries(table: Path) -> list[Entry]:
    """Return the functions of a table."""
    found: list[Entry] = yaml.safe_load(table.read_text(encoding="utf-8"))
    return found


def page() -> str:
    """Return the whole page."""
    sections = [INTRODUCTION.read_text(encoding="utf-8").rstrip()]
    sections.append("## Functions of the language\n\n" + _table(entries(LANGUAGE)))
    sections.append("## Functions of Sprig, and of the reference operator\n\n" + _SINCE)
    families = groupby(entries(SPRIG), key=lambda entry: str(entry["family"]))
    sections += [f"### {family}\n\n{_table(members)}" for family, members in families]
    return "\n\n".join(sections) + "\n"


_SINCE: Final = (
    "Those marked *v3* have names that only Sprig 3 has; they are there for the scheduler's own\n"
    "rendering, not in `kalypso.rendering.reference`."
)


def _table(members: Iterable[Entry]) -> str:
    lines = ["| function | example | gives | |", "| --- | --- | --- | --- |"]
    for entry in members:
        mark = " *v3*" if entry.get("since") == "v3" else ""
        cells = (
            f"{_code(entry['form'])}{mark}",
            _code(entry["example"]),
            _result(entry),
            entry["note"].replace("|", "\\|"),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _result(entry: Entry) -> str:
    if "error" in entry:
        return f"error: {entry['error']}".replace("|", "\\|")
    return _code(entry["output"].replace("\n", "⏎")) if entry["output"] else "(nothing)"


def _code(text: str) -> str:
    """Return the text as code inside a table."""
    fence = "``" if "`" in text else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|").replace("\n", "⏎")
