"""``kustomization.yaml``: the part of it that says which objects a folder holds and names them.

What would change our objects in a way that is not done here is refused by name, never passed over.

Source: docs/explanation/model.md, "Files that count".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from kalypso.errors import LoadError, Position
from kalypso.loading.budget import Budget
from kalypso.loading.documents import read_documents
from kalypso.loading.kustomization_fields import (
    check_fields,
    check_kind,
    check_options,
    says_nothing,
)
from kalypso.loading.raw import RawObject, check_name, is_local, read_labels
from kalypso.model import Origin, shown

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController")
"""Kinds that ``replicas`` is about, of any group."""


class Kustomization(msgspec.Struct, frozen=True):
    """What a kustomization says about the objects of its folder."""

    origin: Origin
    resources: tuple[str, ...] = ()
    """Files and folders, relative to the kustomization's folder, as written; bases come last."""
    bases: int = 0
    """How many of them stand under ``bases``."""
    prefix: str = ""
    suffix: str = ""
    labels: Mapping[str, str] = msgspec.field(default_factory=dict)
    annotations: Mapping[str, str] = msgspec.field(default_factory=dict)
    crds: tuple[str, ...] = ()
    """Files with definitions of types, as written."""
    open_api: str = ""
    """A file with definitions of types; empty for none."""
    replicas: tuple[str, ...] = ()
    """Names of objects whose replicas are set."""

    def at(self, *path: str | int) -> Position:
        """Return where a field stands."""
        return self.origin.at(*path)

    def resource_at(self, index: int) -> Position:
        """Return where one of the resources stands."""
        listed = len(self.resources) - self.bases
        if index < listed:
            return self.at("resources", index)
        return self.at("bases", index - listed)

    def applied(self, raw: RawObject) -> RawObject:
        """Return an object as the kustomization makes it.

        Raises:
            LoadError: An object gets a name that the API server refuses.
        """
        local = raw.local or is_local(self.annotations)
        if not (self.prefix or self.suffix or self.labels or local):
            return raw
        name = f"{self.prefix}{raw.name}{self.suffix}"
        check_name(name, raw.api_version, raw.kind, raw.origin)
        return raw.renamed(name, {**raw.labels, **self.labels}, local=local)

    def check_replicas(self, objects: Iterable[RawObject]) -> None:
        """Refuse replicas of what is not among the objects, under any name that it ever had.

        Raises:
            LoadError: An entry names an object that does not exist.
        """
        known = {name for raw in objects if raw.kind in _SCALED for name in raw.names}
        for index, name in enumerate(self.replicas):
            if name not in known:
                raise LoadError(
                    f"replicas names {shown(name)}, and there is no such {_either(_SCALED)} here",
                    self.at("replicas", index),
                    "Flux refuses the whole folder for that; remove the entry",
                    code="kustomization",
                )


def read_kustomization(
    file: str, content: bytes, budget: Budget | None = None, *, nested: bool = False
) -> Kustomization:
    """Read a kustomization file.

    Args:
        file: How messages name it.
        content: Its bytes.
        budget: What all files of its source may hold together.
        nested: Whether it is below the folder that Flux is pointed at: there, it may neither be
            empty nor a Component.

    Raises:
        LoadError: The file is not YAML, or not what kustomize accepts.
        Problems: Fields that kustomize refuses, or that this program does not carry out.
    """
    document = next(read_documents(file, content, budget, old_bools=True), None)
    if document is None or document.origin.document:  # kustomize reads the first one only
        body, origin = {}, Origin(file, "", 0, 1)
    else:
        body, origin = document.value, document.origin
    if not isinstance(body, dict):
        raise LoadError("the kustomization is not a mapping", origin.start, code="kustomization")
    check_fields(body, origin)
    check_kind(body, origin, nested=nested)
    check_options(body, origin, nested=nested)
    if nested and says_nothing(body):
        raise LoadError(
            "the kustomization is empty, and Flux refuses one that says nothing",
            origin.start,
            "list the folder's files as its resources, or write `resources: []`",
            code="kustomization",
        )
    return Kustomization(
        origin,
        resources=(*(body.get("resources") or ()), *(body.get("bases") or ())),
        bases=len(body.get("bases") or ()),
        prefix=body.get("namePrefix") or "",
        suffix=body.get("nameSuffix") or "",
        labels=_labels(body, origin),
        annotations=body.get("commonAnnotations") or {},
        crds=tuple(body.get("crds") or ()),
        open_api=(body.get("openapi") or {}).get("path") or "",
        replicas=tuple(entry.get("name") or "" for entry in body.get("replicas") or ()),
    )


def _labels(body: Mapping[str, Any], origin: Origin) -> dict[str, str]:
    """Return the labels that objects get: ``labels`` in their order, then ``commonLabels``."""
    result: dict[str, str] = {}
    for index, entry in enumerate(body.get("labels") or []):
        result |= read_labels(entry.get("pairs"), origin, ("labels", index, "pairs"))
    return result | read_labels(body.get("commonLabels"), origin, ("commonLabels",))


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
