"""Compares an evaluation with the GitOps branch as it is, or with another evaluation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from kalypso.evaluation.pipeline import Run
from kalypso.evaluation.surveys import Outline, outline_of
from kalypso.explanation import Causes, State, state
from kalypso.gitops import Change, Plan, assignments_in, plan
from kalypso.model import (
    Assignment,
    AssignmentDifference,
    ChangeKind,
    Difference,
    FileDifference,
    Platform,
)


class Comparison(msgspec.Struct, frozen=True):
    """What differs, and the plan that would make it so."""

    difference: Difference
    make_plan: Callable[[], Plan]
    """The plan that removal limits are held against; made when asked for."""


def compare_with_branch(
    present: Mapping[str, bytes], after: Run, branch: str, before: Run | None = None
) -> Comparison:
    """Compare the GitOps branch with what it would be.

    Args:
        present: Content of the whole branch by path.
        after: The evaluation that would be delivered.
        branch: How people name the branch.
        before: The evaluation that the branch was made from, if it is known: it gives the causes.
            What was changed by hand since has none. A branch without assignments was made
            from nothing, so there everything is new.
    """
    planned = plan(present, after.evaluation.files, branch)
    changed = Changed(
        branch=branch,
        files=[_decoded(change) for change in planned.changes],
        before=assignments_in(present),
        after=assignments_in(planned.files),
    )
    difference = compare_outlines(
        changed, outline_of(after), outline_of(before) if before else None
    )
    return Comparison(difference, lambda: planned)


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What would change in a GitOps branch."""

    branch: str
    """How people name it."""
    files: Sequence[FileDifference]
    before: AbstractSet[str]
    """Folders of assignments that it has."""
    after: AbstractSet[str]
    """Folders of assignments that it would have."""


def compare_outlines(changed: Changed, after: Outline, before: Outline | None) -> Difference:
    """Tell which assignments change in a branch, and why.

    Args:
        changed: What would change there.
        after: Of the evaluation that would be delivered.
        before: Of the one that the branch was made from, as for `compare_with_branch`.
    """
    environment = after.platform.environment
    first = _state(before) if before else None
    if first is None and not changed.before:
        first = state(Platform(environment=environment), (), ())
    splitter = _Splitter(
        before=changed.before,
        after=changed.after,
        known={each.folder: each for each in after.assignments},
        causes=Causes(first, _state(after)) if first else None,
    )
    return splitter.difference(environment, changed.files, (changed.branch, "the model"))


def compare_runs(before: Run, after: Run, names: tuple[str, str]) -> Comparison:
    """Compare two evaluations of an environment.

    Args:
        before: The first.
        after: The second.
        names: How people name what each was read from.
    """
    old, new = before.evaluation, after.evaluation
    files = list(_changed(old.files, new.files))
    first, second = _state(outline_of(before)), _state(outline_of(after))
    splitter = _Splitter(
        before=first.assignments.keys(),
        after=second.assignments.keys(),
        known={**first.assignments, **second.assignments},
        causes=Causes(first, second),
    )

    def make_plan() -> Plan:
        present = {path: text.encode() for path, text in old.files.items()}
        return plan(present, new.files, names[0])

    return Comparison(splitter.difference(new.environment, files, names), make_plan)


def _state(found: Outline) -> State:
    return state(found.platform, found.assignments, found.configurations)


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FileDifference]:
    """List the files that differ; most are the same text in the same place of memory."""
    for path, text in new.items():
        before = old.get(path)
        if before is None:
            yield FileDifference(path, "added", new=text)
        elif before is not text and before != text:
            yield FileDifference(path, "changed", before, text)
    for path in old.keys() - new.keys():
        yield FileDifference(path, "removed", old[path])


class _Splitter(msgspec.Struct, frozen=True, kw_only=True):
    """Tells which assignment each file that differs belongs to."""

    before: Collection[str]
    after: Collection[str]
    known: Mapping[str, Assignment]
    """Assignments by folder, as far as a model says them."""
    causes: Causes | None

    def difference(
        self, environment: str, changed: Iterable[FileDifference], names: tuple[str, str]
    ) -> Difference:
        """Put everything together."""
        files, others = self._files(changed)
        folders = (*files, *(set(self.before) ^ set(self.after)))
        return Difference(
            environment=environment,
            before=names[0],
            after=names[1],
            assignments=tuple(
                self._assignment(folder, tuple(sorted(files.get(folder, ()), key=_by_path)))
                for folder in sorted(set(folders))
            ),
            other_files=tuple(sorted(others, key=_by_path)),
            count_before=len(self.before),
            count_after=len(self.after),
            explained=self.causes is not None,
        )

    def _files(
        self, changed: Iterable[FileDifference]
    ) -> tuple[dict[str, list[FileDifference]], list[FileDifference]]:
        """Part the files of assignments, by folder, from all others."""
        files: defaultdict[str, list[FileDifference]] = defaultdict(list)
        others: list[FileDifference] = []
        for file in changed:
            cluster, _, rest = file.path.partition("/")
            folder = f"{cluster}/{rest.partition('/')[0]}"
            own = "/" in rest and (folder in self.before or folder in self.after)
            (files[folder] if own else others).append(file)
        return files, others

    def _assignment(self, folder: str, files: tuple[FileDifference, ...]) -> AssignmentDifference:
        cluster_type, _, target = folder.partition("/")
        kind: ChangeKind = "changed"
        if folder not in self.before or folder not in self.after:
            kind = "added" if folder in self.after else "removed"
        stems = {file.name.partition(".")[0] for file in files}
        known = self.known.get(folder)
        return AssignmentDifference(
            cluster_type=cluster_type,
            target=target,
            kind=kind,
            files=files,
            causes=self.causes.of(folder, stems) if self.causes else (),
            names=_names(cluster_type, target, known),
        )


def _names(cluster_type: str, target: str, known: Assignment | None) -> tuple[str, ...]:
    more = (known.target.workload, known.target.workspace) if known else ()
    return tuple(name for name in (target, cluster_type, *more) if name)


def _decoded(change: Change) -> FileDifference:
    old, new = (content.decode(errors="replace") for content in (change.old, change.new))
    return FileDifference(change.path, change.kind, old, new)


def _by_path(file: FileDifference) -> str:
    return file.path
