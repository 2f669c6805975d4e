"""What differs, as one comment of a pull request: never longer than a comment may be.

What is compared, totals and how far it reaches, each cause once, a table with a row for each group
of equal changes (removals first, then by how many assignments they reach), and folded details. What
does not fit is counted and named as such.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from kalypso.model import (
    LONGEST_COMMENT,
    AssignmentDifference,
    Cause,
    Difference,
    FileDifference,
)
from kalypso.report.cause_list import ReachedCause, cause_lines, reached_causes
from kalypso.report.change_details import files_block, group_block
from kalypso.report.groups import Group, groups
from kalypso.report.links import NO_LINKS, Links, linked
from kalypso.report.markup import code
from kalypso.report.plain import count
from kalypso.report.renames import renames
from kalypso.report.samples import ReadTexts, no_texts, samples

_RESERVE = 500
"""Characters kept for the last lines, which say what is not shown."""
_TABLE_SHARE = 0.4
"""Part of the comment that the table may take, so that details follow it."""
_WARNED = 5
"""Removed assignments, and renames, that the warning on top names."""
_CAUSES_ON_TOP = 8
"""Causes that are listed before the table; details name the others."""
_CAUSE_SHARE = 0.2
"""Part of the comment that the list of causes may take."""
_CLUSTERS = 8
"""Cluster types that the line of reach names."""
_IN_ROW = 3
"""Causes, and files, that a row of the table names."""

_COLUMNS = ("change", "assignments", "files", "because of")
_MARKER = re.compile(r"[^A-Za-z0-9._-]")


def diff_markdown(
    difference: Difference,
    longest: int = LONGEST_COMMENT,
    *,
    compared: str = "",
    links: Links = NO_LINKS,
    read: ReadTexts = no_texts,
) -> str:
    """Return the comment.

    Args:
        difference: What was found.
        longest: Characters that it may have; at least 2,000.
        compared: What the heading says was compared, as Markdown; the names of both states if
            empty.
        links: Pages of causes and manifests.
        read: Returns texts of added files that the difference lacks, by their paths.
    """
    page = _Page(longest - _RESERVE)
    heading = _heading(difference, compared)
    page.add(
        f"{mark(difference.environment)}\n{_caution(difference)}{heading}\n\n{_totals(difference)}"
    )
    found = groups(difference)
    causes = reached_causes(found)
    listed = _add_causes(page, causes, links, int(longest * _CAUSE_SHARE))
    without_row = _add_table(page, found, links, int(longest * _TABLE_SHARE)) if found else ()
    without_details = [
        group
        for group, sample in zip(found, samples(found, read), strict=True)
        if not (
            (sample and page.add(group_block(group, listed, links, sample)))
            or page.add(group_block(group, listed, links))
            or page.add(group_block(group, listed, links, brief=True))
        )
    ]
    others = difference.other_files
    files_shown = not others or page.add(files_block(others)) or page.add(files_block(others, 0))
    missing = list(_missing(without_row, without_details, () if files_shown else others))
    if missing:
        page.parts.append(
            f"**Not shown here, since a comment ends somewhere:** {'; '.join(missing)}."
        )
    return "\n\n".join(page.parts)


def _heading(difference: Difference, compared: str) -> str:
    states = f"{code(difference.before[:200])} → {code(difference.after[:200])}"
    return f"### {code(difference.environment[:100])}: {compared or states}"


def _add_causes(
    page: _Page, causes: Sequence[ReachedCause], links: Links, room: int
) -> frozenset[Cause]:
    """Add the list of causes, if it fits; return those that it has."""
    shown = causes[:_CAUSES_ON_TOP]
    for brief in (False, True):
        lines = [line for each in shown for line in cause_lines(each, links, brief=brief)]
        if len(causes) > _CAUSES_ON_TOP:
            lines.append(f"- and {count(len(causes) - _CAUSES_ON_TOP, 'more object')}, see below")
        text = "\n".join(lines)
        if lines and len(text) <= room and page.add(text):
            return frozenset(each.cause for each in shown)
    return frozenset()


def mark(environment: str) -> str:
    """Return the hidden first line by which the comment of an environment is found again."""
    return f"<!-- kalypso-diff:{_MARKER.sub('-', environment)[:100]} -->"


class _Page(msgspec.Struct):
    """Parts of a comment, up to a length."""

    longest: int
    parts: list[str] = msgspec.field(default_factory=list)
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
    if not difference.files and not difference.assignments:
        return "**No difference**"
    removed, changed, added = (
        f"{len(difference.of(kind)):,} {kind}" for kind in ("removed", "changed", "added")
    )
    before, after = count(difference.count_before, "assignment"), f"{difference.count_after:,}"
    totals = (
        f"**{removed}, {changed}, {added}**: {before} before, {after} afterwards,"
        f" {count(len(difference.files), 'file')}"
    )
    return "\n".join([f"{totals}.", *_reach(difference)]) if difference.assignments else totals


def _reach(difference: Difference) -> Iterator[str]:
    """Say how much of what runs is concerned: the larger, the slower one should merge."""
    added = difference.of("added")
    touched = [each for each in difference.assignments if each.kind != "added"]
    if touched:
        running = max(difference.count_before, len(touched))
        percent = 100 * len(touched) // running
        share = f"{percent} %" if percent else "less than 1 %"
        one = "assignment that runs" if running == 1 else "assignments that run"
        yield f"Touches {len(touched):,} of {running:,} {one} ({share}){_where(touched)}."
    if added:
        yield f"Adds {len(added):,}{_where(added)}."


def _where(reached: Sequence[AssignmentDifference]) -> str:
    clusters = Counter(each.cluster_type for each in reached)
    most = sorted(clusters.items(), key=lambda pair: (-pair[1], pair[0]))
    names = [f"{code(name[:100])} {number:,}" for name, number in most[:_CLUSTERS]]
    if len(most) > _CLUSTERS:
        names.append(f"{len(most) - _CLUSTERS:,} more")
    return f", on {count(len(clusters), 'cluster type')}: {', '.join(names)}"


def _add_table(page: _Page, found: Sequence[Group], links: Links, share: int) -> Sequence[Group]:
    """Add the table with the rows that fit; return the groups that have none.

    A table that does not fit with links is without them.
    """
    rows, left = _rows(found, links, share)
    if left and links is not NO_LINKS:
        rows, left = _rows(found, NO_LINKS, share)
    page.add("\n".join(rows))
    return left


def _rows(found: Sequence[Group], links: Links, share: int) -> tuple[list[str], Sequence[Group]]:
    rows = [f"| {' | '.join(_COLUMNS)} |", f"|{' --- |' * len(_COLUMNS)}"]
    room = share - sum(map(len, rows))
    for number, group in enumerate(found):
        row = _row(group, links)
        room -= len(row) + 1
        if room < 0:
            return rows, found[number:]
        rows.append(row)
    return rows, ()


def _row(group: Group, links: Links) -> str:
    """Return a row; what comes or goes links to its folder, what changes to its files."""
    shown = group.members[0]
    changed = group.kind == "changed"
    first = code(shown.folder)
    if not changed:
        first = linked(first, links.manifest(shown.folder, group.kind))
    members = first if len(group.members) == 1 else f"{len(group.members):,}, such as {first}"
    if group.left_out:
        members = f"{len(group.members):,}: {group.span}"
    files = [linked(code(file.name), links.manifest(file.path, file.kind)) for file in shown.files]
    causes = _because_of(group)
    return f"| {group.kind} | {members} | {_few(files) if changed else ''} | {causes} |"


def _because_of(group: Group) -> str:
    """Name a few causes; of those that only some assignments have, their kind and number."""
    named = _few([code(f"{cause.kind} {cause.name}") for cause in group.causes])
    others = [f"{number:,} {code(kind)}" for kind, number in group.left_out]
    return ", ".join(filter(None, [named, *others]))


def _few(items: Sequence[str]) -> str:
    more = f" and {len(items) - _IN_ROW:,} more" if len(items) > _IN_ROW else ""
    return ", ".join(items[:_IN_ROW]) + more


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
