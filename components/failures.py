"""Issues of the control plane's repository about assignments that fail, after a run.

Only a run that may write does this: a preview opens nothing. An error that says nothing of
assignments, such as a source that cannot be read, leaves all issues as they are.
"""

from kalypso.delivery.issues import FailedAssignment, Settled, settle_issues
from kalypso.delivery.local_issues import LocalIssues
from kalypso.failures import failed_assignments

from .schedule import request_for
from .settings import Settings


def settle_after_success(settings: Settings) -> Settled:
    """Close what is open: every assignment is well.

    Raises:
        KalypsoError: The issues cannot be read or written.
    """
    tracker = _tracker(settings)
    if tracker is None or not tracker.open_issues():
        return Settled()
    return settle_issues(tracker, settings.environment, ())


def settle_after_failure(settings: Settings) -> Settled:
    """Open an issue for each assignment that fails, and close those of the others.

    Raises:
        KalypsoError: A source, or the issues, cannot be read or written.
    """
    tracker = _tracker(settings)
    failed = failed_assignments(request_for(settings)) if tracker else None
    if tracker is None or failed is None:
        return Settled()
    told = [
        FailedAssignment(
            environment=settings.environment,
            cluster_type=assignment.cluster_type.name,
            target=assignment.target.name,
            problems=problems,
        )
        for assignment, problems in failed
    ]
    return settle_issues(tracker, settings.environment, told)


def _tracker(settings: Settings) -> LocalIssues | None:
    """Return where issues are kept; None if the stack wants none, or has no place for them."""
    if not settings.issues or settings.forge != "local":
        return None
    name = settings.local.name_of(settings.control_plane_url)
    if name is None or not settings.local.has_content(name):
        return None
    return LocalIssues(settings.local.path(name))
