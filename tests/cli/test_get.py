"""`kalypso get` beyond its cases: what it refuses before it reads anything."""

import pytest

from tests.cli.command import ask, run


def test_an_unknown_kind_of_thing_is_refused_with_those_there_are() -> None:
    result = ask("get", "assignmant")
    assert result.code == 2
    assert "'assignmant' is not one of 'assignments', 'cluster-types'" in result.err


def test_an_unknown_form_is_refused() -> None:
    result = ask("get", "assignments", "-o", "xml")
    assert result.code == 2
    assert "'xml' is not one of" in result.err


def test_the_control_plane_must_be_named() -> None:
    result = run(["get", "targets", "-e", "dev"])
    assert result.code == 2
    assert "Missing option '--control-plane'" in result.err


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("assignment", "assignments"),
        ("cluster-type", "cluster-types"),
        ("policy", "policies"),
        ("target", "targets"),
        ("deployment-target", "targets"),
        ("deployment-targets", "targets"),
        ("config", "configs"),
    ],
)
def test_the_singular_means_the_same(singular: str, plural: str) -> None:
    assert ask("get", singular).out == ask("get", plural).out != ""


def test_labels_select_and_headings_may_go() -> None:
    everything = ask("get", "cluster-types", "-o", "name").out.splitlines()
    west = ask("get", "cluster-types", "-o", "name", "-l", "region=west").out.splitlines()
    others = ask("get", "cluster-types", "-o", "name", "-l", "region!=west").out.splitlines()
    assert sorted(west + others) == sorted(everything)
    assert west
    assert others
    headed = ask("get", "cluster-types").out
    assert ask("get", "cluster-types", "--no-headers").out == headed.partition("\n")[2]


@pytest.mark.parametrize("column", ["assignments", "ASSIGNMENTS"])
def test_a_column_orders_by_size(column: str) -> None:
    rows = ask("get", "cluster-types", "--no-headers", "--sort-by", column).out.splitlines()
    numbers = [int(row.split()[1]) for row in rows]
    assert numbers == sorted(numbers)
    assert len(numbers) > 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--sort-by", "size"), "there is no column 'size'"),
        (("-l", "=west"), "'=west' is not a label selector"),
        (("-l", "a,,b"), "'a,,b' is not a label selector"),
    ],
)
def test_what_cannot_be_selected_or_ordered_is_an_error(
    options: tuple[str, ...], message: str
) -> None:
    result = ask("get", "cluster-types", *options)
    assert result.code == 2
    assert message in result.err


def test_assignments_of_one_workload_are_listed_alone() -> None:
    found = ask("get", "assignments", "-o", "name", "--workload", "metrics")
    assert found.out == "drone/metrics-agent\nhangar/metrics-agent\nstore/metrics-agent\n"


def test_workload_that_runs_nowhere_has_no_assignments() -> None:
    result = ask("get", "assignments", "--workload", "nope")
    assert (result.code, result.out, result.err) == (0, "", "no matching assignments in dev\n")
