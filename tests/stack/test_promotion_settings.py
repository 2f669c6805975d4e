"""What a stack says about promotion: read into the conditions of a gate, or refused with a line."""

from __future__ import annotations

import json
from datetime import time
from fractions import Fraction
from pathlib import Path

import pytest

from kalypso.errors import Problems
from kalypso.promotion import Conditions, Freeze, Window
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings, read_settings


def parsed(**given: object) -> Settings:
    config = {f"kalypso:{key}": json.dumps(value) for key, value in given.items()}
    return parse_settings(config, "dev")


def refusal(**given: object) -> str:
    with pytest.raises(Problems) as caught:
        parsed(**given)
    return str(caught.value)


def test_without_a_word_every_cluster_has_to_be_healthy() -> None:
    assert parsed(promotion={"dev": {}}).promotion["dev"].conditions == Conditions()


def test_everything_may_be_said() -> None:
    given = {
        "share": "95%",
        "healthyFor": "10m",
        "approvals": 2,
        "approvers": ["ann", "bob"],
        "health": "applied",
        "removal": "wait",
        "allowEmpty": True,
        "freeze": "audit",
        "freezes": [{"from": "2026-12-20T00:00:00Z", "to": "2026-12-21T00:00:00Z", "why": "end"}],
        "checks": [{"name": "smoke", "command": ["./smoke.sh"]}],
        "hours": [{"days": ["mon", "sun"], "from": "08:00", "to": "16:30", "zone": "Asia/Tokyo"}],
    }
    assert parsed(promotion={"dev": given}).promotion["dev"].conditions == Conditions(
        share=Fraction(19, 20),
        healthy_for=600.0,
        approvals=2,
        approvers=frozenset({"ann", "bob"}),
        health="applied",
        removal="wait",
        allow_empty=True,
        frozen="audit",
        freezes=(Freeze(1_797_724_800.0, 1_797_811_200.0, "end"),),
        checks=frozenset({"smoke"}),
        windows=(Window(frozenset({0, 6}), time(8), time(16, 30), "Asia/Tokyo"),),
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"freezes": [{"from": "soon", "to": "2026-12-21T00:00:00Z"}]},
            "freezes[0].from' is wrong: input should be a time in quotes",
        ),
        (
            {"freezes": [{"from": "2026-12-21T00:00:00Z", "to": "2026-12-20T00:00:00Z"}]},
            "a freeze ends after it begins",
        ),
        (
            {"checks": [{"name": "a", "command": ["x"], "url": "https://a.example"}]},
            "a check has either a command or a url",
        ),
        ({"checks": [{"name": "a", "url": "ftp://a.example"}]}, "checks[0].url' is wrong"),
        ({"share": "0%"}, "promotion.dev.share' is wrong: input should be a share, as 95% or 2/3"),
        (
            {"share": "101%"},
            "promotion.dev.share' is wrong: input should be a share, as 95% or 2/3",
        ),
        ({"share": "2/0"}, "promotion.dev.share' is wrong: input should be a share, as 95% or 2/3"),
        (
            {"healthyFor": "ten minutes"},
            "promotion.dev.healthyFor' is wrong: input should be a duration, as 10m or 1h30m",
        ),
        ({"approvals": -1}, "greater than or equal to 0"),
        ({"health": "maybe"}, "input should be 'healthy' or 'applied'"),
        ({"freeze": False}, "promotion.dev.freeze' is wrong: input should be a valid string"),
        (
            {"hours": [{"from": "8", "to": "16:00"}]},
            "the setting 'promotion.dev.hours[0].from' is wrong",
        ),
        ({"shares": "95%"}, "did you mean promotion.dev.share?"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_what_a_gate_could_misread_is_refused(given: dict[str, object], told: str) -> None:
    assert told in refusal(promotion={"dev": given})


def test_a_cluster_that_nobody_touches_is_reported_about() -> None:
    (cluster,) = parsed(clusters=[{"name": "drone"}]).clusters
    assert cluster.read_by == ("reports",)


def test_how_a_cluster_is_read_may_be_said() -> None:
    given = [
        {"name": "drone", "context": "edge", "evidence": ["cluster", "reports"], "required": False}
    ]
    (cluster,) = parsed(clusters=given).clusters
    assert (cluster.read_by, cluster.required) == (("cluster", "reports"), False)


def test_an_unknown_way_to_read_a_cluster_is_refused() -> None:
    told = refusal(clusters=[{"name": "drone", "evidence": ["hearsay"]}])
    assert "the setting 'clusters[0].evidence[0]' is wrong: input should be 'azure'" in told


def test_a_time_without_quotes_is_told_and_no_traceback(tmp_path: Path) -> None:
    freeze = "{from: 2026-12-20T00:00:00Z, to: 2026-12-21T00:00:00Z}"
    (tmp_path / "Pulumi.dev.yaml").write_text(
        f"config:\n  kalypso:promotion: {{dev: {{freezes: [{freeze}]}}}}\n"
    )
    with pytest.raises(Problems, match="should be a time in quotes"):
        read_settings(tmp_path, "dev")
