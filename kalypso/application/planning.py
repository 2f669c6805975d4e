"""What a delivery of an application changes in its GitOps branch: the folders of its targets.

Everything else in the branch is left alone. A folder that the application had at its last delivery
and that no target names any more goes only when its target is named for that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kalypso.application.record import Record, read_record
from kalypso.application.rendering import Application
from kalypso.application.targets import Folder
from kalypso.application.ways import Rendered
from kalypso.delivery import Changes, PathChange, Proposal, Wording, content_digest
from kalypso.errors import Collector, ModelError, Position
from kalypso.git import differing, tree_id, write_tree
from kalypso.model import FileDifference


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The targets of one application that go to one branch."""

    workload: str
    environment: str
    repository: str
    """Its address, as the Workload file names it."""
    branch: str
    rendered: tuple[Rendered, ...]
    record: Record
    before: Record | None = None
    """What the branch says of the delivery before."""
    removed: tuple[Folder, ...] = ()
    """Folders that go with their targets."""
    files: tuple[FileDifference, ...] = field(default=(), repr=False)
    """What changes, without the record."""

    @property
    def key(self) -> str:
        """What tells the pull request from those of other applications to the same branch."""
        return f"{self.workload}-{self.branch.replace('/', '-')}"

    @property
    def manifests(self) -> dict[str, str]:
        """Text of every manifest by its path in the branch."""
        return {
            each.target.folder.file(name): text
            for each in self.rendered
            for name, text in each.files.items()
        }

    def owns(self, path: str) -> bool:
        """Return whether a file of the branch is one of the application's."""
        folders = [*(each.target.folder for each in self.rendered), *self.removed]
        return any(folder.owns(path) for folder in folders)


def deliveries_of(application: Application) -> list[Delivery]:
    """Part an application by the branches that its targets go to, in the order of its targets."""
    groups: dict[tuple[str, str, str], list[Rendered]] = {}
    for each in application.rendered:
        folder = each.target.folder
        key = (each.target.workload, folder.repository, folder.branch)
        groups.setdefault(key, []).append(each)
    return [
        Delivery(
            workload=workload,
            environment=application.environment,
            repository=repository,
            branch=branch,
            rendered=tuple(rendered),
            record=Record(
                workload=workload,
                source=application.source.commit,
                configs=application.configs.commit if application.configs else "",
                images=application.images,
                targets={each.target.name: each.target.folder.path for each in rendered},
            ),
        )
        for (workload, repository, branch), rendered in groups.items()
    ]


def compared(
    delivery: Delivery, present: Mapping[str, bytes], name: str, removable: Collection[str]
) -> Delivery:
    """Return a delivery that knows what its branch holds.

    Args:
        delivery: Of the application.
        present: Files of the branch.
        name: How messages name the branch.
        removable: Targets whose folders may go.

    Raises:
        Problems: A target is gone, and nobody said that its folder may go.
    """
    before = read_record(delivery.workload, present, name)
    removed = _removed(delivery, before, present, name, removable)
    return _with_files(replace(delivery, before=before, removed=removed), present)


def _with_files(delivery: Delivery, present: Mapping[str, bytes]) -> Delivery:
    wanted = delivery.manifests
    files: list[FileDifference] = []
    for path in sorted({*wanted, *filter(delivery.owns, present)}):
        old, new = present.get(path), wanted.get(path)
        text = old.decode(errors="replace") if old is not None else ""
        if old is None:
            files.append(FileDifference(path, "added", "", new or ""))
        elif new is None:
            files.append(FileDifference(path, "removed", text, ""))
        elif old != new.encode():
            files.append(FileDifference(path, "changed", text, new))
    return replace(delivery, files=tuple(files))


def _removed(
    delivery: Delivery,
    before: Record | None,
    present: Iterable[str],
    name: str,
    removable: Collection[str],
) -> tuple[Folder, ...]:
    kept = set(delivery.record.targets.values())
    found, gone = Collector(), list[Folder]()
    for target, path in sorted((before.targets if before else {}).items()):
        folder = Folder(delivery.repository, delivery.branch, path)
        if path in kept or not any(map(folder.owns, present)):
            continue
        if target in removable:
            gone.append(folder)
            continue
        found.error(
            ModelError(
                f"{delivery.workload} has no target {target!r} any more, and its folder is still"
                " in the branch",
                Position(f"{name}:{path}"),
                "if it was renamed, keep its manifests.path; if clusters may stop it, add"
                f" --remove {target}",
                code="target-gone",
            )
        )
    found.raise_errors()
    return tuple(gone)


def proposal_for(delivery: Delivery, wording: Wording | None) -> Proposal:
    """Return what is proposed to the branch.

    A delivery that changes no manifest proposes nothing, although its record would differ.
    """
    files = {path: text.encode() for path, text in delivery.manifests.items()}
    files[delivery.record.path] = delivery.record.text().encode()
    return Proposal(
        environment=delivery.key,
        branch=delivery.branch,
        tree=tree_id(files),
        content=content_digest(delivery.manifests),
        planner=_planner(delivery, files),
        wording=wording,
    )


def _planner(delivery: Delivery, files: Mapping[str, bytes]) -> Callable[[Path, str, str], Changes]:
    def plan(folder: Path, commit: str, tree: str) -> Changes:
        write_tree(folder, files)
        changes = {
            path: PathChange(sides.before, sides.after)
            for path, sides in differing(folder, commit, tree).items()
            if sides.after or delivery.owns(path)
        }
        return changes if changes.keys() - {delivery.record.path} else {}

    return plan
