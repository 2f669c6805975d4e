"""Which changes are the same, and how the lines that differ are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.model.difference import FileDifference
from kalypso.report.groups import groups
from kalypso.report.line_diff import changed_lines, unified
from tests.report.examples import assignment, cause, difference, first_delivery


def members(*assignments: object) -> list[list[str]]:
    found = groups(difference(*assignments))  # type: ignore[arg-type]  # made by examples
    return [[each.folder for each in group.members] for group in found]


def test_the_same_lines_for_the_same_causes_are_one_group() -> None:
    assert members(
        assignment("a", "web", causes=(cause(),)), assignment("b", "web", causes=(cause(),))
    ) == [["a/web", "b/web"]]


def test_other_lines_are_another_group() -> None:
    assert members(assignment("a", "web"), assignment("b", "web", new="a: 3\n")) == [
        ["a/web"],
        ["b/web"],
    ]


def test_the_same_lines_for_other_causes_are_another_group() -> None:
    assert members(
        assignment("a", "web", causes=(cause("x"),)), assignment("b", "web", causes=(cause("y"),))
    ) == [["a/web"], ["b/web"]]


def test_names_of_the_assignment_do_not_part_a_group() -> None:
    assert members(
        assignment("east", "shop-web", new="ns: dev-shop-web\nat: east\n"),
        assignment("west", "shop-api", new="ns: dev-shop-api\nat: west\n"),
    ) == [["east/shop-web", "west/shop-api"]]


def test_a_name_inside_a_longer_word_is_no_name() -> None:
    assert members(
        assignment("east", "shop-web", new="at: eastern\n"),
        assignment("west", "shop-web", new="at: western\n"),
    ) == [["east/shop-web"], ["west/shop-web"]]


def test_a_name_of_two_letters_is_taken_for_any_text() -> None:
    assert members(
        assignment("eu", "shop-web", new="at: eu\n"), assignment("us", "shop-web", new="at: us\n")
    ) == [["eu/shop-web"], ["us/shop-web"]]


def test_context_around_the_lines_does_not_part_a_group() -> None:
    assert members(
        assignment("east", "web", old="x\na: 1\n", new="x\na: 2\n"),
        assignment("west", "web", old="y\na: 1\n", new="y\na: 2\n"),
    ) == [["east/web", "west/web"]]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("", "a\n", ("+a",)),
        ("a\n", "", ("-a",)),
        ("a\nb\nc\n", "a\nB\nc\n", ("-b", "+B")),
        ("a\nb\nc\nd\n", "A\nb\nc\nD\n", ("-a", "+A", "-d", "+D")),
        ("a\na\n", "a\na\na\n", ("+a",)),
        ("a", "a\n", ("-\\ No newline at end of file",)),
        ("a\n", "a", ("+\\ No newline at end of file",)),
        ("a\n", "a\n", ()),
    ],
)
def test_lines_that_go_and_come(old: str, new: str, lines: tuple[str, ...]) -> None:
    assert changed_lines(old, new) == lines


TEXTS = st.lists(st.sampled_from("abc"), max_size=6).map(
    lambda lines: "".join(f"{x}\n" for x in lines)
)


@given(TEXTS, TEXTS)
def test_lines_that_come_and_go_make_up_the_whole_difference(old: str, new: str) -> None:
    lines = changed_lines(old, new)
    balance = sorted([*old.split(), *(line[1:] for line in lines if line[0] == "+")])
    assert balance == sorted([*new.split(), *(line[1:] for line in lines if line[0] == "-")])


def test_a_file_that_comes_or_goes_is_compared_with_nothing() -> None:
    added = unified(FileDifference("a/b/c.yaml", "added", "", "x\n"))
    removed = unified(FileDifference("a/b/c.yaml", "removed", "x\n", ""))
    assert added == ["--- /dev/null", "+++ b/a/b/c.yaml", "@@ -0,0 +1 @@", "+x"]
    assert removed == ["--- a/a/b/c.yaml", "+++ /dev/null", "@@ -1 +0,0 @@", "-x"]


def test_a_missing_last_newline_is_a_difference_too() -> None:
    assert unified(FileDifference("f", "changed", "x\n", "x")) == [
        "--- a/f",
        "+++ b/f",
        "+\\ No newline at end of file",
    ]


def test_a_first_delivery_is_told_by_policy() -> None:
    found = groups(difference(*first_delivery(40, 20)))
    assert [[each.name for each in group.causes] for group in found] == [["policy-0"], ["policy-1"]]
    assert [len(group.members) for group in found] == [400, 400]
    assert [group.span for group in found] == ["20 workloads on 20 cluster types"] * 2
    assert found[0].left_out == (("ClusterType", 20), ("Workload", 20))


def test_few_additions_are_told_each_with_its_causes() -> None:
    found = groups(difference(*first_delivery(10, 3)))
    assert len(found) == 30
    assert {len(group.causes) for group in found} == {3}
    assert {group.left_out for group in found} == {()}


def test_a_change_is_never_taken_together_with_another_one() -> None:
    changes = [assignment("east", f"web-{n:03}", new=f"a: {n + 5}\n") for n in range(40)]
    assert len(groups(difference(*changes))) == 40


def test_additions_that_share_no_cause_are_one_group() -> None:
    many = first_delivery(40, 1, policies=40)
    (group,) = groups(difference(*many))
    assert [each.name for each in group.causes] == ["type-00"]
    assert group.span == "40 workloads on 1 cluster type"


def test_of_assignments_without_a_workload_the_targets_are_counted() -> None:
    gone = [
        assignment("east", f"web-{n:03}", "removed", causes=(cause(f"c{n}"),)) for n in range(40)
    ]
    (group,) = groups(difference(*gone))
    assert group.span == "40 deployment targets on 1 cluster type"
