"""What a reviewer of an application's pull request sees: images, commits, values, manifests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kalypso.model import FileDifference, LoggedCommit
from kalypso.report.line_diff import unified
from kalypso.report.markup import code, details, fenced
from kalypso.report.plain import count

_SHORT = 10
_LINES = 200
"""Lines of the manifests of a target that are shown."""
_LINE = 300
"""Characters of a line."""
_VALUES = 40
_SUBJECT = 120
_VALUE = 200
_RESERVE = 200
"""Characters for the sentence that something is left out."""


class ImageChange(msgspec.Struct, frozen=True):
    """An image that a target ran, and the one that takes its place."""

    old: str
    """Empty if there was none."""
    new: str
    """Empty if it goes."""


class ValueChange(msgspec.Struct, frozen=True):
    """A value that manifests are made with."""

    key: str
    old: str | None
    new: str | None


class TargetChange(msgspec.Struct, frozen=True, kw_only=True):
    """What changes for one target."""

    name: str
    images: tuple[ImageChange, ...] = ()
    values: tuple[ValueChange, ...] = ()
    files: tuple[FileDifference, ...] = ()


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """What a pull request brings to one branch of an application's GitOps repository."""

    workload: str
    environment: str
    targets: tuple[TargetChange, ...]
    """Those of the Workload file in its order, then those that go."""
    source: str
    """Commit of the application's source."""
    before: str = ""
    """Commit of the delivery before; empty if that is not known."""
    commits: tuple[LoggedCommit, ...] = ()
    """Between both, newest first."""
    complete: bool = True
    """Whether these are all commits."""

    @property
    def changed(self) -> tuple[TargetChange, ...]:
        """The targets whose manifests change."""
        return tuple(each for each in self.targets if each.files)


def deployment_title(deployment: Deployment) -> str:
    """Return one line: what goes where."""
    names = [each.name for each in deployment.changed]
    what = ", ".join(names) if len(", ".join(names)) <= _SUBJECT else count(len(names), "target")
    return f"Deploy {deployment.workload} to {deployment.environment}: {what}"


def deployment_body(deployment: Deployment, version: str, longest: int) -> str:
    """Return the text of the pull request, of at most so many characters."""
    head = [_totals(deployment), *_images(deployment), *_commits(deployment)]
    last = f"Made by Kalypso {version} from {code(deployment.source[:_SHORT])}."
    parts, left = list(head), longest - sum(len(part) + 2 for part in [*head, last]) - _RESERVE
    missing: list[str] = []
    for target in deployment.changed:
        block = _target(target)
        if len(block) + 2 > left:
            missing.append(target.name)
        else:
            parts.append(block)
            left -= len(block) + 2
    if missing:
        shown = ", ".join(missing[:5])
        parts.append(f"**Not shown here, for want of room:** {count(len(missing), 'target')}"[:150])
        parts[-1] += f" ({code(shown[:40])})." if shown else "."
    return "\n\n".join([*parts, last])


def _totals(deployment: Deployment) -> str:
    changed = len(deployment.changed)
    every = count(len(deployment.targets), "deployment target")
    files = count(sum(len(each.files) for each in deployment.changed), "file")
    name = code(deployment.workload)
    return f"**{name} in {code(deployment.environment)}: {changed} of {every} changed**, {files}."


def _images(deployment: Deployment) -> Iterator[str]:
    """Yield a table of images: each change once, with the targets that get it."""
    rows: dict[ImageChange, list[str]] = {}
    for target in deployment.changed:
        for image in target.images:
            rows.setdefault(image, []).append(target.name)
    if rows:
        lines = ["| image before | image after | targets |", "| --- | --- | --- |"]
        lines += [
            f"| {code(image.old) if image.old else 'none'} |"
            f" {code(image.new) if image.new else 'none'} | {code(', '.join(names))} |"
            for image, names in rows.items()
        ]
        yield "\n".join(lines)
    else:
        yield "No image changes."


def _commits(deployment: Deployment) -> Iterator[str]:
    if not deployment.before:
        yield "Which commits are new is not known: there is no record of a delivery before."
        return
    if deployment.before == deployment.source:
        yield "The source is at the same commit as before."
        return
    span = f"{code(deployment.before[:_SHORT])} → {code(deployment.source[:_SHORT])}"
    lines = [f"Commits {span}:" if deployment.commits else f"Commits {span} cannot be listed."]
    lines += [
        f"- {code(each.commit[:_SHORT])} {code(each.subject[:_SUBJECT])}"
        f" by {code(each.author[:_SUBJECT])}"
        for each in deployment.commits
    ]
    if deployment.commits and not deployment.complete:
        lines.append("- and more")
    yield "\n".join([lines[0], "", *lines[1:]]) if lines[1:] else lines[0]


def _target(target: TargetChange) -> str:
    parts = [f"## {code(target.name)}", *_values(target.values)]
    diff = [line[:_LINE] for file in target.files for line in unified(file)]
    shown = diff[:_LINES]
    if len(diff) > len(shown):
        shown.append(f"… {count(len(diff) - len(shown), 'more line')}")
    summary = count(len(target.files), "file")
    parts.append(details(f"Manifests: {summary}", fenced(shown, "diff")))
    return "\n\n".join(parts)


def _values(values: Sequence[ValueChange]) -> Iterator[str]:
    if not values:
        return
    lines = ["| value | before | after |", "| --- | --- | --- |"]
    lines += [
        f"| {code(each.key[:_VALUE])} | {_value(each.old)} | {_value(each.new)} |"
        for each in values[:_VALUES]
    ]
    if len(values) > _VALUES:
        lines.append(f"| {count(len(values) - _VALUES, 'more value')} | | |")
    yield "\n".join(lines)


def _value(value: str | None) -> str:
    return "not set" if value is None else code(value[:_VALUE])
