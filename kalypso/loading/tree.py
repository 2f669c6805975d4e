"""The objects of a tree: the files that count, and the folders that a kustomization governs.

Without a kustomization every YAML file counts, at any depth. A folder with one is governed by it,
as Flux's kustomize-controller does.

Source: docs/explanation/model.md, "Files that count".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kalypso.errors import Collector, LoadError, Position, SourceError
from kalypso.loading.ignore import IGNORE_FILE, SUFFIXES, kept_paths
from kalypso.loading.kustomization import FILE_NAMES, Kustomization, read_kustomization
from kalypso.loading.raw import RawObject, read_objects
from kalypso.model import Source

_MAX_NESTING = 50
"""Kustomizations inside each other; a cycle ends here at the latest."""


SILENCE_FILE = ".kalypso-silence"
"""Names warnings that a platform team does not want to see; read by :mod:`kalypso.advice`."""


def counts(path: str) -> bool:
    """Tell whether a reader of the model may need the file."""
    name = posixpath.basename(path)
    return name.endswith(SUFFIXES) or name in (IGNORE_FILE, SILENCE_FILE, *FILE_NAMES)


def read_tree_objects(source: Source, path: str, problems: Collector) -> list[RawObject]:
    """Read all objects below a folder of a source, sorted by file and place in it.

    Args:
        source: The whole tree: ignore files above the folder count too.
        path: Folder in the source; ``.`` means its root.
        problems: Receives what is wrong with files and objects.

    Raises:
        SourceError: The folder is not in the source.
    """
    root = "" if path in (".", "") else path
    if root and not any(file.startswith(f"{root}/") for file in source.files):
        raise SourceError(
            f"there is no folder {path!r} with YAML files",
            Position(source.place(path)),
            code="no-such-folder",
        )
    _tell_skipped(source, root, problems)
    return _Reader(source, problems).folder(root)


def _tell_skipped(source: Source, root: str, problems: Collector) -> None:
    """Warn about files that are never read; a file that is only too large is an error."""
    entries = [path for path in source.skipped if path.startswith(f"{root}/" if root else "")]
    for path in kept_paths(entries, _ignore_texts(source)):
        reason, at = source.skipped[path], Position(source.place(path))
        if reason.startswith("larger"):
            problems.error(
                LoadError(
                    f"the file is {reason}",
                    at,
                    "split it, or leave it out with .sourceignore",
                    code="file-too-large",
                )
            )
        else:
            problems.warn("not-read", f"this is {reason} and is not read", at)


def ignored_files(source: Source) -> Iterator[str]:
    """List the YAML files that an ignore file leaves out, sorted."""
    taken = set(kept_paths(source.files, _ignore_texts(source)))
    yield from (path for path in sorted(source.files) if _is_yaml(path) and path not in taken)


def _ignore_texts(source: Source) -> dict[str, str]:
    return {
        path: content.decode(errors="surrogateescape")
        for path, content in source.files.items()
        if posixpath.basename(path) == IGNORE_FILE
    }


def _is_yaml(path: str) -> bool:
    return path.endswith(SUFFIXES)


@dataclass(slots=True)
class _Reader:
    source: Source
    problems: Collector
    kept: list[str] = field(init=False)
    left_out: set[str] = field(init=False)
    """YAML files that an ignore file leaves out; to a kustomization they are not there."""
    governed: dict[str, str] = field(init=False)
    """Kustomization file by its folder."""

    def __post_init__(self) -> None:
        ignored = _ignore_texts(self.source)
        self.kept = kept_paths(self.source.files, ignored)
        self.left_out = {path for path in self.source.files if _is_yaml(path)} - set(self.kept)
        bare = [p for p in self.source.files if posixpath.basename(p) == "Kustomization"]
        names = [*self.kept, *kept_paths(bare, ignored, suffixes=("Kustomization",))]
        self.governed = {
            posixpath.dirname(path): path
            for name in reversed(FILE_NAMES)
            for path in names
            if posixpath.basename(path) == name
        }

    def folder(self, root: str, above: tuple[str, ...] = ()) -> list[RawObject]:
        if root in self.governed:
            return self._governed(root, above)
        found: list[RawObject] = []
        done: set[str] = set()
        for path in self._below(root, self.kept):
            governor = self._governor(path, root)
            if governor is None:
                found += self._file(path)
            elif governor not in done:
                done.add(governor)
                found += self._governed(governor, above)
        return found

    def _below(self, root: str, paths: Iterable[str]) -> Iterator[str]:
        prefix = f"{root}/" if root else ""
        return (path for path in paths if path.startswith(prefix))

    def _governor(self, path: str, root: str) -> str | None:
        """Return the outermost folder between the root and the file that has a kustomization."""
        if not self.governed:
            return None
        below = path[len(root) + 1 if root else 0 :].split("/")[:-1]
        folder = root
        for part in below:
            folder = f"{folder}/{part}" if folder else part
            if folder in self.governed:
                return folder
        return None

    def _file(self, path: str) -> list[RawObject]:
        return read_objects(self.source.place(path), self.source.files[path], self.problems)

    def _governed(self, root: str, above: tuple[str, ...]) -> list[RawObject]:
        file = self.governed[root]
        with self.problems.catching():
            kustomization = read_kustomization(self.source.place(file), self.source.files[file])
            found: list[RawObject] = []
            for index, resource in enumerate(kustomization.resources):
                with self.problems.catching():
                    found += self._resource(kustomization, index, resource, root, (*above, root))
            return list(self._applied(kustomization, found))
        return []

    def _applied(
        self, kustomization: Kustomization, found: Iterable[RawObject]
    ) -> Iterator[RawObject]:
        for raw in found:
            with self.problems.catching():
                yield kustomization.applied(raw)

    def _resource(
        self,
        kustomization: Kustomization,
        index: int,
        resource: str,
        root: str,
        above: tuple[str, ...],
    ) -> list[RawObject]:
        place = self.source.place(self.governed[root])
        at = (
            kustomization.origin.at("resources", index) if kustomization.origin else Position(place)
        )
        if "://" in resource or resource.startswith(("git@", "/")) or "?ref=" in resource:
            raise LoadError(
                f"the resource {resource!r} is outside this repository", at, code="kustomization"
            )
        path = posixpath.normpath(posixpath.join(root, resource))
        path = "" if path == "." else path
        if path.startswith("../") or path == "..":
            raise LoadError(
                f"the resource {resource!r} leads out of the repository", at, code="kustomization"
            )
        if path in above or len(above) > _MAX_NESTING:
            raise LoadError(
                f"the resource {resource!r} leads back to this kustomization",
                at,
                code="kustomization",
            )
        if path in self.source.files and path not in self.left_out:
            return self._file(path)
        if path in self.governed:
            return self.folder(path, above)
        folder = any(self._below(path, self.source.files))
        what = "is a folder without a kustomization" if folder else "does not exist"
        raise LoadError(f"the resource {resource!r} {what}", at, code="kustomization")
