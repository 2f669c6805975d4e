"""Azure: from rows of `fluxConfigurations` to evidence, by Resource Graph or one by one from ARM.

A row shows Flux's objects by name and with their conditions, and neither what they are asked to do
nor the workloads. What a Kustomization applied stands only in a sentence. Whether being ready
includes being healthy is known from its manifest alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kalypso.promotion.evidence import Evidence, Sighting
from kalypso.promotion.expected import SOURCES, Expected, ObjectId, short
from kalypso.promotion.findings import Finding, fail, unknown, wait
from kalypso.promotion.freshness import SKEW
from kalypso.promotion.readers.addresses import same_folder, same_repository
from kalypso.promotion.readers.azure_statuses import Status, statuses_of
from kalypso.promotion.readers.fields import Fields, Raw, Unclear
from kalypso.promotion.readers.flux_objects import KUSTOMIZE
from kalypso.promotion.revisions import commit_on

_TYPE = "microsoft.kubernetesconfiguration/fluxconfigurations"
_BETWEEN = "/providers/microsoft.kubernetesconfiguration/fluxconfigurations/"
_NOT_YET = frozenset({"non-compliant", "noncompliant", "pending", "suspended"})


def azure_evidence(
    rows: Sequence[Raw], expected: Expected, *, asked: float
) -> tuple[Evidence, ...]:
    """Return what Azure says about the clusters of an environment, expected or not.

    Args:
        rows: Each a configuration, as Resource Graph or ARM gives it.
        expected: What is waited for.
        asked: When, by our clock.
    """
    by_id = {each.resource_id.lower().rstrip("/"): each for each in expected.clusters}
    found = []
    for raw in rows:
        row = Fields(raw)
        try:
            if row.text("type").lower() != _TYPE:
                continue
            owner, _, name = row.text("id").lower().partition(_BETWEEN)
            cluster = by_id.get(owner) if owner and name == row.text("name").lower() else None
            folder = cluster.cluster_type if cluster else ""
            if not _reads_environment(row.inner("properties"), expected):
                continue
            if cluster is None:
                stranger = owner.rpartition("/")[2] or "a cluster without a name"
                found.append(Evidence(cluster=stranger, channel="azure", asked=asked))
            elif _keys(row.inner("properties"), folder):
                found.append(_evidence(row, expected, cluster.name, folder, asked))
        except Unclear as error:
            known = _cluster_of(row, by_id)
            if known:
                found.append(
                    Evidence(
                        cluster=by_id[known].name,
                        channel="azure",
                        findings=(unknown(f"Azure: {error}"),),
                        asked=asked,
                    )
                )
    return tuple(found)


def _cluster_of(row: Fields, known: Collection[str]) -> str:
    try:
        owner = row.text("id").lower().partition(_BETWEEN)[0]
    except Unclear:
        return ""
    return owner if owner and owner in known else ""


def _reads_environment(properties: Fields, expected: Expected) -> bool:
    git = properties.inner("gitRepository")
    if not git.raw or not same_repository(git.text("url"), expected.repository):
        return False
    ref = git.inner("repositoryRef")
    if any(ref.optional_text(kind) for kind in ("commit", "semver", "tag")):
        return False
    return ref.optional_text("branch") == expected.branch


def _keys(properties: Fields, folder: str) -> list[str]:
    """Return the names of the Kustomizations that apply a folder."""
    given = properties.inner("kustomizations")
    return [key for key in given.raw if same_folder(given.inner(key).optional_text("path"), folder)]


def _evidence(row: Fields, expected: Expected, cluster: str, folder: str, asked: float) -> Evidence:
    properties = row.inner("properties")
    name = row.text("name")
    source_text = properties.optional_text("sourceSyncedCommitId")
    source = commit_on(source_text, expected.branch) or ""
    statuses = statuses_of(properties)
    namespace = properties.text("namespace")
    repository = ObjectId(SOURCES, "GitRepository", namespace, name)
    own = {
        key: _own(statuses, f"{name}-{key}", namespace)
        for key in properties.inner("kustomizations").raw
    }
    findings = [
        *_consistent(row),
        *_configuration(properties),
        *_times(properties, statuses, expected.merged),
        *_source(statuses, repository, source_text, source),
        *_kustomizations(own, expected.branch, source),
    ]
    applied = own[_keys(properties, folder)[0]]
    commit = _commit(applied, expected.branch) if applied else ""
    if not findings or properties.text("complianceState") != "Compliant":
        findings += _compliance(properties, statuses)
    return Evidence(
        cluster=cluster,
        channel="azure",
        sees="reconcilers",
        commit=commit,
        reached=frozenset(each for each in (source,) if each),
        findings=tuple(dict.fromkeys(findings)),
        objects=_objects(statuses, applied),
        asked=asked,
        as_of=properties.time("statusUpdatedAt"),
    )


def _configuration(properties: Fields) -> Iterator[Finding]:
    if properties.text("sourceKind") != "GitRepository":
        yield unknown("which commit a source of another kind than GitRepository is at")
    if not properties.has("suspend"):
        raise Unclear("properties.suspend is missing")
    if properties.flag("suspend"):
        yield fail("suspended", lasting=True)
    state = properties.text("provisioningState")
    if state != "Succeeded":
        yield wait(f"its provisioning state is {state}")
    problem = properties.optional_text("errorMessage")
    if problem:
        yield wait(problem)
    if properties.text("scope") not in {"cluster", "namespace"}:
        yield unknown(f"what the scope {properties.text('scope')} means")
    yield from _shaped(properties)


def _shaped(properties: Fields) -> Iterator[Finding]:
    """Check what decides nothing: where it is there, it has to make sense."""
    git = properties.inner("gitRepository")
    entries = properties.inner("kustomizations")
    for each in (git, *(entries.inner(key) for key in entries.raw)):
        for key in ("syncIntervalInSeconds", "timeoutInSeconds", "retryIntervalInSeconds"):
            each.optional_number(key, default=0)
        each.shaped(flags=("force", "prune", "wait"))
        each.texts("dependsOn")
    for key in entries.raw:
        if entries.inner(key).optional_text("name") not in {"", key}:
            yield unknown(f"the Kustomization {key} goes by another name")


def _times(properties: Fields, statuses: Sequence[Status], merged: float) -> Iterator[Finding]:
    """Return whether everything happened when it can have."""
    synced, reported = properties.time("sourceUpdatedAt"), properties.time("statusUpdatedAt")
    if max(synced, *(each.changed for each in statuses), 0.0) > reported + SKEW:
        yield unknown("when this was: its times lie after the report")
    if synced < merged - SKEW:
        yield wait("its source was fetched before the merge")


def _compliance(properties: Fields, statuses: Sequence[Status]) -> Iterator[Finding]:
    state = properties.text("complianceState")
    if state == "Compliant":
        return
    if state.lower().replace(" ", "-") not in {*_NOT_YET, "not-compliant"}:
        yield unknown(f"what the compliance state {state} means")
        return
    blamed = [str(each.id) for each in statuses if each.findings]
    because = f": {', '.join(blamed)}" if blamed else ""
    yield wait(f"its compliance state is {state}{because}")


def _source(
    statuses: Sequence[Status], name: ObjectId, said: str, commit: str
) -> Iterator[Finding]:
    if not commit:
        yield unknown(f"which commit {said or 'its source'!r} is")
    found = [each for each in statuses if each.id == name and each.applied_by is None]
    if len(found) != 1:
        yield wait("no status of its GitRepository")
    for each in found:
        yield from (finding.on(str(each.id)) for finding in each.findings)
        if each.revision != said:
            yield unknown(f"which revision {each.id} is at: {each.message}")


def _consistent(row: Fields) -> Iterator[Finding]:
    """Return whether the columns beside the id agree with it."""
    parts = row.text("id").lower().split("/")
    for column, place in (("subscriptionId", 2), ("resourceGroup", 4)):
        if row.optional_text(column).lower() not in {"", parts[place]}:
            yield unknown(f"which cluster it is: {column} is another than in its id")


def _own(statuses: Sequence[Status], name: str, namespace: str) -> Status | None:
    wanted = ObjectId(KUSTOMIZE, "Kustomization", namespace, name)
    found = [each for each in statuses if each.id == wanted and each.applied_by is None]
    return found[0] if len(found) == 1 else None


def _kustomizations(own: dict[str, Status | None], branch: str, source: str) -> Iterator[Finding]:
    for key, status in own.items():
        if status is None:
            yield wait(f"no status of its Kustomization {key}")
            continue
        yield from (finding.on(str(status.id)) for finding in status.findings)
        commit = _commit(status, branch)
        if not commit:
            yield unknown(f"which commit {status.id} has applied")
        elif source and commit != source:
            have, new = short(commit), short(source)
            yield wait(f"{status.id} has applied {have}, and its source is at {new}")


def _commit(status: Status, branch: str) -> str:
    return commit_on(status.revision, branch) or ""


def _objects(statuses: Sequence[Status], owner: Status | None) -> dict[ObjectId, Sighting]:
    found: dict[ObjectId, Sighting] = {}
    for each in statuses:
        if each.applied_by is None:
            continue
        findings = list(each.findings)
        if owner is None or each.applied_by != (owner.id.namespace, owner.id.name):
            namespace, name = each.applied_by
            findings.append(wait(f"it belongs to {namespace}/{name}"))
        if each.id in found:
            findings += [*found[each.id].findings, unknown("it has two statuses")]
        by_manifest = each.id.group == KUSTOMIZE
        found[each.id] = Sighting(
            tuple(findings), None, revision=each.revision, health_by_manifest=by_manifest
        )
    return found
