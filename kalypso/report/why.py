"""Why a pair is assigned, or what keeps it apart, as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kalypso.harmless_text import harmless_line
from kalypso.model import Condition, PairExplanation, PolicyVerdict
from kalypso.report.fitted import GAP, aligned, beside_or_below, column_widths, filled, line_width
from kalypso.report.plain import count, line_of, one_line
from kalypso.report.versioned import document

_SIDES = {"deploymentTarget": "deployment target", "clusterType": "cluster type"}
_INDENT = "  "
_BELOW = "    "
"""Begins the second line of a condition, below the name of its side."""
_ASKED = 3
"""Cells of a condition that say what is asked for; the others say what was found."""


def why_text(found: PairExplanation, width: int = 0) -> str:
    """List the policies that assign a pair, with the labels that matched on each side.

    Args:
        found: The explanation.
        width: Characters of a line, as far as words allow; 0 for any number.
    """
    selecting = found.selecting
    head = (
        f"{_pair(found)} is assigned by {len(selecting)}"
        f" of {count(len(found.verdicts), 'policy', 'policies')}"
    )
    return "\n".join([*filled(head, width), *_verdicts(selecting, width)])


def why_not_text(found: PairExplanation, width: int = 0) -> str:
    """List what each policy asks for and the pair lacks, the nearest policy first.

    The arguments are those of `why_text`.
    """
    head = f"{_pair(found)} is not assigned: "
    if found.verdicts:
        number = count(len(found.verdicts), "policy", "policies")
        head += f"none of {number} selects both"
    else:
        head += f"{found.environment} has no policies"
    return "\n".join([*filled(head, width), *_verdicts(found.verdicts, width)])


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


def _verdicts(verdicts: Sequence[PolicyVerdict], width: int) -> Iterator[str]:
    tables = [_condition_rows(verdict.conditions) for verdict in verdicts]
    room = max(width - len(_INDENT), 1) if width else 0
    on_one_line = not room or all(line_width(column_widths(rows, 0)) <= room for rows in tables)
    for verdict, rows in zip(verdicts, tables, strict=True):
        failed = len(verdict.failed)
        missed = f"{count(failed, 'condition')} not met" if failed else ""
        name, place = verdict.policy.name, one_line(line_of(verdict.policy.at))
        head = harmless_line(GAP.join(filter(None, (name, place, missed))))
        yield ""
        if not width or len(head) <= width:
            yield head
        else:
            shown = harmless_line(GAP.join(filter(None, (name, missed))))
            yield from beside_or_below(shown, place, width)
        lines = _single(rows) if on_one_line else _double(rows, room)
        yield from (f"{_INDENT}{line}" for line in lines)


def _condition_rows(conditions: Sequence[Condition]) -> list[list[str]]:
    """Return a row for each condition: what is asked for, where, what was found, where."""
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
    return [list(map(harmless_line, row)) for row in rows]


def _single(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for lines in aligned(rows):
        yield from lines


def _double(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Yield what was found below what is asked for: one line does not have room for both."""
    asked = aligned([row[:_ASKED] for row in rows], width, whole={0, 2})
    answers, room = [row[_ASKED:] for row in rows], max(width - len(_BELOW), 1)
    if line_width(column_widths(answers, 0)) <= room:
        found = aligned(answers)
    else:  # each by itself may still fit
        found = [list(filled(GAP.join(row).rstrip(), room)) for row in answers]
    for above, below in zip(asked, found, strict=True):
        yield from above
        yield from (f"{_BELOW}{line}" for line in below if line)


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
