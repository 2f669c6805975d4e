"""`kalypso onboard` and `kalypso offboard`, by options and on a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.application.walkthrough import Walkthrough
from tests.cli.command import Result, run
from tests.support.terminal import terminal

URL = "http://127.0.0.1:3180"
APP = (
    "onboard", "hello-world-app",
    "--workspace", "kaizen-app-team",
    "--source", f"{URL}/kalypso-app-src",
    "--gitops", f"{URL}/kalypso-app-gitops",
)  # fmt: skip
TARGETS = (
    "--target", "functional-test@dev:purpose=functional-test,edge=true",
    "--clusters", "functional-test:restricted=true,edge=true",
    "--target", "performance-test@dev",
    "--clusters", "performance-test:size=large",
    "--target", "uat-test@stage",
)  # fmt: skip
ANSWERS = (
    ("Name of the application: ", "shop"),
    ("Name of the team: ", "shop-team"),
    ("Address of its source repository: ", f"{URL}/shop-src"),
    ("Address of its GitOps repository: ", f"{URL}/shop-gitops"),
    ("Name of a target: ", "test"),
    ("Its environment (dev, stage): ", "dev"),
    ("Its labels [purpose=test]: ", ""),
    ("Labels of its cluster types, or nothing for all: ", "size=large"),
    ("Name of another target, or nothing: ", ""),
    ("Open these pull requests? [y/N]: ", "y"),
)
PLANE = "kalypso-control-plane"


@pytest.fixture
def platform(tmp_path: Path) -> Walkthrough:
    found = Walkthrough(tmp_path)
    found.with_control_plane()
    (tmp_path / "readme").mkdir()
    (tmp_path / "readme/README.md").write_text("shop\n")
    found.fill("shop-src", "main", tmp_path / "readme")
    return found


def types(platform: Walkthrough, *words: str) -> Result:
    return run(words, platform.folder)


def test_what_would_run_where_is_shown_before_anything_is_written(platform: Walkthrough) -> None:
    shown = types(platform, *APP, *TARGETS, "--dry-run")
    assert shown.out.startswith(
        "It would run on:\n  functional-test: drone\n  performance-test: large\n"
        "  uat-test: drone, large\nPull requests:\n"
        "  kalypso-control-plane@main: Register hello-world-app of kaizen-app-team\n"
    )
    assert platform.branches(PLANE) == ["dev", "main", "stage"]


def test_registration_and_policies_are_pull_requests_of_their_own(platform: Walkthrough) -> None:
    done = types(platform, *APP, *TARGETS, "--yes")
    register = "Register hello-world-app of kaizen-app-team"
    assert done.out.splitlines()[-6:] == [
        f"opened pull request 1 in kalypso-control-plane: {register}",
        "opened pull request 2 in kalypso-control-plane: Schedule hello-world-app in dev",
        "opened pull request 3 in kalypso-control-plane: Schedule hello-world-app in stage",
        "next: merge them, then let each environment take the commit of main:",
        "  kalypso promote -e dev --commit SHA",
        "  kalypso promote -e stage --commit SHA",
    ]
    path = "workloads/hello-world-app.yaml"
    registration = platform.text(PLANE, "onboard/hello-world-app", path)
    assert "  # The team. Policies select by it, and namespaces are named" in registration


def test_second_try_keeps_the_pull_requests_of_the_first(platform: Walkthrough) -> None:
    types(platform, *APP, *TARGETS, "--yes")
    again = types(platform, *APP, *TARGETS, "--yes")
    assert again.out.count("already open: pull request") == 3


def test_programs_get_the_plan_as_json(platform: Walkthrough) -> None:
    found = json.loads(types(platform, *APP, *TARGETS, "--dry-run", "-o", "json").out)
    assert found["scheduled"]["uat-test"] == ["drone", "large"]
    assert found["pullRequests"][0]["files"] == ["workloads/hello-world-app.yaml"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--target", "uat-test@stage", "--clusters", "uat-test:size=larg"),
            (
                "would select no cluster type of stage [selects-nothing]\n"
                "  hint: no cluster type has size=larg; the nearest label is size=large"
            ),
        ),
        (("--target", "uat-test@qa"), "has no environment 'qa' [unknown-environment]"),
        (("--target", "nope@dev"), "has no target 'nope' for dev [no-target]"),
        (("--target", "uat-test@stage:a=b"), "gives 'uat-test' other labels [other-labels]"),
        (("--target", "uat-test"), "is not of the form NAME@ENVIRONMENT"),
        (("--target", "UAT@stage"), "[bad-name]"),
        (("--target", "uat-test@stage:a b=c"), "[bad-label]"),
        (("--clusters", "uat-test"), "is not of the form TARGET:LABEL=VALUE"),
        ((), "--target is missing, and nobody can be asked [option]"),
    ],
)
def test_what_cannot_be_onboarded_is_one_message_and_nothing_is_written(
    platform: Walkthrough, words: tuple[str, ...], message: str
) -> None:
    refused = types(platform, *APP, *words, "--yes")
    assert refused.code == 2
    assert message in refused.err
    assert refused.err.count("error:") == 1
    assert platform.branches(PLANE) == ["dev", "main", "stage"]


def test_application_that_is_onboarded_is_not_onboarded_again(platform: Walkthrough) -> None:
    types(platform, *APP, *TARGETS, "--yes")
    types(platform, "pr", "merge", "1", "-r", PLANE)
    assert "[already-onboarded]" in types(platform, *APP, *TARGETS, "--yes").err


def answer(platform: Walkthrough, questions: int) -> tuple[int, str]:
    """Answer so many questions on a terminal; interrupt the next one, if there is one."""
    with terminal(["onboard"], platform.folder) as person:
        for question, text in ANSWERS[:questions]:
            person.until(question)
            person.types(f"{text}\n")
        if questions == len(ANSWERS):
            return person.ends(), person.shown
        person.until(ANSWERS[questions][0])
        return person.interrupted(), person.shown


def test_new_application_is_onboarded_by_answers(platform: Walkthrough) -> None:
    code, shown = answer(platform, len(ANSWERS))
    assert code == 0, shown
    assert "It would run on:\n  test: large\n" in shown
    assert "opened pull request 1 in shop-src: Say where shop wants to run" in shown
    text = platform.text("shop-src", "onboard/shop", "workload/workload.yaml")
    assert text.startswith("# What this application asks of the platform:")
    assert f"        repo: {URL}/shop-gitops\n" in text


@pytest.mark.parametrize("questions", range(len(ANSWERS)))
def test_ctrl_c_at_a_question_leaves_nothing_behind(platform: Walkthrough, questions: int) -> None:
    code, shown = answer(platform, questions)
    assert code == 130, shown
    assert "Traceback" not in shown
    assert platform.branches(PLANE) == ["dev", "main", "stage"]
    assert platform.branches("shop-src") == ["main"]


def test_offboarding_shows_what_stops_and_needs_the_digest_of_many_removals(
    platform: Walkthrough,
) -> None:
    types(platform, *APP, *TARGETS, "--yes")
    for number in ("1", "2", "3"):
        types(platform, "pr", "merge", number, "-r", PLANE)
    platform.promote()
    refused = types(platform, "offboard", "hello-world-app", "--yes")
    assert refused.code == 2
    assert "this would remove all 2 assignments of 'stage' [too-many-removals]" in refused.err
    digests = re.findall(r"--acknowledge [0-9a-f]{12}", refused.err)
    words = [word for each in digests for word in each.split()]
    one = types(platform, "offboard", "hello-world-app", "--yes", *words[:2])
    assert (one.code, "[too-many-removals]" in one.err) == (2, True)
    done = types(platform, "offboard", "hello-world-app", "--yes", *words)
    assert done.out.startswith(
        "It would stop:\n"
        "  dev: drone/hello-world-app-functional-test, large/hello-world-app-performance-test\n"
        "  stage: drone/hello-world-app-uat-test, large/hello-world-app-uat-test\n"
    ), done.err
    last = done.out.splitlines()[-1]
    assert last == ("opened pull request 6 in kalypso-control-plane: Stop hello-world-app in stage")


def test_unknown_application_is_not_offboarded(platform: Walkthrough) -> None:
    refused = types(platform, "offboard", "nope", "--yes")
    assert refused.code == 2
    assert "no registration is named 'nope' [not-onboarded]" in refused.err


def test_registration_that_shares_its_file_is_left_to_a_person(platform: Walkthrough) -> None:
    path = "workloads/platform-svc.yaml"
    one = platform.text(PLANE, "main", path)
    other = one.replace("name: platform-svc", "name: second")
    platform.write(PLANE, "main", path, f"{one}---\n{other}")
    assert "[shared-file]" in types(platform, "offboard", "platform-svc", "--yes").err


def test_ctrl_c_before_offboarding_leaves_nothing_behind(platform: Walkthrough) -> None:
    types(platform, *APP, *TARGETS, "--yes")
    types(platform, "pr", "merge", "1", "-r", PLANE)
    before = platform.branches(PLANE)
    with terminal(["offboard", "hello-world-app"], platform.folder) as person:
        person.until("Open these pull requests? [y/N]: ")
        assert person.interrupted() == 130
    assert platform.branches(PLANE) == before
