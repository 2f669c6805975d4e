"""Several processes render what one renders, and tell problems in the same words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kalypso.cli.inputs import Inputs, request_of
from kalypso.errors import Collector
from kalypso.evaluation import Run, evaluate_into
from kalypso.evaluation.steps import Ways
from kalypso.evaluation.workers import ParallelRenderer, parts
from tests.cli.command import FLEET


def evaluated(folder: Path, workers: int, problems: Collector) -> Run:
    inputs = Inputs(
        environment="dev",
        base=str(folder / "base"),
        control_plane=str(folder / "dev"),
        repositories=str(folder / "repositories"),
        repo=(),
        conventions="walkthrough",
        missing_key="error",
        strict=False,
    )
    ways = Ways(render=ParallelRenderer(workers))
    return evaluate_into(request_of(inputs), problems, ways)


@pytest.mark.parametrize("workers", [2, 3, 16])
def test_more_processes_give_the_same_bytes(workers: int) -> None:
    alone, together = Collector(), Collector()
    one = evaluated(FLEET, 1, alone).evaluation
    many = evaluated(FLEET, workers, together).evaluation
    assert len(one.assignments) > workers or workers == 16
    assert list(many.files.items()) == list(one.files.items())
    assert (together.errors, together.warnings) == (alone.errors, alone.warnings)


def test_more_processes_tell_problems_in_the_same_words(tmp_path: Path) -> None:
    shutil.copytree(FLEET, tmp_path / "fleet")
    flux = tmp_path / "fleet" / "base" / "templates" / "flux.yaml"
    flux.write_text(flux.read_text().replace("{{ .Manifests.path }}", "{{ .Manifests.paths }}"))
    alone, together = Collector(), Collector()
    evaluated(tmp_path / "fleet", 1, alone)
    evaluated(tmp_path / "fleet", 2, together)
    assert alone.errors
    assert together.errors == alone.errors


def test_a_part_never_ends_inside_a_cluster_type() -> None:
    found = evaluated(FLEET, 1, Collector()).evaluation.assignments
    for workers in range(1, 9):
        ranges = parts(found, workers)
        assert [number for part in ranges for number in part] == list(range(len(found)))
        for part in ranges[1:]:
            assert found[part.start].cluster_type is not found[part.start - 1].cluster_type


def test_nothing_to_render_has_no_parts() -> None:
    assert parts((), 4) == []
