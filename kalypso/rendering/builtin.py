"""The built-in config types: a ConfigMap, or a shell file that exports every value.

Source: docs/explanation/model.md, "Built-in config types".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kalypso.golang.values import AnyMap
from kalypso.golang.yaml.v3 import marshal

CONFIG_MAP = "configMap"
ENV_FILE = "envFile"

_SPECIAL = re.compile(r'(["$`\\])')
_ESCAPED = r"\\\1"


def config_map(namespace: str, values: Mapping[str, Any]) -> str:
    """Write the values as the ConfigMap ``platform-config``; structured ones as YAML text."""
    body: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap"}
    body["metadata"] = {"name": "platform-config", "namespace": namespace}
    if values:
        body["data"] = {key: _text(value) for key, value in values.items()}
    return marshal(body)


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
