"""Promotion of an application: what one environment runs goes to the next one, never rebuilt.

What runs is what the branch of the first environment holds. Its record says which commit of the
source that was, and which exact images; the next environment gets both, with values of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from kalypso.application.checkout import read_application
from kalypso.application.images import Image, images_in
from kalypso.application.proposing import FindPlace
from kalypso.application.record import Record, read_record
from kalypso.application.rendering import Application, Wanted, render_application
from kalypso.application.targets import Target, targets_in
from kalypso.errors import Collector, ModelError, Position
from kalypso.forge import WRITER
from kalypso.git import Access


def promoted(wanted: Wanted, start: str, find: FindPlace) -> Application:
    """Render for an environment what another one runs.

    Args:
        wanted: For the next environment; it names no images.
        start: The environment that has it already.
        find: Finds the application's GitOps repository.

    Raises:
        KalypsoError: Nothing is known of what runs there, or it cannot be rendered.
    """
    newest = read_application(wanted.source, committed=True)
    running = targets_in(newest.source, wanted.workload, start)
    records, images = _running(running, find)
    record = _only(records, start)
    application = render_application(
        wanted, committed=True, commit=record.source, images=record.images
    )
    _refuse_others(application, images, start)
    return application


def _running(
    targets: tuple[Target, ...], find: FindPlace
) -> tuple[dict[str, Record | None], set[str]]:
    """Return the record of each application and branch, and the images that run there."""
    records: dict[str, Record | None] = {}
    images: set[str] = set()
    for target in targets:
        place = find(target.folder.repository)
        branch = f"{place.full_name}@{target.folder.branch}"
        files = place.repository(Access(), WRITER).snapshot(target.folder.branch).files
        records[branch] = read_record(target.workload, files, branch)
        own = {
            path: content.decode(errors="replace")
            for path, content in files.items()
            if target.folder.owns(path) and path.endswith((".yaml", ".yml", ".json"))
        }
        images |= {str(image) for found in images_in(own).values() for image in found}
    return records, images


def _only(records: Mapping[str, Record | None], start: str) -> Record:
    found, known = Collector(), list[Record]()
    for branch, record in records.items():
        if record is None:
            found.error(
                ModelError(
                    f"nothing says what {start} was rendered from",
                    Position(branch),
                    f"deliver once with `kalypso app propose -e {start}`, and merge it",
                    code="no-record",
                )
            )
        else:
            known.append(record)
    found.raise_errors()
    first = known[0]
    for branch, record in records.items():
        if record and (record.source, record.images) != (first.source, first.images):
            found.error(
                ModelError(
                    f"{start} runs two states of the application: {first.source[:10]} and"
                    f" {record.source[:10]}",
                    Position(branch),
                    f"deliver one of them everywhere with `kalypso app propose -e {start}`",
                    code="mixed-record",
                )
            )
    found.raise_errors()
    return first


def _refuse_others(application: Application, running: set[str], start: str) -> None:
    """Refuse an image that the first environment does not run: it was never tried there.

    Raises:
        Problems: Every target that would get one.
    """
    found = Collector()
    for each in application.rendered:
        new: list[Image] = [image for one in images_in(each.files).values() for image in one]
        others = sorted({str(image) for image in new} - running)
        if others:
            found.error(
                ModelError(
                    f"the target {each.target.name!r} would run {others[0]}, and {start} does not",
                    each.target.at,
                    f"{start} runs {', '.join(sorted(running)[:3]) or 'no image'}; let the values"
                    " of the environment name no image of their own",
                    code="not-promoted-image",
                )
            )
    found.raise_errors()
