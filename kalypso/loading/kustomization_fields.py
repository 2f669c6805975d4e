"""What kustomize takes in the fields of a kustomization, and what it refuses in any of them.

Flux applies nothing of a tree with a field that holds something else, whether or not the field has
an effect on the objects of a platform model.

Source: sigs.k8s.io/kustomize/api v0.21, types/kustomization.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kalypso.errors import Collector, LoadError
from kalypso.loading.raw import QUOTE
from kalypso.model import Origin, shown

DONE: Final = ("resources", "bases", "namePrefix", "nameSuffix", "commonLabels", "labels")
"""Fields that say which objects there are, and what they are called."""

_TEXT, _INTEGER, _BOOL, _LABELS = "text", "an integer", "true or false", "labels"
_TEXTS = {"*": _TEXT}
_FIELDS: Final[Mapping[str, Any]] = {
    "apiVersion": _TEXT,
    "kind": _TEXT,
    "metadata": {
        "name": _TEXT,
        "namespace": _TEXT,
        "labels": _TEXTS,
        "annotations": _TEXTS,
    },
    "resources": [_TEXT],
    "bases": [_TEXT],
    "crds": [_TEXT],
    "namePrefix": _TEXT,
    "nameSuffix": _TEXT,
    "namespace": _TEXT,
    "commonLabels": _LABELS,
    "labels": [{"pairs": _LABELS, "includeSelectors": _BOOL, "includeTemplates": _BOOL}],
    "commonAnnotations": _TEXTS,
    "images": [
        {"name": _TEXT, "newName": _TEXT, "newTag": _TEXT, "tagSuffix": _TEXT, "digest": _TEXT}
    ],
    "replicas": [{"name": _TEXT, "count": _INTEGER}],
    "buildMetadata": [_TEXT],
    "sortOptions": {
        "order": _TEXT,
        "legacySortOptions": {"orderFirst": [_TEXT], "orderLast": [_TEXT]},
    },
    "openapi": _TEXTS,
    "generatorOptions": {
        "labels": _TEXTS,
        "annotations": _TEXTS,
        "disableNameSuffixHash": _BOOL,
        "immutable": _BOOL,
    },
}
"""By field what it holds: a name of a type, a list of it, or a mapping of further fields."""
_TYPES: Final[Mapping[str, type]] = {_TEXT: str, _INTEGER: int, _BOOL: bool}
_VERSIONS: Final = {
    "Kustomization": "kustomize.config.k8s.io/v1beta1",
    "Component": "kustomize.config.k8s.io/v1alpha1",
}
_ORDERS: Final = ("fifo", "legacy")
_METADATA: Final = ("originAnnotations", "transformerAnnotations")

Path = tuple[str | int, ...]


def check_fields(body: Mapping[str, Any], origin: Origin) -> None:
    """Refuse fields that are not known or not carried out, and what is not of its field's type.

    Labels are left to whoever reads them.

    Raises:
        Problems: Fields are wrong: all of them.
    """
    found = Collector()
    for field in body:
        if field not in _FIELDS:
            error = LoadError(
                f"the kustomization's field {shown(field)} is not supported",
                origin.at(field),
                f"these are: {', '.join(DONE)}",
                code="kustomization",
            )
            found.error(error)
    for error in _wrong({f: v for f, v in body.items() if f in _FIELDS}, _FIELDS, origin, ()):
        found.error(error)
    found.raise_errors()


def check_kind(body: Mapping[str, Any], origin: Origin, *, nested: bool) -> None:
    """Refuse what is not a kustomization of a version that kustomize knows.

    Args:
        body: The kustomization, whose fields are of the right types.
        origin: Where it is.
        nested: Whether it is below the folder that Flux is pointed at, where no Component may be.

    Raises:
        LoadError: The object is not such a kustomization.
    """
    kind = body.get("kind") or "Kustomization"
    if kind not in _VERSIONS:
        raise LoadError(
            f"the kind is {shown(kind)}, and not Kustomization",
            origin.at("kind"),
            code="kustomization",
        )
    version = body.get("apiVersion") or _VERSIONS[kind]
    if version != _VERSIONS[kind]:
        raise LoadError(
            f"the version {shown(version)} is not known to kustomize",
            origin.at("apiVersion"),
            f"use {_VERSIONS[kind]}",
            code="kustomization",
        )
    if kind == "Component" and nested:
        raise LoadError(
            "this is a Component, which Flux does not take for a folder of objects",
            origin.at("kind"),
            "make it a Kustomization, or leave its folder out with .sourceignore",
            code="kustomization",
        )


def says_nothing(body: Mapping[str, Any]) -> bool:
    """Return whether kustomize calls this empty, which it does not for an empty list."""
    return all(
        field in ("apiVersion", "kind")
        or value is None
        or value == ""
        or (field == "bases" and value == [])
        for field, value in body.items()
    )


def check_options(body: Mapping[str, Any], origin: Origin, *, nested: bool) -> None:
    """Refuse an order that kustomize does not know, and what makes labels that depend on it.

    Args:
        body: The kustomization, whose fields are of the right types.
        origin: Where it is.
        nested: As for :func:`check_kind`; the order is that of the whole, so only the first one's
            counts.

    Raises:
        LoadError: The order is unknown, or something depends on it.
    """
    order = (body.get("sortOptions") or {}).get("order")
    if not nested and order not in (None, "", *_ORDERS):
        at = origin.at("sortOptions", "order")
        sentence = f"the order {shown(order)} is not known to kustomize"
        raise LoadError(sentence, at, f"these are: {', '.join(_ORDERS)}", code="kustomization")
    for index, option in enumerate(body.get("buildMetadata") or []):
        if option not in _METADATA:
            raise LoadError(
                f"buildMetadata {shown(option)} is not supported",
                origin.at("buildMetadata", index),
                f"these are: {', '.join(_METADATA)}",
                code="kustomization",
            )


def _wrong(value: object, shape: Any, origin: Origin, path: Path) -> Iterator[LoadError]:  # noqa: ANN401 - see _FIELDS
    """List what in a value is not of a shape; null is nothing, whatever the type."""
    if value is None or shape == _LABELS:
        return
    if isinstance(shape, list):
        if not isinstance(value, list):
            yield _not(value, "a list", origin, path)
            return
        for index, item in enumerate(value):
            yield from _wrong_item(item, shape[0], origin, (*path, index))
    elif isinstance(shape, Mapping):
        yield from _wrong_mapping(value, shape, origin, path)
    elif not isinstance(value, _TYPES[shape]) or (shape == _INTEGER and isinstance(value, bool)):
        yield _not(value, shape, origin, path)


def _wrong_item(item: object, shape: Any, origin: Origin, path: Path) -> Iterator[LoadError]:  # noqa: ANN401 - as above
    if shape == _TEXT and not isinstance(item, str):
        sentence = f"{_dotted(path)} holds {shown(item)}, which is not text"
        yield LoadError(sentence, origin.at(*path), code="kustomization")
    elif isinstance(shape, Mapping) and not isinstance(item, dict):
        yield LoadError(f"{_dotted(path)} holds no mapping", origin.at(*path), code="kustomization")
    else:
        yield from _wrong(item, shape, origin, path)


def _wrong_mapping(
    value: object, shape: Mapping[str, Any], origin: Origin, path: Path
) -> Iterator[LoadError]:
    if not isinstance(value, dict):
        yield _not(value, "a mapping", origin, path)
        return
    for key, item in value.items():
        known = shape.get(key, shape.get("*"))
        if known is None:
            name = _dotted((*path, key))
            sentence = f"the kustomization's field {name!r} is not supported"
            yield LoadError(sentence, origin.at(*path, key), code="kustomization")
        else:
            yield from _wrong(item, known, origin, (*path, key))


def _not(value: object, what: str, origin: Origin, path: Path) -> LoadError:
    hint = QUOTE if what == _TEXT and isinstance(value, bool | int | float) else ""
    return LoadError(f"{_dotted(path)} is not {what}", origin.at(*path), hint, code="kustomization")


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path if isinstance(step, str))
