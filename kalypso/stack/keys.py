"""The keys of settings: dotted, as objects, or both, and what they are called in messages.

`limits.removals: 3` and `limits: {removals: 3}` are the same setting. Which beginnings of
keys may stand for an object follows from the models, which are nested in the same way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

_KEY = "[key]"
"""What pydantic calls the key of a mapping, after the key itself."""
ITSELF = "itself"
"""Alias of the field whose key is that of its group: `forge`, beside `forge.url` and others."""
UNNAMED: Any = {}
"""What is given of a group that no setting names; its model is made only when it is read."""


class Group(BaseModel):
    """Settings whose keys begin in the same way."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, defer_build=True)


class Setting(msgspec.Struct, frozen=True):
    """One setting of a nested model."""

    key: str
    """As `pulumi config set` names it, for example ``github.app.id``."""
    path: tuple[str, ...]
    """The same by model: what leads to it in nested mappings."""
    names: tuple[str, ...]
    """The attributes that lead to it."""
    field: FieldInfo


def settings_of(
    model: type[BaseModel], path: Sequence[str] = (), names: Sequence[str] = ()
) -> Iterator[Setting]:
    """Return every setting of a model and of the groups in it, in their order."""
    for name, field in model.model_fields.items():
        here, attributes = (*path, field.alias or name), (*names, name)
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Group):
            yield from settings_of(inner, here, attributes)
        else:
            key = ".".join(part for part in here if part != ITSELF)
            yield Setting(key, here, attributes, field)


def groups_of(settings: Collection[Setting]) -> frozenset[str]:
    """Return the beginnings of keys that may stand for an object with the rest of each."""
    keys = {setting.key for setting in settings}
    parts = [key.split(".") for key in keys]
    groups = {".".join(part[:end]) for part in parts for end in range(1, len(part))}
    return frozenset(groups - keys)


def nested(values: Mapping[str, object], settings: Collection[Setting]) -> dict[str, object]:
    """Return values by whole key as the nested mappings that the models read.

    Args:
        values: Each by a key of one of the settings.
        settings: All that there are.
    """
    given = {each.path: values[each.key] for each in settings if each.key in values}
    return _nested(given)


def key_of(location: Sequence[int | str], settings: Collection[Setting]) -> str:
    """Return the key at which a model found something wrong, as a user types it.

    Args:
        location: What leads there in nested mappings and lists.
        settings: All that there are.

    Returns:
        The setting, and of a list or a mapping of records also the record and its field:
        ``clusters[0].provider``, ``promotion.dev.share``.
    """
    found = next(s for s in settings if s.path == tuple(location[: len(s.path)]))
    rest = [step for step in location[len(found.path) :] if step != _KEY]
    if not (len(rest) > 1 and (isinstance(rest[0], int) or isinstance(rest[1], str))):
        return found.key
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in rest)
    return f"{found.key}{''.join(steps)}"


def _nested(given: Mapping[tuple[str, ...], object]) -> dict[str, object]:
    found: dict[str, object] = {}
    groups: dict[str, dict[tuple[str, ...], object]] = {}
    for (first, *rest), value in given.items():
        if rest:
            groups.setdefault(first, {})[tuple(rest)] = value
        else:
            found[first] = value
    return {**found, **{first: _nested(inner) for first, inner in groups.items()}}
