"""One Application of Argo CD: what it compared, what it applied, and what it thinks of it.

Health and comparison come from different loops, so each is believed only as far as the other
confirms it. Fields are those of Argo CD 3; what older ones lack is read as absent.
"""

from __future__ import annotations

from collections.abc import Iterator

from kalypso.promotion.expected import ObjectId
from kalypso.promotion.findings import Finding, fail, unknown, wait
from kalypso.promotion.readers.fields import Fields, Unclear
from kalypso.promotion.readers.state import State
from kalypso.promotion.revisions import read_revision, shown

ARGO = "argoproj.io"
APPLICATION = "Application"

_REFRESH_SECONDS = 180.0
"""After which Argo CD compares again: 120 s and a jitter of up to 60 s."""
_HERE = frozenset({"https://kubernetes.default.svc", "in-cluster"})
_ERRORS = frozenset(
    {
        "ComparisonError",
        "DeletionError",
        "InvalidSpecError",
        "RepeatedResourceWarning",
        "SharedResourceWarning",
        "SyncError",
        "UnknownError",
    }
)
_SKIP = "argocd.argoproj.io/skip-reconcile"
_REFRESH = "argocd.argoproj.io/refresh"


def sources_of(fields: Fields, *keys: str) -> list[Fields]:
    """Return the sources of a spec: several, or the only one.

    Raises:
        Unclear: The application has no source, or is hydrated from elsewhere.
    """
    if fields.has(*keys, "sourceHydrator"):
        raise Unclear("a source that is hydrated elsewhere")
    several = fields.items(*keys, "sources")
    found = several or [fields.inner(*keys, "source")]
    if not all(source.raw for source in found):
        raise Unclear(f"{'.'.join(keys)} names no source")
    return found


def revisions_of(fields: Fields, *keys: str) -> list[str]:
    """Return the revisions that stand for the sources of the spec, in their order.

    Raises:
        Unclear: There is not one for each source.
    """
    if fields.items("spec", "sources"):
        found = fields.texts(*keys, "revisions")
        if len(found) != len(fields.items("spec", "sources")):
            raise Unclear(f"{'.'.join(keys)}.revisions does not match the sources")
        return found
    return [fields.text(*keys, "revision")]


def application_state(fields: Fields, place: int = 0) -> State:
    """Return the state of an Application.

    Args:
        fields: The object.
        place: Which of its sources `revision` is of.

    Raises:
        Unclear: The object lacks a field that it has to have.
    """
    destination = _destination(fields)
    if not fields.inner("status").raw:
        return State(findings=(wait("Argo CD has not looked at it yet"),), destination=destination)
    findings = [
        *_frozen(fields),
        *_operation(fields),
        *_comparison(fields),
        *_health(fields),
        *_resources(fields),
    ]
    policy = fields.inner("spec", "syncPolicy", "automated")
    policy.shaped(flags=("allowEmpty", "enabled", "prune", "selfHeal"))
    revision = revisions_of(fields, "status", "sync")[place]
    if not (sources_of(fields, "spec")[place].has("chart") or read_revision(revision)):
        findings.append(unknown(f"which commit {revision!r} is"))
    return State(
        findings=tuple(findings),
        revision=revision,
        applies=tuple(_applied(fields)),
        destination=destination,
        as_of=fields.time("status", "reconciledAt"),
        fresh_for=2 * _REFRESH_SECONDS,
        steady_since=_steady_since(fields),
    )


def leftovers(fields: Fields) -> tuple[str, ...]:
    """Return what an Application should prune and has not pruned."""
    return tuple(
        str(_resource_id(each))
        for each in fields.items("status", "resources")
        if each.flag("requiresPruning")
    )


def _frozen(fields: Fields) -> Iterator[Finding]:
    notes = fields.inner("metadata", "annotations")
    if fields.has("metadata", "deletionTimestamp"):
        yield wait("it is being deleted")
    if notes.has(_SKIP) and notes.raw.get(_SKIP) != "false":
        yield fail(f"frozen by the annotation {_SKIP}", lasting=True)
    if notes.has(_REFRESH):
        yield wait("it was asked to look again, and has not yet")


