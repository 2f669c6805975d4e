"""Whatever is put together from the steps of an evaluation agrees with the evaluation."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kalypso.errors import Collector, Problem, Problems
from kalypso.evaluation import (
    Request,
    Run,
    Survey,
    evaluate,
    evaluate_into,
    failed_assignments,
    survey,
)
from kalypso.evaluation.memory import Memory
from kalypso.evaluation.steps import Steps, Ways
from kalypso.evaluation.workers import ParallelRenderer
from kalypso.model.platform import Assignment, Evaluation, Platform
from kalypso.model.provenance import Provenance
from kalypso.model.rendered import MANIFEST_KINDS, Manifest
from kalypso.rendering.jobs import Job
from kalypso.rendering.namespace_names import namespaces
from kalypso.rendering.renderer import render
from tests.platforms.case_file import CASES, read
from tests.platforms.memory import request_of

CODES = {
    "azure-key",
    "bad-selector",
    "no-such-repository",
    "schema-violation",
    "template-passes",
    "yaml-syntax",
}
Content = tuple[Evaluation, list[str], list[dict[str, Any]], Provenance | None]
Found = tuple[Content, list[Problem], list[Problem]]


def in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=Problem.sort_key))


def content(run: Run) -> Content:
    """Return what runs are compared by: the layers of a configuration have no equality."""
    values = [each.values for each in run.configurations]
    return run.evaluation, list(run.evaluation.files), values, run.provenance


def as_far_as_possible(request: Request, ways: Ways | None = None) -> Found:
    problems = Collector()
    run = evaluate_into(request, problems, ways)
    return content(run), problems.errors, problems.warnings


def surveyed(request: Request) -> Survey | tuple[Problem, ...]:
    try:
        return survey(request)
    except Problems as error:
        return error.problems


def jobs_of(request: Request) -> tuple[Platform, list[Job]]:
    """Name and configure each assignment of a model."""
    steps = Steps(request, Collector())
    platform = steps.load()
    assignments = steps.assign(platform)
    names = namespaces(platform, assignments, request.settings.convention, Collector())
    configurations = steps.configure(platform, assignments)
    return platform, [
        Job(assignment, name, configuration.values)
        for assignment, name, configuration in zip(assignments, names, configurations, strict=True)
    ]


def rendered(
    request: Request, platform: Platform, jobs: list[Job]
) -> tuple[dict[str, tuple[Manifest, ...]], set[Problem]]:
    problems = Collector()
    done = list(render(platform, jobs, request.settings, problems))
    return {each.assignment.folder: each.manifests for each in done}, set(problems.errors)


@cache
def _case(path: Path) -> tuple[Request, Found]:
    """Return what a case asks, and what evaluating it gives."""
    request = request_of(read(path))
    return request, as_far_as_possible(request)


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def request_(request: pytest.FixtureRequest) -> Request:
    """Each of the platform cases."""
    path: Path = request.param
    return _case(path)[0]


@pytest.fixture
def evaluated(request: pytest.FixtureRequest, request_: Request) -> Found:
    """What evaluating the case gives; worked out once, for nothing changes it."""
    path: Path = request.node.callspec.params["request_"]
    assert _case(path)[0] is request_
    return _case(path)[1]


def test_all_problems_are_raised_in_one_error_sorted_by_place(
    request_: Request, evaluated: Found
) -> None:
    run, errors, _ = evaluated
    if errors:
        with pytest.raises(Problems) as caught:
            evaluate(request_)
        assert caught.value.problems == in_order(errors)
    else:
        assert content(evaluate(request_)) == run


def test_a_survey_has_the_objects_and_assignments_of_the_evaluation(
    request_: Request, evaluated: Found
) -> None:
    (evaluation, *_), errors, warnings = evaluated
    found = surveyed(request_)
    if isinstance(found, Survey):
        assert found.platform == evaluation.platform
        assert found.assignments == evaluation.assignments
        assert set(found.warnings) <= set(warnings)
    else:
        assert found
        assert set(found) <= set(errors)


def test_the_assignments_that_fail_are_those_that_fail_alone(request_: Request) -> None:
    found, failed = surveyed(request_), failed_assignments(request_)
    if not isinstance(found, Survey):
        assert failed is None
        return

    def alone(assignment: Assignment) -> tuple[Problem, ...]:
        problems = Collector()
        steps = Steps(request_, problems)
        configurations = steps.configure(found.platform, [assignment])
        list(steps.render(found.platform, [assignment], configurations))
        return in_order(problems.errors)

    assert failed == tuple(
        (each, problems) for each in found.assignments if (problems := alone(each))
    )


def test_memory_gives_what_an_evaluation_gives_the_first_time_and_the_second(
    request_: Request, evaluated: Found
) -> None:
    run, errors, warnings = evaluated
    memory = Memory()
    for _ in range(2):
        problems = Collector()
        assert content(memory.evaluate_into(request_, problems)) == run
        assert in_order(problems.errors) == in_order(errors)
        assert in_order(problems.warnings) == in_order(warnings)


def test_workers_give_what_one_process_gives(request_: Request, evaluated: Found) -> None:
    assert as_far_as_possible(request_, Ways(render=ParallelRenderer(3))) == evaluated


def test_a_kind_rendered_alone_has_the_text_that_it_has_among_all(request_: Request) -> None:
    platform, jobs = jobs_of(request_)
    whole, errors = rendered(request_, platform, jobs)
    for kind in MANIFEST_KINDS:
        only = [Job(job.assignment, job.namespace, job.values, (kind,)) for job in jobs]
        alone, own_errors = rendered(request_, platform, only)
        for folder, manifests in whole.items():
            assert alone[folder] == tuple(each for each in manifests if each.kind == kind)
        assert errors or not own_errors


def test_errors_of_every_step_are_reported_together() -> None:
    case = read(next(path for path in CASES if path.stem == "all-problems-together"))
    with pytest.raises(Problems) as caught:
        evaluate(request_of(case))
    assert f"{caught.value}\n" == case.expected["errors"].decode()
    assert {problem.code for problem in caught.value.problems} == CODES
