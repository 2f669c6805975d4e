"""The steps by name: what each is for, which variables it reads, and its script."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from kalypso.ci.console import Console
from kalypso.ci.github_comment import GITHUB_COMMENT, github_comment
from kalypso.ci.preview import preview
from kalypso.ci.promotion import cd, check_promote
from kalypso.ci.settings import CD, CHECK_PROMOTE, PREVIEW, UP, VERIFY
from kalypso.ci.up import up
from kalypso.ci.variables import Variable, described
from kalypso.ci.verify import verify


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What a CI system runs."""

    about: str
    """What it does, as lines for the head of its script."""
    variables: tuple[Variable, ...]
    ends: str = ""
    """What its exit code says; may be empty."""
    run: Callable[[Mapping[str, str], Console], int]
    """Gets the environment, and returns the exit code."""


STEPS: Mapping[str, Step] = {
    "preview": Step(
        about="Shows what a change of the model does to one environment, before it is merged.",
        variables=PREVIEW,
        ends=(
            "Ends with 0 if the model is good. Removals above the limit are marked in the comment"
            " and fail\nnothing: they stop `pulumi up` until somebody acknowledges them."
        ),
        run=preview,
    ),
    "github-comment": Step(
        about=(
            "Puts comment.md of a preview on a pull request of GitHub: one comment for each"
            " environment,\nwhich is edited when the pull request changes."
        ),
        variables=GITHUB_COMMENT,
        run=github_comment,
    ),
    "up": Step(
        about=(
            "Delivers one environment: opens its pull request, or brings the one that is open up"
            " to date."
        ),
        variables=UP,
        run=up,
    ),
    "cd": Step(
        about="Lets a change of main into an environment, if the model is good with it.",
        variables=CD,
        ends="Ends with 1 if it may not go there now, with 2 if the model would be wrong.",
        run=cd,
    ),
    "check-promote": Step(
        about=(
            "Waits until every cluster of an environment has applied a change and is healthy;"
            " then lets it\ninto the next environment."
        ),
        variables=CHECK_PROMOTE,
        ends=(
            "Ends with 1 if it has failed or something newer counts, with 3 if somebody could not"
            " be asked."
        ),
        run=check_promote,
    ),
    "verify": Step(
        about="Proves that a commit of the GitOps repository holds exactly what the model says.",
        variables=VERIFY,
        ends=(
            "Ends with 1 if a manifest differs, with 2 if the commit does not say what it was"
            " built from."
        ),
        run=verify,
    ),
}


def script(name: str) -> str:
    """Return the script of a step: which variables it reads, and the one line that runs it."""
    step = STEPS[name]
    about, ends = (_commented(text) for text in (step.about, step.ends))
    parts = [about, f"{described(step.variables)}\n", ends]
    head = "#\n".join(filter(None, parts))
    return f"#!/bin/sh\n{head}kalypso ci run {name}\n"


def _commented(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())
