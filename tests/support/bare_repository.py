"""Bare repositories of tests, at the price of a few files: git is not started for each.

A process costs 5 ms, and the tests of delivery would start ten for each repository.
"""

import os
import re
import subprocess
from pathlib import Path

from kalypso.git.write import create_repository
from tests.support.prepared import copied

_COMMIT = re.compile(r"[0-9a-f]{40}")


def make_bare(folder: Path, branch: str) -> None:
    """Make an empty bare repository whose HEAD names a branch."""
    copied(f"bare-{branch}", lambda made: create_repository(made, branch=branch), folder)


def read_refs(folder: Path) -> dict[str, str]:
    """Return the object of every ref by its full name, sorted, as `git for-each-ref` does."""
    found = read_packed(folder)
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


def write_ref(folder: Path, ref: str, commit: str) -> None:
    """Put a ref at a commit that is there, as `git update-ref` does; nobody else writes it."""
    file = folder / ref
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f"{file.name}.lock")
    made.write_text(f"{commit}\n")
    made.replace(file)


def read_packed(folder: Path) -> dict[str, str]:
    """Return the object of every ref that is packed with others; such a one may be out of date."""
    file = folder / "packed-refs"
    if not file.exists():
        return {}
    lines = (line.partition(" ") for line in file.read_text().splitlines())
    return {name: commit for commit, _, name in lines if _COMMIT.fullmatch(commit)}


def read_files(folder: Path, ref: str) -> dict[str, str]:
    """Return the text of every file of a branch or commit, by path; git is started twice."""
    listed = _git(folder, "ls-tree", "-r", "-z", "--full-tree", ref).decode()
    entries = [entry.partition("\t") for entry in listed.split("\0") if entry]
    objects = [about.split()[2] for about, _, _ in entries]
    out = _git(folder, "cat-file", "--batch", given="\n".join(objects))
    found: dict[str, str] = {}
    at = 0
    for _, _, path in entries:
        head = out.index(b"\n", at)
        size = int(out[at:head].split()[2])
        found[path] = out[head + 1 : head + 1 + size].decode()
        at = head + size + 2
    return found


def _git(folder: Path, *arguments: str, given: str = "") -> bytes:
    command = ["git", "--git-dir", str(folder), *arguments]
    done = subprocess.run(command, input=given.encode(), check=True, capture_output=True)
    return done.stdout
