"""Reports: what is said about clusters that nobody can ask.

The last thing that was seen counts, by the time when it was seen and not when it arrived: a report
that was delayed changes nothing, and one that comes twice is one.
"""

from __future__ import annotations

from collections.abc import Sequence

from kalypso.promotion.evidence import Evidence
from kalypso.promotion.expected import ExpectedCluster
from kalypso.promotion.findings import unknown, wait
from kalypso.promotion.record import Report


def report_evidence(
    reports: Sequence[Report], cluster: ExpectedCluster, *, asked: float
) -> tuple[Evidence, ...]:
    """Return what reports say about a cluster; none if there is none that counts."""
    own = sorted(
        {each for each in reports if each.cluster == cluster.name and _counts(each, cluster)},
        key=lambda each: (each.at, each.state == "failed"),
    )
    if not own:
        return ()
    last = own[-1]
    findings = []
    if last.state != "healthy":
        findings.append(wait(f"{last.state}{f': {last.message}' if last.message else ''}"))
    elif any(each.at == last.at and each.commit != last.commit for each in own):
        findings.append(unknown("which of two reports of the same moment is true"))
    evidence = Evidence(
        cluster=cluster.name,
        channel="reports",
        sees="nothing",
        commit=last.commit,
        findings=tuple(findings),
        asked=asked,
        as_of=last.at,
        steady_since=_steady_since(own),
    )
    return (evidence,)


def _counts(report: Report, cluster: ExpectedCluster) -> bool:
    return report.signed or report.author in cluster.authors or "*" in cluster.authors


def _steady_since(reports: Sequence[Report]) -> float | None:
    """Return when the cluster was first seen healthy, of all times since it was not."""
    since = None
    for each in reversed(reports):
        if each.state != "healthy":
            break
        since = each.at
    return since
