"""The built-in config types: a ConfigMap, or a shell file that exports every value.

Source: docs/explanation/model.md, "Built-in config types".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from kalypso.golang.values import AnyMap
from kalypso.golang.yaml.v3 import marshal

CONFIG_MAP = "configMap"
ENV_FILE = "envFile"
CONFIG_MAP_OBJECTS = ("ConfigMap",)
"""The kinds of what is written: all that comes from values is indented."""

_SPECIAL = re.compile(r'(["$`\\])')
_ESCAPED = r"\\\1"
_BEGINNING = "apiVersion: v1\n"
_NAMESPACE = "the-namespace"
_MOST = 4096
"""Texts that are kept."""


def config_map(namespace: str, values: Mapping[str, Any]) -> str:
    """Write the values as the ConfigMap ``platform-config``; structured ones as YAML text."""
    return f"{_BEGINNING}{_data(values)}{_end(namespace)}"


class BuiltIn:
    """Writes configurations, and the part of each that only its values decide once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], tuple[object, str]] = {}

    def config_map(self, namespace: str, values: Mapping[str, Any], *, harmless: bool) -> str:
        """Write what :func:`config_map` does.

        Args:
            namespace: Where it is.
            values: The composed configuration, which stays as it is.
            harmless: Whether the namespace is written without quotes.
        """
        data = self._once("data", values, _data)
        end = _plain_end().replace(_NAMESPACE, namespace) if harmless else _end(namespace)
        return f"{_BEGINNING}{data}{end}"

    def env_file(self, values: Mapping[str, Any]) -> str:
        """Write what :func:`env_file` does."""
        return self._once("file", values, env_file)

    def _once(
        self, what: str, values: Mapping[str, Any], write: Callable[[Mapping[str, Any]], str]
    ) -> str:
        place = what, id(values)
        kept = self._kept.get(place)
        if kept is not None and kept[0] is values:
            return kept[1]
        if len(self._kept) >= _MOST:
            self._kept.clear()
        text = write(values)
        self._kept[place] = values, text
        return text


def _data(values: Mapping[str, Any]) -> str:
    texts = {key: _text(value) for key, value in values.items()}
    return marshal({"data": texts}) if values else ""


def _end(namespace: str) -> str:
    metadata = {"name": "platform-config", "namespace": namespace}
    return marshal({"kind": "ConfigMap", "metadata": metadata})


@cache
def _plain_end() -> str:
    return _end(_NAMESPACE)


def env_file(values: Mapping[str, Any]) -> str:
    """Write the values as a shell file; a shell that sources it reads exactly the values."""
    return "".join(
        f'export {key}="{_SPECIAL.sub(_ESCAPED, _text(value))}"\n'
        for key, value in sorted(values.items())
    )


def _text(value: object) -> str:
    """Return a value as text; structured ones are lists and mappings."""
    if isinstance(value, str):
        return value
    return marshal(AnyMap(value) if isinstance(value, dict) else value)
