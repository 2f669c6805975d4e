"""Scheduling: which workload runs on which cluster type, with which values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "Configuration",
    "Layer",
    "Matcher",
    "Spending",
    "Value",
    "Violation",
    "assign",
    "compile_schema",
    "configure",
    "layers_of",
    "meets",
    "merge_values",
    "parse_schema",
    "read_value",
    "selects",
    "wanted_labels",
]

if TYPE_CHECKING:
    from kalypso.scheduling.assignments import assign
    from kalypso.scheduling.configuration import Configuration, configure
    from kalypso.scheduling.layers import Layer, Matcher, layers_of, wanted_labels
    from kalypso.scheduling.merge import Value, merge_values, read_value
    from kalypso.scheduling.schemas import Violation, compile_schema, parse_schema
    from kalypso.scheduling.selectors import meets, selects
    from kalypso.scheduling.validators import Spending
else:
    __getattr__ = door(
        __name__,
        {
            "assignments": ("assign",),
            "configuration": ("Configuration", "configure"),
            "layers": ("Layer", "Matcher", "layers_of", "wanted_labels"),
            "merge": ("Value", "merge_values", "read_value"),
            "schemas": ("Violation", "compile_schema", "parse_schema"),
            "selectors": ("meets", "selects"),
            "validators": ("Spending",),
        },
    )
