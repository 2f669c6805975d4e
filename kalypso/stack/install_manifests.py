"""Manifests that install a reconciler, from a file or an address, like `kubectl apply -f`."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kalypso.errors import Position, SettingsError

_SECONDS = 60
_LARGEST = 32 * 1024 * 1024


@cache
def read_manifests(source: str) -> tuple[Mapping[str, Any], ...]:
    """Return the objects of a file or an address; read once in a run.

    Args:
        source: A path, or an address that begins with `https://`.

    Raises:
        SettingsError: The source cannot be read, or has something that is not an object.
    """
    try:
        documents = yaml.load_all(_text(source), Loader=yaml.CSafeLoader)
        return tuple(each for document in documents for each in _objects(source, document))
    except yaml.YAMLError as error:
        raise _unusable(source, f"they are not YAML: {error}") from error
    except OSError as error:
        raise _unusable(source, str(error.strerror or error)) from error


def _objects(source: str, document: object) -> Iterator[Mapping[str, Any]]:
    """Return what a document holds: an object, a list of them, or nothing."""
    if document is None:
        return
    if not isinstance(document, dict) or not document.get("kind"):
        raise _unusable(source, "a document is not a Kubernetes object")
    if document["kind"] == "List":
        for each in document.get("items") or ():
            yield from _objects(source, each)
        return
    metadata = document.get("metadata")
    if not document.get("apiVersion") or not isinstance(metadata, dict) or "name" not in metadata:
        raise _unusable(source, f"a {document['kind']} has no apiVersion or no name")
    yield document


def _text(source: str) -> bytes:
    if "://" not in source:
        return Path(source).read_bytes()
    if not source.startswith("https://"):
        raise _unusable(source, "their address does not begin with https://")
    with urllib.request.urlopen(source, timeout=_SECONDS) as answer:  # noqa: S310 - https, as checked
        text: bytes = answer.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        raise _unusable(source, "they are larger than 32 MiB")
    return text


def _unusable(source: str, why: str) -> SettingsError:
    return SettingsError(
        f"the manifests that install a reconciler cannot be used: {why}",
        Position(source),
        f"`kubectl apply --dry-run=client -f {source}` reads the same",
        code="setting",
    )
