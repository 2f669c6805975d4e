"""Every rule of the platform model, each shown by a whole model and the branch that comes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from kalypso.advice import advise
from kalypso.errors import Collector, Problem
from kalypso.evaluation import evaluate_into
from kalypso.gitops.plans import plan
from tests.platforms.case_file import CASES, CaseFile, read, write
from tests.platforms.memory import request_of

MODEL = Path(__file__).parents[2] / "docs/explanation/model.md"


def results(case: CaseFile) -> dict[str, bytes]:
    """Evaluate a case: the branch afterwards, or the errors; and the warnings."""
    files, settings = case.input(), case.settings
    problems = Collector()
    run = evaluate_into(request_of(case), problems)
    present = {
        path.removeprefix("gitops/"): files[path] for path in files if path.startswith("gitops/")
    }
    if settings.get("advise") == "true":
        advise(run.evaluation, run.configurations, problems)
    planned = plan(present, run.evaluation.files, "gitops")
    found: dict[str, bytes] = {}
    if problems.errors:
        found["errors"] = told(problems.errors)
    else:
        found |= {f"expected/{path}": content for path, content in planned.files.items()}
    warnings = [*problems.warnings, *planned.warnings]
    return {**found, "warnings": told(warnings)} if warnings else found


def told(problems: list[Problem]) -> bytes:
    found = sorted(set(problems), key=Problem.sort_key)
    return "".join(f"{problem}\n" for problem in found).encode(errors="backslashreplace")


def readable(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: content.decode() for path, content in files.items()}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_model(path: Path, *, update_golden: bool) -> None:
    case = read(path)
    got = results(case)
    if update_golden:
        write(path, got)
        return
    assert readable(got) == readable(case.expected)


def test_a_case_is_found_below_the_heading_of_the_rule_that_it_shows() -> None:
    headings = re.findall(r"^#{2,3} (.+)$", MODEL.read_text("utf-8"), re.MULTILINE)
    folders = {heading.lower().replace(" ", "-") for heading in headings}
    found = {path.parent.name for path in CASES}
    assert found - folders == {"advice"}  # warnings are the reader's business, not the model's


def test_a_case_is_named_once() -> None:
    names = [path.stem for path in CASES]
    assert sorted(set(names)) == sorted(names)


def test_a_third_of_the_cases_are_errors() -> None:
    errors = [path for path in CASES if "errors" in read(path).expected]
    assert len(errors) * 3 >= len(CASES)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_says_its_rule(path: Path) -> None:
    assert read(path).rule.endswith(".")
