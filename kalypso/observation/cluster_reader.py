"""Reading clusters by their APIs: many at a time, each for itself, each within a limit of time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kalypso.observation.cluster_state import OURS, SECONDS, Clocks, read_cluster
from kalypso.observation.conversation import Server, Unreachable
from kalypso.promotion import (
    Answer,
    Evidence,
    Expected,
    ExpectedCluster,
    cluster_evidence,
    outside,
)

_AT_ONCE = 16
_SPARE_SECONDS = 15.0
"""For signing in, which is a program of its own and has no limit."""


@dataclass(frozen=True, slots=True)
class Way:
    """One API server that evidence of clusters comes from."""

    context: str
    """Of the kubeconfig."""
    hub: bool = False
    """Whether it only holds the reconcilers."""
    namespace: str = ""
    """Of a hub: where they are."""


@dataclass(frozen=True, slots=True)
class ClusterReader:
    """Evidence from the APIs of clusters and hubs."""

    ways: Mapping[str, Sequence[Way]]
    """By name of the cluster."""
    open: Callable[[str], Server]
    """Signs in with a context, or raises `Unreachable`."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Contexts that cannot be used at all, with the reason."""
    clocks: Clocks = OURS
    seconds: float = SECONDS + _SPARE_SECONDS

    def read(self, expected: Expected) -> tuple[Evidence, ...]:
        """Return evidence of every cluster that is read by its API."""
        jobs: dict[tuple[str, Way], list[ExpectedCluster]] = {}
        for cluster in expected.clusters:
            for way in self.ways.get(cluster.name, ()) if "cluster" in cluster.evidence else ():
                place = way.context if way.hub else cluster.name
                jobs.setdefault((place, way), []).append(cluster)
        found = _at_once(
            [self._job(place, way, its, expected) for (place, way), its in jobs.items()],
            self.seconds * (1 + len(jobs) // _AT_ONCE),
        )
        late = outside("unreachable: no answer in time")
        return tuple(
            evidence
            for ((place, _), its), each in zip(jobs.items(), found, strict=True)
            for evidence in (
                each
                if each is not None
                else self._evidence(
                    Answer(place=place, asked=self.clocks.wall(), problem=late), its, expected
                )
            )
        )

    def _job(
        self, place: str, way: Way, clusters: Sequence[ExpectedCluster], expected: Expected
    ) -> Callable[[], tuple[Evidence, ...]]:
        # The answer is let go of at once: those of a whole fleet do not fit into memory.
        return lambda: self._evidence(self._answer(place, way), clusters, expected)

    def _answer(self, place: str, way: Way) -> Answer:
        if way.context in self.refused:
            problem = outside(self.refused[way.context], final=True)
            return Answer(place=place, asked=self.clocks.wall(), problem=problem)
        try:
            server = self.open(way.context)
        except Unreachable as error:
            problem = outside(f"unreachable: {error}")
            return Answer(place=place, asked=self.clocks.wall(), problem=problem)
        return read_cluster(server, place, self.clocks, hub=way.hub, namespace=way.namespace)

    @staticmethod
    def _evidence(
        answer: Answer, clusters: Iterable[ExpectedCluster], expected: Expected
    ) -> tuple[Evidence, ...]:
        return tuple(
            evidence
            for cluster in clusters
            for evidence in cluster_evidence((answer,), expected, cluster)
        )


def _at_once(
    jobs: Sequence[Callable[[], tuple[Evidence, ...]]], seconds: float
) -> list[tuple[Evidence, ...] | None]:
    """Run jobs side by side, and return their results; None for those that did not end in time.

    The threads do not keep the process alive: one may wait for ever for a program that signs in.

    Raises:
        BaseException: What a job raised.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    ended: queue.SimpleQueue[tuple[int, tuple[Evidence, ...] | BaseException]] = queue.SimpleQueue()
    for number in range(len(jobs)):
        waiting.put(number)

    def work() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                ended.put((number, jobs[number]()))
            except BaseException as error:  # noqa: BLE001 - raised where the results are taken
                ended.put((number, error))

    for _ in range(min(_AT_ONCE, len(jobs))):
        threading.Thread(target=work, daemon=True).start()
    found: list[tuple[Evidence, ...] | None] = [None] * len(jobs)
    ends = time.monotonic() + seconds
    for _ in jobs:
        try:
            number, result = ended.get(timeout=max(0.0, ends - time.monotonic()))
        except queue.Empty:
            break
        if isinstance(result, BaseException):
            raise result
        found[number] = result
    return found
