"""Trees in a repository's object store: written from files, and compared path by path.

Whatever is compared is named by its id, so the cost is that of what differs, however many files a
branch has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.git.address import is_commit
from kalypso.git.blobs import blob_sizes, read_blobs
from kalypso.git.history import read_commit
from kalypso.git.layout import layout_of
from kalypso.git.loose import loose_kind
from kalypso.git.objects import blob_id
from kalypso.git.problems import unreadable
from kalypso.git.read import LARGEST_FILE, SKIPPED_KINDS
from kalypso.git.run import GitFailed, git
from kalypso.git.write import NO_COMMIT, Content, Entry, Signature, unwritable, write_changed_tree

FILE_MODE = "100644"
_REMEMBERED = 4096
"""Commits and trees whose tree is known: what an id stands for never changes."""
_SIGNATURE = Signature("Kalypso", "kalypso@localhost", 0)
"""Of commits that only hold a tree in place, so that the same tree has the same commit."""


class Sides(msgspec.Struct, frozen=True):
    """A path in two trees."""

    before: Entry | None
    after: Entry | None


def write_tree(repository: Path, files: Mapping[str, bytes], *, like: str = "") -> str:
    """Have a tree of plain files in a repository.

    Args:
        repository: Folder of the repository.
        files: Content by path.
        like: A tree, or a ref that holds one, that has much in common with it: only what differs is
            written. Empty to write all, also what is there already.

    Returns:
        The id of the tree.

    Raises:
        DeliveryError: The repository cannot be written.
    """
    ids = _ids_in(repository, like) if like else {}
    if not ids:
        return write_changed_tree(repository, "", files)
    differ = {path for path in ids if path not in files}
    differ |= {path for path, content in files.items() if ids.get(path) != blob_id(content)}
    return tree_with(repository, like, _Chosen(files, differ))


class _Chosen(Mapping[str, Content]):
    """What some paths become: of so many files that their contents are not held in memory."""

    def __init__(self, files: Mapping[str, bytes], paths: AbstractSet[str]) -> None:
        self._files = files
        self._paths = paths

    def __getitem__(self, path: str) -> bytes | None:
        return self._files.get(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def hold_tree(repository: Path, tree: str, keep: str) -> None:
    """Let a ref hold a tree in place, so that `git gc` leaves it alone.

    Raises:
        DeliveryError: The repository cannot be written.
    """
    with suppress(SourceError):
        if tree_of(repository, keep) == tree:
            return
    holder = _holder(repository, tree)
    try:
        git("update-ref", keep, holder, repository=repository)
    except GitFailed as error:
        if "cannot lock ref" not in error.output:  # another run holds its own tree just now
            raise unwritable(error, str(repository)) from error


def tree_with(repository: Path, tree: str, changes: Mapping[str, Content]) -> str:
    """Return the tree that another one, or that of a commit, becomes by changes; it is written.

    Raises:
        DeliveryError: The repository cannot be written.
    """
    start = tree_of(repository, tree)
    return write_changed_tree(repository, start, changes) if changes else start


def differing(repository: Path, before: str, after: str) -> dict[str, Sides]:
    """Return the paths that differ in two trees or commits, sorted.

    What reading a branch skips (links, submodules, huge files, names that are not text) counts as
    absent, and the permissions of a file do not count.

    Raises:
        SourceError: One of the trees is missing or damaged.
    """
    out = _text(repository, "diff-tree", "-r", "-z", "--no-renames", before, after)
    parts = _parts(out)
    found: dict[str, Sides] = {}
    for about, path in zip(parts, parts, strict=True):
        old_mode, new_mode, old, new, _ = about.removeprefix(":").split(" ")
        sides = Sides(_entry(path, old_mode, old), _entry(path, new_mode, new))
        if _id(sides.before) != _id(sides.after):
            found[path] = sides
    huge = _huge(repository, [s.before.object_id for s in found.values() if s.before])
    return {
        path: Sides(None, sides.after) if _id(sides.before) in huge else sides
        for path, sides in sorted(found.items())
        if sides.after or _id(sides.before) not in huge
    }


def differs_at(repository: Path, before: str, after: str, path: str) -> bool:
    """Return whether one path differs in two trees or commits."""
    return bool(_text(repository, "diff-tree", "-r", "-z", before, after, "--", path))


def tree_of(repository: Path, commit: str) -> str:
    """Return the tree of a commit; a tree stands for itself.

    Raises:
        SourceError: There is no such object.
    """
    return _tree_once(repository, commit) if is_commit(commit) else _tree_of(repository, commit)


def _tree_of(repository: Path, commit: str) -> str:
    kind = _loose_kind(repository, commit)
    if kind == "tree":
        return commit
    if kind == "commit":
        return read_commit(repository, commit).tree
    return _text(repository, "rev-parse", "--verify", f"{commit}^{{tree}}").strip()


_tree_once = lru_cache(_REMEMBERED)(_tree_of)


def paths_in(repository: Path, tree: str) -> list[str]:
    """Return the paths of all files of a tree or commit, sorted."""
    out = _text(repository, "ls-tree", "-r", "-z", "--name-only", "--full-tree", tree)
    return out.split("\0")[:-1]


def folders_in(repository: Path, tree: str) -> list[str]:
    """Return the names of the folders in the root of a tree or commit, sorted."""
    out = _text(repository, "ls-tree", "-d", "-z", "--name-only", "--full-tree", tree)
    return out.split("\0")[:-1]


def file_in(repository: Path, tree: str, path: str) -> bytes | None:
    """Return the content of a plain file of a tree or commit; None if there is none."""
    out = _text(repository, "ls-tree", "-z", "--full-tree", tree, "--", path).rstrip("\0")
    about, _, name = out.partition("\t")
    if name != path or not about.startswith("100"):
        return None
    return read_blobs(repository, [about.split()[2]])[0]


def files_in(repository: Path, tree: str) -> dict[str, bytes]:
    """Return all files of a tree by path."""
    out = _text(repository, "ls-tree", "-r", "-z", "--full-tree", tree)
    lines = (line.partition("\t") for line in out.split("\0")[:-1])
    ids = {path: about.split()[2] for about, _, path in lines}
    return dict(zip(ids, read_blobs(repository, ids.values()), strict=True))


def has_object(repository: Path, object_id: str) -> bool:
    """Return whether a repository has an object."""
    return bool(_loose_kind(repository, object_id)) or not missing_objects(repository, [object_id])


def missing_objects(repository: Path, object_ids: Iterable[str]) -> set[str]:
    """Return which objects a repository lacks."""
    asked = "".join(f"{each}\n" for each in object_ids).encode()
    if not asked:
        return set()
    out = _run(repository, "cat-file", "--batch-check", "--buffer", stdin=asked).decode()
    return {line.split(" ")[0] for line in out.splitlines() if line.endswith(" missing")}


def copy_tree(source: Path, into: Path, tree: str) -> None:
    """Have a tree of another repository of this machine, with everything in it.

    Raises:
        SourceError: The other repository lacks it.
        DeliveryError: The repository that is copied to cannot be written.
    """
    pack = _run(source, "pack-objects", "--quiet", "--revs", "--stdout", stdin=f"{tree}\n".encode())
    try:
        git("index-pack", "--stdin", repository=into, stdin=pack)
    except GitFailed as error:
        raise unwritable(error, str(into)) from error


def id_of(content: Content) -> str:
    """Return the id of what a path shall hold; empty if it shall hold nothing."""
    return blob_id(content) if isinstance(content, bytes) else _id(content)


def _ids_in(repository: Path, tree: str) -> dict[str, str]:
    """Return the ids of the files of a tree, by path; none if it is missing or not plain."""
    try:
        out = _text(repository, "ls-tree", "-r", "-z", "--full-tree", f"{tree}^{{tree}}")
    except SourceError:
        return {}
    found = {}
    for line in _parts(out):
        about, _, path = line.partition("\t")
        found[path] = about[-40:]
    return found


def _holder(repository: Path, tree: str) -> str:
    """Return a commit that has nothing but a tree."""
    body = f"tree {tree}\nauthor {_SIGNATURE.line()}\ncommitter {_SIGNATURE.line()}\n\n"
    asked = ("hash-object", "-t", "commit", "-w", "--stdin")
    try:
        return git(*asked, repository=repository, stdin=body.encode()).decode().strip()
    except GitFailed as error:
        raise unwritable(error, str(repository)) from error


def _loose_kind(repository: Path, object_id: str) -> str:
    """Return what an object in a file of its own is; empty if git has to be asked."""
    layout = layout_of(repository) if is_commit(object_id) else None
    return loose_kind(layout.folder, object_id) if layout else ""


def _parts(out: str) -> Iterator[str]:
    """Yield what `-z` puts between zero bytes; the lines of millions of files are never a list."""
    start = 0
    while (end := out.find("\0", start)) >= 0:
        yield out[start:end]
        start = end + 1


def _entry(path: str, mode: str, object_id: str) -> Entry | None:
    if object_id == NO_COMMIT or mode in SKIPPED_KINDS or not path.isprintable():
        return None
    return Entry(FILE_MODE, object_id)


def _id(entry: Entry | None) -> str:
    return entry.object_id if entry else ""


def _huge(repository: Path, blobs: Iterable[str]) -> set[str]:
    sizes = blob_sizes(repository, blobs)
    return {blob for blob, size in sizes.items() if size > LARGEST_FILE}


def _text(repository: Path, *arguments: str) -> str:
    return _run(repository, *arguments).decode(errors="surrogateescape")


def _run(repository: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    try:
        return git(*arguments, repository=repository, stdin=stdin)
    except GitFailed as error:
        raise unreadable(error, Position(str(repository))) from error
