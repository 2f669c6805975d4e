"""`kalypso status`: what every cluster runs, whether it is healthy, and how old that news is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from kalypso.cli.form import output_option, say
from kalypso.cli.gate import gate_with, platform_settings, program_option
from kalypso.harmless_text import harmless_json
from kalypso.report import terminal

if TYPE_CHECKING:
    from kalypso.promotion import Verdict


@click.command()
@click.option("--environment", "-e", default="", help="Only this one; default: all.")
@output_option("text", "json", "prometheus", shown="json and prometheus: for programs.")
@program_option
def command(
    *, environment: str, form: Literal["text", "json", "prometheus"], program: Path
) -> None:
    """Show what every cluster runs. Nothing is recorded."""
    settings = platform_settings(program)
    names = [environment] if environment else settings.environments or [settings.environment]
    gates = [gate_with(settings, name) for name in names]
    found = {}
    for gate in gates:
        current = gate.current()
        found[gate.environment] = gate.show(current) if current else None
    if form == "json":
        data = {name: _data(verdict) if verdict else None for name, verdict in found.items()}
        say(harmless_json(json.dumps(data, indent=2)))
    elif form == "prometheus":
        say("\n".join(_metrics(found)))
    else:
        for name, verdict in found.items():
            nothing = [f"{name}: nothing is promoted"]
            told = _text(verdict, gates[0].clock()) if verdict else nothing
            say(terminal("\n".join(told)))


def _text(verdict: Verdict, now: float) -> Iterator[str]:
    from kalypso.promotion import length_text  # noqa: PLC0415 - not for the help

    yield f"{verdict.expected.environment}: {verdict.summary}"
    for cluster in verdict.clusters:
        told = "; ".join(finding.text for finding in cluster.findings) or "healthy"
        at = f"at {cluster.commit[:7]}" if cluster.commit else "at no known commit"
        known = cluster.confirmed
        age = f", seen {length_text(now - known)} ago" if known is not None else ""
        yield f"  {cluster.name} {at}{age}: {told}"
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
            }
            for cluster in verdict.clusters
        ],
    }


def _metrics(found: dict[str, Verdict | None]) -> Iterator[str]:
    """Return the text format of Prometheus; names of settings need no escaping."""
    yield "# HELP kalypso_cluster_healthy Whether a cluster is healthy at what is promoted."
    yield "# TYPE kalypso_cluster_healthy gauge"
    for name, verdict in found.items():
        for cluster in verdict.clusters if verdict else ():
            labels = f'environment="{name}",cluster="{cluster.name}"'
            yield f"kalypso_cluster_healthy{{{labels}}} {int(cluster.outcome.value == 'pass')}"
    yield "# HELP kalypso_environment_healthy Whether enough of its clusters are healthy."
    yield "# TYPE kalypso_environment_healthy gauge"
    for name, verdict in found.items():
        healthy = verdict is not None and verdict.outcome.value == "pass"
        yield f'kalypso_environment_healthy{{environment="{name}"}} {int(healthy)}'
