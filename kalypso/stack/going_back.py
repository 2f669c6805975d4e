"""Bringing an earlier state of an environment back, and keeping it there.

It goes back in the history of main. A change that was made on the environment's own branch is
undone with `git revert`.
"""

from __future__ import annotations

from kalypso.errors import Position, SettingsError
from kalypso.forge import PullRequest, Repository
from kalypso.promotion import Hold, held
from kalypso.stack.base_commit import Step, Words, on_main, propose
from kalypso.stack.gates import EnvironmentGate

_REASON = "rollback"


def check_way_back(gate: EnvironmentGate, step: Step) -> None:
    """Refuse what is not a way back to something that the environment has had.

    Raises:
        SettingsError: Main does not have the commit, what the environment has does not contain
            it, or the environment never had it.
        SourceError: A repository or a record cannot be read.
    """
    history, to = on_main(gate, step.commit), step.commit
    if step.before != to and not history.is_ancestor(to, step.before):
        raise SettingsError(
            f"main {to[:7]} is not older than {step.before[:7]}, which {step.environment} has",
            Position(gate.environment),
            "`kalypso promote` goes forward",
            code="not-older",
        )
    record = gate.ledger.read(gate.environment)
    if not any(each.expected.promoted == to for each in record.gates) and not gate.carrying(to):
        raise SettingsError(
            f"{gate.environment} never had main {to[:7]}",
            Position(gate.environment),
            "`kalypso promotion list` shows what it had",
            code="not-promoted",
        )


def hold_at(gate: EnvironmentGate, commit: str, who: str, why: str) -> None:
    """Hold an environment at a commit of main, before anything goes back; once is enough.

    Raises:
        DeliveryError: The record cannot be written.
    """
    record = gate.ledger.read(gate.environment)
    if any(each.to == commit and not each.released_by for each in record.holds):
        return
    entry = Hold(who=who, when=gate.clock(), why=why, to=commit)
    message = f"rollback: {who}: to main {commit[:7]}: {why}"
    gate.ledger.change(gate.environment, lambda latest: held(latest, entry), message)


def go_back(repository: Repository, step: Step, who: str, why: str) -> PullRequest:
    """Open the pull request that brings an earlier state back.

    Raises:
        RefMoved: Another run moved its branch.
        DeliveryError: The control plane cannot be written.
    """
    title = f"Roll {step.environment} back to main {step.commit[:7]}"
    body = (
        f"Moves {step.environment} back: {step.change}. {who} asks for it: {why}\n\n"
        f"Nothing is promoted to {step.environment} until its hold is released: "
        f"`kalypso promotion release -e {step.environment}`.\n"
    )
    return propose(repository, step, Words(title, body), _REASON)


def wanted_back(gate: EnvironmentGate, commit: str) -> bool:
    """Return whether somebody asked for going back to a commit of main, and holds it there.

    Raises:
        SourceError: The record cannot be read.
    """
    holds = gate.ledger.read(gate.environment).holds
    return any(each.to == commit and not each.released_by for each in holds)
