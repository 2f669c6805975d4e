"""Reading clusters by their APIs: many at a time, each for itself, each within a limit of time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial

import msgspec

from kalypso.observation.cluster_state import OWN_CLOCKS, SECONDS, Clocks, read_cluster
from kalypso.observation.conversation import Server, Unreachable
from kalypso.observation.page_texts import PageTexts
from kalypso.promotion import (
    Answer,
    Evidence,
    Expected,
    ExpectedCluster,
    cluster_evidence,
    outside,
)

_AT_ONCE = 16
_MOST_WAITING = 4
"""Answers that may wait to be judged; those of a whole fleet do not fit into memory."""
_SPARE_SECONDS = 15.0
"""For signing in, which is a program of its own and has no limit."""


class Way(msgspec.Struct, frozen=True):
    """One API server that evidence of clusters comes from."""

    context: str
    """Of the kubeconfig."""
    hub: bool = False
    """Whether it only holds the reconcilers."""
    namespace: str = ""
    """Of a hub: where they are."""


class ClusterReader(msgspec.Struct, frozen=True):
    """Evidence from the APIs of clusters and hubs."""

    ways: Mapping[str, Sequence[Way]]
    """By name of the cluster."""
    open: Callable[[str], Server]
    """Signs in with a context, or raises `Unreachable`."""
    refused: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Contexts that cannot be used at all, with the reason."""
    clocks: Clocks = OWN_CLOCKS
    seconds: float = SECONDS + _SPARE_SECONDS
    texts: PageTexts = msgspec.field(default_factory=PageTexts)

    def read(self, expected: Expected) -> tuple[Evidence, ...]:
        """Return evidence of every cluster that is read by its API."""
        jobs: dict[tuple[str, Way], list[ExpectedCluster]] = {}
        for cluster in expected.clusters:
            for way in self.ways.get(cluster.name, ()) if "cluster" in cluster.evidence else ():
                place = way.context if way.hub else cluster.name
                jobs.setdefault((place, way), []).append(cluster)
        found: list[tuple[Evidence, ...]] = [()] * len(jobs)
        missing = set(range(len(jobs)))
        asked = [partial(self._answer, place, way) for place, way in jobs]
        wanted = list(jobs.values())
        for number, answer in _at_once(asked, self.seconds * (1 + len(jobs) // _AT_ONCE)):
            found[number] = _evidence(answer, wanted[number], expected)
            missing.remove(number)
        late = outside("unreachable: no answer in time")
        for number, (place, _) in enumerate(jobs):
            if number in missing:
                answer = Answer(place=place, asked=self.clocks.wall(), problem=late)
                found[number] = _evidence(answer, wanted[number], expected)
        return tuple(evidence for each in found for evidence in each)

    def _answer(self, place: str, way: Way) -> Answer:
        if way.context in self.refused:
            problem = outside(self.refused[way.context], final=True)
            return Answer(place=place, asked=self.clocks.wall(), problem=problem)
        try:
            server = self.open(way.context)
        except Unreachable as error:
            problem = outside(f"unreachable: {error}")
            return Answer(place=place, asked=self.clocks.wall(), problem=problem)
        return read_cluster(
            server,
            place,
            self.clocks,
            hub=way.hub,
            namespace=way.namespace,
            texts=None if way.hub else self.texts,
        )


def _evidence(
    answer: Answer, clusters: Iterable[ExpectedCluster], expected: Expected
) -> tuple[Evidence, ...]:
    return tuple(
        evidence
        for cluster in clusters
        for evidence in cluster_evidence((answer,), expected, cluster)
    )


def _at_once(jobs: Sequence[Callable[[], Answer]], seconds: float) -> Iterator[tuple[int, Answer]]:
    """Ask side by side, and return each answer with the number of its job, as they come in.

    Those that did not come in time are left out. What is made of an answer is made by the caller:
    sixteen threads that compute get in each other's way. Few answers wait for it, as those of a
    whole fleet do not fit into memory. The threads do not keep the process alive: one may wait for
    ever for a program that signs in.

    Raises:
        BaseException: A job raised it.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    ended: queue.SimpleQueue[tuple[int, Answer | BaseException]] = queue.SimpleQueue()
    room = threading.Semaphore(_AT_ONCE + _MOST_WAITING)
    for number in range(len(jobs)):
        waiting.put(number)

    def work() -> None:
        while True:
            room.acquire()  # left to whoever takes the answer
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                room.release()
                return
            ended.put((number, _outcome(jobs[number])))

    for _ in range(min(_AT_ONCE, len(jobs))):
        threading.Thread(target=work, daemon=True).start()
    ends = time.monotonic() + seconds
    try:
        for _ in jobs:
            try:
                number, answer = ended.get(timeout=max(0.0, ends - time.monotonic()))
            except queue.Empty:
                return
            room.release()
            if isinstance(answer, BaseException):
                raise answer
            yield number, answer
    finally:  # nobody takes what would still come
        with suppress(queue.Empty):
            while True:
                waiting.get_nowait()
        room.release(_AT_ONCE)


def _outcome(job: Callable[[], Answer]) -> Answer | BaseException:
    try:
        return job()
    except BaseException as error:  # noqa: BLE001 - raised where the answers are taken
        return error
