"""The chain from dev to prod, with real repositories: what goes on, what stops, what comes back."""

from __future__ import annotations

import re

from tests.chain.platform import Platform


def test_a_change_goes_from_dev_to_prod(platform: Platform) -> None:
    commit = platform.change_main("one\n")
    result = platform.check("dev", commit)
    for environment in ("dev", "stage", "prod"):
        assert platform.promote(environment, commit).code == 0
        assert platform.check(environment, commit).code == 1
        platform.report(environment)
        result = platform.check(environment, commit)
        assert result.code == 0, result
        assert platform.base(environment) == commit
    assert result.out.endswith("  large: healthy\n")
    assert "next:" not in result.out
    listed = platform.types("promotion", "show", "--commit", commit).out
    assert re.findall(r"^(\w+): main \w{7} \(\w+ \w{7}\): (\w+) at", listed, re.MULTILINE) == [
        ("dev", "pass"),
        ("stage", "pass"),
        ("prod", "pass"),
    ]
