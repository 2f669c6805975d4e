"""What a run wants an environment branch to hold, and the words in which it asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kalypso.delivery.marker import TRAILER, Mark, content_digest
from kalypso.forge import PROMOTED
from kalypso.model import CONTENT, TRACKING

_LISTED = 100

Planner = Callable[[Mapping[str, bytes], Mapping[str, str]], Mapping[str, bytes]]
"""Takes the files of the branch and the managed files, returns the whole branch afterwards."""
Changes = Mapping[str, bytes | None]
"""New content by path; None for a file that goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a proposal is told to people; nothing of it decides what is proposed."""

    parent: str
    """Commit of the branch that title and body are about."""
    title: str
    body: str
    trailers: str = ""
    """Lines for the end of the commit's message, which say what the files were made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The managed files of one environment."""

    environment: str
    branch: str
    files: Mapping[str, str]
    planner: Planner
    wording: Wording | None = None
    """In its absence, title and body are about files only."""

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

    def title(self, parent: str) -> str:
        """Return the first line of the commit, which is the title of the pull request.

        Args:
            parent: Commit of the branch: words about another one are not used.
        """
        words = self._words(parent)
        return words.title if words else f"Update manifests in {self.environment}"

    def message(self, parent: str, present: Mapping[str, bytes], changes: Changes) -> str:
        """Return the text of the commit; its trailers name what it was made of."""
        trailers = f"{TRAILER}: {self.environment}\n{CONTENT}: {self.content}\n"
        if self.wording and self.wording.trailers:
            trailers += f"{self.wording.trailers}\n"
        return f"{self.title(parent)}\n\n{_sums(present, changes)}\n\n{trailers}"

    def body(self, parent: str, present: Mapping[str, bytes], changes: Changes) -> str:
        """Return the text of the pull request: as it was worded, or sums and files."""
        words = self._words(parent)
        text = words.body if words else _file_list(present, changes)
        return Mark(self.environment, self.content).put_into(text)

    def _words(self, parent: str) -> Wording | None:
        return self.wording if self.wording and self.wording.parent == parent else None

    def labels(self, changes: Changes) -> tuple[str, ...]:
        """Return the labels that the pull request gets."""
        return (PROMOTED,) if TRACKING in changes else ()


def _file_list(present: Mapping[str, bytes], changes: Changes) -> str:
    lines = [_sums(present, changes) + ".", ""]
    shown = list(changes.items())[:_LISTED]
    lines += [f"- `{path}` {_kind(present, path, text)}" for path, text in shown]
    if len(changes) > len(shown):
        lines.append(f"- and {len(changes) - len(shown)} more files")
    return "\n".join(lines)


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
