"""Rendered YAML is checked once for each shape, and bad YAML is found whatever was good before."""

from __future__ import annotations

import pytest

from kalypso.rendering.structure import structure
from kalypso.rendering.wellformed import Own, ShapeCache, is_harmless, parse_fault

BLOCK = "  a: b\n  c:\n    - d"


def shape(text: str, *own: Own) -> str:
    return ShapeCache().shape(text, own, [])


def good(text: str, *own: Own) -> ShapeCache:
    """Return what remembers that a manifest was good."""
    shapes, found = ShapeCache(), structure(text)
    assert found is not None
    shapes.fix(own, found)
    shapes.add(shapes.shape(text, own, []))
    return shapes


@pytest.mark.parametrize("character", ["\0", "\1"])
def test_a_control_character_has_not_the_shape_of_a_harmless_text(character: str) -> None:
    shapes = good("a: two\n", ("two", character == "\0"))
    assert not shapes.knows(shapes.shape(f"a: {character}\n", [], []))


def test_manifests_that_differ_in_harmless_texts_share_a_shape() -> None:
    shapes = good("a: one\n", ("one", False))
    assert shapes.knows(shapes.shape("a: two\n", [("two", False)], []))


def test_text_that_is_not_harmless_is_never_taken_for_another() -> None:
    shapes = good("a: one\n", ("one", False))
    assert not shapes.knows(shapes.shape("a: x: y\n", [], []))


def test_a_name_and_another_text_of_a_team_are_never_taken_for_each_other() -> None:
    shapes = good("metadata: {name: app-test}\n", ("app-test", True))
    assert not shapes.knows(shapes.shape("metadata: {name: other}\n", [("other", False)], []))


@pytest.mark.parametrize("text", ["spec: x\n", "kind: spec\n", "metadata: {name: a-spec}\n"])
def test_a_text_that_is_also_part_of_the_structure_stays_in_the_shape(text: str) -> None:
    shapes = good(text, ("spec", False))
    other = text.replace("spec", "other")
    assert not shapes.knows(shapes.shape(other, [("other", False)], []))


def test_bad_yaml_is_told_with_its_line() -> None:
    assert parse_fault("a: 1\nb: [\n") == ("did not find expected node content", 3)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: &x 1\nb: *y\n", 2),
        ("a: *x\nb: &x 1\n", 1),
        ("a: &x 1\n---\nb: *x\n", 3),
        ("*x : 1\n", 1),
    ],
)
def test_an_alias_of_nothing_is_told_with_its_line(text: str, line: int) -> None:
    found = parse_fault(text)
    assert found is not None
    assert (found[0][:10], found[1]) == ("the alias ", line)


@pytest.mark.parametrize("text", ["a: &x 1\nb: &x 2\nc: *x\n", "a: &x {b: *x}\n"])
def test_a_name_may_be_given_again_and_inside_of_what_it_names(text: str) -> None:
    assert parse_fault(text) is None


def test_a_block_of_the_configuration_counts_as_any_other() -> None:
    other = "  e:\n    - f"
    shapes = ShapeCache()
    assert shapes.shape(f"data:\n{BLOCK}\n", [], [BLOCK]) == shapes.shape(
        f"data:\n{other}\n", [], [other]
    )


def test_a_block_with_a_key_that_stands_beside_it_is_another_shape() -> None:
    shapes = ShapeCache()
    alone = shapes.shape(f"data:\n  z: y\n{BLOCK}\n", [], [BLOCK])
    twice = BLOCK.replace("  a:", "  z:")
    assert twice != BLOCK
    assert shapes.shape(f"data:\n  z: y\n{twice}\n", [], [twice]) != alone


def test_a_block_that_may_hold_a_kind_stays_as_it_is() -> None:
    block = "kind: Role\na: b"
    assert ShapeCache().shape(f"{block}\n", [], [block]) == f"{block}\n"


@pytest.mark.parametrize("word", ["labels", "annotations"])
def test_a_block_with_labels_in_it_stays_as_it_is(word: str) -> None:
    block = f"a: b\n{word}:\n  c: d"
    assert ShapeCache().shape(f"{block}\n", [], [block]) == f"{block}\n"


@pytest.mark.parametrize(
    "value", ["1", "-1", "0x1f", "1.5", ".5", ".inf", "-.INF", "true", "False", "null", "~", "[a]"]
)
def test_a_block_with_a_value_that_is_not_text_is_another_shape(value: str) -> None:
    shapes, texts, other = ShapeCache(), "a: one", f"a: {value}"
    assert shapes.shape(f"{texts}\n", [], [texts]) != shapes.shape(f"{other}\n", [], [other])


@pytest.mark.parametrize("value", ["1.2.3", "'1'", '"true"', "on", "y", "trueish", "2024-01-01"])
def test_a_block_whose_text_only_looks_like_something_else_is_not(value: str) -> None:
    shapes, texts, other = ShapeCache(), "a: one", f"a: {value}"
    assert shapes.shape(f"{texts}\n", [], [texts]) == shapes.shape(f"{other}\n", [], [other])


def test_a_block_behind_a_key_stays_as_it_is() -> None:
    block = "a: b\nc: d"
    assert ShapeCache().shape(f"data: {block}\n", [], [block]) == f"data: {block}\n"


@pytest.mark.parametrize("text", ["https://git.example/a/b", "./functional-test", "dev", "v1.2"])
def test_urls_paths_and_names_are_harmless(text: str) -> None:
    assert is_harmless(text)


@pytest.mark.parametrize(
    "text",
    ["true", "No", "null", "", "a: b", "a #b", "*x", "&x", "- a", "1", "a:", "a\nb", "[a]", "ab"],
)
def test_what_yaml_could_read_otherwise_is_not_harmless(text: str) -> None:
    assert not is_harmless(text)
