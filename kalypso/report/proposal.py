"""Title and text of a pull request to a GitOps branch: what a reviewer wants to know.

The text is the comment of `kalypso diff`, and below it what the model was made of: for each
repository, the commits that are new since the branch was made. Never longer than a forge takes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from kalypso.model import LONGEST_COMMENT, ChangeKind, Difference, LoggedCommit, Reading
from kalypso.report.links import NO_LINKS, Links
from kalypso.report.markdown import diff_markdown
from kalypso.report.markup import code
from kalypso.report.plain import count
from kalypso.report.samples import ReadTexts, no_texts

_SOURCES = 12_000
"""Characters that the list of sources may take."""
_SHORT = 10
"""Digits of a commit that people read."""
_SUBJECT = 120
_TITLE_KINDS: tuple[ChangeKind, ...] = ("removed", "changed", "added")


class SourceChange(msgspec.Struct, frozen=True, kw_only=True):
    """A repository that the model was read from, then and now."""

    reading: Reading
    before: str
    """Commit from which the branch was made; empty if that is not known."""
    commits: tuple[LoggedCommit, ...] = ()
    """Newest first, as far as they are known."""
    complete: bool = True
    """Whether these are all."""
    link: str = ""
    """Page that shows them; of characters that mean nothing to Markdown."""

    @property
    def moved(self) -> bool:
        """Whether another commit was read than before."""
        return self.before != self.reading.commit


def proposal_title(difference: Difference) -> str:
    """Return one line: the environment, and how many assignments come, go and change."""
    numbers = Counter(each.kind for each in difference.assignments)
    first = f"Update manifests in {difference.environment}"
    if not numbers:
        return first
    total = count(numbers.total(), "assignment")
    kinds = [kind for kind in _TITLE_KINDS if numbers[kind]]
    if len(kinds) == 1:
        return f"{first}: {total} {kinds[0]}"
    return f"{first}: {total} ({', '.join(f'{numbers[kind]:,} {kind}' for kind in kinds)})"


def proposal_body(  # noqa: PLR0913 - each is a part of the text
    difference: Difference,
    sources: Sequence[SourceChange],
    version: str,
    report: str = "",
    *,
    longest: int = LONGEST_COMMENT,
    links: Links = NO_LINKS,
    read: ReadTexts = no_texts,
) -> str:
    """Return the text.

    Args:
        difference: Between the branch and the model.
        sources: What the model was made of.
        version: Of the program.
        report: Page with everything; empty if there is none.
        longest: Characters of the whole text.
        links: Pages of causes and manifests.
        read: Returns texts of added files that the difference lacks, by their paths.
    """
    below = _sources(sources, version)
    if report:
        below = f"{below}\n\n[Full report]({report})"
    compared = next((_title(source, short=True) for source in sources if source.moved), "")
    room = longest - len(below) - 2
    comment = diff_markdown(difference, room, compared=compared, links=links, read=read)
    if comment.startswith("<!--"):  # by which a comment of a workflow is found; here it finds none
        comment = comment.partition("\n")[2]
    return f"{comment}\n\n{below}"


def _sources(sources: Sequence[SourceChange], version: str) -> str:
    moved = [source for source in sources if source.moved]
    lines = [f"Made by Kalypso {version} from"]
    room = _SOURCES - len(lines[0])
    for number, source in enumerate(moved):
        block = list(_source(source))
        room -= sum(len(line) + 1 for line in block)
        if room < 0:
            lines.append(f"- and {count(len(moved) - number, 'more source')} with other commits")
            break
        lines += block
    same = len(sources) - len(moved)
    if same and moved:
        lines.append(f"- and {count(same, 'source')} as before")
    elif same:
        lines.append("- the same commits as before")
    return "\n".join([f"{lines[0]}\n", *lines[1:]])


def _title(source: SourceChange, *, short: bool = False) -> str:
    """Return a repository with the commits that were compared; a short one is its last name."""
    reading = source.reading
    branch = f"@{reading.branch}" if reading.branch else ""
    address = reading.repository.rstrip("/")
    name = address.rpartition("/")[2] if short else reading.repository
    now = code(reading.commit[:_SHORT])
    span = f"{code(source.before[:_SHORT])} → {now}" if source.before else now
    if source.link:
        span = f"[{span}]({source.link})"
    return f"{code(f'{name}{branch}')} {span}"


def _source(source: SourceChange) -> Iterator[str]:
    yield f"- {_title(source)}"
    for each in source.commits:
        subject = each.subject if len(each.subject) <= _SUBJECT else f"{each.subject[:_SUBJECT]}…"
        short = code(each.commit[:_SHORT])
        shown = f"[{short}]({each.link})" if each.link else short
        yield f"  - {shown} {code(subject)} by {code(each.author[:_SUBJECT])}"
    if source.commits and not source.complete:
        yield "  - and more"
