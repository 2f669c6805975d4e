"""An application team's half: manifests of its targets, proposed to its own GitOps repository."""

from __future__ import annotations

from kalypso.application.images import images_in
from kalypso.application.promoting import promoted
from kalypso.application.proposing import Planned, Proposed, plan_proposals, propose
from kalypso.application.rendering import Application, Wanted, render_application

__all__ = [
    "Application",
    "Planned",
    "Proposed",
    "Wanted",
    "images_in",
    "plan_proposals",
    "promoted",
    "propose",
    "render_application",
]
