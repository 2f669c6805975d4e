"""Kubernetes objects before their kind is known: identity and labels checked, the rest raw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from kalypso.errors import Collector, KalypsoError, LoadError, Position
from kalypso.loading.budget import Budget
from kalypso.loading.documents import read_documents
from kalypso.model import API_GROUP, Origin, fault, shown

QUOTE = "put it in quotes"
_NOTHING: tuple[object, ...] = (None, {}, [])
"""Documents and items that kustomize passes over."""
_LOCAL = "config.kubernetes.io/local-config"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawObject:
    """A Kubernetes object as written, with checked identity."""

    api_version: str
    kind: str
    name: str
    labels: Mapping[str, str]
    body: Mapping[str, Any] = field(repr=False)
    origin: Origin
    names: tuple[str, ...]
    """Every name that the object has had, the present one last: kustomizations rename."""
    local: bool = False
    """Whether it is for kustomize only, which leaves it out of what it builds."""
    faulty: bool = False
    """Whether its name or labels are wrong, which has been reported: it can only be checked."""

    @property
    def identity(self) -> tuple[str, str, str]:
        """Group, kind and name: what may stand only once in a tree."""
        return (self.api_version.partition("/")[0], self.kind, self.name)

    def renamed(self, name: str, labels: Mapping[str, str], *, local: bool) -> RawObject:
        """Return the object as a kustomization makes it."""
        return replace(self, name=name, names=(*self.names, name), labels=labels, local=local)


def read_objects(
    file: str, content: bytes, problems: Collector, budget: Budget | None = None
) -> list[RawObject]:
    """Read the objects of one YAML file; what is wrong goes to ``problems``.

    One whose name or labels are wrong is among them, so that the rest of it is checked as well.
    """
    found: list[RawObject] = []
    documents = read_documents(file, content, budget)
    while True:
        try:
            document = next(documents, None)
            if document is None:
                return found
            for body, origin in _items(document.value, document.origin):
                if body in _NOTHING:
                    continue
                with problems.catching():
                    found.append(_object(body, origin, problems))
        except KalypsoError as error:
            problems.error(error)
            return found


def _items(body: object, origin: Origin) -> Iterator[tuple[object, Origin]]:
    """Unfold what kustomize takes for a list: a kind that ends in ``List`` and has ``items``."""
    if not isinstance(body, dict) or not str(body.get("kind")).endswith("List"):
        yield body, origin
        return
    items = body.get("items")
    if items is None and "items" in body:
        return
    if not isinstance(items, list):
        yield body, origin
        return
    for index, item in enumerate(items):
        yield from _items(item, origin.inside("items", index))


def _object(body: object, origin: Origin, problems: Collector) -> RawObject:
    if not isinstance(body, dict):
        raise LoadError(
            "this is not a Kubernetes object: it is not a mapping",
            origin.start,
            "leave files that are not objects out with .sourceignore",
            code="not-an-object",
        )
    for key in ("apiVersion", "kind"):
        if not isinstance(body.get(key), str):
            what = f"its {key} is not text" if key in body else f"it has no {key}"
            raise LoadError(
                f"this is not a Kubernetes object: {what}",
                origin.at(key),
                "leave files that are not objects out with .sourceignore",
                code="not-an-object",
            )
    metadata = body.get("metadata")
    if not isinstance(metadata, dict):
        raise LoadError(f"the {body['kind']} has no metadata", origin.start, code="metadata")
    found, name, labels = Collector(), _as_written(metadata.get("name")), {}
    with found.catching():
        name = _name(body, metadata, origin)
    with found.catching():
        labels = read_labels(metadata.get("labels"), origin, ("metadata", "labels"))
    if isinstance(metadata.get("annotations"), list):
        at = origin.at("metadata", "annotations")
        found.error(LoadError("metadata.annotations is not a mapping", at, code="metadata"))
    problems.errors += found.errors
    return RawObject(
        api_version=body["apiVersion"],
        kind=body["kind"],
        name=name,
        labels=_meant(metadata.get("labels")) if found.errors else labels,
        body=body,
        origin=origin,
        names=(name,),
        local=is_local(metadata.get("annotations")),
        faulty=bool(found.errors),
    )


def _as_written(name: object) -> str:
    """Return what messages call an object whose name is refused."""
    return "" if name is None or isinstance(name, dict | list) else str(name)


def _meant(labels: object) -> dict[str, str]:
    """Return labels as they would be with quotes."""
    if not isinstance(labels, dict):
        return {}
    return {str(k): str(v).lower() if isinstance(v, bool) else str(v) for k, v in labels.items()}


def is_local(annotations: object) -> bool:
    """Return whether annotations say that an object is for kustomize only.

    Any value says so but ``false``, with or without quotes.
    """
    if not isinstance(annotations, Mapping) or _LOCAL not in annotations:
        return False
    value = annotations[_LOCAL]
    return value is not False and value != "false"


def _name(body: Mapping[str, Any], metadata: Mapping[str, object], origin: Origin) -> str:
    name = metadata.get("name")
    at = ("metadata", "name")
    if name is None:
        raise LoadError(f"the {body['kind']} has no metadata.name", origin.at(*at), code="metadata")
    if not isinstance(name, str):
        raise LoadError(
            f"metadata.name is not text but {shown(name)}",
            origin.at(*at),
            _quote(name),
            code="not-text",
        )
    check_name(name, body["apiVersion"], body["kind"], origin)
    return name


def check_name(name: str, api_version: str, kind: str, origin: Origin) -> None:
    """Refuse a name that the API server would refuse.

    Raises:
        LoadError: Kubernetes would refuse the name. Kinds that are passed over may have names of
            their own rules, like
            ``system:reader``.
    """
    checked_by_name = api_version.startswith(f"{API_GROUP}/") or kind == "ConfigMap"
    if checked_by_name and (wrong := fault("dns1123subdomain", name)):
        at = origin.at("metadata", "name")
        raise LoadError(f"the name {shown(name)} {wrong}", at, code="bad-name")


def read_labels(body: object, origin: Origin, path: tuple[str | int, ...]) -> dict[str, str]:
    """Check labels: text on both sides, as the API server accepts them.

    Raises:
        LoadError: The labels are not a mapping.
        Problems: Labels are wrong: all of them.
    """
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise LoadError("labels are not a mapping", origin.at(*path), code="bad-label")
    found = Collector()
    for key, value in body.items():
        if not isinstance(value, str) or not _is_label(key, value):
            for error in _label_errors(key, value, origin.at(*path, key)):
                found.error(error)
    found.raise_errors()
    return body


def _quote(value: object) -> str:
    return "" if isinstance(value, dict | list) else QUOTE


@lru_cache(maxsize=1 << 12)
def _is_label(key: str, value: str) -> bool:
    """Return whether a label is right; many objects have the same."""
    return not fault("labelkey", key) and not fault("labelvalue", value)


def _label_errors(key: str, value: object, at: Position) -> Iterator[LoadError]:
    if wrong := fault("labelkey", key):
        yield LoadError(f"the label key {shown(key)} {wrong}", at, code="bad-label")
    if not isinstance(value, str):
        sentence = f"the label {shown(key)} is not text but {shown(value)}"
        yield LoadError(sentence, at, _quote(value), code="not-text")
    elif wrong := fault("labelvalue", value):
        yield LoadError(f"the label value {shown(value)} {wrong}", at, code="bad-label")
