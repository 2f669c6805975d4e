"""Reading a folder: the files in it that are needed, never through a link or past a bound."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from kalypso.errors import KalypsoError, Position, SourceError
from kalypso.git import LARGEST_FILE, LARGEST_TREE
from kalypso.loading.named_files import named_files
from kalypso.loading.tree import counts
from kalypso.model import Source

Wanted = Callable[[str], bool]
_MOST_FILES = 100_000
"""Files of a folder that are read."""


def read_folder(folder: Path, wanted: Wanted = counts) -> Source:
    """Read the files of a folder; links are not followed, and ``.git`` is passed over.

    Raises:
        SourceError: The folder, or a file in it, cannot be read.
    """
    reading = _FolderReading(folder)
    others: dict[str, str] = {}
    for name, path in _walk(folder):
        mode = _mode(path)
        if stat.S_ISLNK(mode):
            reading.skipped[name] = "a symbolic link"
        elif stat.S_ISREG(mode):
            if wanted(name):
                reading.take(name, path)
            elif len(others) < _MOST_FILES:
                others[name] = path
    for name in sorted(named_files(reading.files)):
        if name in others:
            reading.take(name, others[name])
    files, skipped = reading.files, reading.skipped
    prefix = "" if str(folder) == "." else f"{folder}/"
    return Source(prefix, files, skipped=skipped)


class _FolderReading(msgspec.Struct):
    """What was read of a folder so far."""

    folder: Path
    files: dict[str, bytes] = msgspec.field(default_factory=dict)
    skipped: dict[str, str] = msgspec.field(default_factory=dict)
    size: int = 0

    def take(self, name: str, path: str) -> None:
        """Read a file, unless it is too large.

        Raises:
            SourceError: The folder cannot be read, or is one too many.
        """
        content = _content(path)
        if content is None:
            self.skipped[name] = f"larger than {LARGEST_FILE // 2**20} MiB"
            return
        self.files[name] = content
        self.size += len(content)
        if self.size > LARGEST_TREE or len(self.files) > _MOST_FILES:
            raise _too_large(self.folder)


def _mode(path: str) -> int:
    """Return what kind of file a path is; 0 if it cannot be found out."""
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0


def _content(path: str) -> bytes | None:
    """Read a file; None if it is too large, which its size says before it is read."""
    try:
        with Path(path).open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST_FILE:
                return None
            content = file.read(size + 1)  # room for the largest one would be made for each
            if len(content) > size:  # it has grown
                content += file.read(LARGEST_FILE + 1 - len(content))
    except OSError as error:
        raise _unreadable(Path(path), error) from None
    return content if len(content) <= LARGEST_FILE else None


def _too_large(folder: Path) -> SourceError:
    return SourceError(
        f"the folder holds more than {_MOST_FILES:,} files, or {LARGEST_TREE // 2**20} MiB",
        Position(str(folder)),
        "name a folder with less in it",
        code="too-large",
    )


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what is in a folder: its name from there, and its path."""

    def fail(error: OSError) -> None:
        raise _unreadable(Path(error.filename or folder), error)

    if not folder.is_dir():
        raise SourceError("there is no such folder", Position(str(folder)), code="no-such-folder")
    for place, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if name != ".git")
        above = Path(place).relative_to(folder).as_posix()
        prefix = "" if above == "." else f"{above}/"
        yield from ((f"{prefix}{name}", os.path.join(place, name)) for name in [*names, *folders])  # noqa: PTH118 - a Path for each costs as much as reading


def _unreadable(path: Path, error: OSError) -> KalypsoError:
    return SourceError(f"cannot be read: {error.strerror}", Position(str(path)), code="unreadable")
