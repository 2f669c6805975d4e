"""What is promoted, held against the history of main: it is there, and does not go back.

What was promoted stands in the GitOps branch. A commit that lies in the history of that one would
undo what came after it, which people seldom mean; it is allowed only where the settings say so, and
told.
"""

from collections.abc import Callable, Iterable

from kalypso.errors import DeliveryError, KalypsoError, SourceError
from kalypso.git import History, is_commit
from kalypso.loading import check_on_branch
from kalypso.stack.settings import Settings
from kalypso.stack.summary import Base, Summary


def history_of(address: str, settings: Settings) -> History | None:
    """Return the history of a repository; None before the local forge has it."""
    place = settings.place_here(address)
    if place is None:
        return History(address, settings.access)
    return History(place.git_address) if place.has_content else None


def check_promoted(
    bases: Iterable[Base], settings: Settings, exists: Callable[[str], bool]
) -> None:
    """Refuse a base at a commit that its branch does not hold.

    On the local forge that was seen when it was read. A history of another machine is
    fetched here, so this is asked only when something would be delivered.

    Args:
        bases: What was read.
        settings: Of the stack.
        exists: Returns whether a repository is there yet, by its address.

    Raises:
        SourceError: A commit was removed from its branch, or never merged.
    """
    for base in bases:
        read_whole = settings.model.base or _is_here(base, settings)
        if not read_whole and exists(base.pointer.repo):
            check_on_branch(base.pointer.repo, base.pointer, settings.access)


def check_rollback(wanted: Summary, tracked: bytes, settings: Settings, *, settled: bool) -> str:
    """Find out whether a run goes back, and refuse it if the settings do not allow that.

    Args:
        wanted: What would be delivered.
        tracked: Content of the tracking file in the environment's branch as it is.
        settings: Of the stack.
        settled: Whether nothing would be delivered; then no history is fetched for this.

    Returns:
        A sentence for reviewers; empty if the run does not go back.

    Raises:
        DeliveryError: The delivery goes back, nobody asked for that, and `limits.rollback` is not
            set.
        SourceError: The history cannot be read.
    """
    delivered = tracked.decode(errors="replace").strip()
    promoted = wanted.promoted_commit
    if promoted == delivered or not (is_commit(promoted) and is_commit(delivered)):
        return ""
    base = next(base for base in wanted.bases if base.pointer.commit == promoted)
    if settled and not _is_here(base, settings):
        return ""
    if not _lies_before(base, promoted, delivered, settings):
        return ""
    sentence = (
        f"this goes back from {delivered[:10]} to {promoted[:10]}, an older commit of the base"
    )
    if not settings.limits.rollback and not _asked_for(promoted, settings):
        raise DeliveryError(
            sentence,
            base.commit_at,
            f"if that is wanted: kalypso rollback -e {settings.environment} --to {promoted}",
            code="rollback",
        )
    return f"{sentence[0].upper()}{sentence[1:]}."


def _asked_for(promoted: str, settings: Settings) -> bool:
    """Return whether `kalypso rollback` asked for it, and the environment is held there."""
    from kalypso.stack.gates import EnvironmentGate  # noqa: PLC0415 - hardly any run goes back
    from kalypso.stack.going_back import wanted_back  # noqa: PLC0415 - as above

    alone = settings.model_copy(update={"environments": []})  # the platform's stack has the chain
    try:
        return wanted_back(EnvironmentGate(alone, settings.environment), promoted)
    except KalypsoError:  # what cannot be read allows nothing
        return False


def _is_here(base: Base, settings: Settings) -> bool:
    """Return whether the base is on this machine, so that its history costs nothing."""
    return settings.place_here(base.pointer.repo) is not None


def _lies_before(base: Base, older: str, newer: str, settings: Settings) -> bool:
    history = history_of(base.pointer.repo, settings)
    if history is None:
        return False
    try:
        return history.is_ancestor(older, newer)
    except SourceError as error:
        if error.problem.code == "no-branch":  # what was delivered is in no history any more
            return False
        raise
