"""A run of a workflow shows the whole report on its page, and the pull request links it."""

from pathlib import Path

import pytest

from kalypso.report.samples import no_texts
from kalypso.stack.full_report import publish_report
from kalypso.stack.schedule import make_schedule
from kalypso.stack.wording import make_wording
from tests.report.examples import assignment, difference
from tests.stack.forge import settings_for

MANY = difference(*(assignment("drone", f"t{n}", new=f"{n}{'x' * 300}\n") for n in range(1000)))
PAGE = "https://github.com/acme/control-plane/actions/runs/7"


def run_of_a_workflow(summary: Path) -> dict[str, str]:
    return {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "acme/control-plane",
        "GITHUB_RUN_ID": "7",
        "GITHUB_STEP_SUMMARY": str(summary),
    }


def test_the_page_of_the_run_shows_more_than_a_pull_request_can(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    assert publish_report(MANY, run_of_a_workflow(summary), no_texts) == PAGE
    text = summary.read_text()
    assert text.startswith("before\n")
    assert 200_000 < len(text.encode()) < 1_000_000


def test_the_pull_request_links_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_for(tmp_path / "forge")
    schedule = make_schedule(settings)
    alone = make_wording(schedule, settings)
    for name, value in run_of_a_workflow(tmp_path / "summary.md").items():
        monkeypatch.setenv(name, value)
    wording = make_wording(schedule, settings)
    assert alone
    assert wording
    assert wording.body == f"{alone.body}\n\n[Full report]({PAGE})"


@pytest.mark.parametrize("missing", ["GITHUB_RUN_ID", "GITHUB_REPOSITORY", "GITHUB_STEP_SUMMARY"])
def test_outside_of_a_workflow_there_is_no_page(tmp_path: Path, missing: str) -> None:
    environ = run_of_a_workflow(tmp_path / "summary.md")
    del environ[missing]
    assert publish_report(MANY, environ, no_texts) == ""
    assert not (tmp_path / "summary.md").exists()


def test_a_summary_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    assert publish_report(MANY, run_of_a_workflow(tmp_path), no_texts) == ""
