"""What differs, as one comment of a pull request: never longer than a comment may be.

Totals and how far it reaches, a table with a row for each group of equal changes (removals first,
then by how many assignments they reach), and folded details. What does not fit is counted and named
as such.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kalypso.model import LONGEST_COMMENT, Cause, Difference, FileDifference
from kalypso.report.diff import detail_text
from kalypso.report.groups import Group, groups
from kalypso.report.line_diff import unified
from kalypso.report.markup import code, details, fenced
from kalypso.report.plain import count, line_of
from kalypso.report.renames import renames

_RESERVE = 500
"""Characters kept for the last lines, which say what is not shown."""
_TABLE_SHARE = 0.4
"""Part of the comment that the table may take, so that details follow it."""
_WARNED = 5
"""Removed assignments, and renames, that the warning on top names."""
_NAMES = 50
"""Assignments, and other files, that details list by name."""
_LINES = 80
"""Lines of a diff."""
_LINE = 300
"""Characters of one line of a diff."""
_CAUSES = 20
_DETAILS = 10
_CLUSTERS = 8
"""Cluster types that the line of reach names."""
_IN_ROW = 3
"""Causes, and files, that a row of the table names."""

_COLUMNS = ("change", "assignments", "files", "because of")
_MARKER = re.compile(r"[^A-Za-z0-9._-]")


def diff_markdown(difference: Difference, longest: int = LONGEST_COMMENT) -> str:
    """Return the comment.

    Args:
        difference: What was found.
        longest: Characters that it may have; at least 2,000.
    """
    page = _Page(longest - _RESERVE)
    page.add(f"{mark(difference.environment)}\n{_caution(difference)}{_totals(difference)}")
    found = groups(difference)
    without_row = _add_table(page, found, int(longest * _TABLE_SHARE)) if found else ()
    without_details = [
        group
        for group in found
        if not (page.add(_group_block(group)) or page.add(_group_block(group, brief=True)))
    ]
    others = difference.other_files
    files_shown = not others or page.add(_files_block(others)) or page.add(_files_block(others, 0))
    missing = list(_missing(without_row, without_details, () if files_shown else others))
    if missing:
        page.parts.append(
            f"**Not shown here, since a comment ends somewhere:** {'; '.join(missing)}."
        )
    return "\n\n".join(page.parts)


def mark(environment: str) -> str:
    """Return the hidden first line by which the comment of an environment is found again."""
    return f"<!-- kalypso-diff:{_MARKER.sub('-', environment)[:100]} -->"


@dataclass(slots=True)
class _Page:
    """Parts of a comment, up to a length."""

    longest: int
    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, part: str) -> bool:
        """Add a part if it fits."""
        if self.length + len(part) + 2 > self.longest:
            return False
        self.parts.append(part)
        self.length += len(part) + 2
        return True


def _caution(difference: Difference) -> str:
    """Return the warning that stands on top when anything that runs would be removed."""
    removed = difference.of("removed")
    if not removed:
        return ""
    names = [code(each.folder[:200]) for each in removed[:_WARNED]]
    more = f" and {len(removed) - _WARNED:,} more" if len(removed) > _WARNED else ""
    goes = "it goes its namespace" if len(removed) == 1 else "them go their namespaces"
    what = (
        f"**{count(len(removed), 'assignment')} would be removed from"
        f" {code(difference.environment[:100])}.** With {goes}, and everything in"
        f" {'it' if len(removed) == 1 else 'them'}: {', '.join(names)}{more}"
    )
    lines = ["[!CAUTION]", what]
    for each in renames(difference)[:_WARNED]:
        renamed = (
            f"**Renamed, not moved:** {each.what} {code(each.old[:100])} is now"
            f" {code(each.new[:100])}. To clusters, that is a removal and an addition."
        )
        lines += ["", renamed]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _totals(difference: Difference) -> str:
    environment = code(difference.environment[:100])
    if not difference.files and not difference.assignments:
        return f"**{environment}: no difference**"
    removed, changed, added = (
        f"{len(difference.of(kind)):,} {kind}" for kind in ("removed", "changed", "added")
    )
    before, after = count(difference.count_before, "assignment"), f"{difference.count_after:,}"
    totals = (
        f"**{environment}: {removed}, {changed}, {added}** of {before}"
        f" ({after} afterwards), {count(len(difference.files), 'file')}"
    )
    return f"{totals}.\n{_reach(difference)}" if difference.assignments else totals


def _reach(difference: Difference) -> str:
    """Say how much of the environment is concerned: the larger, the slower one should merge."""
    reached = difference.assignments
    all_of_them = max(difference.count_before + len(difference.of("added")), len(reached))
    clusters = Counter(each.cluster_type for each in reached)
    most = sorted(clusters.items(), key=lambda pair: (-pair[1], pair[0]))
    names = [f"{code(name[:100])} {number:,}" for name, number in most[:_CLUSTERS]]
    if len(most) > _CLUSTERS:
        names.append(f"{len(most) - _CLUSTERS:,} more")
    share = math.ceil(100 * len(reached) / all_of_them)
    targets = count(len({each.target for each in reached}), "deployment target")
    return (
        f"Reaches {share} % of the assignments, of {targets},"
        f" on {count(len(clusters), 'cluster type')}: {', '.join(names)}"
    )


def _add_table(page: _Page, found: Sequence[Group], share: int) -> Sequence[Group]:
    """Add the table with the rows that fit; return the groups that have none."""
    rows = [f"| {' | '.join(_COLUMNS)} |", f"|{' --- |' * len(_COLUMNS)}"]
    room = share - sum(map(len, rows))
    for number, group in enumerate(found):
        row = _row(group)
        room -= len(row) + 1
        if room < 0:
            page.add("\n".join(rows))
            return found[number:]
        rows.append(row)
    page.add("\n".join(rows))
    return ()


def _row(group: Group) -> str:
    first = code(group.members[0].folder)
    members = first if len(group.members) == 1 else f"{len(group.members):,}, such as {first}"
    if group.left_out:
        members = f"{len(group.members):,}: {group.span}"
    files = _few([code(name) for name in group.file_names]) if group.kind == "changed" else ""
    causes = _because_of(group)
    return f"| {group.kind} | {members} | {files} | {causes} |"


def _because_of(group: Group) -> str:
    """Name a few causes; of those that only some assignments have, their kind and number."""
    named = _few([code(f"{cause.kind} {cause.name}") for cause in group.causes])
    others = [f"{number:,} {code(kind)}" for kind, number in group.left_out]
    return ", ".join(filter(None, [named, *others]))


def _few(items: Sequence[str]) -> str:
    more = f" and {len(items) - _IN_ROW:,} more" if len(items) > _IN_ROW else ""
    return ", ".join(items[:_IN_ROW]) + more


def _group_block(group: Group, *, brief: bool = False) -> str:
    """Return a group's details; brief ones are without names and diff."""
    number = count(len(group.members), "assignment")
    body = list(_cause_lines(group.causes))
    if not brief:
        body.append(_names([each.folder for each in group.members]))
        if group.kind == "changed":
            body += _patches(group)
    elif len(group.members) > 1 or group.kind == "changed":
        body.append("Names and diff are left out.")
    summary = f"{group.kind}: {number}"
    if group.kind == "changed":
        summary += f", {_few([code(name) for name in group.file_names])}"
    if group.causes or group.left_out:
        summary += f", because of {_because_of(group)}"
    return details(summary, "\n\n".join(filter(None, body)))


