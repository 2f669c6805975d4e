"""Go's yaml.v3 v3.0.1: values written as YAML."""

from __future__ import annotations

from kalypso.golang.yaml.v3.keys import sorted_keys
from kalypso.golang.yaml.v3.writing import marshal

__all__ = [
    "marshal",
    "sorted_keys",
]
