"""All checks in order: this machine first, then accounts, then what they lead to."""

from __future__ import annotations

from collections.abc import Iterator

from kalypso.doctor.azure import check_azure
from kalypso.doctor.clusters import check_contexts_answer
from kalypso.doctor.finding import Finding
from kalypso.doctor.forges import check_forge, check_reader_app
from kalypso.doctor.surroundings import Surroundings
from kalypso.doctor.tools import check_backend, check_tools
from kalypso.stack import Settings


def examine(settings: Settings, around: Surroundings, *, pre: bool) -> Iterator[Finding]:
    """Return what each check finds, as it is found.

    Args:
        settings: Of the platform's stack.
        around: Whom to ask.
        pre: Whether nothing has been made yet, so that names must be free.
    """
    yield from check_tools(settings, around)
    yield from check_backend(around)
    yield from check_forge(settings, around)
    yield from check_reader_app(settings)
    yield from check_contexts_answer(settings, around)
    yield from check_azure(settings, around, pre=pre)
