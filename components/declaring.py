"""What the program of a stack does: it checks settings and model whole, and declares a platform."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, NotRequired, TypedDict

import pulumi

from kalypso.errors import KalypsoError, Position, Problems, SettingsError
from kalypso.harmless_text import harmless
from kalypso.stack import (
    NO_FLEET,
    Address,
    Fleet,
    Outcome,
    Preview,
    Schedule,
    Settings,
    addresses_of,
    ahead_of,
    changed_files,
    check_contexts,
    check_repositories,
    check_state,
    held_output,
    keep_wording,
    key_lines,
    listed_assignments,
    made_soon,
    make_fleet,
    make_schedule,
    make_wording,
    next_steps,
    outputs_of_clusters,
    parse_settings,
    read_manifests,
    settle_after_failure,
    settle_after_success,
    shares_clusters,
    ways_to_argo_cd,
)

from .arguments import CHECKS, platform_args
from .early_end import ALREADY_REPORTED, say_nothing_of_an_early_end
from .file_delivery import check_files, difference
from .fleet import FleetArgs
from .fleet_arguments import check_packages, fleet_args
from .platform import Platform


class _FleetPart(TypedDict):
    fleet: NotRequired[FleetArgs]


def declare() -> None:
    """Declare the platform of the selected stack; tell every problem and stop if there is one."""
    say_nothing_of_an_early_end()
    try:
        settings = _settings(pulumi.get_stack())
        if settings.previews_only and not pulumi.runtime.is_dry_run():
            raise _only_a_preview()
        owns = pulumi.get_stack() == settings.platform_stack
        check_repositories(settings, pulumi.get_stack(), _lines(pulumi.get_stack()))
        schedule = _schedule(settings)
        if not schedule.exists and not owns and not pulumi.runtime.is_dry_run():
            raise _too_early(settings)
        stack = pulumi.get_stack()
        unmade = check_state(settings, schedule, stack, _in_azure) if owns else ()
        if settings.delivery == "repository-files":
            check_files(schedule.planned)
        fleet = _fleet(schedule, settings)
        addresses = _addresses(fleet)
        check = CHECKS.get(settings.forge.kind)
        if check and (fleet.keys or _uses_package(settings, owns=owns)):
            check(settings)
        _keep_wording(schedule, settings)
        preview = _preview(schedule, settings)
    except KalypsoError as error:
        _stop(error)
    _report(schedule, settings)
    if unmade and not pulumi.runtime.is_dry_run():
        pulumi.log.info(harmless(made_soon(unmade)))
    args = platform_args(
        settings,
        schedule,
        owns_repositories=owns,
        preview=preview,
        mark=stack if shares_clusters(settings, stack, Path()) else "",
    )
    platform = Platform(settings.prefix, {**args, **_with_fleet(fleet, settings, addresses)})
    _export(schedule, platform)
    if owns and settings.clusters:
        _export_clusters(fleet, settings, schedule, platform)


def _in_azure(cluster_id: str) -> bool | None:
    """Return whether Azure has a cluster; None if nobody can say."""
    from kalypso.stack import cluster_exists

    return cluster_exists(cluster_id)


def _export(schedule: Schedule, platform: Platform) -> None:
    """Give the outputs of the stack."""
    pulumi.export("assignments", listed_assignments(schedule.summary))
    if schedule.held:
        pulumi.export("heldSources", held_output(schedule.held))
    if platform.scheduling.pull_request is not None:
        pulumi.export("pullRequest", _pull_request(schedule, platform))
    if schedule.destination.page:
        pulumi.export("gitops", schedule.destination.page)
    if platform.repositories:
        pulumi.export("repositories", platform.repositories.paths)


def _export_clusters(
    fleet: Fleet, settings: Settings, schedule: Schedule, platform: Platform
) -> None:
    """Give the outputs about clusters: what there is, how to get in, and what to do next."""
    pulumi.export("clusters", outputs_of_clusters(settings))
    if platform.fleet and platform.fleet.kubeconfigs:
        pulumi.export("kubeconfigs", pulumi.Output.secret(platform.fleet.kubeconfigs))
    if platform.fleet and platform.fleet.workflows:
        signed_in = {name: each.variables for name, each in platform.fleet.workflows.items()}
        pulumi.export("workflows", signed_in)
    if ways := ways_to_argo_cd(fleet, settings):
        pulumi.export("argocd", ways)

    def steps(number: int | None) -> dict[str, str]:
        return next_steps(settings, schedule.destination.decide(number) if number else "")

    pulumi.export("nextSteps", _pull_request(schedule, platform).apply(steps))


def _pull_request(schedule: Schedule, platform: Platform) -> pulumi.Output[int | None]:
    """Return the number of the pull request that is open.

    A branch that is as it shall be is not delivered, so its resource does not learn of a merge.
    """
    standing = schedule.standing
    if standing is None or not standing.settled:
        return pulumi.Output.from_input(platform.scheduling.pull_request)
    waits = standing.pull_request if standing.step == "keep" else None
    return pulumi.Output.from_input(waits.number if waits else None)


def _fleet(schedule: Schedule, settings: Settings) -> Fleet:
    """Return the clusters that this stack sets up, each with a way there that can be tried."""
    if not (settings.clusters or settings.environments or settings.operator.cluster):
        return NO_FLEET  # an unchanged model is not evaluated for it
    stack = pulumi.get_stack()
    fleet = make_fleet(settings, schedule.evaluation, schedule.branch, stack, _lines(stack))
    check_packages(fleet)
    for source in _installs(fleet, settings):
        read_manifests(source)
    if fleet.clusters or any(each.context for each in fleet.control_planes):
        check_contexts(fleet.contexts, os.environ)
        from kalypso.stack import (
            check_owners,
        )

        check_owners(fleet, stack, os.environ)
    return fleet


def _installs(fleet: Fleet, settings: Settings) -> set[str]:
    """Return the addresses and files of all manifests that install something."""
    found = {cluster.install for cluster in fleet.clusters if cluster.install}
    runs = any(each.operates for each in fleet.control_planes)
    return (
        found | {settings.install.operator}
        if runs and settings.operator.install == "manifests"
        else found
    )


def _addresses(fleet: Fleet) -> Mapping[str, Address]:
    """Return where the clusters with a hub are, by their contexts."""
    return addresses_of([each.context for each in fleet.clusters if each.hub], os.environ)


def _with_fleet(fleet: Fleet, settings: Settings, addresses: Mapping[str, Address]) -> _FleetPart:
    for problem in fleet.warnings:
        pulumi.log.warn(problem.without_severity)
    declares = fleet.clusters or fleet.control_planes
    return {"fleet": fleet_args(fleet, settings, addresses)} if declares else {}


def _uses_package(settings: Settings, *, owns: bool) -> bool:
    """Return whether something on the forge is declared with a package of Pulumi's."""
    makes = owns and settings.makes_repositories
    return makes or settings.delivery == "repository-files"


