"""The greeting pages of the walkthrough in a browser: chapters 3 and 4."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.application.walkthrough import GOLDEN, Walkthrough, shown_by
from tests.cli.command import run

FUNCTIONAL_TEST_ON_DRONE = {
    "title": "Hello World from Dev · Drone",
    "target": "functional-test",
    "heading": "Hello World!",
    "place": "from Dev · Drone",
    "ENVIRONMENT": "Dev",
    "CLUSTER_NAME": "Drone",
    "REGION": "East US",
    "DATABASE_URL": "mysql://restricted-host:3306/mysqlrty123",
    "SOME_COMMON_ENVIRONMENT_VARIABLE": "false",
}
UAT_TEST_ON_LARGE = {
    "title": "Hello World from stage · Large",
    "target": "uat-test",
    "heading": "Hello World!",
    "place": "from stage · Large",
    "ENVIRONMENT": "stage",
    "CLUSTER_NAME": "Large",
    "REGION": "West US",
    "DATABASE_URL": "mysql://west:8806/mysql2",
    "SOME_COMMON_ENVIRONMENT_VARIABLE": "false",
}


@pytest.fixture
def walkthrough(tmp_path: Path) -> Walkthrough:
    return Walkthrough(tmp_path)


@pytest.fixture
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        missing = "there is no chromium on PATH"
        if os.environ.get("CI"):
            pytest.fail(f"{missing}: .ci/run installs it")
        pytest.skip(missing)
    return found


def test_functional_test_greets_from_the_drone(walkthrough: Walkthrough, chromium: str) -> None:
    with walkthrough.running("functional-test", "-e", "dev") as page:
        shown = shown_by(chromium, page, walkthrough.folder / "browser")
    assert shown == FUNCTIONAL_TEST_ON_DRONE


def test_acceptance_test_shows_the_new_database_once_the_platform_has_delivered_it(
    walkthrough: Walkthrough, chromium: str
) -> None:
    words = ("-e", "stage", "--cluster-type", "large")
    with walkthrough.running("uat-test", *words) as page:
        before = shown_by(chromium, page, walkthrough.folder / "browser")
    walkthrough.fill("kalypso-gitops", "stage", GOLDEN / "4-stage-config")
    with walkthrough.running("uat-test", *words) as page:
        after = shown_by(chromium, page, walkthrough.folder / "browser")
    assert before == UAT_TEST_ON_LARGE
    assert after == {**UAT_TEST_ON_LARGE, "DATABASE_URL": "mysql://west-stage:8806/mysql2"}


@pytest.mark.parametrize(
    ("target", "port"), [("functional-test", 9090), ("performance-test", 8080)]
)
def test_service_is_found_on_the_walkthroughs_port(
    walkthrough: Walkthrough, target: str, port: int
) -> None:
    words = ("app", "run", target, "-e", "dev", "--source", "app-src", "--dry-run")
    shown = run([*words, "--run", "hello-world=serve"], walkthrough.folder)
    assert shown.out.startswith(f"http://127.0.0.1:{port}\ncommand: serve\nCLUSTER_NAME=")


def test_target_on_several_cluster_types_needs_one_named(walkthrough: Walkthrough) -> None:
    words = ("app", "run", "uat-test", "-e", "stage", "--source", "app-src", "--dry-run")
    refused = run([*words, "--run", "hello-world=serve"], walkthrough.folder)
    assert (refused.code, refused.err) == (
        2,
        (
            "kalypso-gitops@stage:1:1: error: 'uat-test' runs on several cluster types"
            " [not-scheduled]\n  hint: name one with --cluster-type: drone and large\n"
        ),
    )


@pytest.mark.parametrize(
    ("target", "words", "message"),
    [
        ("nope", (), "dev has no deployment target 'nope' [no-target]"),
        ("functional-test", ("--cluster-type", "large"), "does not run on 'large' [not-scheduled]"),
        ("functional-test", ("--gitops", "nope"), "there is no repository nope [no-repository]"),
    ],
)
def test_what_cannot_be_started_is_one_message(
    walkthrough: Walkthrough, target: str, words: tuple[str, ...], message: str
) -> None:
    given = ("app", "run", target, "-e", "dev", "--source", "app-src", *words)
    refused = run([*given, "--run", "hello-world=serve"], walkthrough.folder)
    assert refused.code == 2
    assert message in refused.err
    assert refused.err.count("error:") == 1


def test_command_that_does_not_exist_is_one_message(walkthrough: Walkthrough) -> None:
    given = ("app", "run", "functional-test", "-e", "dev", "--source", "app-src")
    refused = run([*given, "--run", "hello-world=/no/such/program"], walkthrough.folder)
    assert refused.code == 2
    assert "the command cannot be started: No such file or directory [not-started]" in refused.err
