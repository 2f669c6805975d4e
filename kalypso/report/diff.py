"""What differs between two states of an environment, as text, JSON and file names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kalypso.model import (
    AssignmentDifference,
    Cause,
    ChangeKind,
    Detail,
    Difference,
    FileDifference,
)
from kalypso.report.fitted import beside_or_below, filled
from kalypso.report.groups import Group, groups
from kalypso.report.line_diff import changed_lines, unified
from kalypso.report.plain import count, line_of, one_line, printable
from kalypso.report.renames import renames
from kalypso.report.versioned import document

_SIGNS: dict[ChangeKind, str] = {"added": "+", "changed": "~", "removed": "-"}
_SHOWN = 20
"""Assignments of one group that are listed by name, unless all are asked for."""
_INDENT = "    "
_LONGEST = 80
"""Characters of one value."""


def totals(difference: Difference) -> str:
    """Return one line: how many assignments and files differ."""
    numbers = {kind: len(difference.of(kind)) for kind in _SIGNS}
    if not difference.files and not difference.assignments:
        return f"{difference.environment}: no difference"
    parts = [
        f"{numbers['removed']:,} removed",
        f"{numbers['changed']:,} changed",
        f"{numbers['added']:,} added",
    ]
    return (
        f"{difference.environment}: {', '.join(parts)}"
        f" ({count(difference.count_before, 'assignment')} before,"
        f" {difference.count_after:,} after), {count(len(difference.files), 'file')}"
    )


def diff_text(
    difference: Difference, width: int = 0, *, patch: bool = False, everything: bool = False
) -> str:
    """Show what differs, the same changes together, removals first.

    Args:
        difference: What was found.
        width: Characters of a line, as far as words allow; 0 for any number. Files are not wrapped.
        patch: Add a diff of the files of the first assignment of each group.
        everything: List every assignment, however many change in the same way.
    """
    lines = list(filled(totals(difference), width, _INDENT))
    found = renames(difference)
    lines += [""] if found else []
    for each in found:
        lines += filled(f"renamed: {each.sentence}", width, _INDENT)
    for group in groups(difference):
        lines += ["", *_group_lines(group, width, everything=everything)]
        if patch:
            lines += _patch_lines(group.members[0].files)
    if difference.other_files:
        lines += ["", "other files"]
        lines += [f"  {_SIGNS[file.kind]} {one_line(file.path)}" for file in difference.other_files]
        lines += _patch_lines(difference.other_files) if patch else []
    return "\n".join(lines)


def diff_names(difference: Difference) -> str:
    """List the paths of the files that differ."""
    return "\n".join(one_line(file.path) for file in difference.files)


def diff_json(difference: Difference) -> str:
    """Return everything that differs as JSON."""
    return document("Difference", diff_record(difference))


def diff_record(difference: Difference) -> dict[str, object]:
    """Return everything that differs as data."""
    return {
        "environment": difference.environment,
        "before": difference.before,
        "after": difference.after,
        "totals": {
            "assignmentsBefore": difference.count_before,
            "assignmentsAfter": difference.count_after,
            **{kind: len(difference.of(kind)) for kind in ("removed", "changed", "added")},
            "files": len(difference.files),
        },
        "explained": difference.explained,
        "renames": [
            {"kind": each.what, "old": each.old, "new": each.new, "assignments": each.assignments}
            for each in renames(difference)
        ],
        "assignments": [_assignment_record(each) for each in difference.assignments],
        "otherFiles": [_file_record(file) for file in difference.other_files],
    }


def cause_title(cause: Cause) -> str:
    """Return an object and what became of it."""
    return f"{cause.kind} {cause.name} {cause.change}"


def detail_text(detail: Detail, longest: int = _LONGEST) -> str:
    """Return one thing that differs about an object as ``KEY: old -> new``.

    Of texts of several lines, only the lines that differ are shown.
    """
    what = one_line(detail.what, longest)
    old, new = detail.old, detail.new
    if old is not None and new is not None:
        if "\n" in old and "\n" in new:
            lines = (f"{line[0]} {line[1:].strip()}" for line in changed_lines(old, new))
            return f"{what}: {one_line(', '.join(lines), longest)}"
        return f"{what}: {one_line(old, longest)} -> {one_line(new, longest)}"
    if old is None and new is None:
        return what
    sign, text = ("+", new) if old is None else ("-", old)
    return f"{what}: {sign} {one_line(text or '', longest)}"


def _group_lines(group: Group, width: int, *, everything: bool) -> Iterator[str]:
    files = f": {', '.join(map(one_line, group.file_names))}" if group.kind == "changed" else ""
    span = f": {group.span}" if group.left_out else ""
    yield from filled(f"{group.kind} ({len(group.members):,}){files}{span}", width, _INDENT)
    for cause in group.causes:
        what, place = one_line(cause_title(cause)), one_line(line_of(cause.at))
        yield from beside_or_below(what, place, width, "  ")
        for detail in cause.details:
            yield from filled(f"{_INDENT}{detail_text(detail)}", width, f"{_INDENT}  ")
    shown = group.members if everything else group.members[:_SHOWN]
    yield from (f"  {_SIGNS[group.kind]} {one_line(each.folder)}" for each in shown)
    if len(shown) < len(group.members):
        yield f"  and {len(group.members) - len(shown):,} more; --all lists them"


def _patch_lines(files: Sequence[FileDifference]) -> Iterator[str]:
    for file in files:
        yield from (f"    {printable(line)}" for line in unified(file))


def _assignment_record(each: AssignmentDifference) -> dict[str, object]:
    return {
        "clusterType": each.cluster_type,
        "deploymentTarget": each.target,
        "change": each.kind,
        "files": [_file_record(file) for file in each.files],
        "causes": [_cause_record(cause) for cause in each.causes],
    }


def _file_record(file: FileDifference) -> dict[str, object]:
    return {"path": file.path, "change": file.kind, "diff": "\n".join(unified(file))}


def _cause_record(cause: Cause) -> dict[str, object]:
    return {
        "kind": cause.kind,
        "name": cause.name,
        "change": cause.change,
        "at": cause.at,
        "details": [
            {"what": detail.what, "old": detail.old, "new": detail.new} for detail in cause.details
        ],
    }