def _keep_wording(schedule: Schedule, settings: Settings) -> None:
    """Say what a pull request says; a preview shows none, and reasons take a second evaluation."""
    if pulumi.runtime.is_dry_run() or settings.delivery != "pull-request":
        return
    wording = make_wording(schedule, settings)
    if wording is not None:
        keep_wording(schedule.objects, settings.environment, schedule.manifests, wording)


def _preview(schedule: Schedule, settings: Settings) -> Preview | None:
    """Return what a preview shows of changed files; a real run shows none, and records none."""
    shows = pulumi.runtime.is_dry_run() and settings.preview_files
    return changed_files(schedule) if shows and settings.delivery == "pull-request" else None


def _schedule(settings: Settings) -> Schedule:
    """Evaluate the environment, and keep the issues about its assignments as they should be."""
    if pulumi.runtime.is_dry_run():
        return make_schedule(settings)
    try:
        schedule = make_schedule(settings)
    except Problems:
        _report_issues(settle_after_failure(settings))
        raise
    if schedule.exists:
        _report_issues(settle_after_success(settings, schedule.run if schedule.held else None))
    return schedule


def _report_issues(outcome: Outcome) -> None:
    for sentence in outcome.sentences:
        pulumi.log.info(harmless(sentence))
    for problem in outcome.warnings:
        pulumi.log.warn(problem.without_severity)


def _settings(stack: str) -> Settings:
    config = pulumi.runtime.get_config_env()
    return parse_settings(config, stack, _lines(stack), pulumi.get_project())


def _lines(stack: str) -> Mapping[str, int]:
    """Return where keys stand in a stack's file."""
    file = Path(f"Pulumi.{stack}.yaml")
    return key_lines(file.read_text(errors="replace")) if file.is_file() else {}


def _only_a_preview() -> SettingsError:
    return SettingsError(
        "the model is read from a folder: that can be previewed, not delivered",
        Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
        hint="commit and push it, and remove the settings model.folder and model.base",
        code="only-a-preview",
    )


def _too_early(settings: Settings) -> SettingsError:
    stack = settings.platform_stack
    return SettingsError(
        f"the repositories do not exist yet: the stack {stack!r} makes them",
        Position(f"Pulumi.{pulumi.get_stack()}.yaml"),
        hint=f"run `pulumi up -s {stack}` first",
        code="no-repositories",
    )


def _stop(error: KalypsoError) -> NoReturn:
    for problem in error.problems:
        pulumi.log.error(problem.without_severity)
    sys.exit(ALREADY_REPORTED)


def _report(schedule: Schedule, settings: Settings) -> None:
    for problem in schedule.warnings:
        pulumi.log.warn(problem.without_severity)
    if settings.delivery == "repository-files" and (message := difference(schedule)):
        pulumi.log.info(harmless(message))
    if pulumi.runtime.is_dry_run():
        message = ahead_of(settings, schedule.summary.promoted_commit, Path())
        if message:
            pulumi.log.info(harmless(message))
    standing = schedule.standing
    if standing is None or standing.pull_request is None:
        return
    number = standing.pull_request.number
    if standing.step == "stay-closed":
        pulumi.log.warn(
            f"pull request {number} was closed by a person and stays closed until the model "
            f"changes; {_reopen(schedule, number)}"
        )
    elif standing.step == "keep":
        pulumi.log.info(f"pull request {number} waits for review: {_review(schedule, number)}")


def _review(schedule: Schedule, number: int) -> str:
    return schedule.destination.decide(number)


def _reopen(schedule: Schedule, number: int) -> str:
    return f"`kalypso pr reopen {number}{schedule.destination.option}` opens it again"
