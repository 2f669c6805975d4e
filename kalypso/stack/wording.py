"""What a pull request says: what changes and why, and which commits the model was made of.

Reasons come from comparing with the model as it was when the branch was last delivered: the
commit of the last merged pull request names its sources. Where that cannot be read any more, the
text is without reasons; it is never a reason to stop.
"""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec.structs import replace

from kalypso import __version__
from kalypso.delivery import Wording, last_delivered
from kalypso.errors import KalypsoError
from kalypso.evaluation import Changed, Outline, compare_outlines, outline, request_at
from kalypso.forge import WRITER
from kalypso.git import Content, Entry, paths_in, read_blobs
from kalypso.gitops import assignments_in
from kalypso.model import FileDifference, LoggedCommit, Provenance, Reading
from kalypso.report import (
    Links,
    SourceChange,
    held_markdown,
    proposal_body,
    proposal_title,
)
from kalypso.stack.cause_pages import cause_links, manifest_links, plain_page
from kalypso.stack.full_report import publish_report
from kalypso.stack.rollback import history_of
from kalypso.stack.schedule import Schedule
from kalypso.stack.settings import Settings

_MOST = 10
"""Commits of one source that are listed."""
_ADDED = 536
"""Characters of a text that are left for what stands around it: a warning, and a mark."""
_AT_ONCE = 8
"""Histories that are fetched at the same time."""
_LONGEST_SECONDS = 60.0
"""How long histories are asked for; those that did not get their turn are not listed."""


def make_wording(schedule: Schedule, settings: Settings) -> Wording | None:
    """Word a proposal; None if there is nothing to propose.

    Raises:
        KalypsoError: The forge cannot be reached.
    """
    standing = schedule.standing
    if standing is not None and standing.step not in {"open", "replace"}:
        return None
    before = _delivered(schedule, settings)
    name = f"{schedule.destination.full_name}@{schedule.branch}"
    now, then = schedule.outline, _outlined(before, schedule, settings) if before else None
    difference = compare_outlines(_changed(schedule, name), now, then)
    read = partial(_texts, schedule)
    made_of = now.provenance
    sources = _sources(made_of, before, settings) if made_of else []
    held = held_markdown(schedule.held)
    return Wording(
        parent=schedule.parent,
        title=proposal_title(difference),
        body=_below(
            proposal_body(
                difference,
                sources,
                __version__,
                publish_report(difference, os.environ, read),
                longest=schedule.destination.forge.longest_body - _ADDED - len(held),
                links=Links(
                    cause=cause_links(sources, settings),
                    manifest=manifest_links(schedule.destination, schedule.parent),
                ),
                read=read,
            ),
            f"> [!WARNING]\n> {schedule.rollback}" if schedule.rollback else "",
            held,
        ),
        trailers=made_of.trailers() if made_of else "",
    )


def _below(body: str, *warnings: str) -> str:
    return "\n\n".join(filter(None, (*warnings, body)))


def _delivered(schedule: Schedule, settings: Settings) -> Provenance | None:
    if schedule.standing is None:
        return None
    repository = schedule.destination.repository(settings.access, WRITER)
    return last_delivered(repository, settings.environment, schedule.branch)


def _outlined(before: Provenance, schedule: Schedule, settings: Settings) -> Outline | None:
    try:
        return outline(request_at(before, settings.environment, schedule.repositories))
    except KalypsoError:
        return None


def _changed(schedule: Schedule, name: str) -> Changed:
    """Read what would change in the branch, and nothing else of it.

    Of the assignments that come or go, few texts are shown, so they are not read.
    """
    folder, changes = schedule.objects, schedule.changes
    shown = {p: c for p, c in changes.items() if c.kind == "changed" or not assignments_in([p])}
    text = _reader(schedule, [side for e in shown.values() for side in (e.before, e.after)])
    paths = set(paths_in(folder, schedule.present_tree))
    gone = {path for path, each in changes.items() if each.after is None}
    return Changed(
        branch=name,
        files=[
            FileDifference(path, each.kind, text(each.before), text(each.after))
            if path in shown
            else FileDifference(path, each.kind)
            for path, each in changes.items()
        ],
        before=assignments_in(paths),
        after=assignments_in((paths - gone) | (changes.keys() - gone)),
    )


def _texts(schedule: Schedule, paths: Sequence[str]) -> dict[str, str]:
    """Return the texts that files will have."""
    after = {path: schedule.changes[path].after for path in paths}
    text = _reader(schedule, list(after.values()))
    return {path: text(side) for path, side in after.items()}


def _reader(schedule: Schedule, sides: Sequence[Content]) -> Callable[[Content], str]:
    """Read contents at once; return what gives the text of each, empty for a file that is not."""
    stored = {side.object_id for side in sides if isinstance(side, Entry)}
    known = dict(zip(stored, read_blobs(schedule.objects, stored), strict=True))

    def text(side: Content) -> str:
        content = side if isinstance(side, bytes) else known[side.object_id] if side else b""
        return content.decode(errors="replace")

    return text


def _sources(
    made_of: Provenance, before: Provenance | None, settings: Settings
) -> list[SourceChange]:
    earlier = {
        (each.repository, each.branch): each.commit for each in (before.readings if before else ())
    }
    pairs = [
        (each, earlier.get((each.repository, each.branch), ""))
        for each in dict.fromkeys(made_of.readings)
    ]
    end = time.monotonic() + _LONGEST_SECONDS
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda pair: _source(pair[0], pair[1], settings, end), pairs))


def _source(reading: Reading, before: str, settings: Settings, end: float) -> SourceChange:
    listed = reading.commit != before and time.monotonic() < end
    commits = _commits(reading, before, settings) if listed else ()
    return SourceChange(
        reading=reading,
        before=before,
        commits=commits[:_MOST],
        complete=len(commits) <= _MOST,
        link=_link(reading, before, settings),
    )


def _commits(reading: Reading, before: str, settings: Settings) -> tuple[LoggedCommit, ...]:
    history = history_of(reading.repository, settings)
    try:
        found = history.since(before, reading.commit, _MOST + 1) if history else ()
    except KalypsoError:  # the old commit was thrown away, or the server is too slow
        return ()
    place = settings.forge.place(reading.repository)
    if place is None:
        return found
    return tuple(replace(each, link=plain_page(place.commit_page(each.commit))) for each in found)


def _link(reading: Reading, before: str, settings: Settings) -> str:
    """Return the page with the new commits, if the forge has the repository and shows it."""
    place = settings.forge.place(reading.repository)
    return plain_page(place.commits_page(before, reading.commit)) if place else ""
