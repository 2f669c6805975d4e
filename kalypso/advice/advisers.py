"""All advice on an evaluated model, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Sequence

from kalypso.advice.configuration import advise_on_configuration
from kalypso.advice.credentials import advise_on_credentials
from kalypso.advice.defaults import advise_on_defaults
from kalypso.advice.labels import advise_on_labels
from kalypso.advice.policies import advise_on_policies
from kalypso.advice.rendered_manifests import advise_on_delivered
from kalypso.advice.rights import advise_on_rights
from kalypso.advice.templates import advise_on_templates
from kalypso.advice.twins import advise_on_twins
from kalypso.errors import Collector
from kalypso.model import Evaluation
from kalypso.scheduling import Configuration


def advise(
    evaluation: Evaluation, configurations: Sequence[Configuration], problems: Collector
) -> None:
    """Look at an evaluated model and warn about what has no effect or looks like a slip.

    About a model of which a part could not be read, nothing is said: what seems to have no effect
    may have one on that part.

    Args:
        evaluation: The model and what it yields.
        configurations: The configuration of each of its assignments, in the same order.
        problems: Receives the warnings.
    """
    platform, assignments = evaluation.platform, evaluation.assignments
    if not platform.complete:
        return
    advise_on_policies(platform, assignments, problems)
    advise_on_labels(platform, problems)
    advise_on_templates(platform, assignments, problems)
    advise_on_rights(platform, assignments, problems)
    advise_on_defaults(platform, assignments, configurations, problems)
    advise_on_configuration(platform, assignments, configurations, problems)
    advise_on_delivered(evaluation, configurations, problems)
    advise_on_twins(evaluation, problems)
    advise_on_credentials(evaluation, problems)
    problems.quote()
