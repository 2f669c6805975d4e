"""An example or two of each command, which its help ends with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click

_COMMIT: Final = "9436f7032b7238b6fc3158fe8cc656c1693a9693"
EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = {
    "init": ("kalypso init acme", "kalypso init acme --yes --environments dev,stage,prod"),
    "environment": ("kalypso environment add prod",),
    "validate": (
        "kalypso validate -e dev",
        "kalypso validate -A",
        "kalypso validate -e dev --schemas --kubernetes-version 1.36",
    ),
    "render": ("kalypso render -e dev --out manifests",),
    "get": ("kalypso get assignments -e dev", "kalypso get cluster-types -e dev -l region=west"),
    "tree": ("kalypso tree -e dev --by workload",),
    "why": ("kalypso why large/hello-world-app-uat-test -e stage",),
    "config": ("kalypso config drone/hello-world-app-functional-test -e dev",),
    "diff": ("kalypso diff -e dev --from HEAD~1", "kalypso diff -e dev --from dev --to my-change"),
    "connect": ("kalypso connect drone -e dev | kubectl apply -f -",),
    "verify": ("kalypso verify --commit dev",),
    "ci": ("kalypso ci run up", "kalypso ci preview"),
    "schema": ("kalypso schema ClusterType",),
    "watch": ("kalypso watch -e dev --control-plane ../control-plane",),
    "promotion": ("kalypso promotion list", 'kalypso promotion hold -e stage --why "a freeze"'),
    "promote": (f"kalypso promote -e dev --commit {_COMMIT}",),
    "rollback": (f"kalypso rollback -e stage --to {_COMMIT}",),
    "check-promote": ("kalypso check-promote -e dev",),
    "status": ("kalypso status", "kalypso status -e dev --watch"),
    "clusters": (f"kalypso clusters report drone --state healthy --commit {_COMMIT}",),
    "app": ("kalypso app render -e dev --out manifests", "kalypso app run -e dev functional-test"),
    "onboard": ("kalypso onboard hello-world-app --workspace kaizen-app-team",),
    "offboard": ("kalypso offboard hello-world-app --dry-run",),
    "pr": ("kalypso pr list", "kalypso pr show 3", "kalypso pr merge 3"),
    "issues": ("kalypso issues list", "kalypso issues show 1"),
    "forge": ("kalypso forge serve",),
    "doctor": ("kalypso doctor --pre", "kalypso doctor -o json"),
    "teardown": ("kalypso teardown", "kalypso teardown --yes"),
    "recover": ("kalypso recover",),
    "explain": ("kalypso explain missing-key", "kalypso explain ClusterType.spec.reconciler"),
    "completion": ('eval "$(kalypso completion bash)"',),
    "settings": ("kalypso settings -e dev", "kalypso settings -e dev --all"),
    "version": ("kalypso version -o json",),
    "app promote": ("kalypso app promote -e stage --from dev",),
    "app propose": (
        "kalypso app propose -e dev --dry-run",
        "kalypso app propose -e dev --image shop=ghcr.io/acme/shop@sha256:DIGEST",
    ),
    "app render": ("kalypso app render -e dev --out manifests",),
    "app run": ("kalypso app run -e dev functional-test --dry-run",),
    "ci cd": ("kalypso ci cd >cd.sh",),
    "ci check-promote": ("kalypso ci check-promote >check-promote.sh",),
    "ci comment": ("kalypso ci comment -e dev --diff diff.md --commit 9436f70",),
    "ci github-comment": ("kalypso ci github-comment >comment.sh",),
    "ci preview": ("kalypso ci preview >preview.sh",),
    "ci run": ("kalypso ci run preview",),
    "ci run cd": ("kalypso ci run cd",),
    "ci run check-promote": ("kalypso ci run check-promote",),
    "ci run github-comment": ("kalypso ci run github-comment",),
    "ci run preview": ("kalypso ci run preview",),
    "ci run up": ("kalypso ci run up --fail-on-held",),
    "ci run verify": ("kalypso ci run verify",),
    "ci up": ("kalypso ci up >up.sh",),
    "ci verify": ("kalypso ci verify >verify.sh",),
    "clusters report": (f"kalypso clusters report drone --state healthy --commit {_COMMIT}",),
    "environment add": ("kalypso environment add prod", "kalypso environment add qa --like dev"),
    "forge create": ("kalypso forge create acme-delivery@dev",),
    "forge serve": ("kalypso forge serve", "kalypso forge serve --port 8080"),
    "issues list": ("kalypso issues list --all",),
    "issues show": ("kalypso issues show 1",),
    "pr close": ("kalypso pr close 3",),
    "pr diff": ("kalypso pr diff 3", "kalypso pr diff 3 | git apply"),
    "pr list": ("kalypso pr list -e dev", "kalypso pr list --all"),
    "pr merge": ("kalypso pr merge 3", "kalypso pr merge 1 -r kalypso-control-plane"),
    "pr reopen": ("kalypso pr reopen 3",),
    "pr show": ("kalypso pr show 3", "kalypso pr show 3 -o json"),
    "promotion approve": (f"kalypso promotion approve -e prod --commit {_COMMIT}",),
    "promotion hold": ('kalypso promotion hold -e stage --why "a freeze"',),
    "promotion list": ("kalypso promotion list",),
    "promotion release": ('kalypso promotion release -e stage --why "the freeze is over"',),
    "promotion show": (f"kalypso promotion show --commit {_COMMIT}",),
}
"""By the name of the command, with that of its group."""


def add_examples(command: click.Command, name: str) -> None:
    """Let the help of a command, and of those in it, end with examples."""
    lines = EXAMPLES.get(name, ())
    if lines and not command.epilog:
        command.epilog = "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            add_examples(inner, f"{name} {inner.name}")
