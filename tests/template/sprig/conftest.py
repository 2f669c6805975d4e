"""The data that the tables of this folder speak of: a value of each kind that templates meet."""

from __future__ import annotations

import pytest

from kalypso.golang.values import StringList, Uint64
from kalypso.template import AnyMap, StringMap


@pytest.fixture
def data() -> dict[str, object]:
    """What ``.`` is in the templates."""
    return {
        "map": AnyMap({"a": 1, "b": AnyMap({"c": "d"})}),
        "list": ["b", "a", 1, None, ""],
        "none": None,
        "big": Uint64(2**64 - 1),
        "zero": 0,
        "float": 2.5,
        "labels": StringMap({"app": "web"}),
        "invalid": "a\udcffb",
        "names": StringList(["b", "a"]),
    }
