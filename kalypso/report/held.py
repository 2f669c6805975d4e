"""Application sources that are held, for the log of a run and for a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kalypso.model import HeldSource
from kalypso.report.markup import code
from kalypso.report.plain import count, one_line

_SHORT = 10
_MOST = 20
"""Sources that a pull request lists."""
_PROBLEMS = 3
"""Problems of one source that a pull request lists."""
_LONGEST = 200


def held_sentence(held: HeldSource) -> str:
    """Say in one sentence what happens to a source, and why."""
    source = f"the application source {held.repository}, branch {held.branch},"
    why = _why(held)
    if not held.commit:
        return f"{source} is left out, because nothing of it was ever delivered and {why}"
    return f"{source} is held at {held.commit[:_SHORT]}, as last delivered, because {why}"


def held_markdown(held: Sequence[HeldSource]) -> str:
    """Return the warning for reviewers; empty if nothing is held."""
    if not held:
        return ""
    are = "is" if len(held) == 1 else "are"
    lines = ["[!WARNING]", f"{count(len(held), 'application source')} {are} not up to date."]
    for each in held[:_MOST]:
        lines += _listed(each)
    if len(held) > _MOST:
        lines.append(f"- and {len(held) - _MOST:,} more")
    return "\n".join(f"> {line}" for line in lines)


def _listed(held: HeldSource) -> Iterator[str]:
    what = f"held at {code(held.commit[:_SHORT])}, as last delivered" if held.commit else "left out"
    newest = f": {code(held.newest[:_SHORT])} is refused" if held.newest else ": it does not answer"
    yield f"- {code(f'{held.repository}@{held.branch}')} {what}{newest}"
    for problem in held.problems[:_PROBLEMS]:
        text = one_line(f"{problem.at}: {problem.message}", _LONGEST)
        yield f"  - {code(text)} ({problem.code})"
    if len(held.problems) > _PROBLEMS:
        yield f"  - and {count(len(held.problems) - _PROBLEMS, 'more problem')}"


def _why(held: HeldSource) -> str:
    if not held.newest:
        return "it does not answer"
    return f"its commit {held.newest[:_SHORT]} has {count(len(held.problems), 'error')}"
