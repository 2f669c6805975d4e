"""What goes and comes back under another name is called a rename, and nothing else is."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from kalypso.model import AssignmentDifference, ChangeKind, Difference, FileDifference
from kalypso.report import diff_json, diff_markdown, diff_text, terminal
from kalypso.report.renames import renames
from tests.report.examples import assignment, difference


def moved(*pairs: tuple[str, str], readmes: str = "") -> Difference:
    """Return a difference in which the first folder of each pair goes, and the second comes."""
    found = []
    for old, new in pairs:
        found.append(_assignment(old, "removed"))
        found.append(_assignment(new, "added"))
    base = difference(*found)
    names = [readmes.split()[:1], readmes.split()[1:]]
    files = [FileDifference(f"{name}/README.md", "removed", "x", "") for name in names[0]]
    files += [FileDifference(f"{name}/README.md", "added", "", "x") for name in names[1]]
    return replace(base, other_files=tuple(files))


def _assignment(folder: str, kind: ChangeKind) -> AssignmentDifference:
    cluster, _, target = folder.partition("/")
    if kind == "removed":
        return assignment(cluster, target, kind, new="")
    return assignment(cluster, target, kind, old="")


def shown(found: Difference) -> list[tuple[str, str, str, int]]:
    return [(each.what, each.old, each.new, each.assignments) for each in renames(found)]


def test_a_cluster_type_with_the_same_targets_under_another_name_was_renamed() -> None:
    found = moved(("store/web", "depot/web"), ("store/api", "depot/api"), readmes="store depot")
    assert shown(found) == [("cluster type", "store", "depot", 2)]


def test_a_target_on_the_same_cluster_types_under_a_like_name_was_renamed() -> None:
    found = moved(("store/shop-web", "store/shop-website"), ("hut/shop-web", "hut/shop-website"))
    assert shown(found) == [("deployment target", "shop-web", "shop-website", 2)]


@pytest.mark.parametrize(
    "found",
    [
        moved(("store/web", "store/zzz-other")),
        moved(("store/web", "hut/website")),
        moved(("store/web", "hut/web")),
        moved(("store/web", "depot/api"), readmes="store depot"),
    ],
    ids=["another name", "another cluster type", "moved", "other targets"],
)
def test_what_only_goes_and_comes_is_not_a_rename(found: Difference) -> None:
    assert shown(found) == []


def test_every_form_says_what_a_rename_means_to_clusters() -> None:
    found = moved(("store/web", "depot/web"), readmes="store depot")
    assert "renamed: cluster type store is now depot: to clusters that is a removal" in diff_text(
        found
    )
    assert json.loads(diff_json(found))["renames"] == [
        {"kind": "cluster type", "old": "store", "new": "depot", "assignments": 1}
    ]
    comment = diff_markdown(found)
    assert "> **Renamed, not moved:** cluster type <code>store</code> is now" in comment
    assert terminal(comment).startswith("CAUTION:\n1 assignment would be removed from dev.")


def test_without_a_removal_nothing_is_warned_about() -> None:
    assert "CAUTION" not in diff_markdown(difference(assignment("store", "web", "added", old="")))
