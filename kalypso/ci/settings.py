"""What each step is asked for, read from the environment; the same on every CI system."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from kalypso.ci.console import Console
from kalypso.ci.variables import Variable, values_of
from kalypso.report import ADDRESS, COMMIT, Findings

MAIN = "main"
BASE = Variable("BASE", f"branch of the base; default {MAIN}", needed=False)
PREVIEW = (
    Variable(
        "ENVIRONMENT", "the environment, for example dev: its branch, and the name of its stack"
    ),
    Variable(
        "TARGET",
        "branch that the change goes to: the environment's, or the base's; of any other there is"
        " nothing to show",
    ),
    BASE,
    Variable(
        "CONTROL_PLANE",
        "address of the control plane's repository; needed for a change of the base",
        needed=False,
    ),
    Variable(
        "MODEL",
        "checkout of the change, with the branch origin/$TARGET and the history of both; an"
        " absolute path",
        pattern=".+",
    ),
    Variable(
        "PROGRAM",
        "checkout of the program; empty: no `pulumi preview`, for who may see no secrets",
        needed=False,
    ),
    Variable(
        "OUT",
        "folder for the results: comment.md, the longer summary.md, and report/ with everything",
        pattern=".+",
    ),
    Variable(
        "FORM",
        "how problems are printed: github (annotations of lines), text, json",
        needed=False,
        pattern="(github|text|json)?",
    ),
    Variable(
        "OPTIONS",
        "of `kalypso validate` and `diff`, if the stack's settings differ from the defaults:"
        " --conventions operator, --missing-key default, --strict",
        needed=False,
    ),
    Variable(
        "COMMIT", "commit that the comment is about; may be empty", needed=False, pattern=COMMIT
    ),
    Variable(
        "REPORT",
        "page with the summary and the report, for a link; may be empty",
        needed=False,
        pattern=ADDRESS,
    ),
)
UP = (
    Variable("ENVIRONMENT", "the environment: name of its stack"),
    Variable("PROGRAM", "checkout of the program", pattern=".+"),
    Variable(
        "TARGET",
        "branch that changed; of one that is neither the environment's nor the base's, there is"
        " nothing to deliver. Empty: anything may have changed",
        needed=False,
    ),
    BASE,
    Variable(
        "FAIL_ON_HELD",
        "true: after a delivery that holds application sources, end with 1",
        needed=False,
        pattern="(true|false)?",
    ),
)
_PROMOTED = r"[0-9a-f]{40}"
CD = (
    Variable("ENVIRONMENT", "the environment that the change goes to"),
    Variable("COMMIT", "commit of the control plane's main, all 40 digits", pattern=_PROMOTED),
    Variable("PROGRAM", "checkout of the program, with the files of the stacks", pattern=".+"),
)
CHECK_PROMOTE = (
    Variable("ENVIRONMENT", "the environment whose gate is asked"),
    Variable(
        "COMMIT",
        "commit of the control plane's main; empty: what the environment's branch carries now",
        needed=False,
        pattern=f"({_PROMOTED})?",
    ),
    Variable("PROGRAM", "checkout of the program, with the files of the stacks", pattern=".+"),
    Variable("TIMEOUT", "when waiting ends, as 25m, which is the default", needed=False),
    Variable(
        "APPROVED_RUN",
        "run of a workflow of GitHub whose approvals for the environment count; may be empty",
        needed=False,
        pattern=r"\d*",
    ),
    Variable(
        "THEN_PROMOTE",
        "false: a gate that passes starts nothing; else the next environment gets the change",
        needed=False,
        pattern="(true|false)?",
    ),
)
VERIFY = (
    Variable("GITOPS", "checkout of the GitOps repository"),
    Variable("COMMIT", "the commit that was proposed"),
)


class PreviewSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a preview is of, and where its results go."""

    environment: str
    target: str
    control_plane: str
    model: Path
    program: Path | None
    """None where the engine is not run."""
    out: Path
    form: str
    options: tuple[str, ...]
    commit: str
    page: str

    @classmethod
    def read(cls, variables: Mapping[str, str]) -> PreviewSettings:
        """Read the variables.

        Raises:
            Problems: Variables are not set, or have values that cannot be used.
        """
        values = values_of(PREVIEW, variables)
        if values["TARGET"] != values["ENVIRONMENT"]:
            values |= values_of([replace(_CONTROL_PLANE, needed=True)], variables)
        return cls(
            environment=values["ENVIRONMENT"],
            target=values["TARGET"],
            control_plane=values["CONTROL_PLANE"],
            model=Path(values["MODEL"]),
            program=Path(values["PROGRAM"]) if values["PROGRAM"] else None,
            out=Path(values["OUT"]).absolute(),
            form=values["FORM"] or "text",
            options=tuple(values["OPTIONS"].split()),
            commit=values["COMMIT"],
            page=values["REPORT"],
        )

    @property
    def report(self) -> Path:
        """Folder with everything."""
        return self.out / "report"

    @property
    def of_base(self) -> bool:
        """Whether the change is one of the base, not of the environment's branch."""
        return self.target != self.environment

    @property
    def inputs(self) -> tuple[str, ...]:
        """Options of `kalypso validate` and `diff` that name the model, to be run in it."""
        named = ("--environment", self.environment)
        if self.of_base:
            remote = f"{self.control_plane}@{self.environment}"
            return (*named, "--control-plane", remote, "--base", ".", *self.options)
        return (*named, "--control-plane", ".", *self.options)

    def located(self, found: Findings) -> Findings:
        """Return findings with what they are about, and where all of them are."""
        return replace(found, commit=self.commit, report=self.page)


_CONTROL_PLANE = next(each for each in PREVIEW if each.name == "CONTROL_PLANE")


def concerns(variables: Mapping[str, str], console: Console, *, all_if_empty: bool = False) -> bool:
    """Return whether a change of a branch concerns the environment; if not, the console says so.

    Args:
        variables: Those of the step; it asks for those that are missing by itself.
        console: The job's log.
        all_if_empty: Whether without a branch, anything may have changed.
    """
    environment, target = variables.get("ENVIRONMENT"), variables.get("TARGET")
    if environment is None or target is None or (all_if_empty and not target):
        return True
    if target in {environment, variables.get("BASE") or MAIN}:
        return True
    console.say(f"{target} is not the branch of {environment}")
    return False
