"""An application joins: what would run where with its files in place, before any is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from kalypso.application.onboarding.opening import Addition
from kalypso.application.onboarding.plane import MAIN, Plane, read_source, with_changes
from kalypso.application.onboarding.teaching import (
    WORKLOAD,
    policy_file,
    policy_path,
    registration_file,
    registration_path,
    workload_file,
)
from kalypso.application.onboarding.wish import Wish, WishedTarget
from kalypso.errors import Collector, ModelError, Position
from kalypso.forge import Place
from kalypso.model import Evaluation
from kalypso.spelling import nearest


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """What onboarding would do."""

    scheduled: Mapping[str, tuple[str, ...]]
    """Cluster types by the name of their target."""
    additions: tuple[Addition, ...]


def plan_joining(wish: Wish, plane: Plane, application: Place) -> Joining:
    """Find out what would run where, and what has to be written for it; writes nothing.

    Raises:
        KalypsoError: The model would be wrong, or a policy would select nothing.
    """
    _refuse_known(wish, plane)
    source = read_source(application, MAIN)
    own = {} if WORKLOAD in source.files else {WORKLOAD: workload_file(wish)}
    main = {registration_path(wish.name): registration_file(wish)}
    found, scheduled = Collector(), dict[str, tuple[str, ...]]()
    policies: dict[str, dict[str, str]] = {}
    for environment in wish.environments:
        targets = [each for each in wish.targets if each.environment == environment]
        policies[environment] = {policy_path(wish, t): policy_file(wish, t) for t in targets}
        with found.catching():
            evaluation = plane.evaluated(
                environment, main, policies[environment],
                (wish.source, with_changes(source, own)),
            )  # fmt: skip
            scheduled |= _scheduled(wish, targets, evaluation, found)
    found.raise_errors()
    return Joining(
        scheduled=scheduled,
        additions=tuple(_additions(wish, plane, application, own, main, policies)),
    )


def _refuse_known(wish: Wish, plane: Plane) -> None:
    path = registration_path(wish.name)
    if path in plane.main.files:
        raise ModelError(
            f"{wish.name} is onboarded already",
            Position(plane.main.place(path)),
            "another target is a change of its Workload file and a policy",
            code="already-onboarded",
        )


def _scheduled(
    wish: Wish, targets: Iterable[WishedTarget], evaluation: Evaluation, problems: Collector
) -> dict[str, tuple[str, ...]]:
    scheduled: dict[str, tuple[str, ...]] = {}
    for target in targets:
        name = f"{wish.name}-{target.name}"
        types = [a.cluster_type.name for a in evaluation.assignments if a.target.name == name]
        scheduled[target.name] = tuple(types)
        if not types:
            problems.error(
                _differs(target, name, evaluation) or _selects_nothing(target, evaluation)
            )
    return scheduled


def _differs(target: WishedTarget, name: str, evaluation: Evaluation) -> ModelError | None:
    """Return what is wrong if the application has a Workload file that says something else."""
    found = next((each for each in evaluation.platform.targets if each.name == name), None)
    if found is None:
        names = [each.short_name for each in evaluation.platform.targets if each.workload in name]
        return ModelError(
            f"the Workload file has no target {target.name!r} for {target.environment}",
            Position("--target"),
            f"it has {', '.join(names)}" if names else "change the file first",
            code="no-target",
        )
    if target.labels.items() <= found.labels.items():
        return None
    pairs = ", ".join(f"{key}={value}" for key, value in found.labels.items())
    return ModelError(
        f"the Workload file gives {target.name!r} other labels",
        found.at,
        f"its labels are {pairs}",
        code="other-labels",
    )


def _selects_nothing(target: WishedTarget, evaluation: Evaluation) -> ModelError:
    types = evaluation.cluster_types
    known = sorted({f"{k}={v}" for each in types for k, v in each.labels.items()})
    wanted = [f"{key}={value}" for key, value in target.clusters.items()]
    strange = [pair for pair in wanted if pair not in known]
    near = [match for pair in strange if (match := nearest(pair, known))]
    if near:
        hint = f"no cluster type has {strange[0]}; the nearest label is {near[0]}"
    elif strange:
        hint = f"no cluster type has {strange[0]}; there are {', '.join(known)}"
    else:
        hint = "no cluster type has all of these labels: leave one out"
    return ModelError(
        f"the policy for {target.name!r} would select no cluster type of {target.environment}",
        Position("--clusters"),
        hint,
        code="selects-nothing",
    )


def _additions(  # noqa: PLR0913, PLR0917 - what goes where
    wish: Wish,
    plane: Plane,
    application: Place,
    own: Mapping[str, str],
    main: Mapping[str, str],
    policies: Mapping[str, Mapping[str, str]],
) -> Iterable[Addition]:
    if own:
        yield Addition(
            place=application,
            base=MAIN,
            head=f"onboard/{wish.name}",
            title=f"Say where {wish.name} wants to run",
            body="The Workload file: all that the platform needs to know of this application.",
            changes=own,
        )
    yield Addition(
        place=plane.place,
        base=MAIN,
        head=f"onboard/{wish.name}",
        title=f"Register {wish.name} of {wish.workspace}",
        body="Merge it after the Workload file, and promote it to the environments.",
        changes=main,
    )
    for environment, files in policies.items():
        yield Addition(
            place=plane.place,
            base=plane.environments[environment],
            head=f"onboard/{wish.name}-{environment}",
            title=f"Schedule {wish.name} in {environment}",
            body="The policies that choose cluster types for its targets.",
            changes=files,
        )
