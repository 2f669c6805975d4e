"""Refs and objects that are in files of their own, which can be read without starting git."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\n?")
_PLAIN_NAME = re.compile(r"\w[\w+=@-]*(?:\.[\w+=@-]+)*", re.ASCII)
"""A part of a ref's name that git takes for sure; it leaves out files with other names."""
_HEAD = re.compile(rb"(blob|commit|tag|tree) (0|[1-9][0-9]*)\0")
_LONGEST_HEAD = 32
_LONGEST_REF = 66
"""Bytes of a file that holds an id and nothing else, and one more."""
_LENGTH_OF_SHA1 = 40
_ENOUGH = 4096
"""Bytes of a file, packed, that hold the head of an object."""
_LARGEST = 1 << 16
"""Bytes of an object above which git is asked."""
_FEW = 64
"""Objects above which git is faster."""


def commit_of_ref(folder: Path, ref: str) -> str | None:
    """Return the commit that a ref's own file names; None if git has to be asked.

    Git writes such a file whole and by renaming it, and it wins over what is packed. Branches name
    commits and nothing else; what other refs name is looked at. Git is asked too where a file is
    found by its name in another case.

    Args:
        folder: Where the repository keeps its refs.
        ref: The ref's whole name.
    """
    named = _loose(folder, ref)
    if named is None or ref.startswith("refs/heads/") or is_loose_commit(folder, named):
        return named
    return None


def loose_refs(folder: Path) -> dict[str, str] | None:
    """Return what every ref names, in the order of the names; None if git has to be asked.

    Git is asked where some are packed or not in files, where one names another one or nothing, and
    where a file may be something else than a ref.

    Args:
        folder: Where the repository keeps its refs.
    """
    if not _all_loose(folder):
        return None
    try:
        return dict(sorted(_refs_below(folder, "refs")))
    except (OSError, ValueError):
        return None


def are_absent(folder: Path, refs: Iterable[str]) -> bool:
    """Return whether a repository has none of some refs for sure; if not, git has to be asked.

    Args:
        folder: Where the repository keeps its refs.
        refs: Their whole names.
    """
    return _all_loose(folder) and not any(os.path.lexists(folder / each) for each in refs)


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
    return False if are_absent(folder, [ref]) else None


def is_loose_commit(folder: Path, commit: str) -> bool:
    """Return whether a commit is an object with a file of its own; git knows of others.

    Args:
        folder: Where the repository keeps its objects.
        commit: The commit's id.
    """
    return loose_kind(folder, commit) == "commit"


def loose_kind(folder: Path, object_id: str) -> str:
    """Return what an object with a file of its own is; empty if git has to be asked.

    Args:
        folder: Where the repository keeps its objects.
        object_id: Its id.

    Returns:
        `blob`, `commit`, `tag`, `tree` or nothing, as far as git looks before it reads all of it.
    """
    head = _head(folder, object_id)
    return head[1].decode() if head else ""


def loose_sizes(folder: Path, object_ids: Sequence[str]) -> dict[str, int] | None:
    """Return how many bytes a few objects have, by their ids; None if git has to be asked.

    Args:
        folder: Where the repository keeps its objects.
        object_ids: Their ids.
    """
    if len(object_ids) > _FEW:
        return None
    heads = {each: _head(folder, each) for each in object_ids}
    sizes = {each: int(head[2]) for each, head in heads.items() if head}
    return sizes if len(sizes) == len(heads) else None


def loose_commit(folder: Path, commit: str) -> bytes | None:
    """Return what a commit with a file of its own says; None if git has to be asked.

    What does not belong to its id is left to git, which says what is wrong.

    Args:
        folder: Where the repository keeps its objects.
        commit: The commit's id.
    """
    return _content(folder, commit, b"commit")


def loose_blobs(folder: Path, object_ids: Sequence[str]) -> list[bytes] | None:
    """Return the contents of a few files, in the same order; None if git has to be asked.

    Args:
        folder: Where the repository keeps its objects.
        object_ids: Their ids.
    """
    if len(object_ids) > _FEW:
        return None
    contents = []
    for each in object_ids:
        content = _content(folder, each, b"blob")
        if content is None:
            return None
        contents.append(content)
    return contents


def _content(folder: Path, object_id: str, kind: bytes) -> bytes | None:
    """Return the content of an object of a kind that is small, and the one of its id."""
    text = _unpacked(_start_of(_file(folder, object_id), _LARGEST), _LARGEST)
    head = _HEAD.match(text)
    if head is None or head[1] != kind or int(head[2]) != len(text) - head.end():
        return None
    return text[head.end() :] if _id_of(text, len(object_id)) == object_id else None


def _head(folder: Path, object_id: str) -> re.Match[bytes] | None:
    return _HEAD.match(_unpacked(_start_of(_file(folder, object_id), _ENOUGH), _LONGEST_HEAD))


def _all_loose(folder: Path) -> bool:
    """Return whether all refs are in files of their own."""
    others = ("packed-refs", "reftable")
    return sys.platform == "linux" and not any(os.path.lexists(folder / each) for each in others)


def _refs_below(folder: Path, path: str) -> Iterator[tuple[str, str]]:
    """Yield the refs in a folder and what they name.

    Raises:
        OSError: The folder cannot be read, or is gone.
        ValueError: Git has to be asked.
    """
    with os.scandir(folder / path) as entries:
        for entry in entries:
            ref = f"{path}/{entry.name}"
            lock = entry.name.endswith(".lock")
            if lock and entry.is_file(follow_symlinks=False):
                continue  # a git writes here just now
            if lock or not _PLAIN_NAME.fullmatch(entry.name):
                raise ValueError(ref)
            if entry.is_dir(follow_symlinks=False):
                yield from _refs_below(folder, ref)
                continue
            named = _loose(folder, ref)
            if named is None or not named.strip("0"):
                raise ValueError(ref)
            yield ref, named


def _loose(folder: Path, ref: str) -> str | None:
    if sys.platform != "linux":
        return None
    text = _start_of(folder / ref, _LONGEST_REF)
    return text.decode().strip() if _ID.fullmatch(text) else None


def _file(folder: Path, object_id: str) -> Path:
    return folder / "objects" / object_id[:2] / object_id[2:]


def _unpacked(packed: bytes, most: int) -> bytes:
    """Return what an object's file holds, up to some bytes; nothing if it is damaged."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""


def _id_of(text: bytes, length: int) -> str:
    """Return the id of an object, head and all, in a repository whose ids have some length."""
    kind = "sha1" if length == _LENGTH_OF_SHA1 else "sha256"
    return hashlib.new(kind, text, usedforsecurity=False).hexdigest()


def _start_of(file: Path, most: int) -> bytes:
    """Return what a file begins with; nothing if it cannot be read or is a link."""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, ValueError):
        return b""
    try:
        return os.read(opened, most)
    except OSError:
        return b""
    finally:
        os.close(opened)
