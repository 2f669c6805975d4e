"""Flux's objects, each by itself: sources, Kustomizations and HelmReleases.

Fields, conditions and reasons are those of source-controller 1.9, kustomize-controller 1.9 and
helm-controller 1.6; what older ones lack is read as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kalypso.promotion.expected import SOURCES, ObjectId
from kalypso.promotion.findings import About, Finding, Outcome, fail, unknown, wait
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.readers.flux_history import SUCCEEDED, history_findings
from kalypso.promotion.readers.forms import form_of
from kalypso.promotion.readers.moments import (
    condition_times,
    kustomization_times,
    source_times,
)
from kalypso.promotion.readers.once import Once
from kalypso.promotion.readers.readiness import (
    Condition,
    conditions_of,
    generation_findings,
    ready_findings,
)
from kalypso.promotion.readers.state import State
from kalypso.promotion.revisions import shown

KUSTOMIZE = "kustomize.toolkit.fluxcd.io"
HELM = "helm.toolkit.fluxcd.io"
_CONDITIONS = ("status", "conditions")

_SOURCE_READY = frozenset({"Succeeded", "ChartPullSucceeded", "ArtifactReady"})
_KUSTOMIZATION_READY = frozenset({SUCCEEDED})
_HELM_READY = frozenset({"InstallSucceeded", "UpgradeSucceeded", "TestSucceeded"})
_GONE_BACK = frozenset({"RollbackSucceeded", "UninstallSucceeded"})
_TROUBLE = (
    "FetchFailed",
    "ArtifactOutdated",
    "StorageOperationFailed",
    "IncludeUnavailable",
    "BuildFailed",
    "Drifted",
)
_WANTED = ("ArtifactInStorage", "SourceVerified", "Healthy", "Released", "TestSuccess")
_REASONS = {
    "ArtifactInStorage": frozenset({"Succeeded"}),
    "Healthy": frozenset({"Succeeded"}),
    "Released": frozenset({"InstallSucceeded", "UpgradeSucceeded"}),
    "TestSuccess": frozenset({"TestSucceeded"}),
}
_NO_SUCH_API = re.compile(
    r'no matches for kind "?(?P<kind>\w+)"? in version "?(?P<version>[\w./-]+)'
)


def source_state(fields: Fields) -> State:
    """Return the state of a GitRepository, or of another source.

    Raises:
        Unclear: The object lacks a field that it has to have.
    """
    state = _SOURCES(form_of(fields.raw))
    if not state.revision:
        return state
    return state.at(source_times(fields))


def _source(fields: Fields) -> State:
    body = {"spec": fields.inner("spec").raw}
    if fields.optional_text("spec", "type") == "oci":  # a HelmRepository that nobody reconciles
        return State(body=body)
    observed = fields.optional_number("status", "observedGeneration", default=-1)
    findings = list(generation_findings(fields))
    if observed < 1:
        return State(findings=tuple(findings), body=body)
    conditions = _conditions_of(fields, observed)
    findings += _conditions(conditions, _SOURCE_READY, settled=False)
    spec = fields.inner("spec")
    spec.duration("interval")
    spec.shaped(durations=("timeout",))
    if spec.inner("verify").raw and "SourceVerified" not in conditions:
        findings.append(wait("its signature has not been verified"))
    if fields.items("spec", "include"):
        findings.append(unknown("what it includes from other sources"))
    fetched = fields.inner("status").raw
    for key, observed_key in (
        ("ignore", "observedIgnore"),
        ("sparseCheckout", "observedSparseCheckout"),
    ):
        if spec.raw.get(key) != fetched.get(observed_key):
            findings.append(wait(f"spec.{key} is not the one it was fetched with"))
    if not fields.has("status", "artifact"):
        return State(findings=(*findings, wait("it has fetched nothing yet")), body=body)
    revision = fields.text("status", "artifact", "revision")
    if "ArtifactInStorage" not in conditions:
        findings.append(wait("it has stored nothing yet"))
    findings += _about_revision(conditions, revision)
    return State(findings=tuple(findings), revision=revision, body=body)


def kustomization_state(fields: Fields) -> State:
    """Return the state of a Kustomization.

    Raises:
        Unclear: The object lacks a field that it has to have.
    """
    return _KUSTOMIZATIONS(form_of(fields.raw)).at(kustomization_times(fields))


def _kustomization(fields: Fields) -> State:
    observed = fields.optional_number("status", "observedGeneration", default=-1)
    applied = fields.optional_text("status", "lastAppliedRevision")
    tried = fields.optional_text("status", "lastAttemptedRevision")
    findings = list(generation_findings(fields))
    conditions: Mapping[str, Condition] = {}
    if observed >= 1:
        conditions = _conditions_of(fields, observed)
        settled = bool(applied) and applied == tried
        findings += _conditions(conditions, _KUSTOMIZATION_READY, settled=settled)
    if not applied:
        findings.append(wait("it has applied nothing yet"))
    elif applied != tried:
        findings.append(wait(f"it has applied {shown(applied)} and tried {shown(tried)}"))
    findings += _about_revision(conditions, applied)
    spec = fields.inner("spec")
    spec.shaped(flags=("force", "prune"), durations=("retryInterval",))
    findings += history_findings(fields, applied)
    return State(
        findings=tuple(findings),
        revision=applied,
        tried=tried,
        source=source_of(fields),
        applies=inventory(fields),
        assessed=_assesses(fields, conditions),
        destination=_destination(fields),
        fresh_for=_fresh_for(fields),
        body={"spec": spec.raw},
    )


def helm_release_state(fields: Fields) -> State:
    """Return the state of a HelmRelease. Its revisions are versions of charts, never commits.

    Raises:
        Unclear: The object lacks a field that it has to have.
    """
    return _HELM_RELEASES(form_of(fields.raw)).at(condition_times(fields))


def _helm_release(fields: Fields) -> State:
    body = {"spec": fields.inner("spec").raw}
    observed = fields.optional_number("status", "observedGeneration", default=-1)
    findings = list(generation_findings(fields))
    if observed < 1:
        return State(findings=tuple(findings), body=body)
    conditions = _conditions_of(fields, observed)
    findings += _conditions(conditions, _HELM_READY, settled=False)
    if "Released" not in conditions:
        findings.append(wait("it has released nothing yet"))
    tried = fields.text("status", "lastAttemptedRevision")
    findings += _release(fields.items("status", "history"), tried)
    return State(
        findings=tuple(findings),
        revision=tried,
        assessed=not any(
            fields.flag("spec", action, "disableWait") for action in ("install", "upgrade")
        ),
        destination=_destination(fields),
        body=body,
    )


_SOURCES, _KUSTOMIZATIONS, _HELM_RELEASES = map(Once, (_source, _kustomization, _helm_release))


def _conditions_of(fields: Fields, observed: int) -> dict[str, Condition]:
    """Return an object's conditions.

    Those of a suspended one may be about the generation before: it says of a change of its spec
    only that it has seen it. It is closed for being suspended, and the message says so.
    """
    about = None if fields.flag("spec", "suspend") else observed
    return conditions_of(fields, *_CONDITIONS, observed=about)


def _release(history: list[Fields], tried: str) -> Iterator[Finding]:
    """Return whether the release that is there is the one that was tried last."""
    if not history:
        yield wait("it has no release")
        return
    last = history[0]
    name, version = last.text("chartName"), last.text("chartVersion")
    if last.number("version") < 1 or version.partition("+")[0] != tried.partition("+")[0]:
        yield wait(f"it has released {name} {version}, and tried {tried}")
    if last.text("status") != "deployed":
        yield wait(f"its last release is {last.text('status')}")


def shared_findings(conditions: Mapping[str, Condition], kind: str) -> tuple[Finding, ...]:
    """Return what conditions alone say, where nothing else of an object is to be had."""
    reasons = {"HelmRelease": _HELM_READY, "Kustomization": _KUSTOMIZATION_READY}
    return tuple(_conditions(conditions, reasons.get(kind, _SOURCE_READY), settled=False))


def inventory(fields: Fields) -> tuple[ObjectId, ...]:
    """Return what a Kustomization has applied: `<namespace>_<name>_<group>_<kind>` each.

    Raises:
        Unclear: An entry has another form.
    """
    found = []
    for entry in fields.items("status", "inventory", "entries"):
        parts = entry.text("id").split("_")
        if len(parts) != 4 or not (parts[1] and parts[3]):  # noqa: PLR2004 - as above
            raise Unclear(f"{entry.path}.id is not the id of an object")
        entry.version("v")
        namespace, name, group, kind = parts
        found.append(ObjectId(group, kind, namespace, name.replace("__", ":")))
    return tuple(found)


def _conditions(
    conditions: Mapping[str, Condition], ready_reasons: frozenset[str], *, settled: bool
) -> Iterator[Finding]:
    ready = conditions.get("Ready")
    remediated = conditions.get("Remediated")
    for each in (ready, remediated):
        if each and each.reason in _GONE_BACK:
            yield fail(f"{each.said}; the new version is not running")
            return
    missing = _NO_SUCH_API.search(ready.message) if ready and ready.status == "False" else None
    if missing:
        yield fail(
            f"the cluster does not serve {missing['kind']} in {missing['version']}; "
            "write a version that it serves into the template"
        )
    if remediated and remediated.status != "False":
        yield wait(f"remediated: {remediated.said}")
    yield from ready_findings(conditions, ready_reasons, settled=settled)
    for kind in _TROUBLE:
        found = conditions.get(kind)
        if found and found.status != "False":
            yield wait(f"{kind}: {found.said}")
    for kind in _WANTED:
        found = conditions.get(kind)
        if found and found.status != "True":
            about = _about(kind, found, ready, settled=settled)
            yield Finding(Outcome.WAIT, f"{kind} is {found.status}: {found.said}", about=about)
        elif found and found.reason not in _REASONS.get(kind, {found.reason}):
            yield unknown(f"what {kind} with the reason {found.reason} means")


def _about(kind: str, found: Condition, ready: Condition | None, *, settled: bool) -> About:
    """Return `recheck` for a health check that runs again because the reconciler looks again."""
    looking = ready is not None and ready.status == "Unknown" and ready.reason == "Progressing"
    again = found.status == "Unknown" and found.reason == "Progressing"
    return "recheck" if kind == "Healthy" and settled and looking and again else ""


def source_of(fields: Fields) -> ObjectId:
    """Return where a Kustomization takes what it applies from.

    Raises:
        Unclear: The object does not name its source.
    """
    source = fields.inner("spec", "sourceRef")
    own = fields.text("metadata", "namespace")
    namespace = source.optional_text("namespace") or own
    return ObjectId(SOURCES, source.text("kind"), namespace, source.text("name"))


def _destination(fields: Fields) -> str:
    config = fields.inner("spec", "kubeConfig")
    if not config.raw:
        return ""
    for kind in ("secretRef", "configMapRef"):
        if config.has(kind):
            return config.text(kind, "name")
    raise Unclear("spec.kubeConfig names no secret")


def _assesses(fields: Fields, conditions: Mapping[str, Condition]) -> bool:
    """Return whether it looks at health; the condition that says so has to agree."""
    asked = fields.flag("spec", "wait") or bool(fields.items("spec", "healthChecks"))
    if conditions and asked != ("Healthy" in conditions):
        said = "it waits for health" if asked else "it does not wait for health"
        there = "lacks" if asked else "has"
        raise Unclear(f"{said}, and {there} the condition Healthy")
    return asked


def _about_revision(conditions: Mapping[str, Condition], revision: str) -> Iterator[Finding]:
    """Return whether what is true is said of this revision: Ready may be of the one before."""
    whole = re.compile(rf"(?<!\w){re.escape(revision)}(?!\w)")
    for kind in ("Ready", "ArtifactInStorage"):
        found = conditions.get(kind)
        if found and found.status == "True" and not whole.search(found.message):
            yield unknown(f"which revision {kind} is about: {found.said}")


def _fresh_for(fields: Fields) -> float:
    interval = fields.duration("spec", "interval")
    given = fields.has("spec", "timeout")
    timeout = fields.duration("spec", "timeout") if given else max(interval - 30, 30.0)
    return 2 * interval + timeout
