"""The objects of a tree, put together folder by folder as Flux's kustomize-controller does.

Without a kustomization every YAML file counts, at any depth. A folder with one is governed by it.
Objects that kustomize would refuse together are reported here, whatever they are objects of.

Source: docs/explanation/model.md, "Files that count".
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kalypso.errors import Collector, LoadError, ModelError, Position
from kalypso.loading.budget import Budget
from kalypso.loading.documents import read_documents
from kalypso.loading.ignore import SUFFIXES, kept_paths
from kalypso.loading.ignore_files import check_ignore_files, ignore_texts
from kalypso.loading.kustomization import FILE_NAMES, Kustomization, read_kustomization
from kalypso.loading.raw import RawObject, read_objects
from kalypso.model import Source, shown

_MAX_NESTING = 50
"""Kustomizations inside each other; a cycle ends here at the latest."""


@dataclass(slots=True)
class Accumulation:
    """What the folders of one source hold."""

    source: Source
    start: str
    """The folder that Flux is pointed at."""
    problems: Collector
    budget: Budget
    _there: set[str] = field(init=False)
    """Files that no ignore file leaves out; to a kustomization the others are not there."""
    _kept: list[str] = field(init=False)
    """The YAML files and kustomizations among them, sorted."""
    _governed: dict[str, list[str]] = field(init=False)
    """Kustomization files by their folder, more than one only by mistake."""
    _faulty: list[RawObject] = field(default_factory=list)
    """What has no name or labels that could be compared."""
    _known: dict[str, list[RawObject]] = field(default_factory=dict)
    """What files and folders gave that kustomizations name: none is read twice."""

    def __post_init__(self) -> None:
        ignored = ignore_texts(self.source)
        check_ignore_files(self.source, ignored)
        there = kept_paths(self.source.files, ignored, suffixes=("",))
        self._there = set(there)
        counting = (*SUFFIXES, *(f"/{name}" for name in FILE_NAMES))
        self._kept = [path for path in there if f"/{path}".endswith(counting)]
        governed = defaultdict(list)
        for path in there:
            if posixpath.basename(path) in FILE_NAMES:
                governed[posixpath.dirname(path)].append(path)
        self._governed = dict(governed)

    def objects(self) -> list[RawObject]:
        """Return the objects that Flux would apply, sorted by file and place in it."""
        found = self._folder(self.start)
        if self.start not in self._governed:
            self._refuse_twins(found)
        return [raw for raw in (*found, *self._faulty) if not raw.local]

    def _folder(self, root: str, above: tuple[str, ...] = ()) -> list[RawObject]:
        if root in self._governed:
            return self._of_kustomization(root, above)
        found: list[RawObject] = []
        done: set[str] = set()
        for path in self._below(root, self._kept):
            governor = self._governor(path, root)
            if governor is None:
                found += self._file(path)
            elif governor not in done:
                done.add(governor)
                found += self._of_kustomization(governor, above)
        return found

    def _below(self, root: str, paths: Iterable[str]) -> Iterator[str]:
        prefix = f"{root}/" if root else ""
        return (path for path in paths if path.startswith(prefix))

    def _governor(self, path: str, root: str) -> str | None:
        """Return the outermost folder between the root and the file that has a kustomization."""
        if not self._governed:
            return None
        below = path[len(root) + 1 if root else 0 :].split("/")[:-1]
        folder = root
        for part in below:
            folder = f"{folder}/{part}" if folder else part
            if folder in self._governed:
                return folder
        return None

    def _file(self, path: str) -> list[RawObject]:
        if self.budget.spent:
            return []
        file = self.source.place(path)
        with self.problems.catching():
            self.budget.look_at_clock(Position(file))
            found = read_objects(file, self.source.files[path], self.problems, self.budget)
            self._faulty += [raw for raw in found if raw.faulty]
            return [raw for raw in found if not raw.faulty]
        return []

    def _of_kustomization(self, root: str, above: tuple[str, ...]) -> list[RawObject]:
        if root not in self._known:
            self._known[root] = []
            with self.problems.catching():
                self._known[root] = self._accumulated(root, (*above, root))
        return self._known[root]

    def _accumulated(self, root: str, above: tuple[str, ...]) -> list[RawObject]:
        """Return what a kustomization makes of its resources; the first repetition ends it."""
        kustomization = self._read(root)
        found: list[RawObject] = []
        places: dict[tuple[str, str, str], RawObject] = {}
        for index, resource in enumerate(kustomization.resources):
            objects: list[RawObject] = []
            at = kustomization.resource_at(index)
            self.budget.look_at_clock(at)
            with self.problems.catching():
                objects = self._resource(resource, at, root, above)
            if self.budget.spent:
                return []
            _refuse_repeated(resource, objects, places, at)
            self.budget.spend_objects(len(objects), at)
            found += objects
        self._check_files(kustomization, root)
        applied = list(self._applied(kustomization, found))
        kustomization.check_replicas(applied)
        return applied

    def _read(self, root: str) -> Kustomization:
        """Read the kustomization of a folder.

        Raises:
            LoadError: The kustomization is wrong, or the folder has several.
        """
        file, *others = sorted(self._governed[root], key=_rank)
        if others:
            names = [posixpath.basename(path) for path in (file, *others)]
            raise LoadError(
                f"the folder has several kustomizations, {' and '.join(names)}, and Flux refuses"
                " that",
                Position(self.source.place(others[0])),
                "keep one of them",
                code="kustomization",
            )
        return read_kustomization(
            self.source.place(file),
            self.source.files[file],
            self.budget,
            nested=root != self.start,
        )

    def _applied(
        self, kustomization: Kustomization, found: Iterable[RawObject]
    ) -> Iterator[RawObject]:
        for raw in found:
            with self.problems.catching():
                yield kustomization.applied(raw)

    def _check_files(self, kustomization: Kustomization, root: str) -> None:
        """Refuse definitions of types that are not there, or none.

        Raises:
            LoadError: A file does not exist, or defines no types.
        """
        for index, name in enumerate(kustomization.crds):
            at = kustomization.at("crds", index)
            path = self._named(name, "crds names", root, at)
            place = self.source.place(path)
            found = [d.value for d in read_documents(place, self.source.files[path], self.budget)]
            body = found[0] if found else {}
            if not isinstance(body, dict) or not all(isinstance(v, dict) for v in body.values()):
                raise LoadError(
                    f"crds names {shown(name)}, which holds no OpenAPI definitions of types",
                    at,
                    "list a CustomResourceDefinition under resources",
                    code="kustomization",
                )
        if kustomization.open_api:
            at = kustomization.at("openapi", "path")
            self._named(kustomization.open_api, "openapi names", root, at)

    def _named(self, name: str, what: str, root: str, at: Position) -> str:
        """Return the path of a file that a kustomization names.

        Raises:
            LoadError: The file does not exist.
        """
        path = posixpath.normpath(posixpath.join(root, name))
        if path in self._there:
            return path
        raise _refused(f"{what} {shown(name)}, which does not exist", at)

    def _resource(
        self, resource: str, at: Position, root: str, above: tuple[str, ...]
    ) -> list[RawObject]:
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
        if any(_holds(path, each) for each in above) or len(above) > _MAX_NESTING:
            raise LoadError(
                f"the resource {resource!r} leads back to this kustomization",
                at,
                code="kustomization",
            )
        if path in self._there:
            if path not in self._known:
                self._known[path] = self._file(path)
            return self._known[path]
        if path in self._governed:
            return self._folder(path, above)
        folder = any(self._below(path, self.source.files))
        what = "is a folder without a kustomization" if folder else "does not exist"
        raise _refused(f"the resource {resource!r} {what}", at)

    def _refuse_twins(self, found: Iterable[RawObject]) -> None:
        """Tell objects that stand twice in a tree that no kustomization governs."""
        places: dict[tuple[str, str, str], RawObject] = {}
        for raw in found:
            if raw.identity in places:
                self.problems.error(twice(raw, places[raw.identity].origin.start))
            places.setdefault(raw.identity, raw)


def twice(raw: RawObject, first: Position) -> ModelError:
    """Return the error that an object is defined twice."""
    return ModelError(
        f"the {raw.kind} {raw.name!r} is defined twice, first in {first}",
        raw.origin.start,
        "" if first != raw.origin.start else "its file is read twice",
        code="duplicate-object",
    )


def _refuse_repeated(
    resource: str,
    objects: Iterable[RawObject],
    places: dict[tuple[str, str, str], RawObject],
    at: Position,
) -> None:
    """Refuse what a kustomization gets a second time under the same name.

    Raises:
        LoadError: An object comes from the same place, through two resources.
        ModelError: An object is defined twice.
    """
    for raw in objects:
        first = places.get(raw.identity)
        if first is None:
            places[raw.identity] = raw
            continue
        if (first.origin.file, first.origin.start) != (raw.origin.file, raw.origin.start):
            raise twice(raw, first.origin.start)
        raise LoadError(
            f"the resource {shown(resource)} brings the {raw.kind} {raw.name!r} a second time",
            at,
            "name each file and folder once; kustomize calls this an already registered id",
            code="kustomization",
        )


def _holds(folder: str, other: str) -> bool:
    """Return whether a folder is another one, or above it."""
    return not folder or other == folder or other.startswith(f"{folder}/")


def _refused(sentence: str, at: Position) -> LoadError:
    return LoadError(sentence, at, code="kustomization")


def _rank(path: str) -> int:
    return FILE_NAMES.index(posixpath.basename(path))
