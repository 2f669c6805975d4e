"""Whatever a model holds: it is evaluated, or problems say what is wrong, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from kalypso.advice import advise
from kalypso.errors import Collector, Problem, SourceError
from kalypso.evaluation import Request, evaluate_into
from kalypso.git import read_tree
from kalypso.model.repositories import Pointer, Source
from tests.fuzz.mutation import model, mutated, swept
from tests.fuzz.offline import ONCE, cut_off
from tests.fuzz.seeds import rounds
from tests.platforms.memory import MemoryRepositories, control_plane

ROUNDS = 450
LONGEST = 5_000
"""Characters of a line of a message."""
_OBEYED = re.compile(
    r"^\s*::|##[A-Za-z]*\[|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks for every address as a run does, with no network, and reads from memory."""

    memory: MemoryRepositories

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names."""
        try:
            read_tree(pointer.repo, pointer.commit or pointer.branch, pointer.path, ONCE)
        except SourceError as error:
            if error.problem.code in {"bad-repository", "bad-ref", "bad-path"}:
                raise
        return self.memory.read(pointer)


def evaluate(files: dict[str, bytes]) -> list[Problem]:
    """Evaluate a model; return its problems."""
    problems = Collector()
    request = Request(
        start=control_plane(files, "dev"), repositories=Asking(MemoryRepositories(files))
    )
    run = evaluate_into(request, problems)
    if not problems.errors:
        advise(run.evaluation, run.configurations, problems)
    return [*problems.errors, *problems.warnings]


@pytest.fixture(autouse=True)
def _no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_off(tmp_path, monkeypatch)


def test_the_model_that_is_broken_is_good() -> None:
    assert [str(problem) for problem in evaluate(model()) if problem.severity == "error"] == []


def test_a_broken_model_is_reported_and_never_a_traceback() -> None:
    try_models()


def try_models() -> None:
    """Evaluate broken models until one is a traceback, or has a message that is obeyed."""
    good = model()
    for seed, draw in rounds("validate", ROUNDS):
        files = swept(good, seed // 2) if seed % 2 else mutated(good, draw)
        try:
            problems = evaluate(files)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        for problem in problems:
            text = str(problem)
            assert not _OBEYED.search(text), (seed, text)
            assert max(map(len, text.splitlines())) < LONGEST, seed
