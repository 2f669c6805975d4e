"""A look at one cluster's objects in one answer, and what has been looked at on the way."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from kalypso.promotion.expected import ExpectedCluster, ObjectId
from kalypso.promotion.findings import Finding
from kalypso.promotion.readers.answers import Answer
from kalypso.promotion.readers.argo_objects import application_state
from kalypso.promotion.readers.fields import Fields
from kalypso.promotion.readers.flux_objects import (
    helm_release_state,
    kustomization_state,
    source_state,
)
from kalypso.promotion.readers.state import State


class Timed(NamedTuple):
    """An object whose times count."""

    identity: ObjectId
    fields: Fields
    own: bool = False
    """Whether it is the environment's own reconciler: how fresh that is, the gate decides."""
    state: State | None = None
    """Of a reconciler; None if it does not say what it has to."""


class Steady(NamedTuple):
    """A reconciler on the way."""

    fields: Fields
    since: float | None
    """Since when it has been well, if it knows."""


class Look(msgspec.Struct, frozen=True):
    """One cluster's objects in one answer, and what has been looked at on the way."""

    answer: Answer
    cluster: ExpectedCluster
    trail: tuple[ObjectId, ...] = ()
    sources: dict[ObjectId, tuple[State, tuple[Finding, ...]]] = msgspec.field(default_factory=dict)
    """The sources that have been looked at, and what speaks against them."""
    steady: list[Steady] = msgspec.field(default_factory=list)
    timed: list[Timed] = msgspec.field(default_factory=list)
    """All objects whose times count, in the order in which they were looked at."""

    def below(self, identity: ObjectId) -> Look:
        """Return the look at what an object has applied."""
        trail = (*self.trail, identity)
        return Look(self.answer, self.cluster, trail, self.sources, self.steady, self.timed)

    def apart(self) -> Look:
        """Return a look at another reconciler of the environment."""
        return Look(self.answer, self.cluster, timed=self.timed)

    def state(self, identity: ObjectId, fields: Fields) -> State:
        """Return the state of a reconciler's object of any kind.

        Raises:
            Unclear: The object lacks a field that it has to have.
        """
        return self._timed(Timed(identity, fields))

    def own_state(self, identity: ObjectId, fields: Fields, source: int = 0) -> State:
        """Return the state of a reconciler of the environment's own.

        Args:
            identity: Of its object.
            fields: The object.
            source: Of an Application: which of its sources the state is about.

        Raises:
            Unclear: The object lacks a field that it has to have.
        """
        return self._timed(Timed(identity, fields, own=True), source)

    def _timed(self, timed: Timed, source: int = 0) -> State:
        place = len(self.timed)
        self.timed.append(timed)
        state = state_of(timed.identity, timed.fields, source)
        self.timed[place] = timed._replace(state=state)
        return state


def state_of(identity: ObjectId, fields: Fields, source: int = 0) -> State:
    """Return the state of a reconciler's object of any kind.

    Args:
        identity: Of the object.
        fields: The object.
        source: Of an Application: which of its sources the state is about.

    Raises:
        Unclear: The object lacks a field that it has to have.
    """
    match identity.group:
        case "kustomize.toolkit.fluxcd.io":
            return kustomization_state(fields)
        case "helm.toolkit.fluxcd.io":
            return helm_release_state(fields)
        case "argoproj.io":
            return application_state(fields, source)
        case _:
            return source_state(fields)


def lands_on(destination: str, look: Look) -> bool:
    """Return whether what goes to a destination goes to the cluster that is looked at."""
    if destination:
        return destination in look.cluster.destinations
    return look.answer.place == look.cluster.name


def steady_of(own: State, look: Look) -> float | None:
    """Return since when everything on the way has been well; None if one of them cannot say."""
    return all_steady([own.steady_since, *(each.since for each in look.steady)])


def all_steady(moments: list[float | None]) -> float | None:
    """Return the last of the moments; None if one of them is not known."""
    known = [moment for moment in moments if moment is not None]
    return max(known) if len(known) == len(moments) else None
