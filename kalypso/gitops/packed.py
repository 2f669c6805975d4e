"""The files of an environment, packed where they are so many that memory could not hold them.

A million assignments have four gigabytes of text, most of which differs only in names: packed it is
a thirtieth. Files are asked for in their order, so one chunk at a time is unpacked.
"""

from __future__ import annotations

import marshal
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

UNPACKED = 1 << 29
"""Characters of text up to which nothing is packed: a hundred thousand assignments."""
_CHUNK = 1 << 20
"""Characters of text in one chunk."""
_LEVEL = 1


class _Chunk(msgspec.Struct, frozen=True):
    """Files that follow each other."""

    first: str
    """The path that sorts first."""
    count: int
    packed: bytes

    def files(self) -> dict[str, str]:
        found: dict[str, str] = marshal.loads(zlib.decompress(self.packed))  # noqa: S302 - our own
        return found


class PackedFiles(Mapping[str, str]):
    """Texts by path, sorted by path, of which most are packed."""

    def __init__(self, chunks: Sequence[_Chunk], loose: Mapping[str, str]) -> None:
        """Put chunks together.

        Args:
            chunks: Sorted; the paths of one are all before those of the next.
            loose: Further files, which are few and win over those of the same path.
        """
        self._chunks = chunks
        self._loose = dict(sorted(loose.items()))
        self._firsts = [chunk.first for chunk in chunks]
        self._open: tuple[int, dict[str, str]] = (0, chunks[0].files()) if chunks else (0, {})
        twice = sum(path in self._opened(path) for path in self._loose)
        self._count = sum(chunk.count for chunk in chunks) + len(self._loose) - twice

    def __getitem__(self, path: str) -> str:
        if path in self._loose:
            return self._loose[path]
        known = self._open[1].get(path)
        return self._opened(path)[path] if known is None else known

    def __iter__(self) -> Iterator[str]:
        loose = list(self._loose)
        bounds = [0, *(bisect_left(loose, first) for first in self._firsts[1:]), len(loose)]
        for number, (start, end) in enumerate(pairwise(bounds)):
            files = self._files(number)
            yield from sorted([*files, *(p for p in loose[start:end] if p not in files)])

    def __len__(self) -> int:
        return self._count

    def with_files(self, files: Mapping[str, str]) -> PackedFiles:
        """Return these and some others, which are few."""
        return PackedFiles(self._chunks, {**self._loose, **files})

    def _opened(self, path: str) -> dict[str, str]:
        """Return the chunk in which a path would be."""
        return self._files(max(0, bisect_right(self._firsts, path) - 1))

    def _files(self, number: int) -> dict[str, str]:
        if self._open[0] != number:
            self._open = (number, self._chunks[number].files())
        return self._open[1]


class Packing:
    """Takes files as they are made, sorted by path, and forgets their texts when they are many."""

    def __init__(self, unpacked: int = UNPACKED, chunk: int = _CHUNK) -> None:
        self._chunk = chunk
        self._most = unpacked
        self._waiting: dict[str, str] = {}
        self._size = 0
        self._chunks: list[_Chunk] = []

    def add(self, path: str, text: str) -> None:
        """Take a file."""
        self._waiting[path] = text
        self._size += len(text)
        if self._size > self._most:
            self._pack()

    def files(self, loose: Mapping[str, str]) -> Mapping[str, str]:
        """Return all files, sorted by path.

        Args:
            loose: Further files, wherever they sort; they are few.
        """
        if not self._chunks:
            return _sorted({**self._waiting, **loose}) if loose else self._waiting
        self._pack()
        return PackedFiles(self._chunks, loose)

    def _pack(self) -> None:
        part: dict[str, str] = {}
        size = 0
        for path, text in self._waiting.items():
            part[path] = text
            size += len(text)
            if size > self._chunk:
                self._chunks.append(_packed(part))
                part, size = {}, 0
        if part:
            self._chunks.append(_packed(part))
        self._waiting, self._size, self._most = {}, 0, self._chunk


def with_files(files: Mapping[str, str], more: Mapping[str, str]) -> Mapping[str, str]:
    """Return files and some others, which are few, sorted by path."""
    if isinstance(files, PackedFiles):
        return files.with_files(more)
    return _sorted({**files, **more})


def _sorted(files: Mapping[str, str]) -> dict[str, str]:
    return {path: files[path] for path in sorted(files)}


def _packed(files: dict[str, str]) -> _Chunk:
    return _Chunk(next(iter(files)), len(files), zlib.compress(marshal.dumps(files), _LEVEL))
