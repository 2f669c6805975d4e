"""Reading a branch: its commit and the files of its tree, from objects and never a work tree."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.git.address import (
    check_ref,
    check_repository,
    folder_in_tree,
    git_folder,
    is_commit,
    is_remote,
)
from kalypso.git.cache import Clone, Kind
from kalypso.git.layout import is_shallow, layout_of
from kalypso.git.listing import MOST_ENTRIES, MOST_OF_MODEL, Entry, list_entries
from kalypso.git.loose import is_loose_commit, loose_branch
from kalypso.git.problems import no_branch, place, unreadable
from kalypso.git.remote import Access
from kalypso.git.run import GitFailed, git

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes above which a file is listed but not read: no manifest or model file comes near it."""
LARGEST_TREE = 512 * 1024 * 1024
"""Bytes of all files of a tree above which reading is refused."""
LARGEST_MODEL = 64 * 1024 * 1024
"""The same where only files of a kind are read."""

_REF = "%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)"
OWN_REFS = "refs/kalypso/"
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
    folder = _existing(repository, at)
    commit = _local_commit(folder, ref, at)
    if commit is None:
        shallow = is_shallow(folder)
        raise no_branch(repository, ref, at, empty=_is_empty(folder, at), shallow=shallow)
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


def resolve(repository: str, ref: str, access: Access | None = None) -> str | None:
    """Return the commit that a branch, tag or commit id stands for; None if there is none.

    Raises:
        SourceError: The repository itself cannot be read.
    """
    check_repository(repository)
    at = place(repository, ref)
    check_ref(ref, at)
    if is_remote(repository):
        return _remote_commit(Clone(repository, access or Access()), ref)
    folder = _existing(repository, at)
    return _local_commit(folder, ref, at)


def _remote_commit(clone: Clone, ref: str) -> str | None:
    try:
        commit = clone.remote.resolve(ref)
        if is_commit(ref):
            clone.whole(commit)
    except SourceError as error:
        if error.problem.code in {"no-branch", "empty-repository"}:
            return None
        raise
    return commit


def all_refs(repository: Path) -> dict[str, str]:
    """Return the commit of every branch, tag and other ref of a local repository.

    Those below `refs/kalypso/` are left out: they hold what runs keep, and no content.

    Raises:
        SourceError: The repository cannot be read.
    """
    at = Position(str(repository))
    _existing(str(repository), at)
    out = _run(at, "for-each-ref", "--format=%(objectname) %(refname)", folder=repository)
    lines = (line.partition(" ") for line in out.decode(errors="surrogateescape").splitlines())
    return {name: commit for commit, _, name in lines if not name.startswith(OWN_REFS)}


def _run(at: Position, *arguments: str, folder: Path, stdin: bytes = b"") -> bytes:
    try:
        return git(*arguments, repository=folder, stdin=stdin)
    except GitFailed as error:
        raise unreadable(error, at) from error


def _text(output: bytes) -> str:
    return output.decode(errors="surrogateescape").strip()


def _existing(repository: str, at: Position) -> Path:
    folder = git_folder(repository)
    if folder is None:
        raise SourceError(
            f"there is no folder {repository}",
            at,
            "check the path; an address begins with https:// or ssh://",
            code="no-repository",
        )
    if layout_of(folder) is None:
        raise SourceError(
            f"{repository} is not a Git repository",
            at,
            "name the folder that `git clone` or `git init` made",
            code="no-repository",
        )
    return folder


def _local_commit(folder: Path, ref: str, at: Position) -> str | None:
    """Find the commit of a ref: branch before tag before what a clone saw at its origin."""
    layout = layout_of(folder)
    if is_commit(ref):
        loose = layout is not None and is_loose_commit(layout.folder, ref)
        return ref if loose or _is_commit_here(folder, ref, at) else None
    names = [f"refs/heads/{ref}", f"refs/tags/{ref}", f"refs/remotes/origin/{ref}"]
    if ref.startswith("refs/"):
        names = [ref]
    branch = loose_branch(layout.folder, names[0]) if layout else None
    if branch:
        return branch
    listed = _run(at, "for-each-ref", f"--format={_REF}", "--", *names, folder=folder)
    found = {line.rpartition(" ")[2]: line.split(" ") for line in _text(listed).splitlines()}
    name = next((name for name in names if name in found), None)
    if name is None:
        return None
    kind, own, of_tag, tagged, _ = found[name]
    if kind == "commit":
        return own
    if of_tag == "commit":
        return tagged
    # A tag of a tag, or of something that is not a commit: git knows, or says so.
    return _text(_run(at, "rev-parse", "--verify", f"{name}^{{commit}}", folder=folder))


def _is_commit_here(folder: Path, commit: str, at: Position) -> bool:
    kinds = _text(_run(at, "cat-file", "--batch-check", folder=folder, stdin=commit.encode()))
    return kinds.split(" ")[1:2] == ["commit"]


def _is_empty(folder: Path, at: Position) -> bool:
    return not _run(at, "for-each-ref", "--count=1", folder=folder)


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
        found = _text(_run(at, "cat-file", "--batch-check", folder=folder, stdin=asked))
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
    sizes = _sizes(folder, blobs, at)
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
    return Snapshot(commit, _contents(folder, wanted, at), skipped)


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


def _sizes(folder: Path, blobs: Iterable[str], at: Position) -> dict[str, int]:
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    if not asked:
        return {}
    out = _text(_run(at, "cat-file", "--batch-check", "--buffer", folder=folder, stdin=asked))
    found = (line.split() for line in out.splitlines())
    return {line[0]: int(line[2]) for line in found if line[-1].isdigit()}


def _why_skipped(entry: Entry, sizes: Mapping[str, int]) -> str:
    if entry.mode in SKIPPED_KINDS:
        return SKIPPED_KINDS[entry.mode]
    if not entry.path.isprintable():
        return "a name that is not printable text"
    if sizes.get(entry.object_id, 0) > LARGEST_FILE:
        return f"larger than {LARGEST_FILE // 2**20} MiB"
    return ""


def _contents(folder: Path, entries: list[Entry], at: Position) -> dict[str, bytes]:
    if not entries:
        return {}
    asked = "".join(f"{entry.object_id}\n" for entry in entries).encode()
    out = _run(at, "cat-file", "--batch", "--buffer", folder=folder, stdin=asked)
    files, start = {}, 0
    for entry in entries:
        head_end = out.find(b"\n", start)
        head = out[start:head_end].split(b" ")
        if len(head) != 3:  # noqa: PLR2004 - "<id> blob <size>", or "<id> missing"
            raise SourceError(
                f"the repository is damaged: the content of {entry.path} is missing",
                at,
                "check it with `git fsck`; a damaged copy is best cloned again",
                code="unreadable-repository",
            )
        body = head_end + 1
        files[entry.path] = out[body : body + int(head[2])]
        start = body + int(head[2]) + 1
    return files
