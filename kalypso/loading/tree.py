"""The objects of a tree: the files that count, and the folders that a kustomization governs.

Without a kustomization every YAML file counts, at any depth. A folder with one is governed by it,
as Flux's kustomize-controller does.

Source: docs/explanation/model.md, "Files that count".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kalypso.errors import Collector, LoadError, Position, SourceError
from kalypso.loading.budget import LONGEST_PATTERN, Budget, check_patterns
from kalypso.loading.ignore import IGNORE_FILE, SUFFIXES, kept_paths
from kalypso.loading.kustomization import FILE_NAMES, Kustomization, read_kustomization
from kalypso.loading.raw import RawObject, read_objects
from kalypso.model import Source, shown

_MAX_NESTING = 50
"""Kustomizations inside each other; a cycle ends here at the latest."""


SILENCE_FILE = ".kalypso-silence"
"""Names warnings that a platform team does not want to see; read by :mod:`kalypso.advice`."""


def counts(path: str) -> bool:
    """Tell whether a reader of the model may need the file."""
    name = posixpath.basename(path)
    return name.endswith(SUFFIXES) or name in (IGNORE_FILE, SILENCE_FILE, *FILE_NAMES)


def read_tree_objects(
    source: Source, path: str, problems: Collector, budget: Budget | None = None
) -> list[RawObject]:
    """Read all objects below a folder of a source, sorted by file and place in it.

    Args:
        source: The whole tree: ignore files above the folder count too.
        path: Folder in the source; ``.`` means its root.
        problems: Receives what is wrong with files and objects.
        budget: How much there may be.

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
    return _Reader(source, problems, budget or Budget()).folder(root)


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


def _check_ignore_files(source: Source, ignored: Mapping[str, str]) -> None:
    """Refuse ignore files that would take long to match.

    Raises:
        LoadError: They have too many lines for that many files, or one that is too long.
    """
    for path, text in ignored.items():
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) > LONGEST_PATTERN:
                raise LoadError(
                    f"the line has {len(line):,} characters, more than {LONGEST_PATTERN:,}",
                    Position(source.place(path), number),
                    "split the pattern",
                    code="source-too-large",
                )
    if ignored:
        lines = sum(text.count("\n") + 1 for text in ignored.values())
        check_patterns(lines, len(source.files), Position(source.place(min(ignored))))


def _refuse_repeated(
    resource: str, objects: Iterable[RawObject], places: set[tuple[object, ...]], at: Position
) -> None:
    """Refuse what a kustomization gets a second time from the same place, under the same name.

    Raises:
        LoadError: It does; so it is in kustomize.
    """
    for raw in objects:
        place = (*raw.identity, raw.origin.file, raw.origin.start)
        if place in places:
            raise LoadError(
                f"the resource {shown(resource)} brings the {raw.kind} {raw.name!r} a second time",
                at,
                "name each file and folder once; kustomize calls this an already registered id",
                code="kustomization",
            )
        places.add(place)


def _is_yaml(path: str) -> bool:
    return path.endswith(SUFFIXES)


@dataclass(slots=True)
class _Reader:
    source: Source
    problems: Collector
    budget: Budget
    kept: list[str] = field(init=False)
    left_out: set[str] = field(init=False)
    """YAML files that an ignore file leaves out; to a kustomization they are not there."""
    governed: dict[str, str] = field(init=False)
    """Kustomization file by its folder."""
    _known: dict[str, list[RawObject]] = field(default_factory=dict)
    """What files and folders gave that kustomizations name: none is read twice."""

    def __post_init__(self) -> None:
        ignored = _ignore_texts(self.source)
        _check_ignore_files(self.source, ignored)
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
        if self.budget.spent:
            return []
        return read_objects(
            self.source.place(path), self.source.files[path], self.problems, self.budget
        )

    def _governed(self, root: str, above: tuple[str, ...]) -> list[RawObject]:
        if root not in self._known:
            self._known[root] = []
            with self.problems.catching():
                self._known[root] = self._accumulated(root, (*above, root))
        return self._known[root]

    def _accumulated(self, root: str, above: tuple[str, ...]) -> list[RawObject]:
        """Return what a kustomization makes of its resources; the first repetition ends it."""
        file = self.governed[root]
        kustomization = read_kustomization(
            self.source.place(file), self.source.files[file], self.budget
        )
        found: list[RawObject] = []
        places: set[tuple[object, ...]] = set()
        for index, resource in enumerate(kustomization.resources):
            objects: list[RawObject] = []
            with self.problems.catching():
                objects = self._resource(kustomization, index, resource, root, above)
            if self.budget.spent:
                return []
            at = self._named_at(kustomization, index, root)
            _refuse_repeated(resource, objects, places, at)
            self.budget.spend_objects(len(objects), at)
            found += objects
        return list(self._applied(kustomization, found))

    def _named_at(self, kustomization: Kustomization, index: int, root: str) -> Position:
        if kustomization.origin is None:
            return Position(self.source.place(self.governed[root]))
        return kustomization.origin.at("resources", index)

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
        at = self._named_at(kustomization, index, root)
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
            if path not in self._known:
                self._known[path] = self._file(path)
            return self._known[path]
        if path in self.governed:
            return self.folder(path, above)
        folder = any(self._below(path, self.source.files))
        what = "is a folder without a kustomization" if folder else "does not exist"
        raise LoadError(f"the resource {resource!r} {what}", at, code="kustomization")
