"""Writing: one commit of changed files, and refs that move only from where we saw them.

A commit is made with fast-import, which needs neither a work tree nor an index and
reads only the trees on the way to a changed file. Its id depends on its parent, its
files, its text and the given identity only, so the same input gives the same id.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from kalypso.errors import DeliveryError, Position
from kalypso.git.address import check_ref
from kalypso.git.run import GitFailed, git

_LOCK = re.compile(r"Unable to create '([^']+\.lock)': File exists")
NO_COMMIT = "0" * 40
"""Where a ref is that does not exist, as git writes it."""


_NO_DELTAS = "--depth=0"
"""Deltas against the file before make no pack smaller, and take a third of the time."""
_WRITE_SECONDS = 600.0
"""How long git may write one commit of few files."""
_WRITE_SECONDS_A_FILE = 0.001
"""And for each file: a fleet has millions, and the machine may have other work."""


class RefMoved(DeliveryError):
    """Somebody moved a ref between our reading and our writing; reading again helps."""

    code = "moved"


class Signature(msgspec.Struct, frozen=True):
    """Who made a commit, and when."""

    name: str
    email: str
    seconds: int
    """Since 1970, in UTC."""

    def line(self) -> str:
        """Return it as a commit object holds it."""
        return f"{self.name} <{self.email}> {self.seconds} +0000"


class Writer(msgspec.Struct, frozen=True):
    """Whose name stands in the commits that a run writes."""

    name: str
    email: str
    signs: bool = False
    """Whether git signs them too, as its configuration says."""

    def at(self, seconds: int) -> Signature:
        """Return what a commit of a given time says of its writer."""
        return Signature(self.name, self.email, seconds)


class Entry(msgspec.Struct, frozen=True):
    """An object that is in the repository already, taken as it is: a merge brings these."""

    mode: str
    object_id: str


Content = bytes | Entry | None
"""What a path shall hold: new text, an object that is there, or nothing (removed)."""


class RefUpdate(msgspec.Struct, frozen=True):
    """A ref, where it is expected and where it shall be; `NO_COMMIT` for not there."""

    ref: str
    old: str
    new: str


def write_commit(
    repository: Path,
    *,
    parents: Sequence[str],
    changes: Mapping[str, Content],
    message: str,
    signature: Signature,
) -> str:
    """Write a commit object; no ref points at it yet.

    Args:
        repository: Folder of the repository.
        parents: Commit ids; the files of the first one are the start. Empty for a root commit.
        changes: New content by path; None removes the file.
        message: Subject, body and trailers.
        signature: Stands for author and committer.

    Returns:
        The id of the commit.

    Raises:
        DeliveryError: Git could not write it, for example because the disk is full.
    """
    who = signature.line().encode()
    head = [b"author %s\ncommitter %s\n" % (who, who), _data(message.encode())]
    for word, parent in zip(("from", *["merge"] * len(parents)), parents, strict=False):
        head.append(f"{word} {parent}\n".encode())
    gone = [path for path, content in changes.items() if content is None] if parents else []
    return _import(repository, _stream(head, gone, changes, b"get-mark :1\n"), len(changes))


def write_changed_tree(repository: Path, start: str, changes: Mapping[str, Content]) -> str:
    """Write the tree that another one becomes by changes; no ref holds it yet.

    Args:
        repository: Folder of the repository.
        start: Id of a tree; empty for one without files.
        changes: As for `write_commit`.

    Returns:
        The id of the tree.

    Raises:
        DeliveryError: Git could not write it.
    """
    head = [b"committer Kalypso <kalypso@localhost> 0 +0000\n", _data(b"")]
    if start:
        head.append(f'M 040000 {start} ""\n'.encode())
    gone = [path for path, content in changes.items() if content is None] if start else []
    said = _import(repository, _stream(head, gone, changes, b'ls :1 ""\n'), len(changes))
    return said.split()[2]  # "040000 tree <id>", and the path


def _import(repository: Path, stream: Iterator[bytes], number: int) -> str:
    """Have git write a number of files, and return what it says."""
    try:
        out = git(
            "fast-import", "--quiet", "--date-format=raw", _NO_DELTAS, repository=repository,
            stdin=stream, seconds=_WRITE_SECONDS + _WRITE_SECONDS_A_FILE * number,
        )  # fmt: skip
    except GitFailed as error:
        raise unwritable(error, str(repository)) from error
    return out.decode().strip()


def _stream(
    head: Iterable[bytes], gone: Iterable[str], changes: Mapping[str, Content], question: bytes
) -> Iterator[bytes]:
    """Yield what fast-import reads; content is asked for file by file, so it need not be kept."""
    scratch = f"refs/kalypso/scratch/{secrets.token_hex(8)}".encode()
    yield b"feature done\ncommit %s\nmark :1\n" % scratch
    yield from head
    # Removals first: a folder may take the place of a file.
    yield from (b"D %s\n" % _quoted(path) for path in sorted(gone))
    for path in sorted(changes):
        content = changes[path]
        if isinstance(content, Entry):
            yield f"M {content.mode} {content.object_id} ".encode() + _quoted(path) + b"\n"
        elif content is not None:
            yield b"M 100644 inline %s\n" % _quoted(path)
            yield _data(content)
    # The name is given up in the same stream, so that it never reaches the repository.
    yield b"\n%sreset %s\nfrom %s\n\n" % (question, scratch, NO_COMMIT.encode())
    yield b"done\n"


def create_repository(folder: Path, *, branch: str) -> None:
    """Make an empty bare repository; one that is there already stays as it is.

    Args:
        folder: Where it shall be; folders on the way are made.
        branch: What its HEAD names, so that a clone checks it out.

    Raises:
        DeliveryError: The folder cannot be written.
    """
    check_ref(branch, Position(str(folder)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        git(
            "init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}",
            repository=folder, reach="settings",
        )  # fmt: skip
    except OSError as error:
        raise DeliveryError(
            f"the folder cannot be written: {error.strerror}",
            Position(str(folder)),
            "give this user the right to write there, or name another folder",
            code="unwritable-folder",
        ) from error
    except GitFailed as error:
        raise unwritable(error, str(folder)) from error


def update_refs(repository: Path, updates: Sequence[RefUpdate]) -> None:
    """Move refs together, or none: each only if it still is where it is expected.

    Raises:
        RefMoved: One of the refs was moved by someone else in the meantime.
        DeliveryError: Git could not write.
    """
    moves = [f"update {update.ref} {update.new} {update.old}" for update in updates]
    lines = ["start", *moves, "prepare", "commit", ""]
    try:
        git("update-ref", "--stdin", repository=repository, stdin="\n".join(lines).encode())
    except GitFailed as error:
        if "but expected" in error.output or "already exists" in error.output:
            raise _moved(str(repository), error) from error
        if "unable to resolve reference" in error.output:
            raise _moved(str(repository), error) from error
        raise unwritable(error, str(repository)) from error


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    raw = path.encode(errors="surrogateescape")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'


def _moved(repository: str, error: GitFailed) -> RefMoved:
    return RefMoved(
        f"a branch changed while it was written: {error.problem.message}",
        Position(repository),
        "run it again; nothing was written",
    )


def unwritable(error: GitFailed, repository: str) -> DeliveryError:
    """Say that git could not write a repository."""
    return DeliveryError(
        f"the repository cannot be written: {error.problem.message}",
        Position(repository),
        _lock_hint(error)
        or "check that it takes writes from this user, that the disk is not full, and `git fsck`",
        code="unwritable-repository",
    )


def _lock_hint(error: GitFailed) -> str:
    """Return what to do about a lock that a killed git left behind; empty if it is not one."""
    found = _LOCK.search(error.output)
    return f"if no git runs there, remove {found[1]}, which a killed one left" if found else ""
