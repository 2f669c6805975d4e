"""Which Kubernetes kinds a template may write, where the platform team says so.

Off by default. With a list, a template or a value cannot bring in a kind, such as a
ClusterRoleBinding, that the team does not expect from templates of that type.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml

from kalypso.errors import TemplateError
from kalypso.model import ManifestKind, Template

AllowedKinds = Mapping[ManifestKind, frozenset[str]]
"""Kinds by type of manifest; a type that is absent may hold any."""


def check_kinds(text: str, kind: ManifestKind, template: Template, allowed: AllowedKinds) -> None:
    """Refuse YAML that holds a kind which manifests of its type may not hold.

    Raises:
        TemplateError: Names the kind; an object without one is refused as well.
    """
    if kind not in allowed:
        return
    for found in _kinds(text):
        if found not in allowed[kind]:
            what = f"the kind {found!r}" if found else "an object without a kind"
            raise TemplateError(
                f"the template {template.name!r} writes {what}, which a {kind} may not be",
                template.at,
                f"allowed are {', '.join(sorted(allowed[kind])) or 'none'}",
                code="kind-not-allowed",
            )


def _kinds(text: str) -> Iterator[str]:
    for node in yaml.compose_all(text, yaml.CSafeLoader):
        if isinstance(node, yaml.ScalarNode) and not node.value:
            continue
        members = node.value if isinstance(node, yaml.MappingNode) else []
        named = [value.value for key, value in members if key.value == "kind"]
        yield str(named[0]) if named else ""
