"""Whoever opens a folder of the GitOps repository reads what it is, and where to change it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kalypso.gitops.readme import OPERATOR_TEXT, readmes
from kalypso.model.objects import BaseRepo, ClusterType
from kalypso.model.origin import Origin
from kalypso.model.platform import Platform
from kalypso.model.repositories import Pointer

ORIGIN = Origin("file.yaml", "", 0, 1)
PLANE = "https://git.example/acme/control-plane"


def base(repository: str, name: str = "main") -> BaseRepo:
    return BaseRepo(name=name, labels={}, origin=ORIGIN, pointer=Pointer(repo=repository))


DRONE = ClusterType(
    name="drone", labels={}, origin=ORIGIN, reconciler="a", namespace_service="a", config_type=""
)


def platform(bases: Sequence[BaseRepo]) -> Platform:
    return Platform(environment="dev", cluster_types=(DRONE,), base_repos=tuple(bases))


def test_it_names_the_cluster_type_the_environment_and_where_the_model_is() -> None:
    assert readmes(platform([base(PLANE)]), "walkthrough") == {
        "drone": (
            "# drone in dev\n"
            "\n"
            "This folder holds what clusters of the type `drone` run in the environment `dev`.\n"
            "\n"
            f"Kalypso writes it from the model in `{PLANE}`.\n"
            "Make changes there: one that is made here would be undone by the next pull request.\n"
        )
    }


def test_of_several_bases_it_names_the_main_one() -> None:
    bases = [base("https://git.example/acme/extra", "extra"), base(PLANE)]
    assert f"`{PLANE}`" in readmes(platform(bases), "walkthrough")["drone"]


@pytest.mark.parametrize("bases", [[], [base("a`b")], [base("a b")], [base("")], [base("a\n# b")]])
def test_an_address_that_is_unknown_or_would_be_markdown_is_left_out(
    bases: Sequence[BaseRepo],
) -> None:
    text = readmes(platform(bases), "walkthrough")["drone"]
    assert "\nKalypso writes it from the platform's model.\nMake changes there:" in text


def test_it_holds_no_token_of_an_address() -> None:
    text = readmes(platform([base("https://ada:hunter2@git.example/plane")]), "walkthrough")
    assert "hunter2" not in text["drone"]
    assert "`https://***@git.example/plane`" in text["drone"]


def test_what_moved_from_the_operator_keeps_its_text() -> None:
    assert readmes(platform([base(PLANE)]), "operator") == {"drone": OPERATOR_TEXT}
    assert OPERATOR_TEXT == "This folder contains deployment targets scheduled on the cluster type"
