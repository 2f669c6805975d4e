"""What a run wants an environment branch to hold, and the words in which it asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from kalypso.delivery.marker import TRAILER, Mark
from kalypso.forge import PROMOTED
from kalypso.git import Content, Entry, count_differing
from kalypso.model import CONTENT, ChangeKind

PROPOSED_COMMIT = "-commit-that-this-pull-request-proposes-"
"""Stands in the text of a proposal for its commit, which is not known before; just as long."""
LISTED = 100
"""How many files the text of a proposal names that was not worded for people."""
_KINDS: tuple[ChangeKind, ...] = ("added", "changed", "removed")
_BY_LETTER: Mapping[str, ChangeKind] = {
    "A": "added",
    "M": "changed",
    "T": "added",  # a file where the branch has a link, which counts as absent
    "D": "removed",
}
"""By the letters of git."""


class PathChange(msgspec.Struct, frozen=True):
    """A file that a delivery writes or removes."""

    before: Entry | None
    """What the branch holds; None if it has no such file."""
    after: Content
    """What it shall hold; None if the file goes."""

    @property
    def kind(self) -> ChangeKind:
        """What happens to the file."""
        if self.after is None:
            return "removed"
        return "changed" if self.before else "added"


class Totals(msgspec.Struct, frozen=True):
    """How many files a proposal writes and removes; which, only of the first."""

    numbers: Mapping[ChangeKind, int]
    first: Mapping[str, ChangeKind]
    """The first files, by path, sorted."""

    @property
    def files(self) -> int:
        """How many there are in all."""
        return sum(self.numbers.values())


Changes = Mapping[str, PathChange]
"""What a branch lacks of a proposal, by path, sorted."""
Planner = Callable[[Path, str, str], Changes]
"""Takes an object store, a commit of the branch and the tree of the managed files."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """How a proposal is worded for people; nothing of it decides what is proposed."""

    parent: str
    """Commit of the branch that title and body are about."""
    title: str
    body: str
    """In which the commit that is proposed is called `PROPOSED_COMMIT`."""
    trailers: str = ""
    """Lines for the end of the commit's message, which say what the files were made of."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """The managed files of one environment."""

    environment: str
    branch: str
    tree: str
    """The managed files as a tree, in the object store of the repository."""
    content: str
    """The digest that tells these files from any other: of `content_digest`."""
    planner: Planner
    parent: str = ""
    """A commit of the branch for which `whole` is known; empty if that is not known."""
    whole: str = ""
    """What the tree of the branch becomes on that commit."""
    wording: Wording | None = None
    """In its absence, title and body are about files only."""

    def title(self, parent: str) -> str:
        """Return the first line of the commit, which is the title of the pull request.

        Args:
            parent: Commit of the branch: words about another one are not used.
        """
        words = self._words(parent)
        return words.title if words else f"Update manifests in {self.environment}"

    def message(self, parent: str, changes: Totals) -> str:
        """Return the text of the commit; its trailers name what it was made of."""
        trailers = f"{TRAILER}: {self.environment}\n{CONTENT}: {self.content}\n"
        if self.wording and self.wording.trailers:
            trailers += f"{self.wording.trailers}\n"
        return f"{self.title(parent)}\n\n{_sums(changes)}\n\n{trailers}"

    def body(self, parent: str, changes: Totals, commit: str) -> str:
        """Return the text of the pull request: as it was worded, or sums and files.

        Args:
            parent: Commit of the branch: words about another one are not used.
            changes: What is proposed.
            commit: Which commit proposes it.
        """
        words = self._words(parent)
        text = words.body.replace(PROPOSED_COMMIT, commit) if words else _file_list(changes)
        return Mark(self.environment, self.content).put_into(text)

    def _words(self, parent: str) -> Wording | None:
        return self.wording if self.wording and self.wording.parent == parent else None

    def labels(self, *, promotes: bool) -> tuple[str, ...]:
        """Return the labels that the pull request gets.

        Args:
            promotes: Whether the tracking file changes.
        """
        return (PROMOTED,) if promotes else ()


def totals_of(repository: Path, before: str, after: str) -> Totals:
    """Count what a proposal changes.

    Args:
        repository: The object store.
        before: The tree of the branch.
        after: The tree that it becomes.

    Raises:
        SourceError: One of the trees is missing or damaged.
    """
    found = count_differing(repository, before, after, first=LISTED)
    numbers: Counter[ChangeKind] = Counter()
    for letter, number in found.numbers.items():
        numbers[_BY_LETTER[letter]] += number
    return Totals(numbers, {path: _BY_LETTER[letter] for path, letter in found.first.items()})


def _file_list(changes: Totals) -> str:
    lines = [_sums(changes) + ".", ""]
    lines += [f"- `{path}` {kind}" for path, kind in changes.first.items()]
    if changes.files > len(changes.first):
        lines.append(f"- and {changes.files - len(changes.first)} more files")
    return "\n".join(lines)


def _sums(changes: Totals) -> str:
    kinds = changes.numbers
    counts = [f"{kinds[kind]} {kind}" for kind in _KINDS if kinds.get(kind)]
    kind = counts[0].partition(" ")[2]
    files = "1 file" if changes.files == 1 else f"{changes.files} files"
    return f"{files} {kind}" if len(counts) == 1 else f"{files}: {', '.join(counts)}"
