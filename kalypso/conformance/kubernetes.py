"""Kubernetes' own schemas, out of the installed package kubernetes-validate.

The package is data to us: importing it would load a second validator, which stops at the first
mistake of an object. It holds a folder for each version of Kubernetes, with a file for each kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from kalypso.conformance.object_kind import JsonSchema, ObjectKind
from kalypso.errors import Position, SettingsError
from kalypso.spelling import nearest

_PACKAGE = "kubernetes_validate"
_SCHEMAS = "kubernetes-json-schema"
_FOLDER = re.compile(r"v(\d+)\.(\d+)\.\d+-local-strict")
_DEFINITIONS = "/api/_definitions.json#/$defs/"
_HERE = "#/$defs/"
_NAME = re.compile(r"[A-Za-z0-9]{1,63}")
"""A kind or a version that may be part of a file's name."""
_GROUP = re.compile(r"[a-z0-9.-]{0,253}")


class KubernetesSchemas(msgspec.Struct, frozen=True, dict=True):
    """The schemas of one version of Kubernetes."""

    folder: Path
    version: str
    """Such as ``1.37``."""

    def schema(self, kind: ObjectKind) -> JsonSchema | None:
        """Return the schema of a kind, with all definitions that it needs; None if it has none."""
        found = self._read(kind)
        if found is None:
            return None
        needed: dict[str, JsonSchema] = {}
        waiting = [found]
        while waiting:
            for name in _references(waiting.pop()):
                if name not in needed:
                    needed[name] = self._definitions[name]
                    waiting.append(needed[name])
        whole = {key: value for key, value in found.items() if key != "$id"} | {"$defs": needed}
        result: JsonSchema = json.loads(json.dumps(whole).replace(_DEFINITIONS, _HERE))
        return result

    def serves(self, group: str) -> bool:
        """Return whether a group is Kubernetes' own; nobody else can define kinds in one."""
        if "." not in group:
            return True
        paths = self.folder.glob(f"*-{group.partition('.')[0]}-*.json") if _is_group(group) else ()
        return any(own["group"] == group for path in paths for own in _kinds_in(path))

    def near(self, kind: ObjectKind) -> str:
        """Return the kind of the same group and version that was probably meant, or nothing."""
        if not (_is_group(kind.group) and _NAME.fullmatch(kind.version)):
            return ""
        ending = _file_name("", kind)
        known = {path.name.removesuffix(ending): path for path in self.folder.glob(f"*{ending}")}
        path = known.get(nearest(kind.kind.lower(), known))
        return next((str(own["kind"]) for own in _kinds_in(path)), "") if path else ""

    def _read(self, kind: ObjectKind) -> JsonSchema | None:
        names = _NAME.fullmatch(kind.kind) and _NAME.fullmatch(kind.version)
        if not (names and _is_group(kind.group)):
            return None
        path = self.folder / _file_name(kind.kind.lower(), kind)
        own = {"group": kind.group, "version": kind.version, "kind": kind.kind}
        return _json(path) if path.is_file() and own in _kinds_in(path) else None

    @cached_property
    def _definitions(self) -> Mapping[str, JsonSchema]:
        definitions: Mapping[str, JsonSchema] = _json(self.folder / "_definitions.json")["$defs"]
        return definitions


def installed(version: str) -> KubernetesSchemas:
    """Return the schemas of a version of Kubernetes.

    Args:
        version: Such as ``1.37`` or ``v1.37.2``; empty for the newest that is installed.

    Raises:
        SettingsError: The package is not installed, or lacks the version.
    """
    known = dict(_versions())
    if not known:
        raise SettingsError(
            "--schemas needs Kubernetes' schemas, which are not installed",
            Position("--schemas"),
            "pip install 'kalypso-on-pulumi[schemas]'",
            code="no-library",
        )
    wanted = ".".join(version.removeprefix("v").split(".")[:2]) or list(known)[-1]
    if wanted not in known:
        raise SettingsError(
            f"there are no schemas of Kubernetes {version!r}",
            Position("--kubernetes-version"),
            f"there are those of {', '.join(known)}",
            code="option",
        )
    return KubernetesSchemas(known[wanted], wanted)


def _is_group(text: str) -> bool:
    return _GROUP.fullmatch(text) is not None


def _file_name(kind: str, like: ObjectKind) -> str:
    """Return the name of the file of a kind; of its group, it has the part before the first dot."""
    group = like.group.partition(".")[0]
    return f"{kind}-{group}-{like.version}.json" if group else f"{kind}-{like.version}.json"


def _kinds_in(path: Path) -> list[dict[str, str]]:
    """Return the kinds that the schema of a file is for; none for a part of an object."""
    found: list[dict[str, str]] = _json(path).get("x-kubernetes-group-version-kind", [])
    return found


def _versions() -> Iterator[tuple[str, Path]]:
    """Yield the installed versions with their folders, the oldest first."""
    package = find_spec(_PACKAGE)
    places = package.submodule_search_locations if package else None
    folders = [path for place in places or () for path in Path(place, _SCHEMAS).glob("v*")]
    found = {match: path for path in folders if (match := _FOLDER.fullmatch(path.name))}
    for match in sorted(found, key=lambda each: (int(each[1]), int(each[2]))):
        yield f"{match[1]}.{match[2]}", found[match]


def _references(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        reference = node.get("$ref")
        if isinstance(reference, str):  # a definition refers to another one without the file
            yield reference.removeprefix(_DEFINITIONS).removeprefix(_HERE)
        for each in node.values():
            yield from _references(each)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever a schema holds
    return json.loads(path.read_text(encoding="utf-8"))
