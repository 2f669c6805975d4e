"""`kalypso explain`: what a problem means, or a field of an object."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import click

from kalypso.advice import problem_sections
from kalypso.cli.pager import say_paged
from kalypso.errors import Position, SettingsError
from kalypso.spelling import nearest

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


@click.command()
@click.argument("what", metavar="CODE|KIND[.FIELD]")
def command(what: str) -> None:
    """Explain a problem by its code, or a kind of object with its fields.

    CODE is what stands in brackets after a problem, for example missing-key. KIND is that of an
    object of the model; FIELD leads to one of its fields, for example ClusterType.spec.reconciler.
    """
    sections = problem_sections()
    code = what.strip("[]")
    if code in sections:
        say_paged(f"{code}\n\n{_LINK.sub(lambda found: found[1], sections[code]).strip()}")
        return
    from kalypso.loading import KINDS, kind_schema

    kind, *fields = what.split(".")
    known = {name.lower(): name for name in KINDS}
    if kind.lower() in known:
        name = known[kind.lower()]
        say_paged("\n".join(_explained(name, fields, kind_schema(name))))
        return
    near = nearest(code, [*sections, *KINDS])
    raise SettingsError(
        f"{what!r} is neither the code of a problem nor a kind of the model",
        Position("kalypso explain"),
        f"did you mean {near}?" if near else f"kinds are {', '.join(KINDS)}",
        code="option",
    )


def _explained(kind: str, fields: list[str], whole: Mapping[str, Any]) -> Iterator[str]:
    schema, way = whole, kind
    for field in fields:
        inner = _members(schema, whole)
        if field not in inner:
            near = nearest(field, inner)
            raise SettingsError(
                f"{way} has no field {field!r}",
                Position("kalypso explain"),
                f"did you mean {near}?" if near else f"its fields are {', '.join(inner)}",
                code="option",
            )
        schema, way = _resolved(inner[field], whole), f"{way}.{field}"
    yield f"{way}  {_type(schema)}".rstrip()
    if schema.get("description"):
        yield f"\n  {schema['description']}"
    members = _members(schema, whole)
    if not members:
        return
    yield "\nFIELDS"
    required = set(schema.get("required", ()))
    for name, given in members.items():
        member = _resolved(given, whole)
        needed = ", required" if name in required else ""
        yield f"  {name}  {_type(member)}{needed}"
        about = given.get("description") or member.get("description")
        if about:
            yield f"      {about}"


def _members(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    items = schema.get("items")
    inner = _resolved(items, whole) if isinstance(items, dict) else schema
    found = inner.get("properties", {})
    return found if isinstance(found, dict) else {}


def _resolved(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = str(schema.get("$ref", ""))
    for several in ("allOf", "anyOf", "oneOf"):
        if not reference and several in schema:
            reference = str(schema[several][0].get("$ref", ""))
    name = reference.rpartition("/")[2]
    found = whole.get("definitions", {}).get(name)
    return {**found, **schema} if found else schema


def _type(schema: Mapping[str, Any]) -> str:
    kinds = schema.get("type", "")
    named = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind != "null"]
    return f"<{' or '.join(named)}>" if named and named[0] else ""
