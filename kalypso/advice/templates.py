"""Templates and cluster types that nothing uses, wrong types, and API versions that are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from kalypso.errors import Collector
from kalypso.model import Assignment, ClusterType, Platform, Template
from kalypso.spelling import nearest

_BUILT_IN = ("", "configMap", "envFile")
_FIELDS = (
    ("reconciler", "reconciler", "reconciler"),
    ("namespaceService", "namespace_service", "namespace"),
    ("configType", "config_type", "config"),
)
"""Field of a cluster type, its attribute, and the type of the template that it names."""

_REMOVED = {
    "source.toolkit.fluxcd.io/v1beta1": "source.toolkit.fluxcd.io/v1",
    "source.toolkit.fluxcd.io/v1beta2": "source.toolkit.fluxcd.io/v1",
    "kustomize.toolkit.fluxcd.io/v1beta1": "kustomize.toolkit.fluxcd.io/v1",
    "kustomize.toolkit.fluxcd.io/v1beta2": "kustomize.toolkit.fluxcd.io/v1",
    "helm.toolkit.fluxcd.io/v2beta1": "helm.toolkit.fluxcd.io/v2",
    "helm.toolkit.fluxcd.io/v2beta2": "helm.toolkit.fluxcd.io/v2",
}
"""API versions that current Flux no longer serves, and what took their place.

A cluster with an older Flux takes them. What no Kubernetes takes is an error where it is rendered.
"""
_API_VERSION = re.compile(r"\bapiVersion:[ \t]*[\"']?([A-Za-z0-9./-]+)")


def advise_on_templates(
    platform: Platform, assignments: Sequence[Assignment], problems: Collector
) -> None:
    """Warn about templates and cluster types."""
    assigned = {assignment.cluster_type.name for assignment in assignments}
    used: set[str] = set()
    for cluster in platform.cluster_types:
        if cluster.name not in assigned:
            problems.warn(
                "cluster-type-unused",
                f"no policy puts anything on the cluster type {cluster.name!r}",
                cluster.at,
            )
        for field, attribute, wanted in _FIELDS:
            name: str = getattr(cluster, attribute)
            used.add(name)
            reference = _Reference(cluster, field, name, wanted, cluster.name in assigned)
            _advise_on_reference(reference, platform.templates, problems)
    for template in platform.templates.values():
        if template.name not in used:
            problems.warn(
                "template-unused",
                f"no cluster type of this environment uses the template {template.name!r}",
                template.at,
            )
        _advise_on_versions(template, problems)


class _Reference(msgspec.Struct, frozen=True):
    """A template that a cluster type names."""

    cluster: ClusterType
    field: str
    name: str
    wanted: str
    live: bool
    """The cluster type has assignments, so a missing template is an error already."""


def _advise_on_reference(
    reference: _Reference, templates: Mapping[str, Template], problems: Collector
) -> None:
    cluster, field, name = reference.cluster, reference.field, reference.name
    if field == "configType" and name in _BUILT_IN:
        return
    at = cluster.origin.at("spec", field)
    template = templates.get(name)
    if template is None:
        if not reference.live:
            near = nearest(name, templates)
            problems.warn(
                "missing-template",
                f"the cluster type {cluster.name!r} names the template {name!r}, which does"
                " not exist",
                at,
                f"did you mean {near!r}?" if near else "it fails with the first assignment",
            )
    elif template.type and template.type != reference.wanted:
        problems.warn(
            "template-type",
            f"the cluster type {cluster.name!r} uses {name!r} as its {field}, but the template is"
            f" of the type {template.type!r}",
            at,
            f"the template is in {template.at}",
        )


def _advise_on_versions(template: Template, problems: Collector) -> None:
    for number, manifest in enumerate(template.manifests):
        for version in _versions(manifest):
            if version in _REMOVED:
                problems.warn(
                    "removed-api-version",
                    f"the template {template.name!r} writes {version}, which is no longer served",
                    template.origin.at("spec", "manifests", number),
                    f"use {_REMOVED[version]}",
                )


def _versions(manifest: str | Mapping[str, object]) -> Iterator[str]:
    if isinstance(manifest, str):
        yield from dict.fromkeys(_API_VERSION.findall(manifest))
    elif isinstance(manifest.get("apiVersion"), str):
        yield str(manifest["apiVersion"])
