"""Going back to an older commit of main: allowed only where the settings say so, and told.

What was promoted stands in the GitOps branch. A commit that lies in the history of that one would
undo what came after it, which people seldom mean.

A base on another machine is read without its history, so it is not held against this rule.
"""

from collections.abc import Mapping

from kalypso.errors import DeliveryError, Position
from kalypso.git.address import is_commit
from kalypso.git.history import is_ancestor
from kalypso.model.objects import BaseRepo
from kalypso.model.platform import Evaluation
from kalypso.model.provenance import TRACKING

from .settings import Settings


def check_rollback(evaluation: Evaluation, present: Mapping[str, bytes], settings: Settings) -> str:
    """Find out whether a run goes back, and refuse it if the settings do not allow that.

    Args:
        evaluation: What would be delivered.
        present: The environment's branch as it is.
        settings: Of the stack.

    Returns:
        A sentence for reviewers; empty if the run does not go back.

    Raises:
        DeliveryError: It goes back, and `limits.rollback` is not set.
    """
    delivered = present.get(TRACKING, b"").decode(errors="replace").strip()
    wanted = evaluation.promoted_commit
    if wanted == delivered or not (is_commit(wanted) and is_commit(delivered)):
        return ""
    base = next(base for base in evaluation.platform.base_repos if base.pointer.commit == wanted)
    if not _lies_before(base, wanted, delivered, settings):
        return ""
    sentence = f"this goes back from {delivered[:10]} to {wanted[:10]}, an older commit of the base"
    if not settings.rollback:
        at = base.origin.at("spec", "commit") if base.origin.text else Position(base.origin.file)
        raise DeliveryError(
            sentence, at, "if that is wanted, set limits.rollback to true", code="rollback"
        )
    return f"{sentence[0].upper()}{sentence[1:]}."


def _lies_before(base: BaseRepo, older: str, newer: str, settings: Settings) -> bool:
    name = settings.local.name_of(base.pointer.repo) if settings.forge == "local" else None
    if name is None or not settings.local.has_content(name):
        return False
    return is_ancestor(settings.local.path(name), older, newer)
