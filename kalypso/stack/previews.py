"""What a preview shows of changed files: old and new texts up to a limit, then names, then sums.

The old texts are a small tree in the object store, which the provider reads when the engine asks
for them: so they pass no state and no file.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec

from kalypso.delivery import Changes
from kalypso.git import Content, Entry, blob_sizes, read_blobs, write_tree
from kalypso.model import ChangeKind
from kalypso.stack.gitops_tree import decoded, plan_branch
from kalypso.stack.schedule import Schedule

MOST_FILES = 200
"""Files that a preview shows with their text."""
MOST_BYTES = 2 * 1024 * 1024
"""Bytes of old and new texts that a preview shows."""
MOST_NAMES = 2_000
"""Files that it names beyond these."""
_MANY = "too many to list here: `kalypso diff` shows each of them, and so does the pull request"
_SIGNS: Mapping[ChangeKind, str] = {"added": "+", "changed": "~", "removed": "-"}


class Preview(msgspec.Struct, frozen=True):
    """Changed files as a preview shows them."""

    before: str
    """Names the old texts; `read_texts` reads them."""
    after: Mapping[str, str]
    """New text by path; a file that goes is missing."""
    more: str
    """What else changes; empty for nothing."""


def changed_files(schedule: Schedule) -> Preview | None:
    """Return what a preview shows of a delivery; None if no file would change.

    Files are compared with those of the pull request that is open, else with the branch.

    Raises:
        SourceError: The repository is damaged.
        DeliveryError: The repository cannot be written.
    """
    standing, folder = schedule.standing, schedule.objects
    if standing is not None and standing.settled:
        return None
    if standing is not None and standing.pull_request and standing.head:
        changes = plan_branch(folder, standing.head.commit, schedule.manifests).changes
    else:
        changes = schedule.changes
    if not changes:
        return None
    shown = _shown(folder, changes)
    old = _contents(folder, {path: changes[path].before for path in shown})
    new = _contents(folder, {path: changes[path].after for path in shown})
    rest = {path: change for path, change in changes.items() if path not in shown}
    return Preview(
        before=f"{folder.resolve()}|{write_tree(folder, old)}",
        after=decoded(new),
        more=_more(rest),
    )


def _shown(folder: Path, changes: Changes) -> set[str]:
    """Choose the files that are shown with their text: the first ones that are not too much."""
    # The engine cannot name a key with a backslash at its end.
    able = [path for path in changes if not path.endswith("\\")][:MOST_FILES]
    sides = [side for path in able for side in (changes[path].before, changes[path].after)]
    sizes = blob_sizes(folder, [each.object_id for each in sides if isinstance(each, Entry)])
    shown, left = set(), MOST_BYTES
    for path in able:
        size = sum(_size(side, sizes) for side in (changes[path].before, changes[path].after))
        if size <= left:
            shown.add(path)
            left -= size
    return shown


def _size(side: Content, sizes: Mapping[str, int]) -> int:
    if isinstance(side, bytes):
        return len(side)
    return sizes.get(side.object_id, 0) if side else 0


def _contents(folder: Path, sides: Mapping[str, Content]) -> dict[str, bytes]:
    stored = {path: side.object_id for path, side in sides.items() if isinstance(side, Entry)}
    found = dict(zip(stored, read_blobs(folder, stored.values()), strict=True))
    found |= {path: side for path, side in sides.items() if isinstance(side, bytes)}
    return dict(sorted(found.items()))


def _more(rest: Changes) -> str:
    """Say what else changes: by name, if there are not too many."""
    if not rest:
        return ""
    kinds = Counter(change.kind for change in rest.values())
    counts = ", ".join(f"{kinds[kind]:,} {kind}" for kind in _SIGNS if kinds[kind])
    files = "1 more file" if len(rest) == 1 else f"{len(rest):,} more files"
    lines = [f"{files}: {counts}"]
    if len(rest) <= MOST_NAMES:
        lines += [f"{_SIGNS[change.kind]} {path}" for path, change in rest.items()]
    else:
        lines.append(_MANY)
    return "\n".join(lines)
