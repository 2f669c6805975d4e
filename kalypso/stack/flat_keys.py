"""Settings by their whole keys, however the engine's configuration groups them.

It knows no setting, so who only looks some up does not load the models of all of them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping


def flat(config: Mapping[str, str], groups: Collection[str]) -> Iterator[tuple[str, object]]:
    """Return each setting by its whole key.

    Args:
        config: Key to text, or to JSON text of an object or a list, as the engine has it.
        groups: Beginnings of keys that may stand for an object.
    """
    for key, text in config.items():
        yield from _flat(key, _value(text), groups)


def _flat(key: str, value: object, groups: Collection[str]) -> Iterator[tuple[str, object]]:
    if key in groups and isinstance(value, dict):
        for inner, item in value.items():
            yield from _flat(f"{key}.{inner}", item, groups)
    else:
        yield key, value


def _value(text: str) -> object:
    if text[:1] in {"[", "{"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
