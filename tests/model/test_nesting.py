"""Texts that would crash YAML's C parser are known without parsing them."""

from __future__ import annotations

import pytest

from kalypso.errors import ConfigError, Position
from kalypso.model.nesting import too_deep_at
from kalypso.rendering.structure import structure
from kalypso.rendering.wellformed import parse_fault
from kalypso.scheduling.merge import read_value
from kalypso.scheduling.schemas import compile_schema

DEEP = {
    "brackets": "[" * 30_000,
    "braces": "{a: " * 30_000,
    "dashes": "- " * 30_000,
    "question marks": "? " * 30_000,
    "colons": ": " * 30_000,
    "closed brackets": "[" * 5_000 + "]" * 5_000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_nothing_that_reads_yaml_crashes_on_a_deep_text(text: str) -> None:
    assert too_deep_at(text) is not None
    assert read_value(text) == text
    assert structure(text) is None
    assert parse_fault(f"a: b\n{text}") == ("it is nested too deep", 2)
    with pytest.raises(ConfigError, match="the schema is neither JSON nor YAML"):
        compile_schema(text, Position("schema.yaml"))


@pytest.mark.parametrize(
    ("text", "index"),
    [("", None), ("[" * 1_000, None), ("x" + "[" * 1_001, 1_001), ("[]" * 5_000, None)],
)
def test_only_brackets_that_are_open_at_once_count(text: str, index: int | None) -> None:
    assert too_deep_at(text) == index


def test_aliases_of_a_schema_are_not_followed_without_end() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for one, other in zip("abcdefgh", "bcdefghi", strict=True):
        aliases = ", ".join([f"*{one}"] * 9)
        lines.append(f"{other}: &{other} [{aliases}]")
    bomb = "\n".join(lines)
    assert read_value(bomb) == bomb
    with pytest.raises(ConfigError, match="the schema is neither JSON nor YAML"):
        compile_schema(bomb, Position("schema.yaml"))
