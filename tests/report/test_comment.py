"""The comment of a CI run fits, and says first what a reviewer must not miss."""

from __future__ import annotations

from kalypso.report.comment import ci_comment
from kalypso.report.markdown import diff_markdown
from tests.report.examples import assignment, difference

MARK = "<!-- kalypso-diff:dev -->"
DIFF = diff_markdown(difference(assignment("drone", "a")))


def test_the_difference_comes_first_and_the_engine_is_folded() -> None:
    found = ci_comment("dev", diff=DIFF, preview="Previewing update (dev)\n")
    assert found.startswith(f"{MARK}\n\n**<code>dev</code>: 0 removed, 1 changed")
    assert found.count(MARK) == 1
    assert found.endswith(
        "<details><summary><code>pulumi preview --diff</code></summary>\n\n"
        "```\nPreviewing update (dev)\n```\n\n</details>"
    )


def test_removals_stand_above_everything() -> None:
    found = ci_comment("dev", diff=DIFF, removals="drone (2): a, b\n")
    assert found.index("[!CAUTION]") < found.index("drone (2): a, b") < found.index("1 changed")


def test_a_broken_model_is_told_with_its_problems() -> None:
    found = ci_comment("dev", problems="a.yaml:1:1: error: no [load]\n")
    assert found == (
        f"{MARK}\n\n**<code>dev</code>: the model has errors**\n\n"
        "```\na.yaml:1:1: error: no [load]\n```"
    )


def test_output_of_the_engine_cannot_leave_its_fence() -> None:
    found = ci_comment("dev", preview="```\n@everyone\n```\n")
    assert "````\n```\n@everyone\n```\n````" in found


def test_however_long_its_parts_are_it_fits() -> None:
    found = ci_comment(
        "dev", diff="d" * 45_000, removals=f"{'r' * 90}\n" * 90, preview=f"{'p' * 90}\n" * 900
    )
    assert 55_000 < len(found) < 65_000
    assert "more lines" in found


def test_where_nothing_else_fits_the_engine_is_left_out() -> None:
    assert "pulumi preview" not in ci_comment("dev", diff="d" * 64_800, preview="p")


def test_an_environment_cannot_close_the_mark() -> None:
    assert ci_comment("--> x").startswith("<!-- kalypso-diff:----x -->")
