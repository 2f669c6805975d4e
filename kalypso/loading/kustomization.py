"""``kustomization.yaml``: the part of it that says which objects a folder holds and names them.

What would change our objects in a way that is not done here is refused by name, never passed over.

Source: docs/explanation/model.md, "Files that count".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kalypso.errors import LoadError
from kalypso.loading.budget import Budget
from kalypso.loading.documents import read_documents
from kalypso.loading.raw import RawObject, check_name, read_labels
from kalypso.model import Origin, shown

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")

_DONE = ("resources", "bases", "namePrefix", "nameSuffix", "commonLabels", "labels")
_WITHOUT_EFFECT = (
    *("apiVersion", "kind", "metadata", "namespace", "commonAnnotations", "buildMetadata"),
    *("sortOptions", "images", "replicas", "openapi", "crds", "generatorOptions"),
)
"""Fields that do not change what an object of the platform model says."""
_LISTS = frozenset(("labels", "images", "replicas", "crds", "buildMetadata"))
_MAPPINGS = frozenset(
    ("commonAnnotations", "metadata", "sortOptions", "openapi", "generatorOptions")
)
"""Fields that hold no text; kustomize refuses a file with anything of another type in a field."""


@dataclass(frozen=True, slots=True)
class Kustomization:
    """What a kustomization says about the objects of its folder."""

    resources: tuple[str, ...]
    """Files and folders, relative to the kustomization's folder, as written."""
    prefix: str
    suffix: str
    labels: Mapping[str, str]
    origin: Origin | None

    def applied(self, raw: RawObject) -> RawObject:
        """Return an object as the kustomization makes it.

        Raises:
            LoadError: It gets a name that the API server refuses.
        """
        if not (self.prefix or self.suffix or self.labels):
            return raw
        name = f"{self.prefix}{raw.name}{self.suffix}"
        check_name(name, raw.api_version, raw.kind, raw.origin)
        return raw.renamed(name, {**raw.labels, **self.labels})


def read_kustomization(file: str, content: bytes, budget: Budget | None = None) -> Kustomization:
    """Read a kustomization file.

    Raises:
        LoadError: It is no YAML, or holds a field that this program does not carry out.
    """
    documents = list(read_documents(file, content, budget))
    if not documents:
        return Kustomization((), "", "", {}, None)
    body, origin = documents[0].value, documents[0].origin
    if not isinstance(body, dict):
        raise LoadError("the kustomization is not a mapping", origin.start, code="kustomization")
    for field in body:
        if field not in _DONE and field not in _WITHOUT_EFFECT:
            raise LoadError(
                f"the kustomization's field {field!r} is not supported",
                origin.at(field),
                f"these are: {', '.join(_DONE)}",
                code="kustomization",
            )
    resources = _resources(body, origin)
    _check_types(body, origin)
    return Kustomization(
        resources=resources,
        prefix=body.get("namePrefix") or "",
        suffix=body.get("nameSuffix") or "",
        labels=_labels(body, origin),
        origin=origin,
    )


def _check_types(body: Mapping[str, Any], origin: Origin) -> None:
    """Refuse a field that holds something of another type, also where it has no effect here."""
    read_labels(body.get("commonLabels"), origin, ("commonLabels",))
    for field, value in body.items():
        if field in ("resources", "bases", "commonLabels"):
            continue
        wanted: type = str
        what = "text"
        if field in _LISTS:
            wanted, what = list, "a list"
        elif field in _MAPPINGS:
            wanted, what = dict, "a mapping"
        if value is not None and not isinstance(value, wanted):
            raise LoadError(f"{field} is not {what}", origin.at(field), code="kustomization")


def _resources(body: Mapping[str, Any], origin: Origin) -> tuple[str, ...]:
    found: list[str] = []
    for field in ("resources", "bases"):
        items = [] if body.get(field) is None else body[field]
        if not isinstance(items, list):
            raise LoadError(f"{field} is not a list", origin.at(field), code="kustomization")
        for index, item in enumerate(items):
            if not isinstance(item, str):
                at = origin.at(field, index)
                raise LoadError(
                    f"{field} holds {shown(item)}, which is not text", at, code="kustomization"
                )
            found.append(item)
    return tuple(found)


def _labels(body: Mapping[str, Any], origin: Origin) -> dict[str, str]:
    result = dict(read_labels(body.get("commonLabels"), origin, ("commonLabels",)))
    for index, entry in enumerate(body.get("labels") or []):
        if not isinstance(entry, dict):
            at = origin.at("labels", index)
            raise LoadError("labels holds no mapping", at, code="kustomization")
        unknown = set(entry) - {"pairs", "includeSelectors", "includeTemplates"}
        if unknown:
            at = origin.at("labels", index)
            raise LoadError(
                f"the kustomization's field 'labels.{min(unknown)}' is not supported",
                at,
                code="kustomization",
            )
        result |= read_labels(entry.get("pairs"), origin, ("labels", index, "pairs"))
    return result
