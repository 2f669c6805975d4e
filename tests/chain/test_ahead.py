"""What a preview says of the environment before."""

from __future__ import annotations

from kalypso.stack.ahead import ahead_of
from tests.chain.platform import Platform


def test_a_preview_says_how_far_the_environment_before_is_ahead(local: Platform) -> None:
    settings, first = local.settings("stage"), local.base("stage")
    assert ahead_of(settings, first, local.program) == (
        f"stage takes main {first[:7]}; nothing is promoted to dev"
    )
    local.change_main("one\n")
    newest = local.change_main("two\n")
    local.promote("dev", newest)
    assert ahead_of(settings, newest, local.program) == (
        f"stage takes main {newest[:7]}; dev has the same"
    )
    older = local.git("control-plane", "rev-parse", f"{newest}~2").strip()
    assert ahead_of(settings, older, local.program) == (
        f"stage takes main {older[:7]}; dev is 2 commits ahead, at {newest[:7]}"
    )


def test_the_first_environment_has_nobody_ahead(local: Platform) -> None:
    assert ahead_of(local.settings("dev"), local.base("dev"), local.program) == ""


def test_a_platform_that_cannot_be_read_is_passed_over(local: Platform) -> None:
    settings = local.settings("stage")
    (local.program / "Pulumi.dev.yaml").unlink()
    assert ahead_of(settings, local.base("stage"), local.program) == ""
