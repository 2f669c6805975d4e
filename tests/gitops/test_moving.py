"""Moving what there is to another cluster type is not a removal of everything."""

from __future__ import annotations

import pytest

from kalypso.errors import DeliveryError
from kalypso.gitops.plans import plan
from kalypso.gitops.removals import Limits, check

PRESENT = {
    "drone/README.md": b"",
    "drone/app-test/namespace.yaml": b"kind: Namespace\n",
    "large/README.md": b"",
}


def test_the_only_assignment_may_move_to_another_cluster_type() -> None:
    moved = {"drone/README.md": "", "large/README.md": "", "large/app-test/namespace.yaml": "a: 1"}
    check(plan(PRESENT, moved), Limits(), "dev")


def test_the_only_assignment_may_not_just_go() -> None:
    with pytest.raises(DeliveryError, match="remove the only assignment of 'dev'"):
        check(plan(PRESENT, {"drone/README.md": "", "large/README.md": ""}), Limits(), "dev")
