"""One sample for each kind of addition: the files of an assignment, in full.

Ten thousand additions have a handful of kinds, since templates write them all. Which names and
values the others have is in the table and the list of causes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from kalypso.model import AssignmentDifference, Difference, FileDifference
from kalypso.report.groups import Group, groups

_KIND = re.compile(r"^kind: *(\S+)", re.MULTILINE)

Sample = tuple[FileDifference, ...]


def with_samples(
    difference: Difference, read: Callable[[Sequence[str]], Mapping[str, str]]
) -> Difference:
    """Return a difference that has the texts of what may be a sample.

    Args:
        difference: In which the files of added assignments have no texts.
        read: Returns the texts of files by their paths.
    """
    additions = groups(replace(difference, assignments=difference.of("added")))
    first = {group.members[0].folder: group.members[0] for group in additions}
    texts = read([file.path for each in first.values() for file in each.files])

    def filled(each: AssignmentDifference) -> AssignmentDifference:
        if each.folder not in first:
            return each
        files = (replace(file, new=texts.get(file.path, "")) for file in each.files)
        return replace(each, files=tuple(files))

    return replace(difference, assignments=tuple(map(filled, difference.assignments)))


def samples(found: Sequence[Group]) -> tuple[Sample, ...]:
    """Return the files that are shown for each group.

    Those of its first assignment, if it is added and they have texts, and no group before has files
    of the same names with objects of the same kinds; else none.
    """
    seen: set[tuple[object, ...]] = set()
    shown: list[Sample] = []
    for group in found:
        files = group.members[0].files if group.kind == "added" else ()
        kind = tuple((file.name, *_KIND.findall(file.new)) for file in files)
        has_text = any(file.new for file in files)
        shown.append(files if has_text and kind not in seen else ())
        seen.add(kind)
    return tuple(shown)


def sample_lines(sample: Sample) -> list[str]:
    """Return the files one after the other, each below its name."""
    blocks = [["", f"# {file.name}", *file.new.splitlines()] for file in sample]
    return [line for block in blocks for line in block][1:]
