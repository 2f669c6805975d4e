"""Lines for the forge: ours are kept, people's are never touched."""

import pytest

from kalypso.gitops.marks import ATTRIBUTES, OWNERS, markings, section_of, with_section
from kalypso.gitops.plans import plan

SECTION = b"# Kalypso writes the lines from here\n/drone/** linguist-generated\n# to here\n"
DRONE = {"drone/README.md": "drone\n"}
LINES = "/drone/** linguist-generated\n"


def test_nothing_is_marked_unless_it_is_wanted() -> None:
    assert markings(["drone"], generated=False, owners={}) == {}


def test_every_cluster_type_is_marked_as_generated() -> None:
    found = markings(["drone", "large"], generated=True, owners={})
    assert found == {
        ATTRIBUTES: "/drone/** linguist-generated\n/large/** linguist-generated\n",
    }


@pytest.mark.parametrize(
    ("owners", "lines"),
    [
        ({"drone": ["@acme/edge", "@ada"]}, "/drone/ @acme/edge @ada\n"),
        ({"*": ["@acme/all"]}, "/drone/ @acme/all\n/large/ @acme/all\n"),
        ({"*": ["@acme/all"], "drone": ["@ada"]}, "/drone/ @ada\n/large/ @acme/all\n"),
        ({"*": ["@acme/all"], "drone": []}, "/large/ @acme/all\n"),
    ],
)
def test_owners_are_by_cluster_type_or_for_all_others(
    owners: dict[str, list[str]], lines: str
) -> None:
    assert markings(["drone", "large"], generated=False, owners=owners) == {OWNERS: lines}


def test_owners_of_a_cluster_type_that_is_gone_make_no_file() -> None:
    assert markings(["large"], generated=False, owners={"drone": ["@ada"]}) == {}


@pytest.mark.parametrize(
    ("present", "after"),
    [
        (b"", SECTION),
        (b"*.png binary\n", b"*.png binary\n\n" + SECTION),
        (b"*.png binary", b"*.png binary\n\n" + SECTION),
        (b"a\n" + SECTION.replace(b"drone", b"old") + b"z\n", b"a\n" + SECTION + b"z\n"),
        (b"\xff\n", b"\xff\n\n" + SECTION),
    ],
)
def test_lines_of_people_stay_as_they_are(present: bytes, after: bytes) -> None:
    assert with_section(present, LINES) == after
    assert with_section(after, LINES) == after
    assert section_of(after) == LINES


def test_a_mark_without_its_end_is_text_of_people() -> None:
    half = b"# Kalypso writes the lines from here\nmine\n"
    assert section_of(half) == ""
    assert with_section(half, LINES) == half + b"\n" + SECTION


def test_a_plan_changes_the_lines_and_nothing_else_of_the_file() -> None:
    present = {ATTRIBUTES: b"*.png binary\n", "drone/README.md": b"drone\n"}
    (change,) = plan(present, {**DRONE, ATTRIBUTES: LINES}).changes
    assert (change.path, change.kind) == (ATTRIBUTES, "changed")
    assert change.new == b"*.png binary\n\n" + SECTION


def test_a_plan_without_lines_leaves_those_that_are_there() -> None:
    present = {ATTRIBUTES: SECTION, "drone/README.md": b"drone\n"}
    assert plan(present, DRONE).changes == ()
