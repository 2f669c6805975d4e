"""Doctor: what is missing on this machine, in accounts and on clusters, before `pulumi up`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = ["Finding", "Machine", "Surroundings", "Unanswered", "examine"]

if TYPE_CHECKING:
    from kalypso.doctor.examination import examine
    from kalypso.doctor.finding import Finding
    from kalypso.doctor.machine import Machine
    from kalypso.doctor.surroundings import Surroundings, Unanswered
else:
    __getattr__ = door(
        __name__,
        {
            "examination": ("examine",),
            "finding": ("Finding",),
            "machine": ("Machine",),
            "surroundings": ("Surroundings", "Unanswered"),
        },
    )
