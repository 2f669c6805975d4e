"""Who runs where as a tree: by cluster type, by workload, or by workspace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from kalypso.model import Assignment, DeploymentTarget, Workload
from kalypso.report.fitted import GAP, filled
from kalypso.report.listings import Contents
from kalypso.report.plain import count, one_line
from kalypso.report.versioned import document

TreeOrder = Literal["cluster-type", "workload", "workspace"]

_NO_WORKSPACE = "(no workspace)"
_BRANCH, _LAST, _DOWN, _END = "├── ", "└── ", "│   ", "    "
_NOTE = "  "
"""Begins a note below its name, where the line does not have room for both."""


class Node(msgspec.Struct, frozen=True):
    """One thing, and what is below it."""

    kind: str
    """What it is, as JSON says it."""
    name: str
    below: tuple[Node, ...] = msgspec.field(default=())
    policies: tuple[str, ...] = ()
    """Those that say so, where this is the end of an assignment."""
    empty: str = "nothing runs here"
    """What is said if there is nothing below."""

    @property
    def note(self) -> str:
        """What stands behind the name."""
        return ", ".join(self.policies) or ("" if self.below else self.empty)


def tree(contents: Contents, order: TreeOrder) -> tuple[Node, ...]:
    """Arrange the assignments of an environment; what has none is there too."""
    match order:
        case "cluster-type":
            return _by_cluster_type(contents)
        case "workload":
            return _by_workload(contents, contents.platform.workloads)
        case "workspace":
            return _by_workspace(contents)


def tree_text(contents: Contents, order: TreeOrder, width: int = 0) -> str:
    """Draw the tree, with one line of totals above.

    Args:
        contents: Who runs where.
        order: What is at the root.
        width: Characters of a line, as far as words allow; 0 for any number.
    """
    nodes = tree(contents, order)
    platform = contents.platform
    totals = (
        f"{platform.environment}: {count(len(contents.assignments), 'assignment')}"
        f" of {count(len(platform.targets), 'deployment target')}"
        f" on {count(len(platform.cluster_types), 'cluster type')}"
    )
    return "\n".join([*filled(totals, width), *_lines(nodes, "", width)])


def tree_json(contents: Contents, order: TreeOrder) -> str:
    """Return the tree as nested lists."""
    return document(
        "Tree",
        {
            "environment": contents.platform.environment,
            "by": order,
            "tree": [_record(node) for node in tree(contents, order)],
        },
    )


def _by_cluster_type(contents: Contents) -> tuple[Node, ...]:
    on: defaultdict[str, list[Node]] = defaultdict(list)
    for each in contents.assignments:
        on[each.cluster_type.name].append(
            Node("deploymentTarget", each.target.name, policies=_reasons(each))
        )
    return tuple(
        Node("clusterType", each.name, (*on[each.name],))
        for each in contents.platform.cluster_types
    )


def _by_workload(contents: Contents, workloads: Sequence[Workload]) -> tuple[Node, ...]:
    places = _places(contents.assignments)
    environment = contents.platform.environment
    return tuple(
        Node(
            "workload",
            workload.name,
            tuple(_target(target, places) for target in here),
            empty=f"no target for {environment}",
        )
        for workload in workloads
        for here in [_targets(workload, environment)]
    )


def _by_workspace(contents: Contents) -> tuple[Node, ...]:
    groups: defaultdict[str, list[Workload]] = defaultdict(list)
    for workload in contents.platform.workloads:
        groups[workload.registration.workspace].append(workload)
    return tuple(
        Node("workspace", name or _NO_WORKSPACE, _by_workload(contents, groups[name]))
        for name in sorted(groups)
    )


def _places(assignments: Sequence[Assignment]) -> Mapping[str, list[Node]]:
    places: defaultdict[str, list[Node]] = defaultdict(list)
    for each in assignments:
        places[each.target.name].append(
            Node("clusterType", each.cluster_type.name, policies=_reasons(each))
        )
    return places


def _targets(workload: Workload, environment: str) -> list[DeploymentTarget]:
    found = [target for target in workload.targets if target.environment == environment]
    return sorted(found, key=lambda target: target.name)


def _target(target: DeploymentTarget, places: Mapping[str, list[Node]]) -> Node:
    below = tuple(places.get(target.name, ()))
    return Node("deploymentTarget", target.name, below, empty="runs nowhere")


def _reasons(assignment: Assignment) -> tuple[str, ...]:
    return tuple(policy.name for policy in assignment.policies)


def _lines(nodes: Sequence[Node], indent: str, width: int) -> Iterator[str]:
    noted = [node for node in nodes if node.note]
    names = max((len(node.name) for node in noted), default=0)
    longest = max((len(word) for node in noted for word in one_line(node.note).split()), default=0)
    start = len(indent) + len(_BRANCH) + names + len(GAP)
    beside = not width or start + longest <= width
    for node in nodes:
        last = node is nodes[-1]
        name, note = one_line(node.name), one_line(node.note) if node.note else ""
        branch, below = f"{indent}{_LAST if last else _BRANCH}", indent + (_END if last else _DOWN)
        if note and beside:
            pieces = filled(note, max(width - start, 0))
            yield f"{branch}{name.ljust(names)}{GAP}{next(pieces)}"
            yield from (below.ljust(start) + piece for piece in pieces)
        else:
            yield f"{branch}{name}"
            room = max(width - len(below) - len(_NOTE), 1)
            yield from (f"{below}{_NOTE}{piece}" for piece in filled(note, room) if note)
        yield from _lines(node.below, below, width)


def _record(node: Node) -> dict[str, object]:
    record: dict[str, object] = {"kind": node.kind, "name": node.name}
    if node.policies:
        record["policies"] = node.policies
    else:
        record["below"] = [_record(each) for each in node.below]
    return record
