"""Findings: what keeps a gate closed, in one sentence each, and how much it decides."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Literal

import msgspec
from msgspec.structs import replace

About = Literal["", "health", "recheck"]


class Outcome(Enum):
    """What a finding, a cluster or a gate comes to; everything but `PASS` is closed."""

    PASS = "pass"  # noqa: S105 - the word of the verdict, not a secret
    OUTSIDE = "outside"
    """It could not be asked; somebody else has to be well first."""
    UNKNOWN = "cannot tell"
    """An answer came, and it does not say what it would have to."""
    WAIT = "wait"
    """Not yet."""
    SUPERSEDED = "superseded"
    """Another commit is what counts by now."""
    FAIL = "fail"
    """It will not pass by waiting."""


_SEVERITY = {outcome: place for place, outcome in enumerate(Outcome)}


class Finding(msgspec.Struct, frozen=True):
    """One thing that speaks against opening."""

    outcome: Outcome
    text: str
    """A sentence without a full stop."""
    lasting: bool = False
    """Whether it holds whichever commit the object is at.

    Any other failure counts only once the awaited commit has arrived: it may be what fixes it.
    """
    final: bool = False
    """Whether asking again cannot help; failures and superseded commits always are."""
    about: About = ""
    """`health`: applied, and nobody looks whether it works. `recheck`: it worked, and the
    reconciler is looking again, as it does all day."""

    def softened(self) -> Finding:
        """Return it as what it is before the awaited commit has arrived."""
        if self.outcome is Outcome.FAIL and not self.lasting:
            return replace(self, outcome=Outcome.WAIT)
        return self

    def on(self, name: str) -> Finding:
        """Return it with the name of the object that it is about before it."""
        return replace(self, text=f"{name}: {self.text}")


def wait(text: str) -> Finding:
    """Return a finding that may go away by waiting."""
    return Finding(Outcome.WAIT, text)


def unknown(text: str) -> Finding:
    """Return a finding that what was answered does not say enough."""
    return Finding(Outcome.UNKNOWN, f"cannot tell: {text}")


def fail(text: str, *, lasting: bool = False) -> Finding:
    """Return a finding that needs a person."""
    return Finding(Outcome.FAIL, text, lasting=lasting, final=True)


def outside(text: str, *, final: bool = False) -> Finding:
    """Return a finding that something could not be asked; final if asking again is useless."""
    return Finding(Outcome.OUTSIDE, text, lasting=True, final=final)


def superseded(text: str) -> Finding:
    """Return a finding that another commit is what counts."""
    return Finding(Outcome.SUPERSEDED, text, lasting=True, final=True)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the one that decides; `PASS` if there is none."""
    return max(outcomes, key=_SEVERITY.__getitem__, default=Outcome.PASS)
