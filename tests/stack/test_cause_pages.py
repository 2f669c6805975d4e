"""Causes link to the commit that was read, manifests to the one that is proposed."""

from __future__ import annotations

import pytest

from kalypso.delivery import PROPOSED_COMMIT
from kalypso.errors import Position
from kalypso.forge import Place
from kalypso.model import Cause, CauseKind, ChangeKind, Reading
from kalypso.report import SourceChange
from kalypso.stack.cause_pages import cause_links, manifest_links, plain_page
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings

HOME = "https://github.com/acme"
OLD, NEW, MAIN = "1" * 40, "2" * 40, "3" * 40


def on(forge: str) -> Settings:
    owner = {"kalypso:github.owner": "acme"} if forge == "github" else {}
    return parse_settings({"kalypso:forge": forge, **owner}, "dev")


def source(address: str, branch: str, commit: str, before: str = OLD) -> SourceChange:
    return SourceChange(reading=Reading(address, branch, commit), before=before)


def cause(file: str, change: CauseKind = "changed") -> Cause:
    return Cause(kind="ConfigMap", name="c", change=change, at=Position(file, 7, 3))


PLANE = source(f"{HOME}/plane", "dev", NEW)


@pytest.mark.parametrize(
    ("found", "page"),
    [
        (cause("plane@dev:configs/a.yaml"), f"{HOME}/plane/blob/{NEW}/configs/a.yaml#L7"),
        (cause("plane@dev:a b(1).yaml"), f"{HOME}/plane/blob/{NEW}/a%20b%281%29.yaml#L7"),
        (cause("plane@dev:a.yaml", "removed"), f"{HOME}/plane/blob/{OLD}/a.yaml#L7"),
        (cause("plane@main:a.yaml"), ""),
        (cause("a.yaml"), ""),
    ],
)
def test_a_cause_is_shown_in_the_commit_that_has_it(found: Cause, page: str) -> None:
    assert cause_links([PLANE], on("github"))(found) == page


def test_a_source_without_a_branch_is_found_by_its_commit() -> None:
    links = cause_links([source(f"{HOME}/plane", "", MAIN)], on("github"))
    assert links(cause("plane@3333333333:a.yaml")) == f"{HOME}/plane/blob/{MAIN}/a.yaml#L7"


def test_what_was_removed_from_a_source_that_was_never_read_has_no_page() -> None:
    links = cause_links([source(f"{HOME}/plane", "dev", NEW, before="")], on("github"))
    assert not links(cause("plane@dev:a.yaml", "removed"))


def test_two_repositories_of_one_name_are_not_confused() -> None:
    others = [PLANE, source("https://github.com/other/plane", "dev", MAIN)]
    assert not cause_links(others, on("github"))(cause("plane@dev:a.yaml"))


def test_the_local_forge_has_no_pages() -> None:
    local = source("http://127.0.0.1:3180/plane", "dev", NEW)
    assert not cause_links([local], on("local"))(cause("plane@dev:a.yaml"))


@pytest.mark.parametrize(
    "page", ["https://e.example/a)b", "https://e.example/a b", "javascript:(x)"]
)
def test_a_page_that_markdown_could_misread_is_not_linked(page: str) -> None:
    assert not plain_page(page)


def gitops(forge: str) -> Place:
    place = on(forge).forge.place(
        f"{HOME}/gitops" if forge == "github" else "http://127.0.0.1:3180/gitops"
    )
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("kind", "commit"), [("added", PROPOSED_COMMIT), ("changed", PROPOSED_COMMIT), ("removed", OLD)]
)
def test_a_manifest_is_shown_in_the_commit_that_has_it(kind: ChangeKind, commit: str) -> None:
    page = manifest_links(gitops("github"), OLD)("store/web/a b.yaml", kind)
    assert page == f"{HOME}/gitops/blob/{commit}/store/web/a%20b.yaml"


def test_a_manifest_on_the_local_forge_has_no_page() -> None:
    assert not manifest_links(gitops("local"), OLD)("store/web/a.yaml", "changed")


def test_the_commit_that_is_proposed_is_as_long_as_any_and_means_nothing_to_markdown() -> None:
    assert len(PROPOSED_COMMIT) == len(NEW)
    assert plain_page(PROPOSED_COMMIT)
