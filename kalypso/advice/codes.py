"""The codes of problems, with what the documentation says about each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_SECTION = re.compile(r"^### (\S+)\n\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_HERE = Path(__file__).resolve()
_PAGES = (
    _HERE.parents[2] / "docs" / "reference" / "problems.md",
    _HERE.parents[1] / "shipped" / "problems.md",
)
"""Of a clone, and of the package."""


@cache
def problem_sections() -> Mapping[str, str]:
    """Return what the documentation says about each problem, by its code."""
    page = next((path for path in _PAGES if path.is_file()), None)
    found: dict[str, str] = {}
    for code, text in _SECTION.findall(page.read_text(encoding="utf-8")) if page else ():
        # Rooms may find the same thing out in their own way: then it has a section in each part.
        found[code] = f"{found[code].rstrip()}\n\n{text}" if code in found else text
    return found
