"""The guard against removing too much: it stops a run until exactly that is wanted."""

from __future__ import annotations

import pytest

from kalypso.errors import DeliveryError
from kalypso.gitops.plans import Plan, plan
from kalypso.gitops.readme import OPERATOR_TEXT
from kalypso.gitops.removals import Limits, check, digest


def removing(gone: int, of: int) -> Plan:
    """Plan the removal of some of the assignments ``a/t000``, ``a/t001`` …."""
    present = {f"a/t{number:03}/reconciler.yaml": b"x" for number in range(of)}
    wanted = {f"a/t{number:03}/reconciler.yaml": "x" for number in range(gone, of)}
    return plan(present, {**wanted, "a/README.md": OPERATOR_TEXT})


@pytest.mark.parametrize(
    ("gone", "of"),
    [(0, 0), (0, 5), (1, 2), (3, 8), (4, 10), (5, 11), (5, 50), (10, 100), (100, 1_000)],
)
def test_a_few_assignments_may_go(gone: int, of: int) -> None:
    check(removing(gone, of), Limits(), "dev")


@pytest.mark.parametrize(
    ("gone", "of", "what"),
    [
        (1, 1, "the only assignment"),
        (3, 3, "all 3 assignments"),
        (2, 3, "2 of 3 assignments"),
        (4, 8, "4 of 8 assignments"),
        (5, 10, "5 of 10 assignments"),
        (6, 50, "6 of 50 assignments"),
        (11, 100, "11 of 100 assignments"),
        (80, 100, "80 of 100 assignments"),
        (1_000, 1_000, "all 1000 assignments"),
    ],
)
def test_more_is_refused(gone: int, of: int, what: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        check(removing(gone, of), Limits(), "dev")
    assert caught.value.problem.code == "too-many-removals"
    assert caught.value.problem.message == f"this would remove {what} of 'dev'"


def test_the_refusal_lists_what_would_go_by_cluster_type() -> None:
    present = {
        "large/app-test/reconciler.yaml": b"x",
        "drone/app-test/reconciler.yaml": b"x",
        "drone/web-test/reconciler.yaml": b"x",
    }
    with pytest.raises(DeliveryError) as caught:
        check(plan(present, {}), Limits(), "dev")
    assert str(caught.value) == (
        "dev:1:1: error: this would remove all 3 assignments of 'dev' [too-many-removals]\n"
        "  drone (2): app-test, web-test\n"
        "  large (1): app-test\n"
        "  hint: if exactly this is wanted, set limits.acknowledge to d01c4f0a1734"
    )


def test_a_long_list_is_shortened_and_says_so() -> None:
    with pytest.raises(DeliveryError, match=r"a \(80\): t000, .*, t019 and 60 more"):
        check(removing(80, 100), Limits(), "dev")


def test_an_acknowledgement_lets_exactly_its_set_through() -> None:
    wanted = removing(80, 100)
    check(wanted, Limits(acknowledge=digest(wanted.removed_assignments)), "dev")
    with pytest.raises(DeliveryError):
        check(removing(81, 100), Limits(acknowledge=digest(wanted.removed_assignments)), "dev")
    with pytest.raises(DeliveryError):
        check(removing(79, 100), Limits(acknowledge=digest(wanted.removed_assignments)), "dev")


def test_a_renamed_label_that_takes_most_of_a_fleet_is_refused() -> None:
    present = {f"c{number}/app/reconciler.yaml": b"x" for number in range(50)}
    wanted = {f"c{number}/README.md": OPERATOR_TEXT for number in range(50)}
    wanted |= {f"c{number}/app/reconciler.yaml": "x" for number in range(10)}
    with pytest.raises(DeliveryError, match="40 of 50"):
        check(plan(present, wanted), Limits(), "dev")


def test_limits_are_settings() -> None:
    check(removing(49, 50), Limits(removals=49), "dev")
    check(removing(49, 50), Limits(share=0.98), "dev")
    check(removing(4, 8), Limits(share=0.5), "dev")
    with pytest.raises(DeliveryError):
        check(removing(2, 50), Limits(removals=1, share=0.01), "dev")


def test_a_digest_names_a_set_in_any_order() -> None:
    assert digest(["a/b", "c/d"]) == digest(["c/d", "a/b"])
    assert digest(["a/b"]) != digest(["a/b", "c/d"])
    assert len(digest([])) == 12
