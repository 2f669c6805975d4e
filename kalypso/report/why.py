"""Why a pair is assigned, or what keeps it apart, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kalypso.model import Condition, PairExplanation, PolicyVerdict
from kalypso.report.listing import table
from kalypso.report.plain import count, line_of, one_line
from kalypso.report.versioned import document

_SIDES = {"deploymentTarget": "deployment target", "clusterType": "cluster type"}
_INDENT = "  "


def why_text(found: PairExplanation) -> str:
    """List the policies that assign a pair, with the labels that matched on each side."""
    selecting = found.selecting
    head = (
        f"{_pair(found)} is assigned by {len(selecting)}"
        f" of {count(len(found.verdicts), 'policy', 'policies')}"
    )
    return "\n".join([head, *_verdicts(selecting)])


def why_not_text(found: PairExplanation) -> str:
    """List what each policy asks for and the pair lacks, the nearest policy first."""
    if not found.verdicts:
        return f"{_pair(found)} is not assigned: {found.environment} has no policies"
    head = (
        f"{_pair(found)} is not assigned: none of"
        f" {count(len(found.verdicts), 'policy', 'policies')} selects both"
    )
    return "\n".join([head, *_verdicts(found.verdicts)])


def why_json(found: PairExplanation, verdicts: Sequence[PolicyVerdict]) -> str:
    """Return verdicts on a pair as data."""
    return document(
        "PairExplanation",
        {
            "environment": found.environment,
            "clusterType": found.cluster_type.name,
            "deploymentTarget": found.target.name,
            "assigned": bool(found.selecting),
            "policies": [
                {
                    "name": verdict.policy.name,
                    "at": verdict.policy.at,
                    "selects": not verdict.failed,
                    "conditions": [_record(condition) for condition in verdict.conditions],
                }
                for verdict in verdicts
            ],
        },
    )


def _pair(found: PairExplanation) -> str:
    return f"{found.cluster_type.name}/{found.target.name}"


def _verdicts(verdicts: Sequence[PolicyVerdict]) -> Iterator[str]:
    for verdict in verdicts:
        failed = len(verdict.failed)
        missed = f"   {count(failed, 'condition')} not met" if failed else ""
        yield ""
        yield f"{verdict.policy.name}   {one_line(line_of(verdict.policy.at))}{missed}"
        yield from _condition_lines(verdict.conditions)


def _condition_lines(conditions: Sequence[Condition]) -> Iterator[str]:
    sides = {condition.side for condition in conditions}
    rows = [
        (
            f"{'ok' if condition.holds else 'NO'}  {_SIDES[condition.side]}",
            condition.requirement,
            f"line {condition.at.line}",
            _found(condition),
            one_line(line_of(condition.found_at)) if condition.found_at else "",
        )
        for condition in conditions
    ]
    rows += [
        (f"ok  {word}", "everything", "", "", "")
        for side, word in _SIDES.items()
        if side not in sides
    ]
    yield from (f"{_INDENT}{line}" for line in table(rows[0], rows[1:]).splitlines())


def _found(condition: Condition) -> str:
    return "absent" if condition.found is None else f"is {one_line(condition.found)}"


def _record(condition: Condition) -> dict[str, object]:
    return {
        "side": condition.side,
        "requirement": condition.requirement,
        "key": condition.key,
        "holds": condition.holds,
        "found": condition.found,
        "at": condition.at,
        "foundAt": condition.found_at,
    }
