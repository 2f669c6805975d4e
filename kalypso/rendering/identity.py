"""What identifies an object in a cluster: its group, kind and name, and the namespace it is in.

A namespace that is not named is ``default``, and some kinds are in none whatever they name: so
Kustomize compares objects, which refuses a folder that holds one twice.

Source: docs/explanation/model.md, "Templates".
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import yaml

from kalypso.rendering.nodes import documents, items_of, members, objects, text_of

_IN_NO_NAMESPACE = {
    "": ("ComponentStatus", "Namespace", "Node", "PersistentVolume"),
    "admissionregistration.k8s.io": (
        "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
    ),
    "apiextensions.k8s.io": ("CustomResourceDefinition",),
    "apiregistration.k8s.io": ("APIService",),
    "certificates.k8s.io": ("CertificateSigningRequest", "ClusterTrustBundle"),
    "flowcontrol.apiserver.k8s.io": ("FlowSchema", "PriorityLevelConfiguration"),
    "networking.k8s.io": ("IPAddress", "IngressClass", "ServiceCIDR"),
    "node.k8s.io": ("RuntimeClass",),
    "rbac.authorization.k8s.io": ("ClusterRole", "ClusterRoleBinding"),
    "resource.k8s.io": ("DeviceClass", "ResourceSlice"),
    "scheduling.k8s.io": ("PriorityClass",),
    "storage.k8s.io": ("CSIDriver", "CSINode", "StorageClass", "VolumeAttachment",
                       "VolumeAttributesClass"),
}  # fmt: skip
"""The kinds of Kubernetes that are in no namespace, by group."""
_EXACT = frozenset((group, kind) for group, kinds in _IN_NO_NAMESPACE.items() for kind in kinds)
_BY_KIND = frozenset(kind for kinds in _IN_NO_NAMESPACE.values() for kind in kinds)
_METADATA = "\nmetadata:\n"

Kinds = tuple[str, ...]
"""The kinds of a manifest's objects, each of which is there once."""

Glance = tuple[str, str, str]
"""Kind, namespace and name, as far as they can be told without reading YAML."""


class Found(msgspec.Struct, frozen=True):
    """An object of a manifest, as far as it says what it is."""

    kind: str
    group: str
    namespace: str
    """As it is written; empty if it is not."""
    name: str
    line: int
    """Of the manifest, counted from 1."""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What may stand only once in the folder of a cluster type."""
        nowhere = (self.group, self.kind) in _EXACT
        namespace = "" if nowhere else self.namespace or "default"
        return (self.group, self.kind, namespace, self.name)

    @property
    def glance(self) -> Glance:
        """What :func:`glance` returns for it; equal for all that have one identity."""
        return _glance(self.kind, self.namespace, self.name)


def found_objects(text: str) -> list[Found]:
    """Return the objects of a manifest that have a kind and a name, those of lists among them."""
    found = (_found(node) for document in documents(text) for node in objects(document))
    return [each for each in found if each is not None]


def may_repeat(texts: list[str]) -> bool:
    """Return whether manifests may hold an object twice, judged at a glance: by their kinds."""
    return kinds_may_repeat([kinds_apart(text) for text in texts])


def kinds_may_repeat(found: Sequence[Kinds | None]) -> bool:
    """Return whether manifests may hold an object twice, by what :func:`kinds_apart` returned."""
    kinds = [kind for own in found for kind in own or ()]
    return None in found or len(set(kinds)) < len(kinds)


def kinds_apart(text: str) -> Kinds | None:
    """Return the kinds of a manifest's objects; None if one may be twice in it."""
    found = kinds_at_a_glance(text)
    if len(found) < text.count("\n---") + 1 or any(map(_is_list, found)):
        return None
    return tuple(found) if len(set(found)) == len(found) else None


def glance(text: str) -> list[Glance] | None:
    """Read kind, namespace and name of objects that are written line by line.

    Objects of one identity are equal at a glance, and some others may be.

    Returns:
        One for each document; None if they have to be read as YAML.
    """
    found: list[Glance] = []
    for document in f"\n{text}".split("\n---"):
        kinds, start = kinds_at_a_glance(document), document.find(_METADATA)
        if len(kinds) != 1 or start < 0:
            if document.strip():
                return None
            continue
        own = _lines_of(document[start + len(_METADATA) :])
        if "name" not in own or _is_list(kinds[0]):
            return None
        found.append(_glance(kinds[0], own.get("namespace", ""), own["name"]))
    return found


def kinds_at_a_glance(text: str) -> list[str]:
    """Return what stands behind ``kind:`` at the beginning of lines."""
    parts = f"\n{text}".split("\nkind:")
    return [part.partition("\n")[0].strip(" \t\"'") for part in parts[1:]]


def _glance(kind: str, namespace: str, name: str) -> Glance:
    return kind, "" if kind in _BY_KIND else namespace or "default", name


def _is_list(kind: str) -> bool:
    return kind.endswith("List")


def _lines_of(block: str) -> dict[str, str]:
    """Return name and namespace of the mapping that a text begins with."""
    own: dict[str, str] = {}
    indent = block[: len(block) - len(block.lstrip(" "))]
    for line in block.split("\n"):
        if not line.startswith(indent) or not indent:
            break
        key, colon, value = line[len(indent) :].partition(":")
        if colon and key in ("name", "namespace"):
            own[key] = value.strip(" \t\"'")
            if len(own) == 2:  # noqa: PLR2004 - both of them
                break
    return own


def _found(node: yaml.Node) -> Found | None:
    own = members(node)
    metadata = members(own.get("metadata"))
    kind, name = text_of(own.get("kind")), text_of(metadata.get("name"))
    if not kind or not name or items_of(node) is not None:
        return None
    group = text_of(own.get("apiVersion")).rpartition("/")[0]
    return Found(kind, group, text_of(metadata.get("namespace")), name, node.start_mark.line + 1)
