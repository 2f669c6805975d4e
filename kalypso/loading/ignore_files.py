"""The ignore files of a source: their texts, and the bounds on what matching them may take."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from kalypso.errors import LoadError, Position
from kalypso.loading.budget import LONGEST_PATTERN, check_patterns
from kalypso.loading.ignore import IGNORE_FILE
from kalypso.model import Source


def ignore_texts(source: Source) -> dict[str, str]:
    """Return the text of every ignore file by its path."""
    return {
        path: content.decode(errors="surrogateescape")
        for path, content in source.files.items()
        if posixpath.basename(path) == IGNORE_FILE
    }


def check_ignore_files(source: Source, ignored: Mapping[str, str]) -> None:
    """Refuse ignore files that would take long to match.

    Raises:
        LoadError: The files have too many lines for that many files, or a line that is too long.
    """
    for path, text in ignored.items():
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > LONGEST_PATTERN:
                raise LoadError(
                    f"the line has {len(line):,} characters, more than {LONGEST_PATTERN:,}",
                    Position(source.place(path), number),
                    "split the pattern",
                    code="source-too-large",
                )
    if ignored:
        lines = sum(text.count("\n") + 1 for text in ignored.values())
        check_patterns(lines, len(source.files), Position(source.place(min(ignored))))
