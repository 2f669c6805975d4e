"""The comment of a CI run fits, and says first what a reviewer must not miss."""

from __future__ import annotations

import pytest

from kalypso.report.comment import Findings, ci_comment
from kalypso.report.markdown import diff_markdown
from tests.report.examples import assignment, difference

MARK = "<!-- kalypso-diff:dev -->"
DIFF = diff_markdown(difference(assignment("drone", "a")))
REFUSED = """\
dev:1:1: error: this would remove 2 of 3 assignments of 'dev' [too-many-removals]
  drone (2): a, b
  hint: if exactly this is wanted, set limits.acknowledge to 0a1b2c3d4e5f
"""
PREVIEW = """\
Previewing update (dev)
Resources:
    ~ 1 to update
    21 unchanged
"""


def test_the_difference_comes_first_and_the_engine_is_folded() -> None:
    found = ci_comment("dev", Findings(difference=DIFF, preview=PREVIEW))
    assert found.startswith(f"{MARK}\n\n### <code>dev</code>: <code>HEAD</code>")
    assert "**0 removed, 1 changed, 0 added**" in found
    assert found.count(MARK) == 1
    assert found.endswith(
        "<details><summary><code>pulumi preview &#45;&#45;diff</code>: 1 to update, 21 unchanged"
        f"</summary>\n\n```\n{PREVIEW}```\n\n</details>".replace("&#45;", "-")
    )


def test_removals_above_the_limit_are_marked_before_totals_and_groups() -> None:
    found = ci_comment("dev", Findings(difference=DIFF, checked=REFUSED))
    assert found.index("> [!CAUTION]\n") < found.index("1 changed") < found.index("| change |")
    assert (
        "> [!CAUTION]\n> **This would remove 2 of 3 assignments of <code>dev</code>**, more than a"
        " run may by default:\n>\n> ```\n> drone (2): a, b\n> ```\n>\n> <code>pulumi up</code>"
    ) in found


def test_the_mark_says_the_command_that_lets_exactly_this_through() -> None:
    found = ci_comment("dev", Findings(difference=DIFF, checked=REFUSED))
    assert (
        "> ```sh\n> pulumi config set kalypso:limits.acknowledge 0a1b2c3d4e5f --stack dev\n> ```\n"
    ) in found


def test_one_warning_names_what_goes_and_that_the_limits_refuse_it() -> None:
    gone = diff_markdown(difference(assignment("drone", "a", "removed", new="")))
    found = ci_comment("dev", Findings(difference=gone, checked=REFUSED))
    assert found.count("[!CAUTION]") == 1
    assert "This would remove 2 of 3 assignments" in found
    assert "> **1 assignment would be removed from <code>dev</code>.**" in found
    assert "\n\n### <code>dev</code>" in found
    within = ci_comment("dev", Findings(difference=gone))
    assert within.startswith(f"{MARK}\n> [!CAUTION]\n> **1 assignment would be removed")


def test_the_engine_knows_the_limits_better() -> None:
    allowed = ci_comment("dev", Findings(difference=DIFF, checked=REFUSED, preview=PREVIEW))
    assert "[!CAUTION]" not in allowed
    engine = f"Previewing update (dev):\nerror: {REFUSED}  pulumi:pulumi:Stack: (same)\n"
    refused = ci_comment("dev", Findings(difference=DIFF, preview=engine, failed=True))
    assert "more than the limits of the stack allow:" in refused
    assert "\n> ```\n> drone (2): a, b\n> ```\n" in refused
    assert "failed" not in refused


def test_what_the_engine_refuses_is_told_and_not_only_folded() -> None:
    engine = (
        "Previewing update (dev):\n"
        "error: control-plane@dev:a.yaml:2:1: error: no [load]\n  hint: fix it\n"
        "  pulumi:pulumi:Stack: (same)\n    [urn=urn:pulumi:dev::kalypso]\n"
    )
    found = ci_comment("dev", Findings(difference=DIFF, preview=engine, failed=True))
    assert "> [!WARNING]\n> **<code>pulumi preview</code> failed**" in found
    assert (
        "```\n> control-plane@dev:a.yaml:2:1: error: no [load]\n>   hint: fix it\n> ```\n" in found
    )


