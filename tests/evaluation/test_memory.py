"""Evaluating on top of what is known gives what evaluating from nothing gives, with less work."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kalypso.cli.inputs import Inputs, request_of
from kalypso.errors import Collector
from kalypso.evaluation import Request, evaluate_into, memory
from kalypso.evaluation.memory import Memory
from kalypso.model.repositories import Pointer, Repositories, Source
from kalypso.rendering.jobs import Job
from kalypso.rendering.renderer import render
from tests.cli.command import FLEET

Edit = tuple[str, str, str]
EDITS: list[Edit] = [
    ("dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet"),
    ("dev/configs/all.yaml", "port: 5432", "port: 1"),
    ("dev/configs/all.yaml", "port: 1", "port: true"),
    ("dev/configs/east.yaml", "region: north\ndata:\n  REGION", "region: west\ndata:\n  REGION"),
    ("dev/cluster-types/west.yaml", "configType: envFile", "configType: script"),
    ("dev/cluster-types/west.yaml", "size: large", "size: huge"),
    ("dev/policies/shop.yaml", "matchLabels", "matchLables"),
    ("dev/policies/shop.yaml", "matchLables", "matchLabels"),
    ("base/templates/namespace.yaml", "workload:", "{{ .ClusterType }}:"),
    ("base/templates/flux.yaml", "{{ .Manifests.path }}", "{{ .Manifests.paths }}"),
    ("base/templates/flux.yaml", "{{ .Manifests.paths }}", "{{ .Manifests.path }}"),
    ("base/templates/namespace.yaml", "kind: Template", "kind: Template # comment"),
    ("repositories/shop-src/workload.yaml", "path: ./orders", "path: ./all-orders"),
    ("repositories/shop-src/workload.yaml", "name: orders", "name: bad_name"),
    ("repositories/shop-src/workload.yaml", "name: bad_name", f"name: {'x' * 60}"),
    ("repositories/shop-src/workload.yaml", f"name: {'x' * 60}", "name: orders"),
    ("base/workloads/registrations.yaml", "workspace: platform-team", "workspace: ops"),
    ("dev/configs/east.yaml", "region.east.OWNER", "region.OWNER"),
    ("dev/configs/east.yaml", "region.OWNER", "region.east.OWNER"),
    ("dev/cluster-types/west.yaml", "reconciler: flux", "reconciler: zzz"),
    ("dev/configs/all.yaml", "OWNER: fleet", "OWNER: nobody"),
    ("dev/cluster-types/west.yaml", "reconciler: zzz", "reconciler: flux"),
    ("dev/schemas/replicas.yaml", "minimum: 1", "minimum: 3"),
    ("dev/schemas/replicas.yaml", "minimum: 3", "minimum: 1"),
]
"""Each on top of those before it."""


class Unchanged:
    """Repositories that give the same object for the same files."""

    def __init__(self, now: Repositories, known: dict[str, Source]) -> None:
        self.now, self.known = now, known

    def read(self, pointer: Pointer) -> Source:
        source = self.now.read(pointer)
        if pointer.main_base:
            return source
        known = self.known.get(pointer.repo)
        if known is None or known.files != source.files:
            self.known[pointer.repo] = known = source
        return known


class Watched:
    """A fleet that is evaluated again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(shutil.copytree(FLEET, folder / "fleet"))
        self.memory = Memory()
        self.known: dict[str, Source] = {}

    def request(self, environment: str = "dev", **options: Any) -> Request:
        inputs = Inputs(
            environment=environment,
            base=str(self.folder / "base"),
            control_plane=str(self.folder / "dev"),
            repositories=str(self.folder / "repositories"),
            repo=(),
            conventions="walkthrough",
            missing_key="error",
            strict=False,
        )
        return request_of(replace(inputs, **options))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert old in text, file
        path.write_text(text.replace(old, new))

    def again(self, request: Request) -> tuple[dict[str, str], set[str]]:
        repositories = Unchanged(request.repositories, self.known)
        return result(self.memory.evaluate_into, replace(request, repositories=repositories))


def result(evaluate: Any, request: Request) -> tuple[dict[str, str], set[str]]:
    problems = Collector()
    run = evaluate(request, problems)
    return dict(run.evaluation.files), set(map(str, [*problems.errors, *problems.warnings]))


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_after_every_edit_files_and_problems_are_those_of_an_evaluation_from_nothing(
    watched: Watched,
) -> None:
    for edit in [None, *EDITS]:
        if edit is not None:
            watched.edit(*edit)
        assert watched.again(watched.request()) == result(evaluate_into, watched.request()), edit


def test_options_and_environment_may_change_between_evaluations(watched: Watched) -> None:
    for request in (
        watched.request(),
        watched.request(conventions="operator"),
        watched.request("stage"),
        watched.request(missing_key="default"),
        watched.request(),
    ):
        assert watched.again(request) == result(evaluate_into, request)


def test_a_repository_that_cannot_be_read_is_an_error_and_nothing_is_remembered_of_it(
    watched: Watched,
) -> None:
    watched.again(watched.request())
    (watched.folder / "repositories/shop-src").rename(watched.folder / "away")
    _, problems = watched.again(watched.request())
    assert any("the workload of 'shop' cannot be read" in problem for problem in problems)
    assert problems == result(evaluate_into, watched.request())[1]
    (watched.folder / "away").rename(watched.folder / "repositories/shop-src")
    assert watched.again(watched.request()) == result(evaluate_into, watched.request())


@pytest.mark.parametrize(
    ("edit", "rendered"),
    [
        (("dev/policies/shop.yaml", "kind:", "# c\nkind:"), []),
        (
            ("dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet"),
            ["store/metrics-agent", "store/shop-web"],
        ),
        (
            ("repositories/shop-src/workload.yaml", "path: ./orders", "path: ./all-orders"),
            ["hangar/shop-orders"],
        ),
        (("dev/cluster-types/east.yaml", "size: small", "size: tiny"), []),
        (
            ("dev/cluster-types/west.yaml", "envFile", "configMap"),
            ["store/metrics-agent", "store/shop-web"],
        ),
    ],
)
def test_only_what_an_edit_concerns_is_rendered_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, edit: Edit, rendered: list[str]
) -> None:
    watched.again(watched.request())
    seen: list[str] = []

    def recording(platform: Any, jobs: Sequence[Job], *rest: Any) -> Any:
        seen.extend(job.assignment.folder for job in jobs)
        return render(platform, jobs, *rest)

    monkeypatch.setattr(memory, "render", recording)
    watched.edit(*edit)
    watched.again(watched.request())
    assert seen == rendered


def test_a_template_that_sees_all_data_at_once_is_rendered_when_a_value_changes(
    watched: Watched,
) -> None:
    watched.edit(
        "base/templates/namespace.yaml",
        '"{{ .Workload }}"',
        '"{{ len (printf "%v"\n          . ) }}"',
    )
    before, problems = watched.again(watched.request())
    assert not [problem for problem in problems if ": error: " in problem]
    watched.edit("dev/configs/all.yaml", "OWNER: platform", "OWNER: a-much-longer-name")
    files, _ = watched.again(watched.request())
    assert files == result(evaluate_into, watched.request())[0]
    path = "store/shop-web/namespace.yaml"
    assert files[path] != before[path]
