"""Settings that may be given as one object: `limits: {removals: 3}` for `limits.removals: 3`."""

import json
from collections.abc import Iterator, Mapping

GROUPS = (
    "commit", "github", "github.app", "gitops", "limits", "model", "repositories", "templates",
)  # fmt: skip
"""Beginnings of keys that may stand for an object with the rest of each."""


def ungrouped(config: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    """Give each setting by its whole key.

    Args:
        config: Key to text, or to JSON text of an object or a list, as the engine has it.
    """
    for key, text in config.items():
        yield from _flat(key, _value(text))


def _flat(key: str, value: object) -> Iterator[tuple[str, object]]:
    if key in GROUPS and isinstance(value, dict):
        for inner, item in value.items():
            yield from _flat(f"{key}.{inner}", item)
    else:
        yield key, value


def _value(text: str) -> object:
    if text[:1] in {"[", "{"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
