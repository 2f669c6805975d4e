"""Answers fit the terminal: lines are as long as it is wide, and no word is broken."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pytest

from tests.cli.command import FLEET, MODEL, run

COMMANDS = {
    "why": ("why", *MODEL, "drone/metrics-agent"),
    "why-not": ("why", *MODEL, "--not", "drone/shop-web"),
    "tree": ("tree", *MODEL),
    "tree-by-workspace": ("tree", *MODEL, "--by", "workspace"),
    "config": ("config", *MODEL, "drone/metrics-agent"),
    "get": ("get", *MODEL, "assignments"),
    "code": ("explain", "missing-key"),
    "kind": ("explain", "Workload.spec.deploymentTargets"),
}
_DRAWN = str.maketrans("", "", "│├└─")


class Show(Protocol):
    """Runs a command on a terminal of so many columns; 0 for none."""

    def __call__(self, words: Sequence[str], columns: int, folder: Path = FLEET) -> str:
        """Return what it prints."""


class Screen(io.StringIO):
    """Output that somebody reads."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Return the way to run a command on a terminal."""
    piped = io.StringIO
    monkeypatch.setenv("LINES", "1000")
    monkeypatch.setenv("NO_COLOR", "1")

    def shown(words: Sequence[str], columns: int, folder: Path = FLEET) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(io, "StringIO", Screen if columns else piped)
        result = run(words, folder)
        assert (result.code, result.err) == (0, "")
        return result.out

    return shown


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_line_fits_the_terminal(show: Show, name: str, columns: int) -> None:
    lines = show(COMMANDS[name], columns).splitlines()
    assert [line for line in lines if len(line) > columns] == []
    assert lines


@pytest.mark.parametrize("columns", [10, 40, 80])
@pytest.mark.parametrize("name", COMMANDS)
def test_no_word_is_broken_or_lost(show: Show, name: str, columns: int) -> None:
    whole = show(COMMANDS[name], 0).translate(_DRAWN).split()
    narrow = show(COMMANDS[name], columns).translate(_DRAWN).split()
    assert sorted(narrow) == sorted(whole)


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"code"}))
def test_a_wide_terminal_shows_what_a_file_gets(show: Show, name: str) -> None:
    assert show(COMMANDS[name], 500) == show(COMMANDS[name], 0)


def test_what_was_found_is_below_what_is_asked_for_where_both_do_not_fit(show: Show) -> None:
    assert show(COMMANDS["why"], 72) == (
        "drone/metrics-agent is assigned by 2 of 4 policies\n"
        "\n"
        "metrics-in-the-east   dev/policies/platform.yaml:13\n"
        "  ok  deployment target   workspace = platform-team   line 19\n"
        "      is platform-team   base/workloads/registrations.yaml:21\n"
        "  ok  deployment target   kind = metrics              line 22\n"
        "      is metrics         repositories/platform-src/workload.yaml:9\n"
        "  ok  cluster type        region = east               line 26\n"
        "      is east            dev/cluster-types/east.yaml:6\n"
        "\n"
        "metrics-everywhere   dev/policies/platform.yaml:1\n"
        "  ok  deployment target   kind = metrics   line 9\n"
        "      is metrics   repositories/platform-src/workload.yaml:9\n"
        "  ok  cluster type        everything\n"
    )


def test_the_place_of_a_policy_goes_below_what_it_lacks(show: Show) -> None:
    shown = show(COMMANDS["why-not"], 50).splitlines()
    start = shown.index("metrics-in-the-east   2 conditions not met")
    assert shown[start + 1] == "    dev/policies/platform.yaml:13"


def test_what_was_found_is_not_aligned_where_only_single_lines_fit(show: Show) -> None:
    shown = show(COMMANDS["why"], 65).splitlines()
    assert shown[3:7] == [
        "  ok  deployment target   workspace = platform-team   line 19",
        "      is platform-team   base/workloads/registrations.yaml:21",
        "  ok  deployment target   kind = metrics              line 22",
        "      is metrics   repositories/platform-src/workload.yaml:9",
    ]


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (
            52,
            [
                "│   ├── metrics-agent   metrics-everywhere,",
                "│   │                   metrics-in-the-east",
                "│   ├── shop-orders     back-off-restricted",
            ],
        ),
        (
            40,
            [
                "│   ├── metrics-agent",
                "│   │     metrics-everywhere,",
                "│   │     metrics-in-the-east",
                "│   ├── shop-orders",
                "│   │     back-off-restricted",
            ],
        ),
    ],
)
def test_a_branch_goes_on_beside_what_is_wrapped(
    show: Show, columns: int, lines: list[str]
) -> None:
    shown = show(COMMANDS["tree"], columns).splitlines()
    start = shown.index("├── hangar") + 1
    assert shown[start : start + len(lines)] == lines


@pytest.mark.parametrize(("when", "verdict"), [("always", "\x1b[31mNO\x1b[0m"), ("never", "NO")])
def test_a_verdict_is_in_colour_unless_colours_are_off(show: Show, when: str, verdict: str) -> None:
    shown = show(("--color", when, *COMMANDS["why-not"]), 80)
    assert f"  {verdict}  cluster type        size = large" in shown
    assert ("\x1b[32mok" in shown) == (when == "always")


def test_settings_fit_the_terminal(show: Show, tmp_path: Path) -> None:
    (tmp_path / "kalypso.yaml").write_text(
        "environment: dev\nenvironments: [dev, stage, production-in-the-north]\n"
    )
    assert show(["settings"], 60, tmp_path) == (
        "SETTING        FROM             VALUE\n"
        "environment    kalypso.yaml:1   dev\n"
        'environments   kalypso.yaml:2   ["dev", "stage",\n'
        '                                "production-in-the-north"]\n'
    )


def test_paragraphs_are_wrapped_again_and_examples_are_not_run_together(show: Show) -> None:
    shown = show(COMMANDS["code"], 60).splitlines()
    assert shown[2:4] == [
        "A template prints a missing key, or gives it to a function.",
        "Where Go would write `<no value>`, or nothing at all, this",
    ]
    assert "      hint: the nearest key is REGION" in shown
    assert "```" not in "".join(shown)