def _operation(fields: Fields) -> Iterator[Finding]:
    if fields.inner("operation").raw:
        yield wait("a sync is asked for and has not begun")
    state = fields.inner("status", "operationState")
    if not state.raw:
        return
    phase, message = state.text("phase"), state.optional_text("message")
    said = f": {message}" if message else ""
    if phase == "Succeeded":
        finished = state.time("finishedAt")
        if finished < state.time("startedAt"):
            raise Unclear("its sync ended before it began")
        if fields.time("status", "reconciledAt") < finished:
            yield wait("its health is from before the sync ended")
        return
    if phase in {"Failed", "Error"} and _gave_up(fields, state):
        yield fail(f"the sync of {shown(_tried(state)[0])} ended with {phase}{said}")
    else:
        yield wait(f"its sync is {phase}{said}")


def _gave_up(fields: Fields, state: Fields) -> bool:
    """Return whether the sync that failed is the one that is still needed."""
    out_of_sync = fields.optional_text("status", "sync", "status") == "OutOfSync"
    return out_of_sync and _tried(state) == revisions_of(fields, "status", "sync")


def _tried(state: Fields) -> list[str]:
    for keys in (("syncResult",), ("operation", "sync")):
        several = state.texts(*keys, "revisions")
        one = state.optional_text(*keys, "revision")
        if several or one:
            return several or [one]
    return [""]


def _comparison(fields: Fields) -> Iterator[Finding]:
    for each in fields.items("status", "conditions"):
        if each.text("type") in _ERRORS:
            yield wait(f"{each.text('type')}: {each.optional_text('message')}")
    compared = fields.inner("status", "sync", "comparedTo")
    wanted = [source.raw for source in sources_of(fields, "spec")]
    if [source.raw for source in sources_of(compared)] != wanted:
        yield wait("its comparison is with an older source than it names now")
    if _part(compared, "destination") != _part(fields.inner("spec"), "destination"):
        yield wait("its comparison is with another destination than it names now")
    status = fields.text("status", "sync", "status")
    if status == "OutOfSync":
        automated = fields.inner("spec", "syncPolicy").has("automated")
        on = automated and fields.inner("spec", "syncPolicy", "automated").raw.get("enabled", True)
        idle = "" if on else "; nothing syncs it, as automated sync is off"
        yield wait(f"out of sync{idle}")
    elif status != "Synced":
        yield unknown(f"whether it is in sync: {status}")


def _part(fields: Fields, key: str) -> dict[str, object]:
    return {
        name: value
        for name, value in fields.inner(key).raw.items()
        if value is not None and value != ""
    }


def _health(fields: Fields) -> Iterator[Finding]:
    health = fields.text("status", "health", "status")
    message = fields.optional_text("status", "health", "message")
    if health != "Healthy":
        yield wait(f"its health is {health}{f': {message}' if message else ''}")


def _resources(fields: Fields) -> Iterator[Finding]:
    resources = fields.items("status", "resources")
    if not resources:
        yield wait("it has no resources")
    for each in resources:
        if each.flag("requiresPruning"):
            continue  # a leftover; whether that matters is a setting
        name = _resource_id(each)
        if not each.flag("hook") and each.text("status") != "Synced":
            yield wait(f"{name} is {each.text('status')}")
        each.version("version")
        health = each.inner("health")
        if each.has("health") and health.text("status") != "Healthy":
            yield wait(f"{name} is {health.text('status')}: {health.optional_text('message')}")


def _applied(fields: Fields) -> Iterator[ObjectId]:
    for each in fields.items("status", "resources"):
        if not each.flag("requiresPruning"):
            yield _resource_id(each)


def _resource_id(resource: Fields) -> ObjectId:
    return ObjectId(
        resource.optional_text("group"),
        resource.text("kind"),
        resource.optional_text("namespace"),
        resource.text("name"),
    )


def _destination(fields: Fields) -> str:
    to = fields.inner("spec", "destination")
    found = to.optional_text("server") or to.optional_text("name")
    if not found:
        raise Unclear("spec.destination names no cluster")
    return "" if found in _HERE else found


def _steady_since(fields: Fields) -> float | None:
    if not fields.has("status", "health", "lastTransitionTime"):
        return None
    moments = [fields.time("status", "health", "lastTransitionTime")]
    if fields.has("status", "operationState", "finishedAt"):
        moments.append(fields.time("status", "operationState", "finishedAt"))
    return max(moments)
