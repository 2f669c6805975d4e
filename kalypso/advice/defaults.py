"""Defaults that always hold, because the template misspells the key that they stand in for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kalypso.errors import Collector, Position, TemplateError
from kalypso.model import Assignment, Platform, Template
from kalypso.scheduling import Configuration
from kalypso.spelling import nearest
from kalypso.template import parse

_WITH_DEFAULT = re.compile(r"\b(?:default|coalesce)\b")
_KEY_OF_MAP = 2
"""How many names lead to a key of one of the maps: ``.ConfigData.REGION``."""
_Path = tuple[str | int, ...]
"""Keys and indexes from the root of an object."""


def advise_on_defaults(
    platform: Platform,
    assignments: Sequence[Assignment],
    configurations: Sequence[Configuration],
    problems: Collector,
) -> None:
    """Warn about a default for a key that no assignment has, while a near one exists."""
    known: dict[str, frozenset[str]] = {}
    for template in platform.templates.values():
        for (field, key), at in _keys_with_default(template):
            known = known or _known_keys(assignments, configurations)
            near = nearest(key, known[field]) if key not in known.get(field, {key}) else ""
            if near:
                problems.warn(
                    "default-always-used",
                    f"the template {template.name!r} has a default for .{field}.{key}, a key that"
                    " no assignment has",
                    at,
                    f"did you mean .{field}.{near}?",
                )


def _known_keys(
    assignments: Sequence[Assignment], configurations: Sequence[Configuration]
) -> dict[str, frozenset[str]]:
    distinct = {id(each): each for each in configurations}.values()
    targets = {id(each.target): each.target for each in assignments}.values()
    return {
        "ConfigData": frozenset(key for each in distinct for key in each.values),
        "Manifests": frozenset(key for target in targets for key in target.manifests),
        "Labels": frozenset(key for target in targets for key in target.labels),
    }


def _keys_with_default(template: Template) -> Iterator[tuple[tuple[str, str], Position]]:
    """Yield the keys of maps that a template has a default for, each with its place."""
    for number, manifest in enumerate(template.manifests):
        for path, text in _texts(manifest, ("spec", "manifests", number)):
            if not _WITH_DEFAULT.search(text):
                continue
            try:
                fields = parse(text, template.name, functions="sprig3").optional_fields()
            except TemplateError:
                continue  # its rendering fails, and says why
            for names, place in fields:
                if len(names) == _KEY_OF_MAP:
                    yield (names[0], names[1]), template.origin.in_text(path, text, place)


def _texts(value: object, path: _Path) -> Iterator[tuple[_Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*path, number))
