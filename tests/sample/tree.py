"""The sample's folders as the tests read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample"
CHART = SAMPLE / "app-src/main/chart"

YamlObject = dict[str, object]


def yaml_files(folder: Path) -> list[Path]:
    """Return the files with objects below a folder, sorted.

    A chart's templates are not YAML yet, and workflows are for GitHub.
    """
    templates = CHART / "templates"
    found = (
        path
        for path in folder.rglob("*")
        if path.suffix in {".yaml", ".yml"} and ".github" not in path.parts
    )
    return sorted(path for path in found if templates not in path.parents)


def documents(path: Path) -> list[object]:
    """Return the documents of a YAML file, without empty ones."""
    loaded: Iterator[object] = yaml.safe_load_all(path.read_text(encoding="utf-8"))
    return [document for document in loaded if document is not None]


def objects_of(path: Path) -> list[YamlObject]:
    """Return the objects of one file."""
    return [document for document in documents(path) if isinstance(document, dict)]


def objects(folder: Path) -> list[tuple[Path, YamlObject]]:
    """Return every object below a folder with the file that holds it."""
    found: list[tuple[Path, YamlObject]] = []
    for path in yaml_files(folder):
        for document in documents(path):
            assert isinstance(document, dict), path
            found.append((path, document))
    return found


def at(document: object, keys: str) -> object:
    """Return what lies in nested mappings under keys joined by dots; None where one is missing."""
    for key in keys.split("."):
        if not isinstance(document, dict):
            return None
        document = document.get(key)
    return document


def kind_and_name(document: YamlObject) -> str:
    """Return an object as ``Kind/name``."""
    return f"{document['kind']}/{at(document, 'metadata.name')}"