def test_an_engine_that_fails_for_another_reason_hides_no_removals() -> None:
    locked = "error: the stack is currently locked\n"
    shown = Findings(difference=DIFF, checked=REFUSED, preview=locked, failed=True)
    found = ci_comment("dev", shown)
    assert "[!CAUTION]" in found
    assert "> ```\n> the stack is currently locked\n> ```" in found


def test_content_of_a_model_is_no_refusal() -> None:
    planted = f"      + note: |\n          {REFUSED}"
    found = ci_comment("dev", Findings(preview=planted, failed=True))
    assert "[!CAUTION]" not in found


def test_a_broken_model_is_told_with_its_problems() -> None:
    found = ci_comment("dev", Findings(problems="a.yaml:1:1: error: no [load]\n"))
    assert found == (
        f"{MARK}\n\n**<code>dev</code>: the model has errors**, so nothing was compared\n\n"
        "```\na.yaml:1:1: error: no [load]\n```"
    )


def test_a_branch_that_is_broken_already_is_no_reason_to_say_nothing() -> None:
    found = ci_comment("dev", Findings(uncompared="a.yaml:1:1: error: no\n", preview=PREVIEW))
    assert "There is no comparison" in found
    assert "> ```\n> a.yaml:1:1: error: no\n> ```" in found
    assert "<details>" in found


def test_it_ends_with_what_it_is_about_and_where_more_is() -> None:
    commit, page = "0123456789abcdef" * 2, "https://github.com/acme/c/actions/runs/7"
    found = ci_comment("dev", Findings(difference=DIFF, commit=commit, report=page))
    assert found.endswith(f"\n\n[Full report]({page}) of commit <code>0123456789</code>")


def test_output_of_the_engine_cannot_leave_its_fence() -> None:
    found = ci_comment("dev", Findings(preview="```\n@everyone\n```\n"))
    assert "````\n```\n@everyone\n```\n````" in found


@pytest.mark.parametrize("longest", [65_000, 250_000])
def test_however_long_its_parts_are_it_fits(longest: int) -> None:
    refused = REFUSED.replace("  drone (2): a, b\n", f"  {'r' * 90}\n" * 900)
    parts = Findings(
        difference=f"{MARK}\ntotals\n\n{'d' * 45_000}",
        checked=refused,
        preview=f"error: {'e' * 90}\n" + f"{'p' * 90}\n" * 9_000,
        failed=True,
        report="https://github.com/acme/c/actions/runs/7",
    )
    found = ci_comment("dev", parts, longest)
    assert longest - 2_000 < len(found) < longest
    assert found.count("more lines") == 2
    assert found.endswith("(https://github.com/acme/c/actions/runs/7)")


def test_details_that_do_not_fit_are_counted() -> None:
    fold = f"<details><summary>a</summary>\n\n{'d' * 20_000}\n\n</details>"
    found = ci_comment(
        "dev",
        Findings(difference=f"{MARK}\ntotals\n\ntable\n\n{fold}\n\n{fold}\n\n{fold}\n\n{fold}"),
    )
    assert len(found) < 65_000
    assert found.count("<details>") == found.count("</details>") == 3
    assert found.endswith("**Not shown here, since a comment ends somewhere:** 1 detail.")


def test_where_nothing_else_fits_the_engine_is_left_out_and_that_is_said() -> None:
    found = ci_comment("dev", Findings(difference=f"{MARK}\nt\n\n{'d' * 64_200}", preview="p"))
    assert found.endswith("<code>pulumi preview</code> is left out: it does not fit.")


def test_an_environment_cannot_close_the_mark_nor_leave_its_quotes() -> None:
    found = ci_comment("--> *x*", Findings(checked=REFUSED))
    assert found.startswith("<!-- kalypso-diff:-----x- -->")
    assert "*x*" not in found.replace("--stack --> *x*", "")
