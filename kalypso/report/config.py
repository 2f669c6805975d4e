"""The configuration of one pair: every value with what made, overrode and checked it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kalypso.model import (
    ConfigurationExplanation,
    Contribution,
    LeafTrace,
    SchemaVerdict,
    ValueTrace,
)
from kalypso.report.fitted import filled
from kalypso.report.listing import table
from kalypso.report.plain import count, line_of, one_line, printable, to_json, to_yaml
from kalypso.report.versioned import document

_INDENT = "    "
_LONGEST = 60
"""Characters of a value on one line; ``--key`` shows it whole."""


def config_text(
    found: ConfigurationExplanation, key: str = "", width: int = 0, *, assigned: bool = True
) -> str:
    """Show a configuration.

    Args:
        found: What scheduling says of the pair.
        key: Show this value only, whole, with the values that do not apply.
        width: Characters of a line, as far as words allow; 0 for any number. Values are not
            wrapped where they are shown whole.
        assigned: Whether the pair is an assignment, or only might be one.
    """
    lines = [*filled(_head(found, assigned=assigned), width, _INDENT)]
    for value in found.values:
        if key in ("", value.key):
            lines += ["", *_value_lines(value, width, whole=bool(key))]
    if key:
        lines += _passed_over_lines(found, key, width)
    schemas = [schema for schema in found.schemas if not key or key in schema.keys]
    if schemas:
        lines += ["", "schemas", *_schema_lines(schemas, width)]
    return "\n".join(lines)


def config_json(found: ConfigurationExplanation, key: str = "", *, assigned: bool = True) -> str:
    """Return a configuration as data."""
    return document(
        "Configuration",
        {
            "environment": found.environment,
            "clusterType": found.cluster_type,
            "deploymentTarget": found.target,
            "assigned": assigned,
            "configMaps": found.config_maps,
            "values": [_record(value) for value in found.values if key in ("", value.key)],
            "schemas": [
                {
                    "name": schema.name,
                    "at": schema.at,
                    "keys": schema.keys,
                    "violations": schema.violations,
                }
                for schema in found.schemas
            ],
            "passedOver": [
                {
                    "key": each.key,
                    "configMap": each.config_map,
                    "at": each.at,
                    "text": each.text,
                    "lacking": each.lacking,
                }
                for each in found.passed_over
                if key in ("", each.key)
            ],
        },
    )


def _head(found: ConfigurationExplanation, *, assigned: bool) -> str:
    pair = f"{found.cluster_type}/{found.target}"
    names = ", ".join(found.config_maps)
    values = count(len(found.values), "value")
    what = f"{values} from {names}" if names else "no config map applies"
    number = count(len(found.schemas), "schema") if found.schemas else "no schema"
    unless = "" if assigned else " (not assigned; it would have these)"
    return f"{pair}{unless}: {what}, checked by {number}"


def _value_lines(value: ValueTrace, width: int, *, whole: bool) -> Iterator[str]:
    if whole and not isinstance(value.value, str):
        yield f"{one_line(value.key)}:"
        yield from (f"    {line}" for line in printable(to_yaml(value.value)).splitlines())
    elif whole and "\n" in value.value:
        yield f"{one_line(value.key)}:"
        yield from (f"    {line}" for line in printable(value.value).splitlines())
    else:
        shown = f"{one_line(value.key)} = {_short(value.value, whole=whole)}"
        yield from filled(shown, 0 if whole else width, _INDENT)
    rows = [_contribution_row(each, whole=whole) for each in reversed(value.contributions)]
    yield from _indented(rows, width)
    if value.leaves:
        rows = [_leaf_row(leaf, whole=whole) for leaf in value.leaves]
        yield from _indented(rows, width, _INDENT * 2)
    if value.schemas:
        checked = f"{_INDENT}checked by {', '.join(value.schemas)}"
        yield from filled(checked, width, _INDENT * 2)


def _contribution_row(each: Contribution, *, whole: bool) -> tuple[str, ...]:
    words = {"wins": "from", "merged": "merged", "overridden": "overrides"}
    shown = _short(each.text, whole=whole) if each.role == "overridden" else ""
    return (words[each.role], each.config_map, one_line(line_of(each.at)), shown)


def _leaf_row(leaf: LeafTrace, *, whole: bool) -> tuple[str, ...]:
    lost = ", ".join(
        f"{_short(value, whole=whole)} of {name}" for name, value in reversed(leaf.overrode)
    )
    return (
        f"{one_line(leaf.path)} = {_short(leaf.value, whole=whole)}",
        leaf.config_map,
        f"overrides {lost}" if lost else "",
    )


def _passed_over_lines(found: ConfigurationExplanation, key: str, width: int) -> Iterator[str]:
    rows = [
        (
            each.config_map,
            one_line(line_of(each.at)),
            _short(each.text, whole=True),
            f"is for {', '.join(each.lacking)}",
        )
        for each in found.passed_over
        if each.key == key
    ]
    if rows:
        yield ""
        yield "does not apply"
        yield from _indented(rows, width)


def _schema_lines(schemas: list[SchemaVerdict], width: int) -> Iterator[str]:
    names = max(len(schema.name) for schema in schemas)
    for schema in schemas:
        word = "NO" if schema.violations else "ok"
        line = f"{word}  {schema.name.ljust(names)}   {one_line(line_of(schema.at))}"
        yield from filled(f"{_INDENT}{line}", width, _INDENT * 2)
        for violation in schema.violations:
            yield from filled(f"{_INDENT * 2}{one_line(violation)}", width, _INDENT * 2)


def _indented(rows: Sequence[Sequence[str]], width: int, indent: str = _INDENT) -> Iterator[str]:
    room = max(width - len(indent), 1) if width else 0
    yield from (f"{indent}{line}" for line in table(rows[0], rows[1:], room).splitlines())


def _short(value: object, *, whole: bool = False) -> str:
    text = value if isinstance(value, str) else to_json(value, indent=None)
    return one_line(text, 0 if whole else _LONGEST)


def _record(value: ValueTrace) -> dict[str, object]:
    return {
        "key": value.key,
        "value": value.value,
        "contributions": [
            {
                "configMap": each.config_map,
                "at": each.at,
                "text": each.text,
                "role": each.role,
            }
            for each in value.contributions
        ],
        "parts": [
            {
                "path": leaf.path,
                "value": leaf.value,
                "configMap": leaf.config_map,
                "at": leaf.at,
                "overrode": [{"configMap": name, "value": lost} for name, lost in leaf.overrode],
            }
            for leaf in value.leaves
        ],
        "schemas": value.schemas,
    }
