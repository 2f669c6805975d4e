"""An application team's half: manifests of its targets, proposed to its own GitOps repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "Application",
    "Planned",
    "Proposed",
    "Run",
    "Wanted",
    "commands_named",
    "delivered_manifests",
    "images_in",
    "named_target",
    "plan_proposals",
    "platform_manifests",
    "promoted",
    "propose",
    "render_application",
    "run_of",
]

if TYPE_CHECKING:
    from kalypso.application.images import images_in
    from kalypso.application.promoting import promoted
    from kalypso.application.proposing import Planned, Proposed, plan_proposals, propose
    from kalypso.application.rendering import Application, Wanted, named_target, render_application
    from kalypso.application.running import Run, commands_named, run_of
    from kalypso.application.target_manifests import delivered_manifests, platform_manifests
else:
    __getattr__ = door(
        __name__,
        {
            "target_manifests": ("delivered_manifests", "platform_manifests"),
            "images": ("images_in",),
            "promoting": ("promoted",),
            "proposing": ("Planned", "Proposed", "plan_proposals", "propose"),
            "rendering": ("Application", "Wanted", "named_target", "render_application"),
            "running": ("Run", "commands_named", "run_of"),
        },
    )
