"""All manifests of an evaluation, compared with schemas; each mistake is reported once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from kalypso.conformance.catalogue import Catalogue
from kalypso.conformance.object_kind import LIST, ObjectKind, kind_of
from kalypso.conformance.placing import place_in
from kalypso.conformance.violations import Violation
from kalypso.errors import Collector, LoadError, Position, Problem, TemplateError
from kalypso.gitops import file_name
from kalypso.loading import read_documents
from kalypso.model import (
    MANIFEST_KINDS,
    TEMPLATE_FIELDS,
    Assignment,
    Evaluation,
    Manifest,
    ManifestKind,
    template_name,
)
from kalypso.rendering import Failures

_SECRET = "Secret"  # noqa: S105 - a kind of object


class Conformance(msgspec.Struct, frozen=True):
    """What was compared."""

    kubernetes: str
    """The version of Kubernetes whose schemas were taken."""
    compared: int
    """Objects that have a schema."""
    unknown: Mapping[ObjectKind, int]
    """How many objects of each kind have none, sorted."""


def compare_with_schemas(
    evaluation: Evaluation, catalogue: Catalogue, problems: Collector
) -> Conformance:
    """Compare the objects of all assignments with the schemas of their kinds.

    Args:
        evaluation: What a model yields; assignments that could not be rendered are not in it.
        catalogue: The schemas.
        problems: Receives an error for each mistake, with the assignments that have it.
    """
    examination = _Examination(evaluation, catalogue)
    for assignment in evaluation.assignments:
        for kind in MANIFEST_KINDS:
            with problems.catching():
                examination.examine(assignment, kind)
    problems.errors += examination.failures.problems()
    problems.quote()
    return Conformance(
        catalogue.kubernetes.version,
        examination.compared,
        dict(sorted(examination.unknown.items())),
    )


class _Examination(msgspec.Struct):
    evaluation: Evaluation
    catalogue: Catalogue
    failures: Failures = msgspec.field(default_factory=Failures)
    compared: int = 0
    unknown: Counter[ObjectKind] = msgspec.field(default_factory=Counter)
    _absent: dict[ObjectKind, Violation | None] = msgspec.field(default_factory=dict)
    """What :meth:`_absence` said of kinds without a schema."""
    _places: dict[tuple[object, ...], Position] = msgspec.field(default_factory=dict)

    def examine(self, assignment: Assignment, kind: ManifestKind) -> None:
        """Compare the objects of one file of an assignment; one that was not rendered has none."""
        name = file_name(Manifest(kind, "yaml", ""), self.evaluation.convention)
        path = f"{assignment.folder}/{name}"
        text = self.evaluation.files.get(path)
        if text is None:
            return
        for body in _objects(path, text):
            own = kind_of(body)
            if own is not None:
                for each in self._violations(own, body):
                    self.failures.add(self._problem(each, own, assignment, kind), assignment)

    def _violations(self, kind: ObjectKind, body: Mapping[str, Any]) -> Iterator[Violation]:
        schema = self.catalogue.schema(kind)
        if schema is not None:
            self.compared += 1
            yield from schema.violations(body, f"the {kind.kind}")
            return
        if kind not in self._absent:
            self._absent[kind] = self._absence(kind)
        absence = self._absent[kind]
        if absence is None:
            self.unknown[kind] += 1
        else:
            yield absence

    def _absence(self, kind: ObjectKind) -> Violation | None:
        """Return that Kubernetes lacks a kind; None for a kind of somebody else."""
        kubernetes = self.catalogue.kubernetes
        if not kubernetes.serves(kind.group):
            return None
        near = kubernetes.near(kind)
        hint = f"did you mean {near!r}?" if near else ""
        return Violation(("kind",), f"Kubernetes {kubernetes.version} has no {kind}", hint)

    def _problem(
        self, each: Violation, kind: ObjectKind, assignment: Assignment, manifest: ManifestKind
    ) -> Problem:
        name = template_name(assignment.cluster_type, manifest)
        template = self.evaluation.platform.templates.get(name)
        which = ""
        if template is None:  # a configuration that is written without one
            at = assignment.cluster_type.origin.at("spec", TEMPLATE_FIELDS[manifest])
        else:
            which = f"template {name!r}: "
            spot = (name, kind, each.path)
            if spot not in self._places:
                self._places[spot] = place_in(template, kind, each.path)
            at = self._places[spot]
        return TemplateError(
            f"{which}{each.sentence}",
            at,
            each.hint,
            code="manifest-schema",
            confidential=kind.kind == _SECRET,
        ).problem


def _objects(path: str, text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a file, also those inside a List.

    Raises:
        LoadError: The file is larger than a file that is read may be.
    """
    try:
        waiting = [document.value for document in read_documents(path, text.encode())][::-1]
    except LoadError as error:
        found = error.problem
        sentence = f"the manifest cannot be compared with schemas: {found.message}"
        raise LoadError(sentence, found.at, code=found.code) from None
    while waiting:
        body = waiting.pop()
        if not isinstance(body, dict):
            continue
        if kind_of(body) == LIST and isinstance(body.get("items"), list):
            waiting += reversed(body["items"])
        else:
            yield body
