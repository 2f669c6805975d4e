"""Commits and what lies between them: parents, changed paths, who is whose ancestor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.git.address import is_commit
from kalypso.git.layout import layout_of
from kalypso.git.loose import loose_commit
from kalypso.git.problems import unreadable
from kalypso.git.run import GitFailed, git
from kalypso.git.write import NO_COMMIT, Content, Entry

_REMEMBERED = 512
"""Commits: a message is at most some kilobytes."""
_PARENT = re.compile(r"^parent (.+)$", re.MULTILINE)
_WRITTEN = re.compile(r" (\d{1,15}) [+-]\d+$", re.ASCII)
"""When, at the end of a line that says who."""


class Commit(msgspec.Struct, frozen=True):
    """What a commit object says."""

    commit: str
    tree: str
    parents: tuple[str, ...]
    seconds: int
    """When it was committed, since 1970."""
    message: str

    @property
    def trailers(self) -> Mapping[str, str]:
        """The `Key: value` lines of the last paragraph of the message."""
        last = self.message.strip().rpartition("\n\n")[2]
        pairs = (line.partition(": ") for line in last.splitlines())
        return {key: value for key, found, value in pairs if found}


def read_commit(repository: Path, commit: str) -> Commit:
    """Read a commit object; an id stands for the same one for ever, so it is read once.

    Raises:
        SourceError: The commit is missing or damaged.
    """
    return _read_once(repository, commit) if is_commit(commit) else _read(repository, commit)


def _read(repository: Path, commit: str) -> Commit:
    text = _loose(repository, commit) or _git(repository, "cat-file", "commit", commit)
    head, _, message = text.partition("\n\n")
    fields = [line.split(" ", 1) for line in head.splitlines() if not line.startswith(" ")]
    values = {field[0]: field[-1] for field in fields}
    written = _WRITTEN.search(values.get("committer", ""))
    if written is None or "tree" not in values:
        raise SourceError(
            f"the commit {commit[:10]} is damaged: it does not say when it was written, or of what",
            Position(str(repository)),
            "check it with `git fsck`; a damaged copy is best cloned again",
            code="unreadable-repository",
        )
    return Commit(
        commit,
        values["tree"],
        tuple(field[-1] for field in fields if field[0] == "parent"),
        int(written[1]),
        message,
    )


_read_once = lru_cache(_REMEMBERED)(_read)


def is_ancestor(repository: Path, older: str, newer: str) -> bool:
    """Return whether a commit is another one or lies in its history."""
    if older == newer:
        return True
    before, after = _loose_parents(repository, older), _loose_parents(repository, newer)
    if before is not None and after is not None and (older in after or newer in before):
        return older in after
    return merge_base(repository, older, newer) == older


def merge_base(repository: Path, one: str, other: str) -> str | None:
    """Return the newest commit that both histories share; None if they share nothing."""
    try:
        return git("merge-base", one, other, repository=repository).decode().strip()
    except GitFailed as error:
        if not error.output:
            return None
        raise unreadable(error, Position(str(repository))) from error


def first_parents(repository: Path, commit: str, most: int) -> tuple[str, ...]:
    """Return a commit and its first parents, newest first."""
    out = _git(repository, "rev-list", "--first-parent", f"--max-count={most}", commit)
    return tuple(out.split())


def changes_between(repository: Path, before: str, after: str) -> dict[str, Content]:
    """Return what each path that differs holds in the later tree."""
    out = _git(repository, "diff-tree", "-r", "-z", "--no-renames", before, after)
    parts = out.split("\0")[:-1]
    changes: dict[str, Content] = {}
    for about, path in zip(parts[::2], parts[1::2], strict=True):
        _, mode, _, object_id, _ = about.split(" ")
        changes[path] = None if object_id == NO_COMMIT else Entry(mode, object_id)
    return changes


def unified_diff(repository: Path, before: str, after: str) -> str:
    """Return the difference of two trees as people read it."""
    return _git(
        repository, "diff-tree", "-p", "-r", "--no-ext-diff", "--no-textconv", "--no-color",
        "--no-renames", before, after,
    )  # fmt: skip


def _loose_parents(repository: Path, commit: str) -> list[str] | None:
    """Return the parents of a commit that is in a file of its own; git knows those of others."""
    head = _loose(repository, commit).partition("\n\n")[0]
    return _PARENT.findall(head) if head else None


def _loose(repository: Path, commit: str) -> str:
    """Return what a commit in a file of its own says; empty if git has to be asked."""
    layout = layout_of(repository) if is_commit(commit) else None
    text = loose_commit(layout.folder, commit) if layout else None
    return _decoded(text or b"")


def _git(repository: Path, *arguments: str) -> str:
    try:
        out = git(*arguments, repository=repository)
    except GitFailed as error:
        raise unreadable(error, Position(str(repository))) from error
    return _decoded(out)


def _decoded(output: bytes) -> str:
    return output.decode(errors="surrogateescape")
