"""The text of an application's pull request, from what changes and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from kalypso import __version__
from kalypso.application.checkout import Checkout, read_before
from kalypso.application.images import Image, images_in
from kalypso.application.planning import Delivery
from kalypso.application.rendering import Application
from kalypso.application.values import changed_values
from kalypso.application.ways import Rendered
from kalypso.delivery import Wording
from kalypso.errors import KalypsoError
from kalypso.git import History
from kalypso.model import FileDifference, LoggedCommit, Source
from kalypso.report import (
    Deployment,
    ImageChange,
    TargetChange,
    deployment_body,
    deployment_title,
)

_MOST = 20
"""Commits that are listed."""
_ADDED = 200
"""Characters of a text that are left for the mark."""


class _Before(msgspec.Struct, frozen=True):
    """What the delivery before was rendered from, as far as it can still be read."""

    source: Source | None
    configs: Source | None


def deployment_of(application: Application, delivery: Delivery) -> Deployment:
    """Return what a delivery changes, for people."""
    before = _trees_before(application, delivery)
    commits = _commits(application.source, delivery)
    return Deployment(
        workload=delivery.workload,
        environment=delivery.environment,
        targets=(
            *(_target(each, application, delivery, before) for each in delivery.rendered),
            *_gone(delivery),
        ),
        source=delivery.record.source,
        before=delivery.before.source if delivery.before else "",
        commits=commits[:_MOST],
        complete=len(commits) <= _MOST,
    )


def wording_for(deployment: Deployment, delivery: Delivery, parent: str, longest: int) -> Wording:
    """Word a delivery.

    Args:
        deployment: What it changes.
        delivery: The delivery.
        parent: Commit of the branch that it was compared with.
        longest: Characters that the forge keeps of a text.
    """
    return Wording(
        parent=parent,
        title=deployment_title(deployment),
        body=deployment_body(deployment, __version__, longest - _ADDED),
        trailers="\n".join(_trailers(delivery)),
    )


def _trailers(delivery: Delivery) -> Iterable[str]:
    yield f"Kalypso-Application: {delivery.workload}@{delivery.record.source}"
    for name, image in sorted(delivery.record.images.items()):
        yield f"Kalypso-Image: {name}={image}"


def _target(
    rendered: Rendered, application: Application, delivery: Delivery, before: _Before
) -> TargetChange:
    folder = rendered.target.folder
    files = tuple(file for file in delivery.files if folder.owns(file.path))
    now = (application.source.source, application.configs.source if application.configs else None)
    return TargetChange(
        name=rendered.target.name,
        images=_images(files),
        values=changed_values(rendered.values, (before.source, before.configs), now)
        if rendered.values and before.source
        else (),
        files=files,
    )


def _gone(delivery: Delivery) -> Iterable[TargetChange]:
    names = {path: name for name, path in (delivery.before or delivery.record).targets.items()}
    for folder in delivery.removed:
        files = tuple(file for file in delivery.files if folder.owns(file.path))
        yield TargetChange(name=names[folder.path], images=_images(files), files=files)


def _images(files: Iterable[FileDifference]) -> tuple[ImageChange, ...]:
    """Return the images that change, those of the same repository side by side."""
    found = list(files)
    old = _named({file.path: file.old for file in found})
    new = _named({file.path: file.new for file in found})
    gone = [image for text, image in old.items() if text not in new]
    come = [image for text, image in new.items() if text not in old]
    changes: list[ImageChange] = []
    for image in come:
        alike = [each for each in gone if _name(each) == _name(image)]
        before = alike[0] if alike else None
        if before:
            gone.remove(before)
        changes.append(ImageChange(str(before) if before else "", str(image)))
    return (*changes, *(ImageChange(str(each), "") for each in gone))


def _name(image: Image) -> str:
    return image.repository.rpartition("/")[2]


def _named(files: Mapping[str, str]) -> dict[str, Image]:
    try:
        return {str(image): image for each in images_in(files).values() for image in each}
    except KalypsoError:  # what a person left in the branch
        return {}


def _commits(source: Checkout, delivery: Delivery) -> tuple[LoggedCommit, ...]:
    if delivery.before is None or delivery.before.source == delivery.record.source:
        return ()
    try:
        history = History(source.repository)
        found = history.since(delivery.before.source, delivery.record.source, _MOST + 1)
    except KalypsoError:  # the old commit was thrown away, or the clone has no history
        return ()
    return found


def _trees_before(application: Application, delivery: Delivery) -> _Before:
    record = delivery.before
    if record is None:
        return _Before(None, None)
    configs = application.configs
    return _Before(
        read_before(application.source, record.source),
        read_before(configs, record.configs) if configs and record.configs else None,
    )
