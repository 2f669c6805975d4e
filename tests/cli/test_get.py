"""`kalypso get` beyond its cases: what it refuses before it reads anything."""

from tests.cli.command import ask, run


def test_an_unknown_kind_of_thing_is_refused_with_those_there_are() -> None:
    result = ask("get", "assignment")
    assert result.code == 2
    assert "'assignment' is not one of 'assignments', 'cluster-types'" in result.err


def test_an_unknown_form_is_refused() -> None:
    result = ask("get", "assignments", "-o", "xml")
    assert result.code == 2
    assert "'xml' is not one of" in result.err


def test_the_control_plane_must_be_named() -> None:
    result = run(["get", "targets", "-e", "dev"])
    assert result.code == 2
    assert "Missing option '--control-plane'" in result.err


def test_assignments_of_one_workload_are_listed_alone() -> None:
    found = ask("get", "assignments", "-o", "name", "--workload", "metrics")
    assert found.out == "drone/metrics-agent\nhangar/metrics-agent\nstore/metrics-agent\n"


def test_workload_that_runs_nowhere_has_no_assignments() -> None:
    result = ask("get", "assignments", "--workload", "nope")
    assert (result.code, result.out, result.err) == (0, "", "no assignments in dev\n")
