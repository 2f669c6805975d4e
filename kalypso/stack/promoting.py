"""The first step of a promotion: whether a commit of main may go into an environment, and how."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from kalypso.errors import DeliveryError, KalypsoError
from kalypso.evaluation import compare_runs, evaluate
from kalypso.forge import PullRequest, Repository
from kalypso.model import Difference
from kalypso.promotion import Entry, Finding, against_entering, time_text
from kalypso.stack.base_commit import Step, Words, on_main, propose, push
from kalypso.stack.gates import EnvironmentGate
from kalypso.stack.settings import Settings
from kalypso.stack.sources import PlatformRepositories
from kalypso.stack.stack_model import request_for

_REASON = "promotion"


class Taken(msgspec.Struct, frozen=True):
    """A step that was made."""

    commit: str = ""
    """On the environment's branch; empty if that takes pull requests only."""
    pull_request: PullRequest | None = None


def findings_against(gate: EnvironmentGate, commit: str) -> tuple[Finding, ...]:
    """Return why a commit of main may not go into an environment now.

    Raises:
        SettingsError: Main does not have the commit.
        SourceError: A repository or a record cannot be read.
    """
    on_main(gate, commit)
    records = {name: gate.ledger.read(name) for name in gate.chain}
    entry = Entry(commit, gate.environment, gate.chain)
    return against_entering(entry, records, gate.conditions, gate.clock())


def take_step(repository: Repository, step: Step, *, by_pull_request: bool = False) -> Taken:
    """Make a step: a commit on the environment's branch, or a pull request if it is protected.

    Args:
        repository: The control plane.
        step: What changes.
        by_pull_request: Whether a pull request is wanted in any case.

    Raises:
        RefMoved: The branch moved meanwhile.
        DeliveryError: The control plane cannot be written.
    """
    title = f"Promote main {step.commit[:7]} to {step.environment}"
    body = f"Moves {step.environment} from {step.change}.\n\nMerging it lets scheduling begin.\n"
    words = Words(title, body)
    if not by_pull_request:
        try:
            return Taken(commit=push(repository, step, words))
        except DeliveryError as error:
            if error.problem.code != "push-refused":
                raise
    return Taken(pull_request=propose(repository, step, words, _REASON))


def difference_of_step(step: Step, settings: Settings) -> Difference:
    """Return what a step does to the assignments of its environment.

    Args:
        step: What changes.
        settings: Of the environment's stack.

    Raises:
        Problems: The model would be wrong: all its problems.
        SourceError: The control plane cannot be read.
    """
    after = request_for(settings, PlatformRepositories(settings))
    source = after.start.source
    files = {**source.files, step.path: step.text}
    before = after
    after = replace(after, start=replace(after.start, source=replace(source, files=files)))
    names = (f"main {step.before[:7]}", f"main {step.commit[:7]}")
    return compare_runs(evaluate(before), evaluate(after), names).difference


def gate_before(gate: EnvironmentGate, commit: str) -> str:
    """Return how the gate of the environment before stands with a commit; empty for the first.

    It is looked at as it is now, and nothing is recorded.

    Raises:
        SourceError: A repository or a record cannot be read.
    """
    place = gate.chain.index(gate.environment)
    if not place:
        return ""
    before = gate.of(gate.chain[place - 1])
    passed = before.ledger.read(before.environment).passed(commit)
    if passed and passed.decision:
        at = passed.expected.main_and_branch
        return f"{before.environment}: passed at {time_text(passed.decision.when)}: {at}"
    carried = before.carrying(commit)
    if carried is None:
        return f"{before.environment}: main {commit[:7]} has not arrived"
    try:
        return before.show(carried).text
    except KalypsoError as error:
        return f"{before.environment}: cannot tell: {error.problems[0].message}"
