"""The statuses of Flux's objects in a row of Azure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from kalypso.promotion.expected import SOURCES, ObjectId
from kalypso.promotion.findings import Finding, unknown, wait
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.readers.flux_objects import HELM, KUSTOMIZE, shared_findings
from kalypso.promotion.readers.readiness import Condition, changes_of, conditions_of
from kalypso.promotion.revisions import applied_in, stored_in

_GROUPS = {"HelmRelease": HELM, "Kustomization": KUSTOMIZE}


class Status(msgspec.Struct, frozen=True):
    """One of Flux's objects, as the agent in the cluster told Azure."""

    id: ObjectId
    applied_by: tuple[str, str] | None
    """Namespace and name of the Kustomization that brought it; None for the configuration's own."""
    message: str
    """Of its condition `Ready`."""
    changed: float
    """When any of its conditions changed last."""
    revision: str
    """That its message names; empty if it names none."""
    findings: tuple[Finding, ...]


def statuses_of(properties: Fields) -> tuple[Status, ...]:
    """Return the statuses of a configuration.

    Raises:
        Unclear: A status does not have the form that it should.
    """
    return tuple(_status(each) for each in properties.items("statuses"))


def _status(fields: Fields) -> Status:
    kind = fields.text("kind")
    group = _GROUPS.get(kind, SOURCES)
    identity = ObjectId(group, kind, fields.text("namespace"), fields.text("name"))
    owner = fields.inner("appliedBy")
    has_owner = fields.has("appliedBy")
    applied_by = (owner.text("namespace"), owner.text("name")) if has_owner else None
    if kind != "HelmRelease" and fields.has("helmReleaseProperties"):
        raise Unclear(f"{fields.path} has properties of a HelmRelease")
    conditions = conditions_of(fields, "statusConditions")
    ready = conditions.get("Ready")
    message = ready.message if ready else ""
    revision = (applied_in(message) if kind == "Kustomization" else stored_in(message)) or ""
    findings = [*_findings(fields, kind, conditions)]
    if kind in {"GitRepository", "Kustomization"} and not findings and not revision:
        findings.append(unknown(f"which revision it is at: {message}"))
    changed = max(changes_of(fields, "statusConditions").values(), default=0.0)
    return Status(identity, applied_by, message, changed, revision, tuple(findings))


def _findings(fields: Fields, kind: str, conditions: Mapping[str, Condition]) -> Iterator[Finding]:
    state = fields.text("complianceState")
    if state != "Compliant":
        yield wait(state)
    yield from shared_findings(conditions, kind)
