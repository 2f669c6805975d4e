"""Label selectors at work: one selector on one object, and one on many through an index.

Source: docs/explanation/model.md, "Selectors".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kalypso.model import Requirement, Selector, parse_selector


def matches(selector: dict[str, object], labels: dict[str, str]) -> bool:
    """Return whether a label selector, as it stands in a file, selects an object.

    Args:
        selector: Body of ``labelSelector``; ``{}`` selects everything. A null where a text belongs
            is the empty text, as Go's JSON reader has it; in a file it is an error.
        labels: Labels of the object; they are not checked.

    Raises:
        SelectorError: The API server would reject the selector; it names every fault.
    """
    return selects(parse_selector(_without_nulls(selector)), labels)


def _without_nulls(body: object) -> object:
    """Return a selector with ``""`` for the nulls that stand where a label's value does."""
    if not isinstance(body, Mapping):
        return body
    labels, expressions = body.get("matchLabels"), body.get("matchExpressions")
    result = dict(body)
    if isinstance(labels, Mapping):
        result["matchLabels"] = {
            key: "" if value is None else value for key, value in labels.items()
        }
    if isinstance(expressions, list):
        result["matchExpressions"] = [_with_values(each) for each in expressions]
    return result


def _with_values(expression: object) -> object:
    if isinstance(expression, Mapping) and isinstance(values := expression.get("values"), list):
        return {**expression, "values": ["" if value is None else value for value in values]}
    return expression


def selects(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Return whether a selector selects an object with these labels."""
    return all(meets(requirement, labels) for requirement in selector.requirements)


def meets(requirement: Requirement, labels: Mapping[str, str]) -> bool:
    """Return whether labels meet one requirement; an object without the key meets ``NotIn``."""
    match requirement.operator:
        case "In":
            return requirement.key in labels and labels[requirement.key] in requirement.values
        case "NotIn":
            return requirement.key not in labels or (
                labels[requirement.key] not in requirement.values
            )
        case "Exists":
            return requirement.key in labels
        case "DoesNotExist":
            return requirement.key not in labels


class LabelIndex:
    """Finds the objects that a selector selects without looking at each of them.

    Objects are known by their position in the sequence that the index was made from.
    """

    def __init__(self, labels: Sequence[Mapping[str, str]]) -> None:
        self._all = frozenset(range(len(labels)))
        self._by_key: dict[str, set[int]] = defaultdict(set)
        self._by_pair: dict[tuple[str, str], set[int]] = defaultdict(set)
        for position, own in enumerate(labels):
            for pair in own.items():
                self._by_key[pair[0]].add(position)
                self._by_pair[pair].add(position)

    def select(self, selector: Selector) -> list[int]:
        """Return the positions of the selected objects, ascending."""
        sets = sorted((self._having(each) for each in selector.requirements), key=len)
        return sorted(self._all.intersection(*sets))

    def _having(self, requirement: Requirement) -> frozenset[int]:
        key, values = requirement.key, requirement.values
        match requirement.operator:
            case "In":
                return frozenset().union(*(self._by_pair.get((key, v), ()) for v in values))
            case "NotIn":
                return self._all.difference(*(self._by_pair.get((key, v), ()) for v in values))
            case "Exists":
                return frozenset(self._by_key.get(key, ()))
            case "DoesNotExist":
                return self._all.difference(self._by_key.get(key, ()))
