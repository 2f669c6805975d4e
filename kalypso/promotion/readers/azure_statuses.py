"""The statuses of Flux's objects in a row of Azure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kalypso.promotion.expected import ObjectId
from kalypso.promotion.findings import Finding, wait
from kalypso.promotion.readers.fields import Fields
from kalypso.promotion.readers.flux_objects import HELM, KUSTOMIZE, SOURCES, shared_findings
from kalypso.promotion.readers.readiness import Condition, conditions_of

_GROUPS = {"HelmRelease": HELM, "Kustomization": KUSTOMIZE}


@dataclass(frozen=True, slots=True)
class Status:
    """One of Flux's objects, as the agent in the cluster told Azure."""

    id: ObjectId
    applied_by: tuple[str, str] | None
    """Namespace and name of the Kustomization that brought it; None for the configuration's own."""
    message: str
    """Of its condition `Ready`."""
    findings: tuple[Finding, ...]


def statuses_of(properties: Fields) -> tuple[Status, ...]:
    """Return the statuses of a configuration.

    Raises:
        Unclear: One has another form than it should.
    """
    return tuple(_status(each) for each in properties.items("statuses"))


def _status(fields: Fields) -> Status:
    kind = fields.text("kind")
    group = _GROUPS.get(kind, SOURCES)
    identity = ObjectId(group, kind, fields.text("namespace"), fields.text("name"))
    owner = fields.inner("appliedBy")
    applied_by = (owner.text("namespace"), owner.text("name")) if owner.raw else None
    conditions = conditions_of(fields, "statusConditions")
    ready = conditions.get("Ready")
    message = ready.message if ready else ""
    return Status(identity, applied_by, message, tuple(_findings(fields, kind, conditions)))


def _findings(fields: Fields, kind: str, conditions: Mapping[str, Condition]) -> Iterator[Finding]:
    state = fields.text("complianceState")
    if state != "Compliant":
        yield wait(state)
    yield from shared_findings(conditions, kind)
