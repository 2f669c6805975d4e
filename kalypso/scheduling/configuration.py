"""The configuration of every assignment: which layers apply, their merged values, and the check.

Values are merged once for each combination of layers that occurs, and checked once for each
combination of values and schemas, however many assignments share them.

Source: docs/explanation/model.md, "Values" and "Schemas".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from kalypso.errors import Collector, ConfigError, KalypsoError, Position
from kalypso.model import Assignment, DeploymentTarget, Platform
from kalypso.scheduling.layers import Layer, Matcher, layers_of, positions, wanted_labels
from kalypso.scheduling.merge import Value, merge_two, read_value
from kalypso.scheduling.schemas import Schema, Violation, compile_schema
from kalypso.scheduling.validators import Spending


class Configuration(msgspec.Struct, frozen=True, eq=False):
    """The values of one assignment; assignments with the same layers share one object."""

    values: dict[str, Value]
    """By key, in the order of the keys. Shared between assignments: nobody may change it."""
    _all: tuple[Layer, ...]
    _applying: int
    """Which of all layers apply, as a mask."""

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that apply, lowest precedence first."""
        return tuple(self._all[number] for number in positions(self._applying))

    def source_of(self, key: str) -> Layer | None:
        """Return the layer that had the last word on a key."""
        return next((layer for layer in reversed(self.layers) if key in layer.texts), None)


@dataclass(frozen=True, slots=True)
class _NamedSchema:
    """A schema and how messages name it."""

    name: str
    schema: Schema = field(compare=False)
    at: Position
    of_team: bool
    """Whether an application's team wrote it, who may not see the platform's values."""


_Found = tuple[_NamedSchema, Position, Violation]
"""A schema, the place of what breaks it, and what is wrong."""


def configure(
    platform: Platform, assignments: Sequence[Assignment], problems: Collector
) -> list[Configuration]:
    """Compose and check the values of all assignments.

    Args:
        platform: Its config maps and schemas are what is composed and checked by.
        assignments: Who runs where.
        problems: Receives each violation; one that many assignments share is reported once.

    Returns:
        A configuration for each assignment, in the same order.
    """
    composer = _Composer(layers_of(platform.config_maps, problems))
    checker = _Checker(platform, problems)
    found: list[Configuration] = []
    for assignment in assignments:
        configuration = composer.compose(assignment)
        checker.check(assignment, configuration)
        found.append(configuration)
    checker.report()
    return found


# Which layers apply is a number, and equal numbers mean equal values. Take four layers, and three
# of 10,000 assignments:
#
#   layer  labels                    drone/hello   drone/bye   large/hello
#   0      (none)                        1             1            1
#   1      cluster-type: drone           1             1            0
#   2      cluster-type: large           0             0            1
#   3      deployment-target: hello      1             0            1
#   mask, highest layer first          1011          0011         1101
#
# Values are made once for a mask, of which 10,000 assignments have some dozens. Most masks differ
# only in layers that lack a certain key. If layer 3 has no REGION, its bit is left out before
# REGION is merged: drone/hello and drone/bye both ask for that of 0011. Masks that begin with the
# same layers share those: 1011 takes what is known of 0011, or else of 0001, and adds the others.


class _Composer:
    """Puts together the values of assignments, from layers that many of them share."""

    def __init__(self, layers: tuple[Layer, ...]) -> None:
        self._layers = layers
        self._matcher = Matcher([layer.wanted for layer in layers])
        self._answers = _Answers(self._matcher)
        self._known: dict[int, Configuration] = {}
        by_key: dict[str, dict[int, Value]] = defaultdict(dict)
        for number, layer in enumerate(layers):
            for key, text in layer.texts.items():
                by_key[key][number] = read_value(text)
        self._keys = [_Key(key, by_key[key]) for key in sorted(by_key)]

    def compose(self, assignment: Assignment) -> Configuration:
        applying = self._matcher.matching_mask(self._answers.of(assignment))
        known = self._known.get(applying)
        if known is None:
            values = {
                each.name: each.merged(having)
                for each in self._keys
                if (having := each.layers & applying)
            }
            known = self._known[applying] = Configuration(values, self._layers, applying)
        return known


class _Key:
    """One key of the configuration: merged once for each combination of the layers that have it.

    Combinations that begin with the same layers share the work on those.
    """

    def __init__(self, name: str, values: Mapping[int, Value]) -> None:
        self.name = name
        self.layers = sum(1 << number for number in values)
        self._values = values
        self._merged: dict[int, Value] = {}

    def merged(self, having: int) -> Value:
        value = self._merged.get(having)
        if value is not None:
            return value
        # 1011: is 0011 known? 0001? If none is, begin with the lowest layer, and go up again.
        later: list[int] = []
        rest = having
        while rest not in self._merged:
            last = rest.bit_length() - 1
            rest ^= 1 << last
            if not rest:
                rest = 1 << last
                self._merged[rest] = self._values[last]
                break
            later.append(last)
        value = self._merged[rest]
        for number in reversed(later):
            rest |= 1 << number
            value = self._merged[rest] = merge_two(value, self._values[number])
        return value


