"""`kalypso explain`: what a problem means, or a field of an object."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, zip_longest
from typing import Any

import click

from kalypso.advice import problem_sections
from kalypso.cli.completion import explained_names
from kalypso.cli.form import screen_width
from kalypso.cli.pager import say_paged
from kalypso.errors import Position, SettingsError
from kalypso.report import filled, terminal
from kalypso.spelling import nearest

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_BREAK = re.compile(r"(?<!\n)\n(?![\n|#-]|$)")
"""Ends a line inside a paragraph; a row, a heading or an item begins a line of its own."""


@click.command()
@click.argument("what", metavar="CODE|KIND[.FIELD]", shell_complete=explained_names)
def command(what: str) -> None:
    """Explain a problem by its code, or a kind of object with its fields.

    CODE is what stands in brackets after a problem, for example missing-key. KIND is that of an
    object of the model; FIELD leads to one of its fields, for example ClusterType.spec.reconciler.
    """
    sections = problem_sections()
    code = what.strip("[]")
    if code in sections:
        section = _LINK.sub(r"\1", sections[code])
        say_paged(f"{code}\n\n{terminal(_paragraphs(section), screen_width())}")
        return
    from kalypso.loading import KINDS, kind_schema

    kind, *fields = what.split(".")
    known = {name.lower(): name for name in KINDS}
    if kind.lower() in known:
        name = known[kind.lower()]
        width = screen_width()
        lines = _explained(name, fields, kind_schema(name))
        say_paged("\n".join(each for line in lines for each in filled(line, width, _indent(line))))
        return
    near = nearest(code, [*sections, *KINDS])
    raise SettingsError(
        f"{what!r} is neither the code of a problem nor a kind of the model",
        Position("kalypso explain"),
        f"did you mean {near}?" if near else f"kinds are {', '.join(KINDS)}",
        code="option",
    )


def _paragraphs(markdown: str) -> str:
    """Return a text with each paragraph on one line, so that it can be wrapped again."""
    parts = _FENCED.split(markdown)
    prose = (_BREAK.sub(" ", part) for part in parts[::2])
    return "".join(chain.from_iterable(zip_longest(prose, parts[1::2], fillvalue="")))


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
        yield ""
        yield f"  {schema['description']}"
    members = _members(schema, whole)
    if not members:
        return
    yield ""
    yield "FIELDS"
    required = set(schema.get("required", ()))
    for name, given in members.items():
        member = _resolved(given, whole)
        about = [_type(member), "required" if name in required else ""]
        yield f"  {name}  {', '.join(filter(None, about))}".rstrip()
        description = given.get("description") or member.get("description")
        if description:
            yield f"      {description}"


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


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
