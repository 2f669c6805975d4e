"""What a run wants an environment branch to hold, and the words in which it asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kalypso.delivery.marker import TRAILER, Mark, content_digest

PROMOTED_COMMIT = ".github/tracking/Promoted_Commit_Id"
PROMOTED = "promoted"
"""Label of a pull request that brings another commit of the base repository."""
_LISTED = 100

Planner = Callable[[Mapping[str, bytes], Mapping[str, str]], Mapping[str, bytes]]
"""Takes the files of the branch and the managed files, returns the whole branch afterwards."""
Changes = Mapping[str, bytes | None]
"""New content by path; None for a file that goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The managed files of one environment."""

    environment: str
    branch: str
    files: Mapping[str, str]
    planner: Planner

    def changes(self, present: Mapping[str, bytes]) -> dict[str, bytes | None]:
        """Return what has to change in a branch that holds these files."""
        wanted = self.planner(present, self.files)
        changes: dict[str, bytes | None] = {p: None for p in present if p not in wanted}
        changes.update({p: text for p, text in wanted.items() if present.get(p) != text})
        return dict(sorted(changes.items()))

    @property
    def content(self) -> str:
        """The digest that tells this content from any other."""
        return content_digest(self.files)

    @property
    def title(self) -> str:
        """First line of the commit and title of the pull request."""
        return f"Update manifests in {self.environment}"

    def message(self, present: Mapping[str, bytes], changes: Changes) -> str:
        """Return the text of the commit; its trailers name what it was made of."""
        trailers = f"{TRAILER}: {self.environment}\nKalypso-Content: {self.content}"
        return f"{self.title}\n\n{_sums(present, changes)}\n\n{trailers}\n"

    def body(self, present: Mapping[str, bytes], changes: Changes) -> str:
        """Return the text of the pull request: sums, then the files by folder."""
        lines = [_sums(present, changes) + ".", ""]
        shown = list(changes.items())[:_LISTED]
        lines += [f"- `{path}` {_kind(present, path, text)}" for path, text in shown]
        if len(changes) > len(shown):
            lines.append(f"- and {len(changes) - len(shown)} more files")
        return Mark(self.environment, self.content).put_into("\n".join(lines))

    def labels(self, changes: Changes) -> tuple[str, ...]:
        """Return the labels that the pull request gets."""
        return (PROMOTED,) if PROMOTED_COMMIT in changes else ()


def _kind(present: Mapping[str, bytes], path: str, text: bytes | None) -> str:
    if text is None:
        return "removed"
    return "changed" if path in present else "added"


def _sums(present: Mapping[str, bytes], changes: Changes) -> str:
    kinds = Counter(_kind(present, path, text) for path, text in changes.items())
    told = [f"{kinds[kind]} {kind}" for kind in ("added", "changed", "removed") if kinds[kind]]
    kind = told[0].partition(" ")[2]
    files = "1 file" if len(changes) == 1 else f"{len(changes)} files"
    return f"{files} {kind}" if len(told) == 1 else f"{files}: {', '.join(told)}"
