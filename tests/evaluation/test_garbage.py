"""Python looks for garbage seldom while a model is evaluated, and as before afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from kalypso.errors import Collector, SourceError
from kalypso.evaluation import Request, evaluate_into
from kalypso.garbage import seldom_collected
from kalypso.loading import ControlPlane
from kalypso.model import Pointer, Source

BEFORE = (700, 10, 5)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    found = gc.get_threshold()
    gc.set_threshold(*BEFORE)
    yield
    gc.set_threshold(*found)


class _Repositories:
    """Notes how often Python looks for garbage, and has no repository."""

    def __init__(self) -> None:
        self.found: list[tuple[int, int, int]] = []

    def read(self, pointer: Pointer) -> Source:
        self.found.append(gc.get_threshold())
        raise SourceError("there is none", pointer.at, code="unreadable")


BASE = (
    b"apiVersion: scheduler.kalypso.io/v1alpha1\nkind: BaseRepo\nmetadata:\n  name: main\nspec:\n"
    b"  repo: https://git.example/base\n  branch: main\n  path: .\n"
)


def test_an_evaluation_looks_for_garbage_seldom_and_what_fails_leaves_nothing_behind() -> None:
    repositories = _Repositories()
    start = ControlPlane(environment="dev", source=Source("", {"base.yaml": BASE}))
    problems = Collector()
    evaluate_into(Request(start=start, repositories=repositories), problems)
    assert "there is none" in str(problems.errors)
    assert [each[0] for each in repositories.found] == [50_000]
    assert gc.get_threshold() == BEFORE


def test_an_error_brings_back_what_was_before() -> None:
    with pytest.raises(RuntimeError), seldom_collected():
        raise RuntimeError
    assert gc.get_threshold() == BEFORE


@pytest.mark.parametrize("often", [0, 50_000, 1_000_000])
def test_whoever_looks_more_seldom_still_does(often: int) -> None:
    gc.set_threshold(often, *BEFORE[1:])
    with seldom_collected():
        assert gc.get_threshold() == (often, *BEFORE[1:])
    assert gc.get_threshold() == (often, *BEFORE[1:])


def test_two_that_overlap_bring_back_what_was_before_both() -> None:
    first, second = seldom_collected(), seldom_collected()
    with first:
        second.__enter__()
    second.__exit__(None, None, None)
    assert gc.get_threshold() == BEFORE
