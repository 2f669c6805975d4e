"""Reading a branch: its commit and the files of its tree, from objects and never a work tree."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kalypso.errors import Position, SourceError
from kalypso.git.address import (
    check_ref,
    check_repository,
    folder_in_tree,
    git_folder,
    is_commit,
    is_remote,
    mask,
)
from kalypso.git.run import REMOTE_SECONDS, GitFailed, git, git_dir

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes above which a file is listed but not read: no manifest or model file comes near it."""
LARGEST_TREE = 512 * 1024 * 1024
"""Bytes of all files of a tree above which reading is refused."""

_WANTED = "refs/kalypso/wanted"
_KINDS = {"120000": "a symbolic link", "160000": "a submodule"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A branch at one commit."""

    commit: str
    files: Mapping[str, bytes]
    """Content by path, relative to the folder that was asked for, in the order of the paths."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Entries that were not read, with the reason: links, submodules, files beyond the limit."""


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    object_id: str
    size: int
    path: str


def read_tree(repository: str, ref: str, path: str = "") -> Snapshot:
    """Read the files of a branch.

    Args:
        repository: A folder with a repository, bare or not, or an address (`https://…`).
        ref: Branch, tag or full commit id.
        path: Folder in the repository; empty for all of it.

    Raises:
        SourceError: The repository, the branch or the folder does not exist or cannot
            be read, or holds no commit. Never an empty answer in place of it.
    """
    check_repository(repository)
    at = place(repository, ref)
    check_ref(ref, at)
    inside = folder_in_tree(path, at)
    if is_remote(repository):
        with tempfile.TemporaryDirectory(prefix="kalypso-git-") as scratch:
            _fetch(repository, ref, Path(scratch), at)
            return _read(Path(scratch), _WANTED, inside, at)
    folder = _existing(repository, at)
    name = _local_name(folder, ref, at)
    if name is None:
        raise _no_branch(repository, ref, at, empty=_is_empty(folder, at))
    return _read(folder, name, inside, at)


def resolve(repository: str, ref: str) -> str | None:
    """Return the commit that a branch, tag or commit id stands for; None if there is none.

    Raises:
        SourceError: The repository itself cannot be read.
    """
    check_repository(repository)
    at = place(repository, ref)
    check_ref(ref, at)
    if is_remote(repository):
        return _remote_commit(repository, ref, at)
    folder = _existing(repository, at)
    name = _local_name(folder, ref, at)
    if name is None:
        return None
    return _text(_run(at, "rev-parse", "--verify", f"{name}^{{commit}}", folder=folder))


def all_refs(repository: Path) -> dict[str, str]:
    """Return the commit of every branch, tag and other ref of a local repository.

    Raises:
        SourceError: The repository cannot be read.
    """
    at = Position(str(repository))
    _existing(str(repository), at)
    out = _run(at, "for-each-ref", "--format=%(objectname) %(refname)", folder=repository)
    lines = (line.partition(" ") for line in out.decode(errors="surrogateescape").splitlines())
    return {name: commit for commit, _, name in lines}


def place(repository: str, ref: str) -> Position:
    """Return how messages name a branch of a repository."""
    return Position(f"{mask(repository)}@{ref}")


def unreadable(error: GitFailed, at: Position, hint: str = "") -> SourceError:
    """Say in our words that git could not read a repository."""
    return SourceError(
        f"the repository cannot be read: {error.problem.message}",
        at,
        hint or "check it with `git fsck`; a damaged copy is best cloned again",
        code="unreadable-repository",
    )


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
    if not (git_dir(folder) / "HEAD").exists():
        raise SourceError(
            f"{repository} is no git repository",
            at,
            "name the folder that `git clone` or `git init` made",
            code="no-repository",
        )
    return folder


def _local_name(folder: Path, ref: str, at: Position) -> str | None:
    """Find the full name of a ref: branch before tag before what a clone saw at its origin."""
    if is_commit(ref):
        kinds = _text(_run(at, "cat-file", "--batch-check", folder=folder, stdin=ref.encode()))
        return ref if kinds.split(" ")[1:2] == ["commit"] else None
    names = [f"refs/heads/{ref}", f"refs/tags/{ref}", f"refs/remotes/origin/{ref}"]
    if ref.startswith("refs/"):
        names = [ref]
    listed = _run(at, "for-each-ref", "--format=%(refname)", "--", *names, folder=folder)
    found = set(_text(listed).splitlines())
    return next((name for name in names if name in found), None)


def _is_empty(folder: Path, at: Position) -> bool:
    return not _run(at, "for-each-ref", "--count=1", folder=folder)


def _no_branch(repository: str, ref: str, at: Position, *, empty: bool) -> SourceError:
    what = "commit" if is_commit(ref) else "branch"
    if empty:
        return SourceError(
            f"the repository {mask(repository)} is empty",
            at,
            f"push a first commit to the {what} {ref}",
            code="empty-repository",
        )
    return SourceError(
        f"the repository {mask(repository)} has no {what} {ref}",
        at,
        "see `git branch --all` there; names are case-sensitive",
        code="no-branch",
    )


def _remote_commit(repository: str, ref: str, at: Position) -> str | None:
    if is_commit(ref):
        with tempfile.TemporaryDirectory(prefix="kalypso-git-") as scratch:
            try:
                _fetch(repository, ref, Path(scratch), at)
            except SourceError as error:
                if error.problem.code in {"no-branch", "empty-repository"}:
                    return None
                raise
            return ref
    listed = _list_remote(repository, at)
    names = (ref, f"refs/heads/{ref}", f"refs/tags/{ref}^{{}}", f"refs/tags/{ref}")
    return next((listed[name] for name in names if name in listed), None)


def _list_remote(repository: str, at: Position) -> dict[str, str]:
    try:
        out = git("ls-remote", "--quiet", "--", repository, seconds=REMOTE_SECONDS)
    except GitFailed as error:
        raise unreadable(error, at, "check the address, and that this user may read it") from error
    lines = [line.split("\t") for line in _text(out).splitlines()]
    return {name: commit for commit, name in lines}


def _fetch(repository: str, ref: str, scratch: Path, at: Position) -> None:
    """Fetch one commit and its tree, without history, into a repository that is thrown away."""
    _run(at, "init", "--quiet", "--bare", "--template=", folder=scratch)
    wanted = ref
    listed = _list_remote(repository, at)
    if not is_commit(ref):
        names = [n for n in (ref, f"refs/heads/{ref}", f"refs/tags/{ref}") if n in listed]
        if not names:
            raise _no_branch(repository, ref, at, empty=not listed)
        wanted = names[0]
    fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head"]
    try:
        git(
            *fetch,
            "--depth=1",
            "--",
            repository,
            f"+{wanted}:{_WANTED}",
            repository=scratch,
            seconds=REMOTE_SECONDS,
        )
    except GitFailed as error:
        if not is_commit(ref):
            hint = "check the address, and that this user may read it"
            raise unreadable(error, at, hint) from error
        _fetch_all(repository, ref, scratch, at)


def _fetch_all(repository: str, commit: str, scratch: Path, at: Position) -> None:
    """Fetch every branch: the way to one commit where the server gives branches only."""
    refs = "+refs/heads/*:refs/heads/*"
    try:
        git("fetch", "--quiet", "--", repository, refs, repository=scratch, seconds=REMOTE_SECONDS)
    except GitFailed as error:
        raise unreadable(error, at, "check the address, and that this user may read it") from error
    if _local_name(scratch, commit, at) is None:
        raise _no_branch(repository, commit, at, empty=_is_empty(scratch, at))
    _run(at, "update-ref", _WANTED, commit, folder=scratch)


def _read(folder: Path, name: str, inside: str, at: Position) -> Snapshot:
    commit = _text(_run(at, "rev-parse", "--verify", f"{name}^{{commit}}", folder=folder))
    tree = commit
    if inside:
        asked = f"{commit}:{inside}\n".encode(errors="surrogateescape")
        found = _text(_run(at, "cat-file", "--batch-check", folder=folder, stdin=asked))
        tree, _, kind = found.partition(" ")
        if not kind.startswith("tree "):
            raise SourceError(
                f"there is no folder {inside} at commit {commit[:10]}",
                at,
                "check the path; it counts from the root of the repository",
                code="no-folder",
            )
    entries = _list(folder, tree, at)
    skipped = {entry.path: reason for entry in entries if (reason := _why_skipped(entry))}
    wanted = [entry for entry in entries if entry.path not in skipped]
    size = sum(entry.size for entry in wanted)
    if size > LARGEST_TREE:
        raise SourceError(
            f"the files take {size // 2**20} MiB, more than the {LARGEST_TREE // 2**20} MiB "
            "that are read",
            at,
            "point at a folder of the repository with less in it",
            code="too-large",
        )
    return Snapshot(commit, _contents(folder, wanted, at), skipped)


def _list(folder: Path, tree: str, at: Position) -> list[_Entry]:
    out = _run(at, "ls-tree", "-r", "-z", "-l", "--full-tree", tree, folder=folder)
    entries = []
    for line in out.decode(errors="surrogateescape").split("\0")[:-1]:
        about, path = line.split("\t", 1)
        mode, _, object_id, size = about.split()
        entries.append(_Entry(mode, object_id, int(size) if size.isdigit() else 0, path))
    return entries


def _why_skipped(entry: _Entry) -> str:
    if entry.mode in _KINDS:
        return _KINDS[entry.mode]
    if not entry.path.isprintable():
        return "a name that is not printable text"
    if entry.size > LARGEST_FILE:
        return f"larger than {LARGEST_FILE // 2**20} MiB"
    return ""


def _contents(folder: Path, entries: list[_Entry], at: Position) -> dict[str, bytes]:
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
