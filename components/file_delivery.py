"""`delivery: repository-files`: how many files one run may write, and what it says about them."""

import pulumi

from kalypso.errors import Position, SettingsError
from kalypso.gitops import Plan
from kalypso.stack import Schedule

MOST_FILES = 150
"""Changed files of one run: GitHub takes some 500 such commits in an hour."""
_SHOWN = 5
"""Paths that a message names."""


def check_files(planned: Plan) -> None:
    """Refuse a run that would take GitHub's patience, or hours.

    Raises:
        SettingsError: More files change than one run may write one by one.
    """
    number = len(planned.changes)
    if number > MOST_FILES:
        raise SettingsError(
            f"{number} files would change, each with a commit of its own: at most {MOST_FILES}"
            " in one run",
            Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
            "deliver one pull request instead: `pulumi config set delivery pull-request`",
            code="too-many-files",
        )


def files_of(schedule: Schedule) -> dict[str, str]:
    """Return the text of every managed file; of a shared one, with the lines that are people's."""
    after = schedule.planned.files
    return {path: after[path].decode(errors="replace") for path in schedule.evaluation.files}


def difference(schedule: Schedule) -> str:
    """Say what of the branch is not as the model wants it; empty if all of it is."""
    paths = [change.path for change in schedule.planned.changes]
    if not paths:
        return ""
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    files = "1 file differs" if len(paths) == 1 else f"{len(paths)} files differ"
    return (
        f"{files} between {schedule.destination.full_name}@{schedule.branch} and the model:"
        f" {', '.join(paths[:_SHOWN])}{more}. What people changed by hand is seen with --refresh;"
        " a file that this stack has not written is not removed by it"
    )
