"""One sample for each kind of addition: the files of an assignment, in full.

Ten thousand additions have a handful of kinds, since templates write them all. Which names and
values the others have is in the table and the list of causes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from kalypso.model import FileDifference
from kalypso.report.groups import Group

_KIND = re.compile(r"^kind: *(\S+)", re.MULTILINE)

Sample = tuple[FileDifference, ...]
ReadTexts = Callable[[Sequence[str]], Mapping[str, str]]


def no_texts(paths: Sequence[str]) -> Mapping[str, str]:
    """Read nothing: the difference has all texts that there are."""
    del paths
    return {}


def samples(found: Sequence[Group], read: ReadTexts = no_texts) -> tuple[Sample, ...]:
    """Return the files that are shown for each group.

    Those of its first assignment, if it is added and they have texts, and no group before has files
    of the same names with objects of the same kinds; else none.

    Args:
        found: The groups.
        read: Returns texts that the groups lack by the paths of their files; asked once.
    """
    first = [group.members[0].files if group.kind == "added" else () for group in found]
    lacking = [file.path for files in first for file in files if not file.new]
    texts = read(lacking) if lacking else {}
    seen: set[tuple[object, ...]] = set()
    shown: list[Sample] = []
    for files in first:
        whole = tuple(replace(file, new=file.new or texts.get(file.path, "")) for file in files)
        kind = tuple((file.name, *_KIND.findall(file.new)) for file in whole)
        has_text = any(file.new for file in whole)
        shown.append(whole if has_text and kind not in seen else ())
        seen.add(kind)
    return tuple(shown)


def sample_lines(sample: Sample) -> list[str]:
    """Return the files one after the other, each below its name."""
    blocks = [["", f"# {file.name}", *file.new.splitlines()] for file in sample]
    return [line for block in blocks for line in block][1:]
