"""Onboarding: an application joins the platform by pull requests, and leaves it the same way."""

from __future__ import annotations

from kalypso.application.onboarding.joining import Joining, plan_joining
from kalypso.application.onboarding.leaving import Leaving, plan_leaving
from kalypso.application.onboarding.opening import Addition, Opened, open_all
from kalypso.application.onboarding.plane import Plane, read_plane
from kalypso.application.onboarding.wish import Wish, WishedTarget, parse_labels, parse_target

__all__ = [
    "Addition",
    "Joining",
    "Leaving",
    "Opened",
    "Plane",
    "Wish",
    "WishedTarget",
    "open_all",
    "parse_labels",
    "parse_target",
    "plan_joining",
    "plan_leaving",
    "read_plane",
]
