"""YAML text, hashes and unquoting, as the reference operator has them."""

from __future__ import annotations

from kalypso.golang.runes import SPACES
from kalypso.golang.signatures import Kind
from kalypso.golang.sizes import check_text
from kalypso.golang.values import Value
from kalypso.golang.yaml.v3 import marshal
from kalypso.template.extras.hashstructure import hash_value
from kalypso.template.functions import Function, Memory, Outsiders


def to_yaml(value: Value) -> str:
    """Return the value as YAML, without the final newline."""
    text = marshal(value)
    check_text(len(text))
    return text.removesuffix("\n")


def stringify(value: Value) -> str:
    """Return a map as YAML in which lists and maps are texts of YAML; other values as YAML.

    Only a ``map[string]interface {}`` counts as a map, for the value and for its members.
    """
    if _is_plain_map(value):
        value = {
            key: marshal(item) if _is_plain_map(item) or type(item) is list else item
            for key, item in value.items()
        }
    return to_yaml(value)


def _is_plain_map(value: Value) -> bool:
    return type(value) is dict


def unquote(value: Value) -> str:
    """Cut white space off both ends of a text, then ``"``, then ``'``; ``""`` for other values."""
    return value.strip(SPACES).strip('"').strip("'") if isinstance(value, str) else ""


def _hashing(value: Value) -> int:
    """Return the steps for a hash, which looks at every byte of all texts."""
    if isinstance(value, str):
        return len(value) // 3
    if isinstance(value, dict):
        return sum(_hashing(key) + _hashing(item) for key, item in value.items())
    return sum(map(_hashing, value)) if isinstance(value, list) else 1


def _hash(value: Value) -> str:
    return str(hash_value(value))


FUNCTIONS: dict[str, Function] = {
    "toYaml": Function((Kind.ANY,), to_yaml, walks=True, memory=Memory.YAML),
    "stringify": Function((Kind.ANY,), stringify, walks=True, memory=Memory.VALUE),
    "hash": Function(
        (Kind.ANY,),
        _hash,
        walks=True,
        memory=Memory.VALUE,
        outsiders=Outsiders.HIDDEN,
        cost=_hashing,
    ),
    "unquote": Function((Kind.ANY,), unquote),
}
