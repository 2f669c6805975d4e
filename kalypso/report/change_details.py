"""The folded details of a comment: what one group of changes is in full."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kalypso.model import Cause, FileDifference
from kalypso.report.cause_list import cause_lines, reached_causes
from kalypso.report.groups import Group
from kalypso.report.line_diff import unified
from kalypso.report.links import Links
from kalypso.report.markup import code, details, fenced
from kalypso.report.plain import count
from kalypso.report.samples import Sample, sample_lines

_NAMES = 50
"""Assignments, and other files, that details list by name."""
_LINES = 80
"""Lines of a diff, or of a sample."""
_LINE = 300
"""Characters of one of them."""
_CAUSES = 20
"""Causes that a group's details name."""


def group_block(
    group: Group,
    listed: Collection[Cause],
    links: Links,
    sample: Sample = (),
    *,
    brief: bool = False,
) -> str:
    """Return a group's details: causes that the list above lacks, names, and a diff or a sample.

    Brief ones are without names and diff.
    """
    lacking = [each for each in reached_causes([group]) if each.cause not in listed]
    lines = [line for each in lacking[:_CAUSES] for line in cause_lines(each, links)]
    if len(lacking) > _CAUSES:
        lines.append(f"- and {count(len(lacking) - _CAUSES, 'more object')}")
    body = ["\n".join(lines)]
    if not brief:
        body.append(_names([each.folder for each in group.members]))
        if group.kind == "changed":
            body += _patches(group)
        if sample:
            body.append(f"A sample, the files of {code(group.members[0].folder)}:")
            body.append(fenced(_kept(sample_lines(sample)), "yaml"))
    elif len(group.members) > 1 or group.kind == "changed":
        body.append("Names and diff are left out.")
    more = f" and {len(group.members) - 1:,} more" if len(group.members) > 1 else ""
    summary = f"{group.kind}: {code(group.members[0].folder)}{more}"
    return details(summary, "\n\n".join(filter(None, body)))


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
    return _kept([line for file in files for line in unified(file)])


def _kept(lines: Sequence[str]) -> list[str]:
    """Return the first lines, each as far as it can be read."""
    kept = [_cut(line) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        kept.append(f"… and {count(len(lines) - _LINES, 'more line')}")
    return kept


def _cut(line: str) -> str:
    if len(line) <= _LINE:
        return line
    return f"{line[:_LINE]}… ({len(line) - _LINE:,} more characters)"


def files_block(files: Sequence[FileDifference], lines: int = _LINES) -> str:
    """Return the details of files that belong to no assignment; without lines, their names."""
    names = _names([f"{file.kind} {file.path}" for file in files])
    body = f"{names}\n\n{fenced(_patch(files), 'diff')}" if lines else names
    return details(count(len(files), "other file"), body)
