"""The comment of a CI run on a pull request to the control plane, within what a forge takes."""

from __future__ import annotations

from kalypso.report.markdown import mark
from kalypso.report.markup import code, details, fenced
from kalypso.report.plain import count

LONGEST = 65_000
"""Characters of a whole comment; GitHub refuses more than 65,536."""
_PART = 8_000
"""Characters of problems and of removals."""
_SPARE = 300
"""Characters for the frame of a part and for what it says of its rest."""


def ci_comment(
    environment: str, *, diff: str = "", removals: str = "", preview: str = "", problems: str = ""
) -> str:
    """Return the comment.

    Args:
        environment: What it is about.
        diff: The comment of `kalypso diff`; cut if it does not fit.
        removals: Refusal of the guard against removals; empty if it lets all through.
        preview: Output of `pulumi preview`; as much as there is room for, folded away.
        problems: Output of `kalypso validate`, if the model is broken.
    """
    parts = [mark(environment)]
    if problems.strip():
        parts.append(f"**{code(environment[:100])}: the model has errors**")
        parts.append(_block(problems, _PART))
    if removals.strip():
        parts.append("> [!CAUTION]\n> **More would be removed than the limits of a run allow.**")
        parts.append(_block(removals, _PART))
    body = "\n".join(line for line in diff.strip().splitlines() if line != parts[0])
    if body:
        parts.append(body)
    room = LONGEST - sum(len(part) + 2 for part in parts) - _SPARE
    if preview.strip() and room > _SPARE:
        parts.append(details(code("pulumi preview --diff"), _block(preview, room)))
    return "\n\n".join(parts)


def _block(text: str, room: int) -> str:
    """Return the first lines of a text in a fence, and how many more there are."""
    lines = text.strip("\n").splitlines()
    kept: list[str] = []
    for line in lines:
        room -= len(fenced([line]))  # its fence is counted with each line: better short than cut
        if room < 0:
            kept.append(f"… and {count(len(lines) - len(kept), 'more line')}")
            break
        kept.append(line)
    return fenced(kept)
