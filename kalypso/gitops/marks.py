"""What tells a forge about the folders of cluster types: generated, and who reviews them.

These are lines in files that people write too, so ours stand between two marks and nothing else
of such a file is ours. In place of a file's text, a plan is given the lines between the marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

ATTRIBUTES = ".gitattributes"
OWNERS = ".github/CODEOWNERS"
SHARED = frozenset({ATTRIBUTES, OWNERS})
"""Paths of which only our lines are ours."""
EVERY_CLUSTER_TYPE = "*"

_BEGIN = "# Kalypso writes the lines from here"
_END = "# to here"
_SECTION = re.compile(rf"^{_BEGIN}\n(.*?)^{_END}\n", re.MULTILINE | re.DOTALL)


def markings(
    cluster_types: Iterable[str], *, generated: bool, owners: Mapping[str, Iterable[str]]
) -> dict[str, str]:
    """Return our lines by path.

    Args:
        cluster_types: Names, sorted.
        generated: Let GitHub fold the manifests in a pull request.
        owners: Who reviews a cluster type's folder, by its name; `*` stands for all others.
    """
    names = list(cluster_types)
    found: dict[str, str] = {}
    if generated:
        found[ATTRIBUTES] = "".join(f"/{name}/** linguist-generated\n" for name in names)
    everyone = owners.get(EVERY_CLUSTER_TYPE, ())
    reviewers = {name: " ".join(owners.get(name, everyone)) for name in names}
    if any(reviewers.values()):
        found[OWNERS] = "".join(f"/{name}/ {who}\n" for name, who in reviewers.items() if who)
    return found


def with_section(present: bytes, lines: str) -> bytes:
    """Return a file in which our lines are these; at its end, if it has none of ours yet."""
    text = present.decode(errors="surrogateescape")
    section = f"{_BEGIN}\n{lines}{_END}\n"
    if _SECTION.search(text):
        whole = _SECTION.sub(lambda _: section, text, count=1)
    else:
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        whole = f"{text}{gap}{section}"
    return whole.encode(errors="surrogateescape")


def section_of(content: bytes) -> str:
    """Return our lines in a file; empty if there are none."""
    found = _SECTION.search(content.decode(errors="replace"))
    return found[1] if found else ""