class _Answers:
    """The bits that an assignment answers, each side computed once."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._clusters: dict[str, int] = {}
        self._targets: dict[str, int] = {}

    def of(self, assignment: Assignment) -> int:
        cluster, target = assignment.cluster_type, assignment.target
        left = self._clusters.get(cluster.name)
        if left is None:
            left = self._clusters[cluster.name] = self._matcher.cluster(cluster)
        right = self._targets.get(target.name)
        if right is None:
            right = self._targets[target.name] = self._matcher.target(target)
        return left | right


@dataclass(slots=True)
class _Checker:
    platform: Platform
    problems: Collector
    _matcher: Matcher = field(init=False)
    _answers: _Answers = field(init=False)
    _compiled: dict[int, _NamedSchema | None] = field(default_factory=dict)
    _of_teams: dict[str, _NamedSchema | None] = field(default_factory=dict)
    _done: dict[tuple[int, int], list[_Found]] = field(default_factory=dict)
    """What is wrong, by the identities of configuration and schema."""
    _sources: dict[str, str] = field(default_factory=dict)
    """Registration by workload."""
    _spending: dict[str, Spending] = field(default_factory=dict)
    """What costly schemas took, by registration."""
    _found: dict[_Found, list[Assignment]] = field(default_factory=dict)
    """Assignments by what is wrong with them."""
    _given_up: set[Position] = field(default_factory=set)
    """Places of schemas that take too long."""

    def __post_init__(self) -> None:
        self._matcher = Matcher([wanted_labels(each.labels) for each in self.platform.schemas])
        self._answers = _Answers(self._matcher)

    def check(self, assignment: Assignment, configuration: Configuration) -> None:
        if not self.platform.schemas and not assignment.target.config_schemas:
            return
        for named in self._schemas(assignment):
            key = (id(configuration), id(named))
            violations = self._done.get(key)
            if violations is None:
                violations = self._done[key] = self._violations(named, configuration)
            for violation in violations:
                if not (self.platform.config_complete or violation[2].path):
                    continue  # what could not be read may be what is missing
                self._found.setdefault(violation, []).append(assignment)

    def report(self) -> None:
        """Report every violation once, with the assignments that it concerns."""
        for (named, at, violation), assignments in self._found.items():
            place = ".".join(map(str, violation.path))
            first, others = assignments[0], len(assignments) - 1
            more = f" and {others:,} more" if others else ""
            self.problems.error(
                ConfigError(
                    f"{first.target.name} on {first.cluster_type.name} in"
                    f" {self.platform.environment}{more}: {f'{place}: ' if place else ''}"
                    f"{violation.sentence}",
                    at,
                    f"the {named.name} in {named.at} asks for it",
                    code="schema-violation",
                    confidential=named.of_team,
                )
            )

    def _violations(self, named: _NamedSchema, configuration: Configuration) -> list[_Found]:
        """Check values; a schema that turns out to take too long is reported once and given up."""
        if named.at in self._given_up:
            return []
        try:
            violations = named.schema.violations(configuration.values)
        except ConfigError as error:
            self._given_up.add(named.at)
            self.problems.error(error)
            return []
        return [(named, _place(configuration, named, each), each) for each in violations]

    def _schemas(self, assignment: Assignment) -> Iterator[_NamedSchema]:
        for number in self._matcher.matching(self._answers.of(assignment)):
            if number not in self._compiled:
                schema = self.platform.schemas[number]
                at = schema.origin.at("spec", "schema")
                self._compiled[number] = self._compile(f"schema {schema.name!r}", schema.schema, at)
            if named := self._compiled[number]:
                yield named
        for text in assignment.target.config_schemas:
            if text not in self._of_teams:
                target = assignment.target
                self._of_teams[text] = self._compile(
                    f"schema of the workload {target.workload!r}",
                    text,
                    target.schema_at(text),
                    self._spent_by(target),
                )
            if named := self._of_teams[text]:
                yield named

    def _spent_by(self, target: DeploymentTarget) -> Spending:
        """Return what costly schemas of the application's source take together."""
        if not self._sources:
            for workload in self.platform.workloads:
                self._sources[workload.name] = workload.registration.name
        return self._spending.setdefault(self._sources.get(target.workload, ""), Spending())

    def _compile(
        self, name: str, text: str, at: Position, spending: Spending | None = None
    ) -> _NamedSchema | None:
        try:
            compiled = compile_schema(text, at, spending)
            return _NamedSchema(name, compiled, at, of_team=spending is not None)
        except KalypsoError as error:
            self.problems.error(error)
            return None


def _place(configuration: Configuration, named: _NamedSchema, violation: Violation) -> Position:
    """Return where a value that breaks a schema is written; the schema if it is missing."""
    source = configuration.source_of(str(violation.path[0])) if violation.path else None
    if source is None:
        return named.at
    return source.config_map.origin.at("data", source.written_key(str(violation.path[0])))
