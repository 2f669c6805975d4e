"""What commands print about a repository of the local forge works when it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from kalypso.cli.place import find_gitops
from kalypso.errors import SettingsError
from kalypso.forge.local.folder import LocalFolder, LocalPlace


def place(forge: Path, name: str, *others: str) -> LocalPlace:
    """Return a repository of a forge that has others too."""
    for each in (name, *others):
        (forge / f"{each}.git").mkdir(parents=True)
    return LocalPlace(LocalFolder(forge), name)


def test_the_only_gitops_repository_need_not_be_named(tmp_path: Path) -> None:
    made = place(
        tmp_path, "acme-gitops", "acme-app-gitops", "acme-svc-gitops", "acme-control-plane"
    )
    assert made.option == ""
    assert made.look(3) == "look at it with `kalypso pr show 3`"
    assert find_gitops(tmp_path, "") == made


def test_one_of_several_gitops_repositories_is_named_by_every_command(tmp_path: Path) -> None:
    made = place(tmp_path, "acme-gitops", "north-gitops")
    assert made.look(3) == "look at it with `kalypso pr show 3 -r acme-gitops`"
    assert made.decide(3) == (
        "`kalypso pr show 3 -r acme-gitops`, then `kalypso pr merge 3 -r acme-gitops`"
    )
    with pytest.raises(SettingsError, match="it is not clear which repository"):
        find_gitops(tmp_path, "")
    assert find_gitops(tmp_path, "acme-gitops") == made


@pytest.mark.parametrize("name", ["acme-control-plane", "acme-app-gitops", "acme-svc-gitops"])
def test_a_repository_that_commands_do_not_look_at_by_themselves_is_named(
    tmp_path: Path, name: str
) -> None:
    assert place(tmp_path, name, "acme-gitops").look(1).endswith(f"`kalypso pr show 1 -r {name}`")


def test_a_repository_that_is_yet_to_be_made_counts_beside_those_that_exist(tmp_path: Path) -> None:
    place(tmp_path, "acme-gitops")
    assert LocalPlace(LocalFolder(tmp_path), "north-gitops").option == " -r north-gitops"