def _cause_lines(causes: Sequence[Cause]) -> Iterator[str]:
    lines = []
    for cause in causes[:_CAUSES]:
        title = f"{code(f'{cause.kind} {cause.name}')} {cause.change} in {code(line_of(cause.at))}"
        lines.append(f"- {title}")
        lines += [f"  - {code(detail_text(detail))}" for detail in cause.details[:_DETAILS]]
        if len(cause.details) > _DETAILS:
            lines.append(f"  - and {len(cause.details) - _DETAILS:,} more")
    if len(causes) > _CAUSES:
        lines.append(f"- and {count(len(causes) - _CAUSES, 'more object')}")
    yield "\n".join(lines)


def _names(names: Sequence[str]) -> str:
    lines = list(names[:_NAMES])
    if len(names) > _NAMES:
        lines.append(f"… and {len(names) - _NAMES:,} more")
    return fenced(lines)


def _patches(group: Group) -> Iterator[str]:
    if len(group.members) > 1:
        yield f"In {code(group.members[0].folder)}; the others differ only in names:"
    yield fenced(_patch(group.members[0].files), "diff")


def _patch(files: Sequence[FileDifference]) -> list[str]:
    lines = [line for file in files for line in unified(file)]
    kept = [_cut(line) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        kept.append(f"… and {count(len(lines) - _LINES, 'more line')}")
    return kept


def _cut(line: str) -> str:
    if len(line) <= _LINE:
        return line
    return f"{line[:_LINE]}… ({len(line) - _LINE:,} more characters)"


def _files_block(files: Sequence[FileDifference], lines: int = _LINES) -> str:
    names = _names([f"{file.kind} {file.path}" for file in files])
    body = f"{names}\n\n{fenced(_patch(files), 'diff')}" if lines else names
    return details(count(len(files), "other file"), body)


def _missing(
    rows: Sequence[Group], blocks: Sequence[Group], files: Sequence[FileDifference]
) -> Iterator[str]:
    if rows:
        reach = count(sum(len(group.members) for group in rows), "assignment")
        yield f"{count(len(rows), 'row')} of the table, about {reach}"
    if blocks:
        reach = count(sum(len(group.members) for group in blocks), "assignment")
        yield f"details of {count(len(blocks), 'group')}, about {reach}"
    if files:
        yield count(len(files), "other file", "other files")
