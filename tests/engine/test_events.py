"""What the real engine writes as its events says what its text says."""

from __future__ import annotations

from pathlib import Path

from kalypso.ci.engine import EngineRun, run_engine, run_engine_with_events
from kalypso.ci.events import Events
from kalypso.report.engine_output import messages_in, steps_in, steps_of
from tests.engine.bench import Bench


def preview(bench: Bench, *more: str) -> tuple[EngineRun, Events]:
    how = ("--stack", "dev", "--diff", "--non-interactive", "--color", "never", *more)
    return run_engine_with_events("preview", how, bench.project, bench.environment, lambda _: None)


def test_events_of_a_preview_say_what_its_text_says(bench: Bench, tmp_path: Path) -> None:
    bench.init("dev")
    run, events = preview(bench)
    assert run.code == 0, run.text
    assert (events.errors, events.result) == ((), "succeeded")
    assert steps_of(events.changes) == steps_in(run.text) == "22 to create"

    model = tmp_path / "model"
    model.mkdir()
    (model / "broken.yaml").write_text("kind: [\n")
    run, events = preview(bench, "--config", f"model.folder={model}")
    assert run.code != 0
    assert events.result == "failed"
    (error,) = events.errors
    assert error.startswith(f"{model}/broken.yaml:2:1: this is not YAML")
    assert messages_in(run.text)[0] == error

    (bench.project / "Pulumi.none.yaml").write_text("config: {}\n")
    run, events = preview(bench, "--stack", "none")
    assert run.code != 0
    assert events == Events()
    assert messages_in(run.text)[0].startswith("no stack named 'none' found")


def test_an_update_needs_no_events(bench: Bench) -> None:
    lines: list[str] = []
    how = ("up", "--stack", "none", "--yes", "--skip-preview", "--non-interactive")
    run = run_engine(how, bench.project, bench.environment, lines.append)
    assert run.code != 0
    assert "".join(lines) == run.text
    assert "no stack named 'none' found" in run.text
