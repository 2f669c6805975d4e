"""Failed assignments of the sample become issues, and healed ones close them."""

import json
from pathlib import Path

import pytest

from components.failures import settle_after_failure, settle_after_success
from components.schedule import request_for
from kalypso.delivery.issues import Settled
from kalypso.errors import SourceError
from kalypso.failures import failed_assignments
from tests.cli.command import Result, run
from tests.components.forge import SampleForge, settings_for

SCHEMA = b"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: ConfigSchema
metadata: {name: strict}
spec:
  schema: |
    type: object
    required: [NOT_THERE]
"""


@pytest.fixture
def forge(tmp_path: Path) -> SampleForge:
    """The sample, with a schema that its only assignment breaks."""
    forge = SampleForge(tmp_path / ".kalypso" / "forge")
    forge.make()
    forge.commit("control-plane", "dev", {"strict.yaml": SCHEMA})
    return forge


def fail(forge: SampleForge, **config: str) -> Settled:
    return settle_after_failure(settings_for(forge.folder, **config))


def issues(forge: SampleForge, *arguments: str) -> Result:
    return run(["issues", *arguments], forge.folder.parents[1])


def test_the_assignment_that_fails_is_found_with_its_errors(forge: SampleForge) -> None:
    found = failed_assignments(request_for(settings_for(forge.folder)))
    assert found
    ((assignment, problems),) = found
    assert assignment.folder == "large/observability-prometheus"
    assert "NOT_THERE" in problems[0].message


def test_it_has_an_issue_while_it_fails(forge: SampleForge) -> None:
    assert fail(forge) == Settled(opened=(1,))
    assert fail(forge) == Settled()
    assert issues(forge, "list").out == "#1    observability-prometheus on large fails in dev\n"
    shown = issues(forge, "show", "1").out
    assert shown.startswith("#1 observability-prometheus on large fails in dev\nopen, opened ")
    assert "NOT_THERE" in shown
    assert "<!--" not in shown


def test_healed_it_is_closed(forge: SampleForge) -> None:
    fail(forge)
    forge.commit("control-plane", "dev", {"strict.yaml": None})
    assert settle_after_success(settings_for(forge.folder)) == Settled(closed=(1,))
    assert issues(forge, "list").out == "no open issues\n"
    (issue,) = json.loads(issues(forge, "list", "--all", "-o", "json").out)
    assert issue["state"] == "closed"


def test_a_model_that_cannot_be_read_leaves_issues_as_they_are(forge: SampleForge) -> None:
    fail(forge)
    forge.commit("control-plane", "dev", {"strict.yaml": None, "broken.yaml": b"kind: [\n"})
    assert fail(forge) == Settled()
    assert "observability-prometheus" in issues(forge, "list").out


def test_a_control_plane_that_is_gone_closes_nothing(forge: SampleForge) -> None:
    fail(forge)
    (forge.path("control-plane") / "refs/heads/dev").unlink()
    with pytest.raises(SourceError):
        fail(forge)
    assert "observability-prometheus" in issues(forge, "list").out


def test_a_stack_may_want_none(forge: SampleForge) -> None:
    assert fail(forge, issues="false") == Settled()
    assert issues(forge, "list", "--all").out == "no issues\n"


def test_before_the_repository_exists_there_is_no_place_for_one(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "forge")
    assert settle_after_success(settings) == Settled()
    assert settle_after_failure(settings) == Settled()


def test_a_repository_that_there_is_not_is_told(forge: SampleForge) -> None:
    found = issues(forge, "list", "-r", "nothing")
    assert found.code == 2
    assert "[no-repository]" in found.err
