"""The Pulumi program: settings and model are checked whole, then one platform is declared."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, NotRequired, TypedDict

import pulumi

from kalypso.delivery import Wording
from kalypso.errors import KalypsoError, Position, Problems, SettingsError
from kalypso.harmless_text import harmless
from kalypso.stack.fleet import Fleet, make_fleet
from kalypso.stack.holding import held_output
from kalypso.stack.issues import Outcome, settle_after_failure, settle_after_success
from kalypso.stack.kubeconfig import check_contexts
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import key_lines, parse_settings
from kalypso.stack.wording import make_wording

from .arguments import CHECKS, platform_args
from .file_delivery import check_files, difference
from .fleet import FleetArgs
from .fleet_arguments import check_kubernetes, fleet_args
from .platform import Platform


class _FleetPart(TypedDict):
    fleet: NotRequired[FleetArgs]


_ALREADY_TOLD = 32
"""Exit code by which the language host knows that every error has been shown."""


def run() -> None:
    """Declare the platform of the selected stack; tell every problem and stop if there is one."""
    try:
        settings = _settings(pulumi.get_stack())
        if settings.previews_only and not pulumi.runtime.is_dry_run():
            raise _only_a_preview()
        owns = pulumi.get_stack() == settings.platform_stack
        schedule = _schedule(settings)
        if not schedule.exists and not owns and not pulumi.runtime.is_dry_run():
            raise _too_early(settings)
        check_files(schedule.planned, settings)
        fleet = _fleet(schedule, settings)
        check = CHECKS.get(settings.forge.kind)
        if check and _uses_package(settings, owns=owns):
            check(settings)
        wording = _wording(schedule, settings)
    except KalypsoError as error:
        _stop(error)
    _tell(schedule, settings)
    args = platform_args(settings, schedule, wording, owns_repositories=owns)
    platform = Platform(settings.prefix, {**args, **_with_fleet(fleet, settings)})
    pulumi.export("assignments", _assignments(schedule))
    if schedule.run.held:
        pulumi.export("heldSources", held_output(schedule.run.held))
    if platform.scheduling.pull_request is not None:
        pulumi.export("pullRequest", platform.scheduling.pull_request)
    if schedule.destination.page:
        pulumi.export("gitops", schedule.destination.page)
    if platform.repositories:
        pulumi.export("repositories", platform.repositories.paths)


def _fleet(schedule: Schedule, settings: Settings) -> Fleet:
    """Return the clusters that this stack sets up, each with a way there that can be tried."""
    stack, evaluation = pulumi.get_stack(), schedule.evaluation
    fleet = make_fleet(settings, evaluation, schedule.branch, stack, _lines(stack))
    if fleet.clusters:
        check_kubernetes()
        check_contexts([cluster.context for cluster in fleet.clusters], os.environ)
    return fleet


def _with_fleet(fleet: Fleet, settings: Settings) -> _FleetPart:
    for problem in fleet.warnings:
        pulumi.log.warn(str(problem))
    return {"fleet": fleet_args(fleet, settings)} if fleet.clusters else {}


def _uses_package(settings: Settings, *, owns: bool) -> bool:
    """Return whether something on the forge is declared with a package of Pulumi's."""
    makes = owns and settings.makes_repositories
    return makes or settings.delivery == "repository-files"


def _wording(schedule: Schedule, settings: Settings) -> Wording | None:
    """Say what a pull request says; a preview shows none, and reasons take a second evaluation."""
    if pulumi.runtime.is_dry_run() or settings.delivery != "pull-request":
        return None
    return make_wording(schedule, settings)


def _schedule(settings: Settings) -> Schedule:
    """Evaluate the environment, and keep the issues about its assignments as they should be."""
    if pulumi.runtime.is_dry_run():
        return make_schedule(settings)
    try:
        schedule = make_schedule(settings)
    except Problems:
        _tell_issues(settle_after_failure(settings))
        raise
    if schedule.exists:
        _tell_issues(settle_after_success(settings, schedule.run))
    return schedule


def _tell_issues(outcome: Outcome) -> None:
    for sentence in outcome.told:
        pulumi.log.info(harmless(sentence))
    for problem in outcome.warnings:
        pulumi.log.warn(str(problem))


def _settings(stack: str) -> Settings:
    return parse_settings(pulumi.runtime.get_config_env(), stack, _lines(stack))


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
        pulumi.log.error(str(problem))
    sys.exit(_ALREADY_TOLD)


def _tell(schedule: Schedule, settings: Settings) -> None:
    for problem in schedule.warnings:
        pulumi.log.warn(str(problem))
    if settings.delivery == "repository-files" and (told := difference(schedule)):
        pulumi.log.info(harmless(told))
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


def _assignments(schedule: Schedule) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {kind.name: [] for kind in schedule.evaluation.cluster_types}
    for assignment in schedule.evaluation.assignments:
        found[assignment.cluster_type.name].append(assignment.target.name)
    return found
