"""The objects of a control plane: known kinds made, unknown ones refused, duplicates found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from kalypso.errors import Collector, KalypsoError, LoadError, Position
from kalypso.loading.accumulation import twice
from kalypso.loading.kinds import KINDS, OPERATOR_KINDS, config_map, is_platform_config, make
from kalypso.loading.raw import RawObject
from kalypso.loading.spec_problems import place
from kalypso.model import API_GROUP, API_VERSION, ConfigMap, ModelObject, shown
from kalypso.spelling import nearest

M = TypeVar("M", bound=ModelObject)
_OF_APPLICATIONS = "Workload"


class Scope(msgspec.Struct):
    """What was found in the trees of one control plane."""

    problems: Collector
    strict: bool = False
    objects: dict[type[ModelObject], list[ModelObject]] = msgspec.field(
        default_factory=lambda: defaultdict(list)
    )
    passed_over: dict[str, int] = msgspec.field(default_factory=lambda: defaultdict(int))
    """How many objects of other kinds were ignored, by kind."""
    lost_maps: bool = False
    """Whether a config map of the platform was there that could not be read."""
    _places: dict[tuple[str, str, str], Position] = msgspec.field(default_factory=dict)

    def add(self, raws: Iterable[RawObject]) -> None:
        """Make the objects of one tree; what is wrong goes to the problems."""
        for raw in raws:
            if raw.faulty:
                self._check(raw)
                continue
            first = self._places.get(raw.identity)
            with self.problems.catching():
                if first is not None:
                    raise twice(raw, first)
                self._places[raw.identity] = raw.origin.start
                self._add(raw)

    def _check(self, raw: RawObject) -> None:
        """Report what else is wrong with an object that cannot be used anyway."""
        aside = Scope(Collector(), self.strict)
        with aside.problems.catching():
            aside._add(raw)
        self.problems.errors += aside.problems.errors

    def saw(self, kind: str) -> bool:
        """Return whether an object of one of our kinds was there, good or bad."""
        return any(place[:2] == (API_GROUP, kind) for place in self._places)

    def lost(self, kind: type[ModelObject]) -> bool:
        """Return whether an object of a kind was there that is not among those of the kind."""
        seen = sum(place[:2] == (API_GROUP, kind.__name__) for place in self._places)
        return seen > len(self.objects[kind])

    def of(self, kind: type[M]) -> tuple[M, ...]:
        """Return the objects of a kind, sorted by name."""
        found = [thing for thing in self.objects[kind] if isinstance(thing, kind)]
        return tuple(sorted(found, key=lambda thing: thing.name))

    def _add(self, raw: RawObject) -> None:
        group = raw.api_version.partition("/")[0]
        if group == API_GROUP:
            self._add_object(raw)
        elif raw.kind == "Secret" and raw.api_version == "v1":
            raise LoadError(
                f"the Secret {raw.name!r} is in the model, where everybody who reads the repository"
                " reads it too",
                raw.origin.start,
                "take it out and revoke what it holds; refer to secrets by External Secrets, SOPS"
                " or a key vault (docs/how-to/secrets.md)",
                code="secret-in-the-model",
            )
        elif raw.kind == "ConfigMap" and raw.api_version == "v1" and is_platform_config(raw):
            try:
                self.objects[ConfigMap].append(config_map(raw))
            except KalypsoError:
                self.lost_maps = True
                raise
        else:
            self.passed_over[raw.kind] += 1

    def _add_object(self, raw: RawObject) -> None:
        if raw.kind == _OF_APPLICATIONS or raw.kind in OPERATOR_KINDS:
            self.problems.warn(
                "kind-ignored",
                f"the {raw.kind} {raw.name!r} is ignored: it has no meaning in a control plane",
                raw.origin.start,
                "register the repository that holds it" if raw.kind == _OF_APPLICATIONS else "",
            )
            return
        if raw.kind not in KINDS:
            near = nearest(raw.kind, [*KINDS, _OF_APPLICATIONS])
            raise LoadError(
                f"the kind {shown(raw.kind)} is not known in {API_GROUP}",
                place(raw, "kind"),
                f"did you mean {near!r}?" if near else f"known kinds are {', '.join(KINDS)}",
                code="unknown-kind",
            )
        if raw.api_version != API_VERSION:
            raise LoadError(
                f"the version {shown(raw.api_version)} is not known",
                place(raw, "apiVersion"),
                f"use {API_VERSION}",
                code="unknown-version",
            )
        thing = make(raw, self.problems, strict=self.strict)
        self.objects[type(thing)].append(thing)
