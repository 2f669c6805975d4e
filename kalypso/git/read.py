"""Reading a branch: its commit and the files of its tree, from objects and never a work tree."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.git.address import check_ref, check_repository, folder_in_tree, is_remote
from kalypso.git.blobs import blob_sizes, read_blobs
from kalypso.git.cache import Clone, Kind
from kalypso.git.layout import is_shallow
from kalypso.git.listing import MOST_ENTRIES, MOST_OF_MODEL, Entry, list_entries
from kalypso.git.problems import no_branch, place, unreadable
from kalypso.git.refs import ask, existing, is_empty, local_commit, text_of
from kalypso.git.remote import Access
from kalypso.git.run import GitFailed

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes above which a file is listed but not read: no manifest or model file comes near it."""
LARGEST_TREE = 512 * 1024 * 1024
"""Bytes of all files of a tree above which reading is refused."""
LARGEST_MODEL = 64 * 1024 * 1024
"""The same where only files of a kind are read."""

SKIPPED_KINDS = {"120000": "a symbolic link", "160000": "a submodule"}
"""Modes of entries that are not files, with what they are."""


class Snapshot(msgspec.Struct, frozen=True):
    """A branch at one commit."""

    commit: str
    files: Mapping[str, bytes]
    """Content by path, relative to the folder that was asked for, in the order of the paths."""
    skipped: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Entries that were not read, with the reason: links, submodules, files beyond the limit."""


def read_tree(
    repository: str,
    ref: str,
    path: str = "",
    access: Access | None = None,
    kind: Kind | None = None,
) -> Snapshot:
    """Read the files of a branch.

    Args:
        repository: A folder with a repository, bare or not, or an address (`https://…`).
        ref: Branch, tag or full commit id.
        path: Folder in the repository; empty for all of it. Of a repository of another
            machine, nothing else is fetched, where its server can leave out the rest.
        access: How other machines are reached; as the environment says if absent.
        kind: Which files are needed; no others are fetched or returned.

    Raises:
        SourceError: The repository, the branch or the folder does not exist or cannot
            be read, or holds no commit. Never an empty answer in place of it.
    """
    check_repository(repository)
    at = place(repository, ref)
    check_ref(ref, at)
    inside = folder_in_tree(path, at)
    if is_remote(repository):
        clone = Clone(repository, access or Access())
        return read_clone(clone, clone.remote.resolve(ref), inside, at, kind)
    folder = existing(repository, at)
    commit = local_commit(folder, ref, at)
    if commit is None:
        shallow = is_shallow(folder)
        raise no_branch(repository, ref, at, empty=is_empty(folder, at), shallow=shallow)
    return _read_all(lambda _: folder, commit, inside, at, kind)


def read_clone(
    clone: Clone,
    commit: str,
    inside: str = "",
    at: Position | None = None,
    kind: Kind | None = None,
) -> Snapshot:
    """Read a commit of a remote repository, fetching it only if that has not been done.

    Args:
        clone: What was fetched so far.
        commit: The commit.
        inside: Folder to read; empty for all.
        at: How messages name it.
        kind: Which files are needed, by their path from the root; all if absent.

    Raises:
        SourceError: The remote repository lacks the commit or the folder, or cannot be read.
    """
    at = at or place(clone.remote.name, commit)

    def read() -> Snapshot:
        return _read_all(folder_for, commit, inside, at, kind)

    def folder_for(kind: Kind | None) -> Path:
        return clone.part(commit, inside, kind) if inside or kind else clone.whole(commit)

    return clone.reading(read)


def _read_all(
    folder_for: Callable[[Kind | None], Path],
    commit: str,
    inside: str,
    at: Position,
    kind: Kind | None,
) -> Snapshot:
    """Read files of a kind, and once more if those name further ones."""
    found = _read(folder_for(kind), commit, inside, at, kind)
    if kind is None:
        return found
    further = kind.further({posixpath.join(inside, p): found.files[p] for p in found.files})
    if not further:
        return found
    wider = kind.with_files(further)
    return _read(folder_for(wider), commit, inside, at, wider)


def _read(
    folder: Path, commit: str, inside: str, at: Position, kind: Kind | None = None
) -> Snapshot:
    tree = commit
    if inside:
        asked = f"{commit}:{inside}\n".encode(errors="surrogateescape")
        found = text_of(ask(at, "cat-file", "--batch-check", folder=folder, stdin=asked))
        tree, _, what = found.partition(" ")
        if not what.startswith("tree "):
            raise SourceError(
                f"there is no folder {inside} at commit {commit[:10]}",
                at,
                "check the path; it counts from the root of the repository",
                code="no-folder",
            )
    entries = _list(folder, tree, inside, kind, at)
    blobs = {entry.object_id for entry in entries if entry.mode not in SKIPPED_KINDS}
    sizes = blob_sizes(folder, blobs, at)
    skipped = {entry.path: reason for entry in entries if (reason := _why_skipped(entry, sizes))}
    wanted = [entry for entry in entries if entry.path not in skipped]
    size = sum(sizes.get(entry.object_id, 0) for entry in wanted)
    most = LARGEST_MODEL if kind else LARGEST_TREE
    if size > most:
        raise SourceError(
            f"the files take {size // 2**20} MiB, more than the {most // 2**20} MiB that are read",
            at,
            "point at a folder of the repository with less in it",
            code="too-large",
        )
    paths = {entry.object_id: entry.path for entry in wanted}
    contents = read_blobs(folder, (entry.object_id for entry in wanted), at, paths)
    files = {entry.path: text for entry, text in zip(wanted, contents, strict=True)}
    return Snapshot(commit, files, skipped)


def _list(folder: Path, tree: str, inside: str, kind: Kind | None, at: Position) -> list[Entry]:
    """List what is not a plain file, and the files of a kind; others may not be in the clone."""
    try:
        entries = list_entries(folder, tree, at=at, most=MOST_OF_MODEL if kind else MOST_ENTRIES)
    except GitFailed as error:
        raise unreadable(error, at) from error
    if kind is None:
        return entries
    return [
        entry
        for entry in entries
        if entry.mode in SKIPPED_KINDS or kind.takes(posixpath.join(inside, entry.path))
    ]


def _why_skipped(entry: Entry, sizes: Mapping[str, int]) -> str:
    if entry.mode in SKIPPED_KINDS:
        return SKIPPED_KINDS[entry.mode]
    if not entry.path.isprintable():
        return "a name that is not printable text"
    if sizes.get(entry.object_id, 0) > LARGEST_FILE:
        return f"larger than {LARGEST_FILE // 2**20} MiB"
    return ""
