"""`kalypso status`: what every cluster runs, whether it is healthy, and how old that news is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from time import sleep, time
from typing import TYPE_CHECKING, Any, Literal

import click

from kalypso.cli import colours
from kalypso.cli.completion import environment_names
from kalypso.cli.form import output_option, say, say_fitted
from kalypso.cli.gate import gate_with, platform_settings, program_option
from kalypso.report import document, terminal

if TYPE_CHECKING:
    from kalypso.promotion import Verdict

_POLL_SECONDS = 10.0
Form = Literal["text", "json", "prometheus"]
Found = Mapping[str, "Verdict | None"]
"""By environment; None where nothing is promoted."""


@click.command()
@click.option(
    "--environment",
    "-e",
    default="",
    shell_complete=environment_names,
    help="Only this one; default: all.",
)
@click.option("--watch", is_flag=True, help="Look again and again, and print what changed.")
@output_option("text", "json", "prometheus", shown="json and prometheus: for programs.")
@program_option
def command(*, environment: str, watch: bool, form: Form, program: Path) -> None:
    """Show what every cluster runs. Nothing is recorded.

    What runs and should not is listed as an orphan. With --watch, JSON is one line for each change.
    """
    before = ""
    while True:
        found, now = _look(program, environment)
        text = _printed(found, form, now, indent=None if watch else 2)
        # The age of news changes with every look, and is none.
        known = _printed(found, form, 0.0, indent=None)
        if known != before:
            if form == "text":
                say_fitted(text, paint=colours.outcome)
            else:
                say(text)
            before = known
        if not watch:
            return
        sleep(_POLL_SECONDS)


def _look(program: Path, environment: str) -> tuple[Found, float]:
    settings = platform_settings(program)
    names = [environment] if environment else settings.environments or [settings.environment]
    found: dict[str, Verdict | None] = {}
    for name in names:
        gate = gate_with(settings, name)
        current = gate.current()
        found[name] = gate.show(current) if current else None
    return found, time()


def _printed(found: Found, form: Form, now: float, *, indent: int | None) -> str:
    match form:
        case "json":
            data = {name: _data(verdict) if verdict else None for name, verdict in found.items()}
            if not now:
                data = {name: _without_times(each) for name, each in data.items()}
            return document("Status", {"environments": data}, indent)
        case "prometheus":
            return "\n".join(_metrics(found, now))
        case _:
            lines = [line for name, verdict in found.items() for line in _text(name, verdict, now)]
            return terminal("\n".join(lines))


def _text(name: str, verdict: Verdict | None, now: float) -> Iterator[str]:
    from kalypso.promotion import length_text

    if verdict is None:
        yield f"{name}: nothing is promoted"
        return
    yield f"{name}: {verdict.summary}"
    for cluster in verdict.clusters:
        first, *others = [finding.text for finding in cluster.findings] or ["healthy"]
        at = f"at {cluster.commit[:7]}" if cluster.commit else "at no known commit"
        known = cluster.confirmed
        age = f", seen {length_text(now - known)} ago" if known is not None else ""
        yield f"  {cluster.name} {at}{age}: {first}"
        yield from (f"    {text}" for text in others)
        yield from (f"  {cluster.name} orphan: {orphan}" for orphan in cluster.orphans)
    yield from (f"  {finding.text}" for finding in verdict.findings)
    yield from (f"  note: {note}" for note in verdict.notes)


def _data(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.value,
        "promoted": verdict.expected.promoted,
        "commit": verdict.expected.commit,
        "findings": [finding.text for finding in verdict.findings],
        "notes": list(verdict.notes),
        "clusters": [
            {
                "name": cluster.name,
                "required": cluster.required,
                "outcome": cluster.outcome.value,
                "commit": cluster.commit or None,
                "confirmed": cluster.confirmed,
                "findings": [finding.text for finding in cluster.findings],
                "orphans": list(cluster.orphans),
            }
            for cluster in verdict.clusters
        ],
    }


def _without_times(data: dict[str, Any] | None) -> dict[str, Any] | None:
    if data is None:
        return None
    return {**data, "clusters": [{**each, "confirmed": None} for each in data["clusters"]]}


def _metrics(found: Found, now: float) -> Iterator[str]:
    """Return the text format of Prometheus; names of settings need no escaping."""
    clusters = [
        (f'environment="{name}",cluster="{cluster.name}"', cluster)
        for name, verdict in found.items()
        if verdict
        for cluster in verdict.clusters
    ]
    yield from _metric(
        "cluster_healthy",
        "Whether a cluster is healthy at what is promoted.",
        ((labels, int(cluster.outcome.value == "pass")) for labels, cluster in clusters),
    )
    yield from _metric(
        "cluster_orphans",
        "How many objects run on a cluster and should not.",
        ((labels, len(cluster.orphans)) for labels, cluster in clusters),
    )
    yield from _metric(
        "cluster_evidence_age_seconds",
        "How long ago the state of a cluster was confirmed.",
        (
            (labels, round(now - cluster.confirmed))
            for labels, cluster in clusters
            if cluster.confirmed is not None and now
        ),
    )
    yield from _metric(
        "environment_healthy",
        "Whether enough of its clusters are healthy.",
        (
            (f'environment="{name}"', int(verdict is not None and verdict.outcome.value == "pass"))
            for name, verdict in found.items()
        ),
    )


def _metric(name: str, about: str, values: Iterator[tuple[str, int]]) -> Iterator[str]:
    yield f"# HELP kalypso_{name} {about}"
    yield f"# TYPE kalypso_{name} gauge"
    yield from (f"kalypso_{name}{{{labels}}} {value}" for labels, value in values)
