"""What a cluster's API answered: the objects of one place, or why there are none."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from kalypso.promotion.expected import ObjectId
from kalypso.promotion.findings import Finding
from kalypso.promotion.readers.fields import Fields, Raw, Unclear

_VERSIONS: Mapping[str, frozenset[str]] = {
    "argoproj.io": frozenset({"v1alpha1"}),
    "helm.toolkit.fluxcd.io": frozenset({"v2", "v2beta1", "v2beta2"}),
    "kustomize.toolkit.fluxcd.io": frozenset({"v1", "v1beta1", "v1beta2"}),
    "source.toolkit.fluxcd.io": frozenset({"v1", "v1beta1", "v1beta2"}),
}
"""Of what reconcilers read; everything else is read as `v1`."""


MARK = "\ue000"
"""Stands before the number of a value, in objects that show where each value is."""


class Said(Protocol):
    """What an answer said as text: a form, and values that every cluster has of its own."""

    @property
    def form(self) -> Hashable:
        """What is the same for answers that differ in their values only."""
        ...

    def values(self) -> Sequence[str]:
        """Return all values, as JSON."""
        ...

    def marked(self) -> Sequence[Raw]:
        """Return the objects with `MARK` and its number in place of each value."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything that one API has of the kinds that readers look at."""

    place: str
    """The cluster, or the hub, whose API it is."""
    asked: float
    """When, by our clock."""
    clock: float | None = None
    """What its clock said then, for example in the header `Date`."""
    objects: Sequence[Raw] = ()
    said: Said | None = field(default=None, repr=False, compare=False)
    """The text of the objects, where it was kept."""
    unserved: frozenset[str] = frozenset()
    """Groups whose API it does not serve: no object of them is not the same as none found."""
    listed: frozenset[str] = frozenset()
    """Kinds of which everything was read, so that what is not here does not exist."""
    problem: Finding | None = None
    """Why it could not be asked; then there are no objects."""
    _index: dict[ObjectId, list[Fields]] = field(default_factory=dict, repr=False, compare=False)
    _labels: dict[tuple[str, str], dict[tuple[str, str], dict[ObjectId, Fields]]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def their_clock(self) -> float:
        """What time it was there when we asked, as far as we know."""
        return self.asked if self.clock is None else self.clock

    def find(self, wanted: ObjectId) -> Fields | None:
        """Return an object; None if it does not exist.

        Raises:
            Unclear: The object is in the answer twice.
        """
        found = (self._index or self._by_id()).get(wanted, ())
        if len(found) > 1:
            raise Unclear(f"{wanted} is listed {len(found)} times")
        for fields in found:
            _check_version(fields)
        return found[0] if found else None

    def of_kind(self, group: str, kind: str) -> Iterator[tuple[ObjectId, Fields]]:
        """Return the objects of a kind, in the order of their names."""
        names = [name for name in self._by_id() if (name.group, name.kind) == (group, kind)]
        for name in sorted(names):
            yield from ((name, each) for each in self._index[name])

    def labelled(self, keys: tuple[str, str], values: tuple[str, str]) -> Mapping[ObjectId, Fields]:
        """Return the objects that carry two labels.

        Raises:
            Unclear: Labels of any object are not texts.
        """
        if keys not in self._labels:
            index: dict[tuple[str, str], dict[ObjectId, Fields]] = {}
            for name, found in self._by_id().items():
                for each in found:
                    index.setdefault(labels_of(each, keys), {})[name] = each
            self._labels[keys] = index
        return self._labels[keys].get(values, {})

    def _by_id(self) -> Mapping[ObjectId, list[Fields]]:
        if not self._index:
            for raw in self.objects:
                identity = identity_of(raw)
                if identity:
                    self._index.setdefault(identity, []).append(Fields(raw))
        return self._index


def _check_version(fields: Fields) -> None:
    """Refuse an object in a version of its API whose fields nobody here knows."""
    given = fields.raw.get("apiVersion")
    if type(given) is not str or not _is_known(given):
        raise Unclear(f"it is served in {given}, which is not known here")


@lru_cache(maxsize=1024)
def _is_known(given: str) -> bool:
    group, _, version = given.rpartition("/")
    return version in _VERSIONS.get(group, frozenset({"v1"}))


def labels_of(fields: Fields, keys: tuple[str, str]) -> tuple[str, str]:
    """Return two labels of an object, empty where it has none.

    Raises:
        Unclear: The labels are not texts.
    """
    metadata = fields.raw.get("metadata")
    labels = metadata.get("labels") if type(metadata) is dict else None
    if type(labels) is dict:
        one, other = labels.get(keys[0], ""), labels.get(keys[1], "")
        if type(one) is type(other) is str:
            return one, other
    have = fields.inner("metadata", "labels")
    return have.optional_text(keys[0]), have.optional_text(keys[1])


def identity_of(raw: Raw) -> ObjectId | None:
    """Return what identifies an object; None if it does not say so."""
    found = _plain_identity(raw)
    if found is not None:
        return found
    fields = Fields(raw)
    try:
        group, _, _ = fields.text("apiVersion").rpartition("/")
        return ObjectId(
            group,
            fields.text("kind"),
            fields.optional_text("metadata", "namespace"),
            fields.text("metadata", "name"),
        )
    except Unclear:
        return None


def _plain_identity(raw: object) -> ObjectId | None:
    """Return what identifies an object that is as servers send it; None for any other."""
    if type(raw) is not dict or type(raw.get("metadata")) is not dict:
        return None
    metadata = raw["metadata"]
    version, kind, name = raw.get("apiVersion"), raw.get("kind"), metadata.get("name")
    namespace = metadata.get("namespace", "")
    texts = type(version) is type(kind) is type(name) is type(namespace) is str
    if not (texts and version and kind and name):
        return None
    return ObjectId(version.rpartition("/")[0], kind, namespace, name)
