"""Label selectors: their parts, and what makes one valid for the Kubernetes API server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, cast

import msgspec

from kalypso.model.excerpts import shown
from kalypso.model.names import fault

Operator = Literal["In", "NotIn", "Exists", "DoesNotExist"]
OPERATORS: tuple[Operator, ...] = ("In", "NotIn", "Exists", "DoesNotExist")

Path = tuple[str | int, ...]
"""Keys and indexes from the selector down to the place of a fault."""


class Requirement(msgspec.Struct, frozen=True):
    """One condition on the labels of an object; a selector is all of its requirements."""

    key: str
    operator: Operator
    values: tuple[str, ...] = ()
    path: Path = ()
    """Where it stands in the selector, for messages."""

    def __str__(self) -> str:
        match self.operator:
            case "Exists":
                return f"{self.key} exists"
            case "DoesNotExist":
                return f"{self.key} does not exist"
            case _ if len(self.values) == 1:
                return f"{self.key} {'=' if self.operator == 'In' else '!='} {self.values[0]}"
            case _:
                word = "in" if self.operator == "In" else "not in"
                return f"{self.key} {word} ({', '.join(self.values)})"


class Selector(msgspec.Struct, frozen=True):
    """A valid label selector. Without requirements it matches everything."""

    requirements: tuple[Requirement, ...] = ()

    def __str__(self) -> str:
        return " and ".join(map(str, self.requirements)) or "everything"


class SelectorError(ValueError):
    """A selector that the API server rejects, with all its faults.

    Attributes:
        faults: Pairs of path and sentence, in the order in which they stand.
    """

    def __init__(self, faults: list[tuple[Path, str]]) -> None:
        super().__init__("; ".join(sentence for _, sentence in faults))
        self.faults = faults


def parse_selector(body: object) -> Selector:
    """Read the body of a ``labelSelector``.

    Args:
        body: Parsed YAML: a mapping with ``matchLabels`` and ``matchExpressions``, both optional.

    Raises:
        SelectorError: The API server rejects it, it holds a field that selectors do not have
            (a misspelt one would select everything), or it is absent (``None``).

    Source: docs/explanation/model.md, "Selectors".
    """
    faults: list[tuple[Path, str]] = []
    if body is None:
        raise SelectorError([((), "the label selector is missing; {} selects everything")])
    if not isinstance(body, Mapping):
        raise SelectorError([((), "the label selector is not a mapping")])
    faults += [
        ((str(key),), f"unknown field {key!r} in the label selector")
        for key in body
        if key not in ("matchLabels", "matchExpressions")
    ]
    requirements = [*_from_labels(body.get("matchLabels"), faults)]
    requirements += _from_expressions(body.get("matchExpressions"), faults)
    if faults:
        raise SelectorError(faults)
    return Selector(tuple(requirements))


def _from_labels(labels: object, faults: list[tuple[Path, str]]) -> Iterator[Requirement]:
    if labels is None:
        return
    if not isinstance(labels, Mapping):
        faults.append((("matchLabels",), "matchLabels is not a mapping"))
        return
    for key, value in labels.items():
        path: Path = ("matchLabels", key)
        if not isinstance(key, str):
            faults.append((path, f"the label key {key!r} is not text: quote it"))
            continue
        wrong = fault("labelkey", key)
        if wrong:
            faults.append((path, f"the label key {shown(key)} {wrong}"))
        value_fault = _value_fault(value)
        if value_fault:
            faults.append((path, value_fault))
        if not wrong and not value_fault:
            yield Requirement(key, "In", (value,), path)


def _from_expressions(body: object, faults: list[tuple[Path, str]]) -> Iterator[Requirement]:
    if body is None:
        return
    if not isinstance(body, list):
        faults.append((("matchExpressions",), "matchExpressions is not a list"))
        return
    for index, expression in enumerate(body):
        path: Path = ("matchExpressions", index)
        if not isinstance(expression, Mapping):
            faults.append((path, "an expression is not a mapping"))
            continue
        found = _expression_faults(expression, path)
        faults += found
        if not found:
            yield Requirement(
                expression["key"],
                expression["operator"],
                tuple(expression.get("values") or ()),
                path,
            )


def _expression_faults(expression: Mapping[object, object], path: Path) -> list[tuple[Path, str]]:
    faults: list[tuple[Path, str]] = [
        ((*path, str(key)), f"unknown field {key!r} in an expression")
        for key in expression
        if key not in ("key", "operator", "values")
    ]
    key, operator = expression.get("key"), expression.get("operator")
    if not isinstance(key, str):
        faults.append(((*path, "key"), "an expression needs a key, which is text"))
    elif wrong := fault("labelkey", key):
        faults.append(((*path, "key"), f"the label key {shown(key)} {wrong}"))
    values = expression.get("values")
    if values is not None and not isinstance(values, list):
        faults.append(((*path, "values"), "values is not a list"))
        values = None
    items = cast("list[object]", values or [])
    if operator in ("In", "NotIn"):
        if not items:
            faults.append(((*path, "values"), f"the operator {operator} needs values"))
    elif operator in ("Exists", "DoesNotExist"):
        if items:
            faults.append(((*path, "values"), f"the operator {operator} takes no values"))
    else:
        known = ", ".join(OPERATORS)
        faults.append(
            ((*path, "operator"), f"the operator {shown(operator)} is not one of {known}")
        )
    faults += [
        ((*path, "values", number), wrong)
        for number, item in enumerate(items)
        if (wrong := _value_fault(item))
    ]
    return faults


def _value_fault(value: object) -> str:
    if not isinstance(value, str):
        return f"the label value {shown(value)} is not text: quote it"
    wrong = fault("labelvalue", value)
    return f"the label value {shown(value)} {wrong}" if wrong else ""
