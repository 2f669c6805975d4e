"""Objects of rendered manifests, as far as anybody here looks into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import yaml

from kalypso.errors import Collector, LoadError, Position
from kalypso.model import MAX_DEPTH, too_deep_at

Manifest = Mapping[str, Any]
T = TypeVar("T")


def refuse_deep(name: str, text: str) -> None:
    """Refuse YAML that is nested too deep to be parsed.

    Raises:
        LoadError: The text is nested too deep.
    """
    deep = too_deep_at(text)
    if deep is not None:
        raise LoadError(
            f"mappings and lists are nested more than {MAX_DEPTH} deep",
            Position(name, text.count("\n", 0, deep) + 1),
            code="yaml-too-deep",
        )


def parsed(name: str, text: str, parse: Callable[[str], Iterable[T]]) -> list[T]:
    """Return the documents of a manifest.

    Args:
        name: How messages name it.
        text: Its text.
        parse: Parses YAML, in a way of PyYAML.

    Raises:
        LoadError: The text is not YAML, or is nested too deep.
    """
    refuse_deep(name, text)
    try:
        return list(parse(text))
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        at = Position(name, mark.line + 1, mark.column + 1) if mark else Position(name)
        raise LoadError(
            f"the manifest is not YAML: {getattr(error, 'problem', None) or 'it cannot be parsed'}",
            at,
            code="manifest-not-yaml",
        ) from None


def mapping(value: object) -> Manifest:
    """Return a mapping; nothing in it for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[Manifest]:
    """Return the mappings of a list; none for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def manifests_in(files: Mapping[str, str], place: str = "") -> list[Manifest]:
    """Return the objects of files, in order.

    Args:
        files: Text by name.
        place: What stands before a name in messages.

    Raises:
        Problems: A file is not YAML, or holds something else than Kubernetes objects.
    """
    found, manifests = Collector(), list[Manifest]()
    for name, text in files.items():
        with found.catching():
            manifests += _objects(f"{place}{name}", text)
    found.raise_errors()
    return manifests


def named(manifests: list[Manifest], kind: str) -> dict[str, Manifest]:
    """Return the objects of a kind by their name."""
    return {
        str(mapping(each.get("metadata")).get("name", "")): each
        for each in manifests
        if each["kind"] == kind
    }


def _objects(name: str, text: str) -> Iterator[Manifest]:
    documents: list[Any] = parsed(name, text, lambda it: yaml.load_all(it, yaml.CSafeLoader))
    for number, body in enumerate(documents, 1):
        if body is None:
            continue
        if not _is_object(body):
            raise LoadError(
                f"document {number} is not a Kubernetes object: it needs apiVersion, kind and"
                " metadata.name",
                Position(name),
                "look at what the chart or kustomization makes of it",
                code="manifest-not-object",
            )
        yield body


def _is_object(body: object) -> bool:
    if not isinstance(body, dict):
        return False
    if not all(isinstance(body.get(key), str) for key in ("apiVersion", "kind")):
        return False
    if body["kind"].endswith("List"):
        return isinstance(body.get("items"), list)
    metadata = body.get("metadata")
    return isinstance(metadata, dict) and bool(metadata.get("name") or metadata.get("generateName"))
