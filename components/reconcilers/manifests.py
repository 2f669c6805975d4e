"""The manifests that install a reconciler, each object a resource of its own.

Kinds and namespaces come first, because the other objects need them. The provider can read such a
file too, in a component of its own; but then a cluster that does not answer ends the components of
all others with errors that blame them.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from kalypso.stack import read_manifests

from .ownership import owned

_FIRST = frozenset({"CustomResourceDefinition", "Namespace"})


def declare_manifests(
    name: str,
    source: str,
    opts: pulumi.ResourceOptions,
    changed: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None,
) -> list[pulumi.Resource]:
    """Declare every object of a file or an address, and return the resources.

    Args:
        name: Beginning of the resources' names.
        source: A path, or an address that begins with `https://`.
        opts: Options of each resource.
        changed: What becomes of an object before it is declared; it stays as it is if absent.

    Raises:
        SettingsError: The source cannot be read, or has something that is not an object.
    """
    documents: list[Mapping[str, Any]] = list(read_manifests(source))
    if changed:
        documents = [changed(each) for each in documents]
    made = [_declare(name, each, opts) for each in documents if each["kind"] in _FIRST]
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=made))
    return made + [_declare(name, each, after) for each in documents if each["kind"] not in _FIRST]


def _declare(
    name: str, document: Mapping[str, Any], opts: pulumi.ResourceOptions
) -> pulumi.Resource:
    version, kind, given = document["apiVersion"], document["kind"], document["metadata"]
    marks = owned(given["name"], labels=given.get("labels") or {})
    annotations = {**(given.get("annotations") or {}), **marks["annotations"]}
    group = version if "/" in version else f"core/{version}"
    made: pulumi.Resource = pulumi.CustomResource(
        f"kubernetes:{group}:{kind}",
        f"{name}-{kind}-{given['name']}".lower(),
        {**document, "metadata": {**given, **marks, "annotations": annotations}},
        opts,
    )
    return made
