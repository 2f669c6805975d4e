"""Rendered YAML is checked once for each shape, and bad YAML is found whatever was good before."""

from __future__ import annotations

import pytest

from kalypso.rendering.wellformed import ShapeCache, is_harmless, is_plain, skeleton

BLOCK = "  a: b\n  c:\n    - d"


def test_a_second_manifest_of_a_good_shape_is_good() -> None:
    shapes = ShapeCache()
    assert shapes.fault("name: one\n", ["one"], []) is None
    assert shapes.fault("name: two\n", ["two"], []) is None


def test_bad_yaml_is_told_with_its_line() -> None:
    fault = ShapeCache().fault("a: 1\nb: [\n", [], [])
    assert fault == ("did not find expected node content", 3)


def test_a_bad_shape_stays_bad() -> None:
    shapes = ShapeCache()
    assert shapes.fault("a: one: x\n", ["one"], []) is not None
    assert shapes.fault("a: two: x\n", ["two"], []) is not None


def test_text_that_is_not_harmless_is_never_taken_for_another() -> None:
    shapes = ShapeCache()
    assert shapes.fault("a: one\n", ["one"], []) is None
    assert shapes.fault("a: x: y\n", [], []) is not None


def test_a_block_of_the_configuration_counts_as_any_other() -> None:
    shapes = ShapeCache()
    assert shapes.fault(f"data:\n{BLOCK}\n", [], [BLOCK]) is None
    other = "  e: f"
    assert shapes.fault(f"data:\n{other}\n", [], [other]) is None


@pytest.mark.parametrize("before", ["data: x\n", "data:\n   z: 1\n"])
def test_a_block_in_the_wrong_place_is_found(before: str) -> None:
    assert ShapeCache().fault(f"{before}{BLOCK}\n", [], [BLOCK]) is not None


def test_a_block_behind_a_key_is_parsed_as_it_is() -> None:
    block = "a: b\nc: d"
    assert ShapeCache().fault(f"data: {block}\n", [], [block]) is not None


@pytest.mark.parametrize("text", ["https://git.example/a/b", "./functional-test", "dev", "v1.2"])
def test_urls_paths_and_names_are_harmless(text: str) -> None:
    assert is_harmless(text)


@pytest.mark.parametrize(
    "text", ["true", "No", "null", "", "a: b", "a #b", "*x", "&x", "- a", "1", "a:", "a\nb", "[a]"]
)
def test_what_yaml_could_read_otherwise_is_not_harmless(text: str) -> None:
    assert not is_harmless(text)


@pytest.mark.parametrize("text", ["a: b", "x\n---\ny", "a #b", "{a}", "a:", "'"])
def test_what_could_break_out_of_its_place_is_not_plain(text: str) -> None:
    assert not is_plain(text)


def test_a_skeleton_knows_keys_and_documents_but_no_values() -> None:
    assert skeleton("a: 1\nb: [x]\n") == skeleton("a: 2\nb: [y]\n")
    assert skeleton("a: 1\n") != skeleton("a: 1\nb: 2\n")
    assert skeleton("a: 1\n") != skeleton("a: 1\n---\nb: 2\n")
    assert skeleton("a: [") is None
