"""The comment of a CI run on a pull request to the control plane, within what a forge takes.

Totals first, then what stops a delivery, then which assignments change and why, and the engine's
own words folded at the end. What does not fit is said to be left out, with a link to all of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kalypso.model import LONGEST_COMMENT
from kalypso.report.engine_output import EngineReport, Refusal, refusal_in, report_in
from kalypso.report.markdown import mark
from kalypso.report.markup import code, details, fenced
from kalypso.report.plain import count, printable

_PART = 6_000
"""Characters of problems, of errors, and of removals."""
_SPARE = 300
"""Characters for the frame of a part and for what it says of its rest."""
_SHORT = 10
"""Digits of a commit that people read."""
_FOLD = "\n\n<details>"
_QUOTE = "> "
ADDRESS = r"(https?://[^\s()<>\[\]]+)?"
"""A page that a comment may link to: nothing in it ends the link."""
COMMIT = r"([0-9a-f]{7,64})?"
"""What a comment may name as its commit."""


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What the steps of a run printed; empty for those that did not run."""

    difference: str = ""
    """The comment of `kalypso diff`."""
    checked: str = ""
    """Standard error of `kalypso diff --check`."""
    uncompared: str = ""
    """Why `kalypso diff` could not compare."""
    preview: str = ""
    """Output of `pulumi preview --diff`."""
    engine: EngineReport | None = None
    """What that said of itself; read in its output if absent."""
    failed: bool = False
    """Whether that ended with an error."""
    problems: str = ""
    """Output of `kalypso validate`, if the model is broken."""
    commit: str = ""
    """What all of it is about."""
    report: str = ""
    """Page with everything."""

    @property
    def refusal(self) -> Refusal | None:
        """Why too much would be removed: the engine knows the limits of the stack, if it ran."""
        if not self.preview:
            return refusal_in(self.checked)
        return self.refused or refusal_in(self.checked) if self.failed else None

    @property
    def refused(self) -> Refusal | None:
        """Why the engine refuses to remove so much, if it does."""
        return refusal_in(self.engine.errors if self.engine else self.preview)

    @property
    def said(self) -> EngineReport:
        """What the engine said of the preview."""
        return self.engine or report_in(self.preview)


def ci_comment(environment: str, found: Findings, longest: int = LONGEST_COMMENT) -> str:
    """Return the comment.

    Args:
        environment: What it is about.
        found: What was printed.
        longest: Characters that it may have.
    """
    name = code(environment[:100])
    end = _end(found)
    if found.problems.strip():
        title = f"**{name}: the model has errors**, so nothing was compared"
        return _joined([mark(environment), title, _block(found.problems, _PART), end])
    caution, heading, rest = _parted(found.difference, mark(environment))
    stops = [*_stops(found, environment, caution)]
    if found.refusal:
        caution = ""
    first = [mark(environment) + (f"\n{caution}" if caution else "")]
    first += [*stops, heading] if heading else stops
    room = longest - len(_joined([*first, end])) - _SPARE
    body = [_fitting(rest, room)]
    room -= len(body[0]) + _SPARE
    if found.preview.strip() and room > _SPARE:
        steps = "" if found.failed else found.said.steps
        title = code("pulumi preview --diff") + (f": {steps}" if steps else "")
        body.append(details(title, _block(found.preview, room)))
    elif found.preview.strip():
        body.append(f"{code('pulumi preview')} is left out: it does not fit.")
    return _joined([*first, *body, end])


def _joined(parts: list[str]) -> str:
    return "\n\n".join(filter(None, parts))


def _parted(difference: str, first: str) -> tuple[str, str, str]:
    """Part a difference into its warning, its heading with totals, and the rest; no mark."""
    body = "\n".join(line for line in difference.strip().splitlines() if line != first)
    caution = ""
    if body.startswith(_QUOTE):
        caution, _, body = body.partition("\n\n")
    heading, _, rest = body.partition("\n\n")
    if heading.startswith("#"):
        totals, _, rest = rest.partition("\n\n")
        heading = f"{heading}\n\n{totals}"
    return caution, heading, rest


def _stops(found: Findings, environment: str, caution: str) -> Iterator[str]:
    """Yield what a reviewer must not miss.

    Args:
        found: What was printed.
        environment: What it is about.
        caution: The difference's own warning of removals; it joins that of the limits.
    """
    refusal = found.refusal
    if refusal:
        named = "\n".join(line.removeprefix(_QUOTE).strip() for line in caution.splitlines()[1:])
        yield _removals(refusal, environment, named, engine=bool(found.preview))
    if found.uncompared.strip():
        sentence = "There is no comparison: what this would be compared with cannot be evaluated."
        yield _alert("NOTE", sentence, _block(found.uncompared, _PART))
    if found.failed and not found.refused:
        sentence = f"**{code('pulumi preview')} failed**, and so would a delivery:"
        yield _alert("WARNING", sentence, _block(found.said.errors, _PART))


def _removals(refusal: Refusal, environment: str, named: str, *, engine: bool) -> str:
    """Say what would go, and how exactly that is let through."""
    stack = environment[:100]
    limits = "the limits of the stack allow" if engine else "a run may by default"
    sentence = f"**This would remove {refusal.amount} of {code(stack)}**, more than {limits}:"
    parts = [sentence, _block("\n".join(refusal.groups), _PART), named]
    if refusal.digest:
        command = f"pulumi config set kalypso:limits.acknowledge {refusal.digest} --stack {stack}"
        way = (
            f"{code('pulumi up')} refuses to deliver it. If exactly this is wanted, run this in a"
            f" clone of the program, and commit {code(f'Pulumi.{stack}.yaml')}:"
        )
        parts += [way, fenced([command], "sh")]
    return _alert("CAUTION", *parts)


def _alert(kind: str, *parts: str) -> str:
    """Return a quote that GitHub colours by its kind; others show the kind as a word."""
    lines = f"[!{kind}]\n{_joined([*parts])}".splitlines()
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _end(found: Findings) -> str:
    parts = []
    if found.report:
        parts.append(f"[Full report]({found.report})")
    if found.commit:
        parts.append(f"of commit {code(found.commit[:_SHORT])}")
    return " ".join(parts)


def _fitting(body: str, room: int) -> str:
    """Leave out folded details from the end until the rest fits."""
    if len(body) <= room:
        return body
    parts = body.split(_FOLD)
    left = 0
    while len(parts) > 1 and sum(len(part) + len(_FOLD) for part in parts) > room - _SPARE:
        parts.pop()
        left += 1
    kept = _FOLD.join(parts)
    if len(kept) > room - _SPARE:
        return "**Not shown here, since a comment ends somewhere:** which assignments change."
    return f"{kept}\n\n**Not shown here, since a comment ends somewhere:** {count(left, 'detail')}."


def _block(text: str, room: int) -> str:
    """Return the first lines of a text in a fence, and how many more there are."""
    lines = text.strip("\n").splitlines()
    if not lines:
        return ""
    kept: list[str] = []
    shown = [len(printable(line)) + 1 for line in lines]
    room -= len(fenced(lines)) - sum(shown)
    for line, length in zip(lines, shown, strict=True):
        room -= length
        if room < 0:
            kept.append(f"… and {count(len(lines) - len(kept), 'more line')}")
            break
        kept.append(line)
    return fenced(kept)
