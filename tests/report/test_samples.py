"""Additions are shown by a sample: all files of one assignment, for each kind of addition."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from kalypso.model.difference import AssignmentDifference, ChangeKind, FileDifference
from kalypso.report import terminal
from kalypso.report.groups import groups
from kalypso.report.markdown import diff_markdown
from kalypso.report.samples import samples
from tests.report.examples import assignment, cause, difference, first_delivery

FLUX = "apiVersion: v1\nkind: Kustomization\nspec:\n  kind: Inner\n"
ARGO = "kind: Application\n"


def added(cluster_type: str, target: str, text: str, because: str) -> AssignmentDifference:
    return assignment(cluster_type, target, "added", old="", new=text, causes=(cause(because),))


def sampled(*assignments: AssignmentDifference) -> list[str]:
    """Return the assignments whose files are shown, by their folders."""
    found = groups(difference(*assignments))
    return [file.path.rpartition("/")[0] for each in samples(found) for file in each]


def test_an_addition_is_shown_with_all_its_files() -> None:
    text = diff_markdown(difference(added("drone", "web", FLUX, "common")))
    assert (
        "A sample, the files of <code>drone/web</code>:\n\n"
        "```yaml\n# config.yaml\napiVersion: v1\nkind: Kustomization\nspec:\n  kind: Inner\n```"
    ) in text


def test_each_kind_of_addition_has_one_sample() -> None:
    assert sampled(
        added("drone", "api", FLUX, "one"),
        added("drone", "web", FLUX.replace("Inner", "Other"), "other"),
        added("large", "api", ARGO, "third"),
    ) == ["drone/api", "large/api"]


def test_a_first_delivery_of_a_fleet_has_a_sample_of_each_kind() -> None:
    text = diff_markdown(difference(*first_delivery(100, 100)))
    assert text.count("A sample, the files of") == 1


@pytest.mark.parametrize("kind", ["changed", "removed"])
def test_what_changes_or_goes_needs_none(kind: ChangeKind) -> None:
    assert sampled(assignment("drone", "web", kind)) == []


def test_names_stay_where_there_is_no_room_for_a_sample() -> None:
    long = "".join(f"key-{number}: {'x' * 200}\n" for number in range(80))
    many = [added("drone", f"web-{number}", long, "one") for number in range(3)]
    text = diff_markdown(difference(*many), 4_000)
    assert "A sample" not in text
    assert "drone/web-2" in text


def test_a_long_manifest_is_cut() -> None:
    text = diff_markdown(difference(added("drone", "web", "a: 1\n" * 500, "one")))
    assert "… and 421 more lines" in text
    assert text.count("a: 1\n") < 100


def test_a_manifest_cannot_close_the_fence_around_it() -> None:
    text = diff_markdown(difference(added("drone", "web", "a: |\n  ```\n# not a heading\n", "one")))
    assert "````yaml\n# config.yaml\na: |\n  ```\n# not a heading\n````" in text


def test_texts_are_read_of_the_few_that_may_be_shown() -> None:
    without = [replace(each, files=_textless(each)) for each in first_delivery(20, 20)]
    asked: list[Sequence[str]] = []

    def read(paths: Sequence[str]) -> dict[str, str]:
        asked.append(paths)
        return dict.fromkeys(paths, ARGO)

    text = diff_markdown(difference(*without), read=read)
    assert "```yaml\n# config.yaml\nkind: Application\n```" in text
    assert [0 < len(paths) <= 30 for paths in asked] == [True]


def test_nothing_is_read_where_all_texts_are_known() -> None:
    def read(paths: Sequence[str]) -> dict[str, str]:
        raise AssertionError(paths)

    assert "kind: Inner" in diff_markdown(difference(added("a", "b", FLUX, "c")), read=read)


def test_a_text_that_could_not_be_read_is_no_sample() -> None:
    each = added("drone", "web", FLUX, "one")
    found = difference(replace(each, files=_textless(each)))
    assert "A sample" not in diff_markdown(found, read=lambda _: {})


def test_what_has_no_text_is_no_sample() -> None:
    each = added("drone", "web", FLUX, "one")
    text = diff_markdown(difference(replace(each, files=_textless(each))))
    assert "A sample" not in text
    assert "drone/web" in text


def _textless(each: AssignmentDifference) -> tuple[FileDifference, ...]:
    return tuple(replace(file, new="") for file in each.files)


def test_a_blank_line_of_a_sample_is_blank_in_a_terminal() -> None:
    text = "A sample:\n\n```yaml\na: 1\n\nb: 2\n```"
    assert terminal(text, 80) == "A sample:\n\n    a: 1\n\n    b: 2"
