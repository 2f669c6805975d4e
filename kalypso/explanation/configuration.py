"""Where every value of a pair's configuration comes from, and which schemas checked it.

Source: docs/explanation/model.md, "Values" and "Schemas".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from kalypso.errors import Collector, Position
from kalypso.explanation.trace import (
    Traced,
    joins,
    leaves,
    merged,
    trace,
)
from kalypso.model import (
    ClusterType,
    ConfigurationExplanation,
    Contribution,
    DeploymentTarget,
    LeafTrace,
    PassedOver,
    Platform,
    Role,
    SchemaVerdict,
    ValueTrace,
)
from kalypso.scheduling import (
    Layer,
    Matcher,
    Spending,
    Value,
    Violation,
    compile_schema,
    layers_of,
    merge_values,
    parse_schema,
    read_value,
    wanted_labels,
)

_BRANCHES = ("allOf", "anyOf", "oneOf")
_CONDITIONS = ("if", "then", "else", "not")


def explain_configuration(
    platform: Platform, cluster: ClusterType, target: DeploymentTarget
) -> ConfigurationExplanation:
    """Compose the configuration of a pair, whether it is assigned or not.

    Raises:
        Problems: A key of an ``azure-app-config`` map is not well formed.
        ConfigError: A schema that applies is not a valid schema.
    """
    problems = Collector()
    layers = layers_of(platform.config_maps, problems)
    problems.raise_errors()
    pair = _Pair(cluster, target)
    applying = [layer for layer in layers if not pair.lacking(layer.wanted)]
    values = merge_values(
        {key: read_value(text) for key, text in layer.texts.items()} for layer in applying
    )
    schemas = tuple(_schema_verdicts(platform, pair, values))
    return ConfigurationExplanation(
        environment=platform.environment,
        cluster_type=cluster.name,
        target=target.name,
        config_maps=tuple(dict.fromkeys(layer.config_map.name for layer in applying)),
        values=tuple(_value_trace(key, values[key], applying, schemas) for key in sorted(values)),
        schemas=schemas,
        passed_over=tuple(sorted(_passed_over(layers, pair), key=lambda p: (p.key, p.config_map))),
    )


class _Pair(msgspec.Struct, frozen=True):
    cluster: ClusterType
    target: DeploymentTarget

    def lacking(self, wanted: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """Return the labels that neither side answers."""
        matcher = Matcher([(label,) for label in wanted])
        answered = matcher.cluster(self.cluster) | matcher.target(self.target)
        met = set(matcher.matching(answered))
        return tuple(f"{k}={v}" for number, (k, v) in enumerate(wanted) if number not in met)


def _value_trace(
    key: str, value: Value, applying: Sequence[Layer], schemas: Sequence[SchemaVerdict]
) -> ValueTrace:
    speaking = [layer for layer in applying if key in layer.texts]
    values = [read_value(layer.texts[key]) for layer in speaking]
    roles = _roles(values)
    return ValueTrace(
        key=key,
        value=value,
        contributions=tuple(
            Contribution(
                config_map=layer.config_map.name,
                at=_place(layer, key),
                text=layer.texts[key],
                role=role,
            )
            for layer, role in zip(speaking, roles, strict=True)
        ),
        leaves=tuple(_leaves(key, values, speaking)) if "merged" in roles else (),
        schemas=tuple(schema.name for schema in schemas if key in schema.keys),
    )


def _roles(values: Sequence[Value]) -> list[Role]:
    """Tell what became of each value: those after the last replacement are in the result."""
    start = 0
    for number in range(1, len(values)):
        if not joins(values[number - 1], values[number]):
            start = number
    alive: Role = "merged" if len(values) - start > 1 else "wins"
    return [alive if number >= start else "overridden" for number in range(len(values))]


def _leaves(key: str, values: Sequence[Value], speaking: Sequence[Layer]) -> Iterator[LeafTrace]:
    history: Traced = trace(values[0], 0)
    for number, value in enumerate(values[1:], 1):
        history = merged(history, value, number)
    for path, leaf in leaves(history):
        layer = speaking[leaf.layer]
        yield LeafTrace(
            path=path,
            value=leaf.leaf,
            config_map=layer.config_map.name,
            at=_place(layer, key),
            overrode=tuple(
                (speaking[number].config_map.name, value) for number, value in leaf.overrode
            ),
        )


def _place(layer: Layer, key: str) -> Position:
    return layer.config_map.origin.at("data", layer.written_key(key))


def _passed_over(layers: Sequence[Layer], pair: _Pair) -> Iterator[PassedOver]:
    for layer in layers:
        lacking = pair.lacking(layer.wanted)
        for key, text in layer.texts.items() if lacking else ():
            yield PassedOver(
                key=key,
                config_map=layer.config_map.name,
                at=_place(layer, key),
                text=text,
                lacking=lacking,
            )


def _schema_verdicts(
    platform: Platform, pair: _Pair, values: Mapping[str, Value]
) -> Iterator[SchemaVerdict]:
    for schema in platform.schemas:
        if not pair.lacking(wanted_labels(schema.labels)):
            at = schema.origin.at("spec", "schema")
            yield _schema_verdict(schema.name, schema.schema, at, values)
    target = pair.target
    for number, text in enumerate(target.config_schemas):
        shared = number < len(target.config_schemas) - target.own_schemas
        name = f"workload {target.workload}" if shared else f"deployment target {target.name}"
        yield _schema_verdict(name, text, target.schema_at(text), values, strange=True)


def _schema_verdict(
    name: str, text: str, at: Position, values: Mapping[str, Value], *, strange: bool = False
) -> SchemaVerdict:
    spending = Spending() if strange else None
    violations = compile_schema(text, at, spending).violations(values)
    return SchemaVerdict(
        name=name,
        at=at,
        keys=tuple(sorted(_keys(parse_schema(text)))),
        violations=tuple(map(_sentence, violations)),
    )


def _sentence(violation: Violation) -> str:
    place = ".".join(map(str, violation.path))
    return f"{place}: {violation.sentence}" if place else violation.sentence


def _keys(schema: object) -> set[str]:
    """Return the keys at the root that a schema names, also in its branches and conditions."""
    if not isinstance(schema, Mapping):
        return set()
    found = {str(key) for key in schema.get("properties") or ()}
    found |= {str(key) for key in schema.get("required") or ()}
    for word in _BRANCHES:
        for branch in schema.get(word) or ():
            found |= _keys(branch)
    for word in _CONDITIONS:
        found |= _keys(schema.get(word))
    return found
