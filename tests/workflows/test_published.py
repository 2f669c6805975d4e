"""Pipelines of the how-to pages hold to the schemas that GitLab and Azure DevOps publish."""

import pytest
import yaml

from tests.workflows.documents import AZURE, GITLAB
from tests.workflows.gitlab import jobs
from tests.workflows.schemas import broken


@pytest.mark.parametrize(
    ("schema", "text"), [("gitlab-ci", GITLAB), ("azure-pipelines", AZURE)], ids=["gitlab", "azure"]
)
def test_the_pipeline_of_the_page_breaks_nothing(schema: str, text: str) -> None:
    assert broken(schema, text) == ""


def test_the_jobs_of_the_page_break_nothing_with_what_they_extend() -> None:
    assert broken("gitlab-ci", yaml.safe_dump(jobs(GITLAB))) == ""


def test_what_is_wrong_in_what_they_extend_is_found() -> None:
    wrong = jobs(GITLAB.replace("    matrix:\n", "    matrices:\n"))
    assert "matri" in broken("gitlab-ci", yaml.safe_dump(wrong))


@pytest.mark.parametrize(
    ("schema", "text", "old", "new"),
    [
        ("gitlab-ci", GITLAB, '    - if: $CI_PIPELINE_SOURCE == "trigger"', "    - iff: x"),
        ("gitlab-ci", GITLAB, "    when: always", "    when: sometimes"),
        ("gitlab-ci", GITLAB, "  resource_group: kalypso", "  resource_group: [kalypso]"),
        ("azure-pipelines", AZURE, "  - job: kalypso\n", "  - jobs: kalypso\n"),
        ("azure-pipelines", AZURE, "        displayName: Up\n", "        name: [Up]\n"),
        ("azure-pipelines", AZURE, "        fetchDepth: ", "        fetchDeep: "),
        ("azure-pipelines", AZURE, "steps:", "step:"),
    ],
)
def test_what_is_wrong_is_found(schema: str, text: str, old: str, new: str) -> None:
    assert text.count(old) == 1
    assert broken(schema, text.replace(old, new)) != ""
