"""Whether the manifests of an assignment would be what they were: what they depend on, compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from kalypso.model import (
    MANIFEST_KINDS,
    Assignment,
    ClusterType,
    DeploymentTarget,
    ManifestKind,
    RenderedAssignment,
    Template,
    template_name,
)

T = TypeVar("T")
Values = dict[str, Any]
Templates = tuple[Template | None, ...]
"""Templates of a cluster type by kind of manifest, in the order of ``MANIFEST_KINDS``."""

_SEES_VALUES = re.compile(r"ConfigData|\$(?!\.[A-Za-z])|(?<![\w)\]])\.(?![A-Za-z])")
"""What could reach the configuration: its name, or the whole data as ``.`` or ``$``."""


class Known(msgspec.Struct, frozen=True):
    """The manifests of an assignment, and what they were made from."""

    assignment: Assignment
    values: Values
    templates: Templates
    rendered: RenderedAssignment


class Sameness:
    """Compares what manifests are made from with what it was; each pair of objects once."""

    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = templates
        self._known: dict[tuple[int, int], bool] = {}
        self._of_cluster: dict[int, Templates] = {}
        self._free: dict[int, tuple[ManifestKind, ...]] = {}

    def holds(self, known: Known | None, assignment: Assignment, values: Values) -> bool:
        """Return whether an assignment would be rendered as it was."""
        if known is None:
            return False
        old, new = known.assignment, assignment
        return (
            self._same(known.values, values, repr)
            and self._same(old.cluster_type, new.cluster_type, _of_cluster_type)
            and self._same(old.target, new.target, _of_target)
            and self._same(known.templates, self.templates_of(new.cluster_type), _of_templates)
        )

    def templates_of(self, cluster: ClusterType) -> Templates:
        """Return the templates of a cluster type; one tuple for each, so that it has one id."""
        found = self._of_cluster.get(id(cluster))
        if found is None:
            names = (template_name(cluster, kind) for kind in MANIFEST_KINDS)
            found = tuple(self._templates.get(name) for name in names)
            self._of_cluster[id(cluster)] = found
        return found

    def free_of_values(self, templates: Templates) -> tuple[ManifestKind, ...]:
        """Return the kinds of manifests whose templates cannot see the configuration."""
        found = self._free.get(id(templates))
        if found is None:
            pairs = zip(MANIFEST_KINDS, templates, strict=True)
            found = tuple(kind for kind, each in pairs if each and not _may_see_values(each))
            self._free[id(templates)] = found
        return found

    def _same(self, old: T, new: T, content: Callable[[T], object]) -> bool:
        """Compare by content; objects live as long as this does, so their ids stand for them."""
        if old is new:
            return True
        key = (id(old), id(new))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = content(old) == content(new)
        return known


def _of_cluster_type(cluster: ClusterType) -> object:
    return (cluster.name, cluster.reconciler, cluster.namespace_service, cluster.config_type)


def _of_target(target: DeploymentTarget) -> object:
    return (target.name, target.workload, target.workspace, target.labels, target.manifests)


def _of_templates(templates: Templates) -> object:
    # By repr, since 1, 1.0 and True are equal and yet written in different ways; so are values.
    return [each and (each.name, each.content_type, repr(each.manifests)) for each in templates]


def _may_see_values(template: Template) -> bool:
    return any(_SEES_VALUES.search(text) for text in _texts(template.manifests))


def _texts(value: object) -> Iterator[str]:
    """List the texts in a manifest: itself, or those of a mapping, keys too."""
    match value:
        case str():
            yield value
        case Mapping():
            for key, item in value.items():
                yield from _texts(key)
                yield from _texts(item)
        case list() | tuple():
            for item in value:
                yield from _texts(item)
        case _:
            pass
