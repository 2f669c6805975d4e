"""Repositories that wrap others pass on what will be read, so that servers are asked at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from kalypso.evaluation import evaluate
from kalypso.evaluation.recording import Recorder
from kalypso.evaluation.replay import AtCommits
from kalypso.loading.sources import WithBase
from kalypso.model.provenance import Provenance, Reading
from kalypso.model.repositories import Pointer, Repositories, Source
from tests.platforms.case_file import CASES, read
from tests.platforms.memory import request_of

A, B = (Pointer(repo=f"https://git.example.com/{name}", branch="main") for name in "ab")
COMMIT = "1" * 40
KNOWN = Provenance(
    control_plane=Reading("https://git.example.com/control-plane", "dev", COMMIT),
    bases=(),
    workloads=(Reading(A.repo, "main", COMMIT),),
    settings={},
    version="1",
)


@dataclass
class Server:
    """Remembers what it was told beforehand, and gives empty trees."""

    inner: Repositories | None = None
    told: list[Pointer] = field(default_factory=list)
    asked: list[Pointer] = field(default_factory=list)

    def read(self, pointer: Pointer) -> Source:
        self.asked.append(pointer)
        return self.inner.read(pointer) if self.inner else Source("", {}, COMMIT)

    def prefetch(self, pointers: Iterable[Pointer]) -> None:
        assert self.told == []
        self.told += pointers


def with_base(repositories: Repositories) -> WithBase:
    return WithBase(repositories, lambda: Source("", {}, ""))


WRAPPERS: dict[str, Callable[[Repositories], Recorder | AtCommits | WithBase]] = {
    "recorder": Recorder,
    "with-base": with_base,
    "recorder-of-both": lambda inner: Recorder(with_base(inner)),
}


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_what_will_be_read_reaches_the_server(
    wrap: Callable[[Repositories], Recorder | AtCommits | WithBase],
) -> None:
    server = Server()
    wrap(server).prefetch([A, B])
    assert server.told == [A, B]
    assert server.asked == []


def test_a_base_that_is_read_elsewhere_is_not_fetched() -> None:
    server = Server()
    with_base(server).prefetch([replace(A, main_base=True), B])
    assert server.told == [B]


def test_commits_of_a_provenance_are_fetched_and_what_it_does_not_name_is_left_for_later() -> None:
    server = Server()
    AtCommits(KNOWN, server).prefetch([A, B])
    assert server.told == [replace(A, commit=COMMIT)]


def test_repositories_that_cannot_read_ahead_are_left_alone() -> None:
    class OneByOne:
        def read(self, pointer: Pointer) -> Source:
            raise AssertionError(pointer)

    Recorder(OneByOne()).prefetch([A, B])


def test_an_evaluation_announces_every_workload_before_it_reads_one() -> None:
    case = next(case for case in CASES if case.stem == "conventions-operator")
    request = request_of(read(case))
    server = Server(request.repositories)
    evaluate(replace(request, repositories=server))
    assert server.told
    assert server.asked[-len(server.told) :] == server.told
