"""The picture of dependencies in the documentation is that of a real run."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.engine.azure_bench import THREE, InAzure
from tests.engine.bench import ROOT, Bench
from tests.engine.github_bench import MadeOnGitHub
from tests.standins.github.server import GitHubServer

PAGE = ROOT / "docs" / "explanation" / "dependencies.md"
MARKS = re.compile(r"(?<=```mermaid\n).*?(?=```)", re.DOTALL)
OURS = "kalypso:index:"


class _Clusters(InAzure):
    makes_stack = False


class Graph:
    """What depends on what in a state, by the component that something belongs to."""

    def __init__(self, resources: list[Mapping[str, Any]]) -> None:
        self._by_urn = {each["urn"]: each for each in resources}
        self._box: dict[str, str] = {urn: self._component(urn) for urn in self._by_urn}
        self.edges = {
            (self._box[needed], self._box[urn])
            for urn, each in self._by_urn.items()
            for needed in (*each.get("dependencies", ()), *self._way(urn))
            if self._box[needed] != self._box[urn]
        }

    def _way(self, urn: str) -> list[str]:
        """Return the provider by which something is declared, if a component gave one."""
        provider = str(self._by_urn[urn].get("provider", "")).rpartition("::")[0]
        own = self._box.get(provider, "").rpartition(OURS)[2].partition("::")[0]
        return [] if own in {"", "Platform"} else [provider]

    def _component(self, urn: str) -> str:
        """Return the component that a resource is in, or that it is; itself if it is in none."""
        here = urn
        while self._by_urn[here].get("custom"):
            if "parent" not in self._by_urn[here]:
                return urn
            here = self._by_urn[here]["parent"]
        return here

    def boxes(self) -> Iterator[tuple[str, str, list[str]]]:
        """Yield URN, name and the kinds inside, for each component that has resources."""
        inside: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for urn, box in self._box.items():
            kind = str(self._by_urn[urn]["type"])
            if urn != box and OURS in box and not kind.startswith("pulumi:providers:"):
                inside[box][kind.rpartition(":")[2]] += 1
        for box in sorted(inside):
            kind, _, name = box.rpartition(OURS)[2].partition("::")
            counts = [f"{n} {k}" if n > 1 else k for k, n in sorted(inside[box].items())]
            yield box, f"{kind} {name}", counts

    def reduced(self) -> set[tuple[str, str]]:
        """Return the edges but those that others imply."""
        after: dict[str, set[str]] = defaultdict(set)
        for before, then in self.edges:
            after[before].add(then)

        def reaches(start: str, goal: str, seen: set[str]) -> bool:
            for step in after[start] - seen:
                seen.add(step)
                if step == goal or reaches(step, goal, seen):
                    return True
            return False

        return {
            (before, then)
            for before, then in self.edges
            if not any(other != then and reaches(other, then, {before}) for other in after[before])
        }

    def mermaid(self) -> str:
        lines, names = ["flowchart LR"], {}
        for number, (box, title, kinds) in enumerate(self.boxes()):
            names[box] = f"n{number}"
            lines.append(f'    n{number}["{title}<br/>{"<br/>".join(kinds)}"]')
        lines += sorted(
            f"    {names[a]} --> {names[b]}" for a, b in self.reduced() if {a, b} <= names.keys()
        )
        return "\n".join(lines) + "\n"


def test_the_picture_in_the_documentation_is_that_of_a_run(
    bench: Bench, request: pytest.FixtureRequest
) -> None:
    with GitHubServer(bench.project.parent / "github") as server:
        github = MadeOnGitHub(bench, server, "dev")
        _Clusters(bench, THREE, federation=True)
        bench.set("dev", {"repositories.environments": "true", "reader.token": "reads-only-this"})
        github.up()
        state = json.loads(bench.good("pulumi", "stack", "export", "-s", "dev"))
    drawn = Graph(state["deployment"]["resources"]).mermaid()
    page = PAGE.read_text()
    if request.config.getoption("--update-golden"):
        PAGE.write_text(MARKS.sub(lambda _: drawn, page))
        page = PAGE.read_text()
    assert MARKS.findall(page) == [drawn]


def test_an_edge_that_others_imply_is_left_out() -> None:
    def one(name: str, parent: str = "", *needs: str) -> list[dict[str, Any]]:
        component = f"urn:s::p::{OURS}Part::{name}"
        child = f"urn:s::p::{OURS}Part$x:y:Thing::{name}"
        return [
            {"urn": component, "type": f"{OURS}Part", "parent": parent},
            {
                "urn": child, "type": "x:y:Thing", "custom": True, "parent": component,
                "dependencies": [f"urn:s::p::{OURS}Part$x:y:Thing::{each}" for each in needs],
            },
        ]  # fmt: skip

    graph = Graph([*one("a"), *one("b", "", "a"), *one("c", "", "a", "b")])
    assert graph.mermaid() == (
        "flowchart LR\n"
        '    n0["Part a<br/>Thing"]\n    n1["Part b<br/>Thing"]\n    n2["Part c<br/>Thing"]\n'
        "    n0 --> n1\n    n1 --> n2\n"
    )
