"""An application leaves: its registration and the policies that schedule nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from kalypso.application.onboarding.opening import Addition
from kalypso.application.onboarding.plane import MAIN, Changes, Plane
from kalypso.errors import Collector, DeliveryError, KalypsoError, ModelError, Position, Problem
from kalypso.gitops import Limits, check_assignments
from kalypso.loading import read_documents
from kalypso.model import Evaluation, SchedulingPolicy, Source


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """What offboarding would do."""

    stopped: Mapping[str, tuple[str, ...]]
    """Folders of assignments that go, by environment."""
    additions: tuple[Addition, ...]
    kept: tuple[str, ...] = msgspec.field(default=())
    """Policies that stay because they schedule others too, or share their file."""


def plan_leaving(name: str, plane: Plane, acknowledged: Collection[str] = ()) -> Leaving:
    """Find out what would stop, and what has to be removed for it; writes nothing.

    Args:
        name: Of the application.
        plane: The control plane.
        acknowledged: Digests of removals that are wanted although they are many.

    Raises:
        KalypsoError: There is no such application, or more would go than the limits allow.
    """
    main: dict[str, str | None] = dict.fromkeys(_registrations(name, plane.main))
    if not main:
        raise ModelError(
            f"no registration is named {name!r}",
            Position(f"{plane.place.full_name}@{MAIN}"),
            "`kalypso get workloads` lists what is onboarded",
            code="not-onboarded",
        )
    found, stopped, kept = Collector(), dict[str, tuple[str, ...]](), list[str]()
    own: dict[str, dict[str, str | None]] = {}
    for environment in plane.environments:
        with found.catching():
            policies, shared = _policies(name, plane, environment)
            own[environment] = dict.fromkeys(policies)
            kept += shared
            stopped[environment] = _stopped(
                plane, environment, main, own[environment], acknowledged
            )
    found.raise_errors()
    return Leaving(
        stopped={each: folders for each, folders in stopped.items() if folders},
        additions=tuple(_additions(name, plane, main, own)),
        kept=tuple(kept),
    )


def _registrations(name: str, main: Source) -> Iterator[str]:
    for path, content in main.files.items():
        if path.endswith((".yaml", ".yml")) and name.encode() in content:
            documents = _documents(main, path)
            names = [_named(body) for body in documents]
            if ("WorkloadRegistration", name) not in names:
                continue
            if len(documents) > 1:
                raise ModelError(
                    f"the registration of {name!r} shares its file with other objects",
                    Position(main.place(path)),
                    "remove it by hand, or give it a file of its own first",
                    code="shared-file",
                )
            yield path


def _policies(name: str, plane: Plane, environment: str) -> tuple[list[str], list[str]]:
    """Return the files of policies that go, and the names of those that stay."""
    branch = plane.branch(environment)
    evaluation = plane.evaluated(environment, {}, {})
    gone, stay = list[str](), list[str]()
    for policy in evaluation.platform.policies:
        workloads = _workloads_of(policy, evaluation)
        if name not in workloads:
            continue
        path = policy.origin.file.removeprefix(branch.name)
        if workloads == {name} and path in branch.files and len(_documents(branch, path)) == 1:
            gone.append(path)
        else:
            stay.append(f"{policy.name} in {environment}")
    return gone, stay


def _workloads_of(policy: SchedulingPolicy, evaluation: Evaluation) -> set[str]:
    return {
        each.target.workload
        for each in evaluation.assignments
        if any(p.name == policy.name for p in each.policies)
    }


def _stopped(
    plane: Plane, environment: str, main: Changes, own: Changes, acknowledged: Collection[str]
) -> tuple[str, ...]:
    before = {each.folder for each in plane.evaluated(environment, {}, {}).assignments}
    after = {each.folder for each in plane.evaluated(environment, main, own).assignments}
    refused: Problem | None = None
    for digest in ("", *acknowledged):
        try:
            check_assignments(before, after, Limits(acknowledge=digest), environment)
        except DeliveryError as error:
            refused = error.problem
        else:
            refused = None
            break
    if refused:
        hint = refused.hint.replace("set limits.acknowledge to", "add --acknowledge")
        raise DeliveryError(
            refused.message, refused.at, hint, code=refused.code, excerpt=refused.excerpt
        )
    return tuple(sorted(before - after))


def _documents(source: Source, path: str) -> list[object]:
    try:
        return [d.value for d in read_documents(source.place(path), source.files[path])]
    except KalypsoError:  # evaluating says what is wrong with it
        return []


def _named(body: object) -> tuple[str, str]:
    if not isinstance(body, dict) or not isinstance(body.get("metadata"), dict):
        return "", ""
    return str(body.get("kind")), str(body["metadata"].get("name"))


def _additions(
    name: str, plane: Plane, main: Changes, own: Mapping[str, Changes]
) -> Iterable[Addition]:
    yield Addition(
        place=plane.place,
        base=MAIN,
        head=f"offboard/{name}",
        title=f"Remove the registration of {name}",
        body="It leaves an environment when this commit of main is promoted there.",
        changes=main,
    )
    for environment, changes in own.items():
        if changes:
            yield Addition(
                place=plane.place,
                base=plane.environments[environment],
                head=f"offboard/{name}-{environment}",
                title=f"Stop {name} in {environment}",
                body="The policies that schedule nothing but this application.",
                changes=changes,
            )
