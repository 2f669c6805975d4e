"""A hint names what was probably meant, whoever asks for it, and nothing when that is not clear."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalypso.spelling import look_alikes, nearest, several_nearest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("clusterTypes", ["clusterType", "configSchema"], "clusterType"),
        ("drnoe", ["drone", "large", "small"], "drone"),
        ("prod", ["dev", "stage"], ""),
        ("", ["dev"], ""),
        ("dev", [], ""),
    ],
)
def test_the_most_similar_name_is_meant_and_a_different_one_is_not(
    word: str, known: list[str], meant: str
) -> None:
    assert nearest(word, known) == meant


def test_keys_of_data_that_are_not_text_are_passed_over() -> None:
    assert nearest("port", {1: "a", None: "b", "ports": "c"}) == "ports"


def test_long_names_are_not_compared_as_that_takes_too_long() -> None:
    assert nearest("a" * 64, ["a" * 64]) == "a" * 64
    assert nearest("a" * 65, ["a" * 64]) == ""
    assert nearest("a" * 64, ["a" * 65]) == ""


def test_of_thousands_of_names_the_first_in_the_alphabet_are_compared() -> None:
    many = {*(f"name-{number:04}" for number in range(2000)), "zone"}
    assert nearest("zone", many) == ""
    assert nearest("zone", many - {"name-0000"}) == "zone"


def test_several_names_come_most_similar_first() -> None:
    assert several_nearest("east-1", ["west-1", "east-12", "north"]) == ["east-12", "west-1"]


@pytest.mark.parametrize(
    ("words", "alike"),
    [
        (["us-east", "useast"], [("us-east", "useast")]),
        (["Region", "region"], [("Region", "region")]),
        (["stage", "satge"], [("satge", "stage")]),
        (["node1", "node2"], []),
        (["dev", "dav"], []),
        (["large", "small"], []),
    ],
)
def test_names_look_alike_for_one_slip_and_never_for_a_digit_or_a_short_word(
    words: list[str], alike: list[tuple[str, str]]
) -> None:
    assert list(look_alikes(words)) == alike


def test_no_room_looks_for_the_nearest_name_in_its_own_way() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for room in ("kalypso", "components", "tools")
        for path in (ROOT / room).rglob("*.py")
        if "get_close_matches" in path.read_text()
    ]
    assert found == ["kalypso/spelling.py"]
