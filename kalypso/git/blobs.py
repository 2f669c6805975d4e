"""Contents of files and their sizes, by the ids under which a repository has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from kalypso.errors import Position, SourceError
from kalypso.git.layout import layout_of
from kalypso.git.loose import loose_blobs, loose_sizes
from kalypso.git.refs import ask
from kalypso.git.run import GitFailed, git
from kalypso.git.write import unwritable

_Known = TypeVar("_Known")


def blob_sizes(
    repository: Path, blobs: Iterable[str], at: Position | None = None
) -> dict[str, int]:
    """Return how many bytes files have, by their ids; those that are missing are left out.

    Args:
        repository: Folder of the repository.
        blobs: The ids.
        at: How messages name the repository; by its folder if absent.

    Raises:
        SourceError: The repository cannot be read.
    """
    wanted = list(blobs)
    known = _known(loose_sizes, repository, wanted)
    if known is not None:
        return known
    out = _batch(repository, "--batch-check", wanted, at).decode()
    lines = (line.split() for line in out.splitlines())
    return {line[0]: int(line[-1]) for line in lines if line[-1].isdigit()}


def read_blobs(
    repository: Path,
    blobs: Iterable[str],
    at: Position | None = None,
    paths: Mapping[str, str] | None = None,
) -> list[bytes]:
    """Return the content of files by their ids, in the same order.

    Args:
        repository: Folder of the repository.
        blobs: The ids.
        at: How messages name the repository; by its folder if absent.
        paths: How messages name the files, by id; by the id if absent.

    Raises:
        SourceError: One of the files is missing, or the repository cannot be read.
    """
    wanted = list(blobs)
    known = _known(loose_blobs, repository, wanted)
    if known is not None:
        return known
    out = _batch(repository, "--batch", wanted, at)
    contents, start = [], 0
    for blob in wanted:
        end = out.find(b"\n", start)
        head = out[start:end].split(b" ")
        if len(head) != 3:  # noqa: PLR2004 - "<id> blob <size>", or "<id> missing"
            what = f"the content of {paths[blob]}" if paths else f"the object {blob}"
            raise SourceError(
                f"the repository is damaged: {what} is missing",
                at or Position(str(repository)),
                "check it with `git fsck`; a damaged copy is best cloned again",
                code="unreadable-repository",
            )
        body = end + 1
        contents.append(out[body : body + int(head[2])])
        start = body + int(head[2]) + 1
    return contents


def keep_blob(repository: Path, ref: str, content: bytes) -> None:
    """Write content that no tree has, and let a ref hold it in place of what it held before.

    Raises:
        DeliveryError: The repository cannot be written.
    """
    try:
        out = git("hash-object", "-w", "--stdin", repository=repository, stdin=content)
        git("update-ref", ref, out.decode().strip(), repository=repository)
    except GitFailed as error:
        raise unwritable(error, str(repository)) from error


def kept_blob(repository: Path, ref: str) -> bytes | None:
    """Return the content that a ref holds; None if there is no such ref."""
    try:
        return git("cat-file", "blob", ref, repository=repository)
    except GitFailed:
        return None


def _known(
    find: Callable[[Path, Sequence[str]], _Known | None], repository: Path, wanted: Sequence[str]
) -> _Known | None:
    """Return what is known without git; None if it has to be asked."""
    layout = layout_of(repository)
    return find(layout.folder, wanted) if layout else None


def _batch(repository: Path, how: str, wanted: Iterable[str], at: Position | None) -> bytes:
    asked = "".join(f"{blob}\n" for blob in wanted).encode()
    where = at or Position(str(repository))
    return ask(where, "cat-file", how, "--buffer", folder=repository, stdin=asked)
