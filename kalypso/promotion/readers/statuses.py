"""Commit statuses: a hint to look earlier, evidence only of clusters that are configured so.

Flux's notification-controller writes success or failure and nothing while it works; it may lose
any of them, and anybody with push access can write one. So only contexts and authors that the
settings name count, a success has to have stood for a while, and none says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.expected import ExpectedCluster
from kalypso.promotion.findings import Finding, unknown, wait
from kalypso.promotion.readers.fields import Fields, Raw, Unclear

_SETTLED = 60.0
"""Seconds for which a success has to stand: Flux reports it before a health check fails."""


def status_evidence(
    statuses: Mapping[str, Sequence[Raw]],
    cluster: ExpectedCluster,
    *,
    asked: float,
) -> tuple[Evidence, ...]:
    """Return what commit statuses say about a cluster; none if nothing of it is there.

    Args:
        statuses: As GitHub gives them, by the commit of the GitOps branch that they are on.
        cluster: With the contexts and authors that count.
        asked: When, by our clock.
    """
    found = []
    for commit, given in statuses.items():
        try:
            newest = _newest(given, cluster)
            missing = sorted(_lower(cluster.statuses) - newest.keys())
            findings = [wait(f"no status {context}") for context in missing]
            for _, _, each in sorted(newest.values(), key=lambda entry: entry[:2]):
                findings += _findings(each, commit, asked)
        except Unclear as error:
            finding = unknown(f"a commit status: {error}")
            found.append(_evidence(cluster, commit, (finding,), asked, None))
            continue
        if newest:
            oldest = min(moment for moment, _, _ in newest.values())
            found.append(_evidence(cluster, commit, tuple(findings), asked, oldest))
    return _of_newest_commit(found)


def _newest(given: Sequence[Raw], cluster: ExpectedCluster) -> dict[str, tuple[float, int, Fields]]:
    """Return the last status of each context that counts, with its time and id."""
    newest: dict[str, tuple[float, int, Fields]] = {}
    for each in map(Fields, given):
        context = each.text("context").lower()
        if context in _lower(cluster.statuses) and _counts(each, cluster):
            entry = (each.time("updated_at"), each.number("id"), each)
            if context not in newest or entry[:2] > newest[context][:2]:
                newest[context] = entry
    return newest


def foreign_successes(statuses: Sequence[Raw], context: str, author: str) -> tuple[str, ...]:
    """Return warnings about statuses in a context of ours that somebody else has written."""
    warnings = []
    for each in map(Fields, statuses):
        try:
            creator = each.text("creator", "login")
            in_context = each.text("context").lower() == context.lower()
        except Unclear:
            continue
        if in_context and creator != author:
            warnings.append(f"the status {context} was set by {creator}; it does not count")
    return tuple(dict.fromkeys(warnings))


def _lower(contexts: frozenset[str]) -> frozenset[str]:
    return frozenset(context.lower() for context in contexts)


def _counts(status: Fields, cluster: ExpectedCluster) -> bool:
    creator = status.inner("creator").optional_text("login")
    return bool(creator) and (creator in cluster.authors or "*" in cluster.authors)


def _findings(status: Fields, commit: str, asked: float) -> Iterator[Finding]:
    state, context = status.text("state"), status.text("context")
    said = status.optional_text("description")
    if not status.text("url").endswith(f"/{commit}"):
        yield unknown(f"which commit {context} is of")
    if state != "success":
        yield wait(f"{context} is {state}{f': {said}' if said else ''}")
        return
    created = status.time("created_at")
    if created != status.time("updated_at"):  # a forge never changes a status
        yield unknown(f"when {context} was written")
    age = asked - created
    if age < _SETTLED:
        yield wait(f"{context} has been a success for {max(0, int(age))} s of {int(_SETTLED)} s")


def _evidence(
    cluster: ExpectedCluster,
    commit: str,
    findings: tuple[Finding, ...],
    asked: float,
    as_of: float | None,
) -> Evidence:
    return Evidence(
        cluster=cluster.name,
        channel="statuses",
        sees="nothing",
        commit=commit,
        findings=findings,
        asked=asked,
        as_of=as_of,
        steady_since=as_of,
    )


def _of_newest_commit(found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the evidence that was written last: an older commit's statuses stay for ever."""
    dated = [each for each in found if each.as_of is not None]
    undated = tuple(each for each in found if each.as_of is None)
    last = max(dated, key=lambda each: each.as_of or 0.0, default=None)
    return undated if last is None else (*undated, last)
