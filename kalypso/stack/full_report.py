"""The whole report of a run, for reviewers who want more than a pull request holds.

In a workflow of GitHub it stands on the page of the run, which the pull request links.
"""

from collections.abc import Mapping
from pathlib import Path

from kalypso.model import LONGEST_SUMMARY, Difference
from kalypso.report import ReadTexts, diff_markdown


def publish_report(difference: Difference, environ: Mapping[str, str], read: ReadTexts) -> str:
    """Write the report where the run's page shows it.

    Args:
        difference: Between the branch and the model.
        environ: Environment variables, as GitHub documents them for workflows.
        read: Returns texts of added files that the difference lacks, by their paths.

    Returns:
        Address of the page; empty outside of a workflow, or if nothing can be written there.
    """
    found = [environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    summary = environ.get("GITHUB_STEP_SUMMARY")
    if summary is None or not all(found):
        return ""
    try:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(f"{diff_markdown(difference, LONGEST_SUMMARY, read=read)}\n\n")
    except OSError:  # a report less is no reason to deliver nothing
        return ""
    return f"{found[0]}/{found[1]}/actions/runs/{found[2]}"
