"""`kalypso watch`: what every save does to the assignments, as it is saved."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

import click

from kalypso.advice import advise
from kalypso.advice.silence import audible, read_rules
from kalypso.cli.form import output_option
from kalypso.cli.inputs import Inputs, model_options, request_of
from kalypso.cli.problems import print_problems
from kalypso.errors import Collector, Position, Problem, SettingsError
from kalypso.evaluation.comparison import Comparison, compare_runs, compare_with_branch
from kalypso.evaluation.memory import Memory
from kalypso.evaluation.pipeline import Request, Run
from kalypso.loading.sources import parse_location, read_location
from kalypso.loading.tree import counts
from kalypso.model.records import Pointer, Repositories, Source
from kalypso.report.diff import diff_record, diff_text
from kalypso.report.plain import count, one_line, to_json

_DEBOUNCE = 100
"""Milliseconds in which the files of one save come together."""
_STEP = 20
_IDLE = 200
"""Milliseconds after which waiting begins anew; the first wait is the time to begin at all."""


@click.command()
@model_options
@click.option(
    "--gitops",
    default="",
    metavar="DIR|URL@BRANCH",
    help="Compare with this content. Default: the model as it was at the start.",
)
@click.option("--patch", is_flag=True, help="text: show the lines that change, once a group.")
@output_option("text", "json", shown="json: one line for each save.")
def command(inputs: Inputs, gitops: str, form: Literal["text", "json"], *, patch: bool) -> None:
    """Check the model on every save, and show what it changes since the start.

    Watches the folders that the options name. What is read from a branch is read once. Ends with
    Ctrl-C.
    """
    import watchfiles  # noqa: PLC0415  # loaded by no other command

    folders = _folders(inputs, gitops)
    session = Session(inputs, gitops)
    write = _write_json if form == "json" else _writer(patch=patch)
    saves = watchfiles.watch(
        *folders,
        watch_filter=lambda _change, path: counts(path) and f"{Path('/.git/')}/" not in path,
        debounce=_DEBOUNCE,
        step=_STEP,
        rust_timeout=_IDLE,
        yield_on_timeout=True,
    )
    next(saves)  # watches from here on, so that no save during the first look is missed
    write(session.look(()), session)
    # What is there now stays: collecting garbage need not look at it at every save.
    gc.collect()
    gc.freeze()
    if form == "text":
        click.echo(f"watching {', '.join(folders)}; Ctrl-C ends")
    for changes in saves:
        if changes:
            write(session.look(sorted({_shown(path) for _, path in changes})), session)


@dataclass(frozen=True, slots=True)
class Look:
    """The model after one save."""

    environment: str
    saved: tuple[str, ...]
    """Files that were saved; none for the first look."""
    errors: tuple[Problem, ...]
    comparison: Comparison | None
    """``None`` while the model has errors, and for a first look without anything to compare."""
    assignments: int
    seconds: float


@dataclass(slots=True)
class Session:
    """Evaluates the model after each save, on top of what it knows."""

    inputs: Inputs
    gitops: str
    memory: Memory = field(default_factory=Memory)
    sources: dict[tuple[str, str, str], Source] = field(default_factory=dict)
    start: Run | None = None
    warned: frozenset[Problem] = frozenset()
    latest: tuple[Request, Run, Collector] | None = None
    """The model after the last save; ``None`` if it has errors."""

    def look(self, saved: Iterable[str]) -> Look:
        """Evaluate the model as it is now."""
        began = time.perf_counter()
        problems = Collector()
        comparison: Comparison | None = None
        self.latest = None
        with problems.catching():
            request = self._request()
            run = self.memory.evaluate_into(request, problems)
            if not problems.errors:
                comparison = self._compare(run)
                self.latest = request, run, problems
        return Look(
            environment=self.inputs.environment,
            saved=tuple(saved),
            errors=_sorted(problems.errors),
            comparison=comparison,
            assignments=len(self.latest[1].evaluation.assignments) if self.latest else 0,
            seconds=time.perf_counter() - began,
        )

    def advice(self) -> tuple[Problem, ...]:
        """Return the warnings that the last look has and the one before had not.

        It costs as much as the look itself, so people see first what a save changes.
        """
        if self.latest is None:
            return ()
        request, run, problems = self.latest
        advise(run.evaluation, run.configurations, problems)
        now = audible(problems.warnings, read_rules(request.start.source, problems))
        fresh = frozenset(now) - self.warned
        self.warned = frozenset(now)
        return _sorted([*problems.errors, *fresh])

    def _request(self) -> Request:
        request = request_of(self.inputs)
        return replace(request, repositories=_Unchanged(request.repositories, self.sources))

    def _compare(self, run: Run) -> Comparison | None:
        if self.gitops:
            present = read_location(parse_location(self.gitops), lambda _: True).files
            return compare_with_branch(present, run, self.gitops)
        if self.start is None:
            self.start = run
            return None
        return compare_runs(self.start, run, ("the start", "now"))


@dataclass(frozen=True, slots=True)
class _Unchanged:
    """Repositories that give the same object again as long as nothing in a folder changed.

    What comes from git is read once: a branch does not change by saving a file.
    """

    now: Repositories
    known: dict[tuple[str, str, str], Source]

    def read(self, pointer: Pointer) -> Source:
        """Read what a pointer names."""
        key = (pointer.repo, pointer.branch, pointer.commit)
        known = self.known.get(key)
        if known is not None and known.commit:
            return known
        source = self.now.read(pointer)
        if known is not None and (known.name, known.files) == (source.name, source.files):
            return known
        self.known[key] = source
        return source

    def read_base(self, pointer: Pointer) -> Source:
        """Read the base."""
        return self.now.read_base(pointer)


def _folders(inputs: Inputs, gitops: str) -> list[str]:
    """Return the folders that the options name, those inside another left out.

    Raises:
        SettingsError: There is none: all that is named are branches.
    """
    mapped = (entry.rpartition("=")[2] for entry in inputs.repo)
    named = [inputs.base, inputs.control_plane, inputs.repositories, *mapped, gitops]
    folders = sorted({name for name in named if name and Path(name).is_dir()})
    paths = {name: Path(name).resolve() for name in folders}
    roots = [
        name
        for name in folders
        if not any(paths[other] in paths[name].parents for other in folders)
    ]
    if not roots:
        raise SettingsError(
            "nothing to watch: the options name branches, which no save changes",
            Position("--control-plane"),
            "name a folder, for example a clone",
            code="option",
        )
    return roots


def _writer(*, patch: bool) -> Callable[[Look, Session], None]:
    def write(look: Look, session: Session) -> None:
        if look.saved:
            click.echo(f"\nsaved {', '.join(map(one_line, look.saved))} ({look.seconds:.2f} s)")
        if look.comparison is not None:
            click.echo(diff_text(look.comparison.difference, patch=patch))
        elif not look.errors:
            click.echo(f"{look.environment}: {count(look.assignments, 'assignment')}")
        print_problems(look.errors)
        if look.errors:
            number = count(len(look.errors), "error")
            click.echo(f"{look.environment}: {number}; nothing is compared until mended")
        print_problems(session.advice())

    return write


def _write_json(look: Look, session: Session) -> None:
    compared = look.comparison
    record: Mapping[str, object] = {
        "saved": look.saved,
        "valid": not look.errors,
        "assignments": look.assignments,
        "problems": [asdict(problem) for problem in (*look.errors, *session.advice())],
        "difference": diff_record(compared.difference) if compared else None,
    }
    click.echo(to_json(record, indent=None))


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=Problem.sort_key))


def _shown(path: str) -> str:
    """Return a path as a person would type it here."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path
