"""A user's own schemas: a folder of CustomResourceDefinitions and JSON Schemas."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from kalypso.conformance.definitions import schemas_of
from kalypso.conformance.kubernetes import KubernetesSchemas
from kalypso.conformance.object_kind import LIST, JsonSchema, ObjectKind, kind_of
from kalypso.conformance.violations import ObjectSchema
from kalypso.errors import Collector, ConfigError, LoadError, Position
from kalypso.loading import Document, read_documents
from kalypso.model import Origin, Source

_DEFINITION = ObjectKind("apiextensions.k8s.io/v1", "CustomResourceDefinition")
_YAML = (".yaml", ".yml")
_JSON = ".json"
_NAMED = "a JSON Schema is called KIND-GROUP-VERSION.json, in the core group KIND-VERSION.json"


def may_hold_schemas(path: str) -> bool:
    """Return whether a file of the folder is read."""
    return path.endswith((*_YAML, _JSON))


class OwnSchemas(msgspec.Struct, frozen=True):
    """Schemas by kind; JSON Schemas are found by names in which capital letters do not count."""

    definitions: Mapping[ObjectKind, JsonSchema]
    named: Mapping[str, JsonSchema]
    """By the name of the file, in small letters and without its ending."""

    def schema(self, kind: ObjectKind) -> JsonSchema | None:
        """Return the schema of a kind; None if the folder has none."""
        parts = [kind.kind, kind.group, kind.version]
        name = "-".join(filter(None, parts)).lower()
        return self.definitions.get(kind, self.named.get(name))


def read_own_schemas(source: Source | None, kubernetes: KubernetesSchemas) -> OwnSchemas:
    """Read a folder of schemas; objects that are not definitions are passed over.

    Args:
        source: The files; None for none.
        kubernetes: Its schema of a CustomResourceDefinition is what a definition has to satisfy.

    Raises:
        Problems: Files cannot be read, or hold what is not a schema: all of them.
    """
    definitions: dict[ObjectKind, JsonSchema] = {}
    named: dict[str, JsonSchema] = {}
    problems = Collector()
    rules = ObjectSchema.compiled(kubernetes.schema(_DEFINITION) or {})
    for path, content in sorted(source.files.items() if source else ()):
        place = source.place(path) if source else path
        with problems.catching():
            if path.endswith(_YAML):
                definitions |= _definitions(place, content, rules, problems)
            else:
                named[posixpath.basename(path).removesuffix(_JSON).lower()] = _named(place, content)
    for path, reason in source.skipped.items() if source else ():
        if may_hold_schemas(path) and source:
            sentence = f"this is {reason} and cannot be read"
            problems.error(LoadError(sentence, Position(source.place(path)), code="unreadable"))
    problems.raise_errors()
    return OwnSchemas(definitions, named)


def _definitions(
    place: str, content: bytes, rules: ObjectSchema, problems: Collector
) -> dict[ObjectKind, JsonSchema]:
    found: dict[ObjectKind, JsonSchema] = {}
    for document in _documents(place, content):
        for body, origin in _objects(document):
            if kind_of(body) == _DEFINITION:
                with problems.catching():
                    found |= _schemas(body, origin, rules)
    return found


def _objects(document: Document) -> Iterator[tuple[Any, Origin]]:
    """Yield the object of a document, or those of the list that kubectl prints."""
    body, origin = document.value, document.origin
    if kind_of(body) == LIST and isinstance(body.get("items"), list):
        for number, item in enumerate(body["items"]):
            yield item, origin.inside("items", number)
    else:
        yield body, origin


def _schemas(
    body: dict[str, Any], origin: Origin, rules: ObjectSchema
) -> Iterator[tuple[ObjectKind, JsonSchema]]:
    wrong = Collector()
    for each in rules.violations(body, "this CustomResourceDefinition"):
        at = origin.at(*each.path)
        wrong.error(ConfigError(each.sentence, at, each.hint, code="bad-schema"))
    wrong.raise_errors()
    try:
        for kind, schema in schemas_of(body):
            ObjectSchema.compiled(schema)
            yield kind, schema
    except ValueError as error:
        sentence = f"this CustomResourceDefinition cannot be used: {error}"
        raise ConfigError(sentence, origin.start, code="bad-schema") from None


def _documents(place: str, content: bytes) -> list[Document]:
    try:
        return list(read_documents(place, content))
    except LoadError as error:
        if error.problem.code == "file-too-large":
            sentence, at = error.problem.message, error.problem.at
            raise LoadError(sentence, at, "split it", code="file-too-large") from None
        raise


def _named(place: str, content: bytes) -> JsonSchema:
    at = Position(place)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise ConfigError("the schema is not JSON", at, code="bad-schema") from None
    if not isinstance(found, dict):
        raise ConfigError("the schema is not a mapping", at, code="bad-schema")
    if "-" not in posixpath.basename(place):
        raise ConfigError("the file's name does not say the kind", at, _NAMED, code="bad-schema")
    try:
        ObjectSchema.compiled(found)
    except ValueError as error:
        sentence = f"this is not a valid JSON Schema: {error}"
        raise ConfigError(sentence, at, code="bad-schema") from None
    return found
