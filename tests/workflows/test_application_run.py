"""The application's pipeline, step by step as GitHub runs it: the digest's way to dev and stage."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.standins.github.faults import Fault, on
from tests.standins.github.tokens import Grant
from tests.standins.registry import Registry, serving
from tests.support.built import helm_folder
from tests.workflows.events import by_hand, commit, push
from tests.workflows.machine import JobRun
from tests.workflows.organization import Organization
from tests.workflows.workflows import parse

ROOT = Path(__file__).parents[2]
GITOPS_TOKEN = "ghp_gitops0123456789c4nary"  # noqa: S105 - of the stand-in


@dataclass
class Pipeline:
    """The application's repositories in an organization with a registry."""

    acme: Organization
    registry: Registry

    def runs(self, name: str = "app-src") -> list[JobRun]:
        """Run the workflow as after a merge to main."""
        repository = self.acme.repository(f"kalypso-{name}")
        event = push(repository, "main")
        text = repository.git("show", "main:.github/workflows/cicd.yaml")
        return self.acme.machine.run(parse(text), event)

    def image(self, branch: str, target: str) -> str:
        """Return the image of a target in the application's GitOps repository."""
        gitops = self.acme.repository("kalypso-app-gitops")
        text = gitops.git("show", f"{branch}:{target}/deployment.yaml")
        found = yaml.safe_load(text)["spec"]["template"]["spec"]["containers"][0]["image"]
        return str(found)

    @property
    def digests(self) -> list[str]:
        return self.registry.digests("acme/kalypso-app-src")


@pytest.fixture
def pipeline(acme: Organization, tmp_path: Path) -> Iterator[Pipeline]:
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/tests/standins/docker.py" "$@"\n'
    )
    docker.chmod(0o755)
    machine, tools = acme.machine, acme.machine.tools
    names = ("app-src", "app-gitops", "svc-src", "svc-gitops")
    repositories = [acme.repository(f"kalypso-{name}") for name in names]
    before = [repository.branches() for repository in repositories]
    machine.tools = [docker.parent, helm_folder(), *tools]
    machine.server.grants[GITOPS_TOKEN] = Grant(
        writes=("contents", "pull-requests"), user="app-bot"
    )
    machine.secrets["GITOPS_TOKEN"] = GITOPS_TOKEN
    with serving() as registry:
        machine.variables["REGISTRY"] = registry.address
        yield Pipeline(acme, registry)
    machine.tools = tools
    for repository, branches in zip(repositories, before, strict=True):
        for branch in repository.branches().keys() - branches.keys():
            repository.git("update-ref", "-d", f"refs/heads/{branch}")
        for branch, old in branches.items():
            repository.git("update-ref", f"refs/heads/{branch}", old)


def test_digest_of_the_push_runs_on_dev_and_waits_for_a_person_on_stage(
    pipeline: Pipeline,
) -> None:
    runs = pipeline.runs()
    assert [run.good for run in runs] == [True, True], "".join(run.log for run in runs)
    (digest,) = pipeline.digests
    image = f"{pipeline.registry.address}/acme/kalypso-app-src@{digest}"
    assert pipeline.image("dev", "functional-test") == image
    assert pipeline.image("dev", "performance-test") == image
    assert pipeline.image("stage", "uat-test") == "hello-world:1.0.0"
    assert pipeline.image("deployment/hello-world-app-stage", "uat-test") == image
    assert runs[0].artifacts["attestation"] == {
        "subject-name": image.partition("@")[0],
        "subject-digest": digest,
    }
    # The next merge builds another image, and brings the proposal up to date.
    commit(pipeline.acme.repository("kalypso-app-src"), "main", {"hello_world/new.py": b"# new\n"})
    _, deliver = pipeline.runs()
    first, second = pipeline.digests
    assert first == digest != second
    assert pipeline.image("dev", "functional-test").endswith(second)
    assert pipeline.image("deployment/hello-world-app-stage", "uat-test").endswith(second)
    assert re.search(r"brought pull request \d+ in acme/kalypso-app-gitops up to date", deliver.log)


def test_failing_test_builds_and_delivers_nothing(pipeline: Pipeline) -> None:
    broken = {"hello_world/page.py": b"raise SystemExit(1)\n"}
    commit(pipeline.acme.repository("kalypso-app-src"), "main", broken)
    (build,) = pipeline.runs()
    assert [(step.name, step.outcome) for step in build.steps][2:4] == [
        ("Test", "failure"),
        ("Build and push", "skipped"),
    ]
    assert pipeline.digests == []
    assert pipeline.image("dev", "functional-test") == "hello-world:1.0.0"


def test_chart_that_does_not_render_delivers_nothing(pipeline: Pipeline) -> None:
    broken = {"chart/templates/service.yaml": b"{{ fail `no` }}\n"}
    commit(pipeline.acme.repository("kalypso-app-src"), "main", broken)
    build, dev = pipeline.runs()
    assert (build.good, dev.good) == (True, False)
    assert "[chart-does-not-render]" in dev.log
    assert "::error" not in dev.log
    assert pipeline.image("dev", "functional-test") == "hello-world:1.0.0"


def test_protected_branch_leaves_the_pull_request_to_a_person(pipeline: Pipeline) -> None:
    server = pipeline.acme.machine.server
    why = "At least 1 approving review is required by reviewers with write access."
    before = server.plan
    server.plan = on("PUT", "/merge", Fault(status=405, message=why), times=99)
    try:
        runs = pipeline.runs()
    finally:
        server.plan = before
    assert [run.good for run in runs] == [True, False]
    assert "is open and cannot be merged into dev: " in runs[1].log
    assert f"{why} [not-merged]" in runs[1].log
    assert pipeline.image("dev", "functional-test") == "hello-world:1.0.0"
    (digest,) = pipeline.digests
    assert pipeline.image("deployment/hello-world-app-dev", "functional-test").endswith(digest)


def test_services_are_delivered_without_a_build(pipeline: Pipeline) -> None:
    changed = {
        "manifests/prometheus/service.yaml": b"apiVersion: v1\nkind: Service\nmetadata: {name: p}\n"
    }
    commit(pipeline.acme.repository("kalypso-svc-src"), "main", changed)
    (dev,) = pipeline.runs("svc-src")
    assert dev.good, dev.log
    gitops = pipeline.acme.repository("kalypso-svc-gitops")
    assert "name: p" in gitops.git("show", "dev:prometheus/service.yaml")
    assert pipeline.registry.manifests == {}


def test_pipeline_can_be_started_by_hand(pipeline: Pipeline) -> None:
    repository = pipeline.acme.repository("kalypso-app-src")
    event = by_hand(repository, {})
    text = repository.git("show", "main:.github/workflows/cicd.yaml")
    assert event.starts(parse(text)["on"])
