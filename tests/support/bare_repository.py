"""Bare repositories of tests, at the price of a few files: git is not started for each.

A process costs 5 ms, and the tests of delivery would start ten for each repository.
"""

import os
import re
from pathlib import Path

from kalypso.git.write import create_repository
from tests.support.prepared import copied

_COMMIT = re.compile(r"[0-9a-f]{40}")


def make_bare(folder: Path, branch: str) -> None:
    """Make an empty bare repository whose HEAD names a branch."""
    copied(f"bare-{branch}", lambda made: create_repository(made, branch=branch), folder)


def read_refs(folder: Path) -> dict[str, str]:
    """Return the object of every ref by its full name, sorted, as `git for-each-ref` does."""
    found = _packed(folder / "packed-refs")
    for place, _, names in os.walk(folder / "refs"):
        for name in names:
            path = Path(place, name)
            try:
                text = path.read_text().strip()
            except FileNotFoundError:
                continue  # removed meanwhile
            if _COMMIT.fullmatch(text) and path.suffix != ".lock":
                found[path.relative_to(folder).as_posix()] = text
    return dict(sorted(found.items()))


def _packed(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = (line.partition(" ") for line in file.read_text().splitlines())
    return {name: commit for commit, _, name in lines if _COMMIT.fullmatch(commit)}
