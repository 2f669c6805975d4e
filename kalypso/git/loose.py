"""Refs that are in files of their own, which can be read without starting git."""

from __future__ import annotations

import os
import re
import sys
import zlib
from pathlib import Path

_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\n?")
_LONGEST = 66
"""Bytes of a file that holds an id and nothing else, and one more."""
_COMMIT = b"commit "


def loose_branch(folder: Path, ref: str) -> str | None:
    """Return the commit that a branch's own file names; None if git has to be asked.

    Git writes such a file whole and by renaming it, and it wins over what is packed. Branches name
    commits and nothing else. Git is asked too where a file is found by its name in another case.

    Args:
        folder: Where the repository keeps its refs.
        ref: The branch's whole name.
    """
    return _loose(folder, ref) if ref.startswith("refs/heads/") else None


def is_loose_commit(folder: Path, commit: str) -> bool:
    """Return whether a commit is an object with a file of its own; git knows of others.

    Args:
        folder: Where the repository keeps its objects.
        commit: The commit's id.
    """
    return _begins_as_commit(folder / "objects" / commit[:2] / commit[2:])


def has_commit_ref(folder: Path, ref: str) -> bool | None:
    """Return whether a ref names a commit that is there; None if git has to be asked.

    Git is asked where the commit is not an object with a file of its own, and where refs may be in
    other places.

    Args:
        folder: A bare repository that we made.
        ref: The ref's whole name.
    """
    commit = _loose(folder, ref)
    if commit:
        return is_loose_commit(folder, commit) or None
    elsewhere = (ref, "packed-refs", "reftable")
    if sys.platform != "linux" or any(os.path.lexists(folder / each) for each in elsewhere):
        return None
    return False


def _loose(folder: Path, ref: str) -> str | None:
    if sys.platform != "linux":
        return None
    text = _start_of(folder / ref)
    return text.decode().strip() if _ID.fullmatch(text) else None


def _begins_as_commit(file: Path) -> bool:
    """Return whether an object is a commit, as far as git looks before it reads all of it."""
    try:
        return zlib.decompressobj().decompress(_start_of(file), len(_COMMIT)) == _COMMIT
    except zlib.error:
        return False


def _start_of(file: Path) -> bytes:
    """Return what a file begins with; nothing if it cannot be read or is a link."""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, ValueError):
        return b""
    try:
        return os.read(opened, _LONGEST)
    except OSError:
        return b""
    finally:
        os.close(opened)
